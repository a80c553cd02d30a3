"""Panels in and out: answers read, checked and made anonymous, and what statistics need of them."""

from smartgov.files.problems import PanelProblems, Problem
from smartgov.panels.answers import Answers, read_answers
from smartgov.panels.names import question_numbers
from smartgov.panels.schema import codebook, panel_schema
from smartgov.panels.tidy import (
    SignedValues,
    by_round,
    comparison_matrices,
    equal_shares,
    from_signed,
    last_round,
    of_round,
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
    "by_round",
    "codebook",
    "comparison_matrices",
    "equal_shares",
    "from_signed",
    "last_round",
    "of_round",
    "panel_schema",
    "question_numbers",
    "read_answers",
    "read_panel",
    "recoded",
    "signed_values",
    "table2_columns",
    "write_panel",
]
