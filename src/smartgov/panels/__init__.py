"""Panels in and out: answers read, checked and made anonymous, and what statistics need of them."""

from smartgov.files.problems import PanelProblems, Problem
from smartgov.panels.answers import Answers, read_answers
from smartgov.panels.names import question_numbers
from smartgov.panels.schema import codebook, panel_schema
from smartgov.panels.tidy import (
    SignedValues,
    comparison_matrices,
    equal_shares,
    first_round,
    from_signed,
    inner_items,
    middle_items,
    read_panel,
    recoded,
    signed_values,
    table2_columns,
)
from smartgov.panels.understood import Understood
from smartgov.panels.writing import write_panel

__all__ = [
    "Answers",
    "PanelProblems",
    "Problem",
    "SignedValues",
    "Understood",
    "codebook",
    "comparison_matrices",
    "equal_shares",
    "first_round",
    "from_signed",
    "inner_items",
    "middle_items",
    "panel_schema",
    "question_numbers",
    "read_answers",
    "read_panel",
    "recoded",
    "signed_values",
    "table2_columns",
    "write_panel",
]
