"""Panels in and out: answers read, checked and made anonymous, and what statistics need of them."""

from smartgov.study.panels.problems import PanelProblems, Problem
from smartgov.study.panels.tidy import (
    SignedValues,
    compared_in,
    comparison_matrices,
    equal_shares,
    inner_items,
    middle_items,
    read_panel,
    signed_values,
    table2_columns,
)

__all__ = [
    "PanelProblems",
    "Problem",
    "SignedValues",
    "compared_in",
    "comparison_matrices",
    "equal_shares",
    "inner_items",
    "middle_items",
    "read_panel",
    "signed_values",
    "table2_columns",
]
