"""Panels in and out: answers read, checked and made anonymous, and what statistics need of them."""

from smartgov.files.problems import PanelProblems
from smartgov.panels.answers import Answers, read_answers
from smartgov.panels.names import question_numbers
from smartgov.panels.schema import codebook
from smartgov.panels.tidy import (
    SignedValues,
    by_round,
    comparison_matrices,
    equal_shares,
    last_round,
    read_panel,
    recoded,
    signed_values,
)
from smartgov.panels.writing import write_panel

__all__ = [
    "Answers",
    "PanelProblems",
    "SignedValues",
    "by_round",
    "codebook",
    "comparison_matrices",
    "equal_shares",
    "last_round",
    "question_numbers",
    "read_answers",
    "read_panel",
    "recoded",
    "signed_values",
    "write_panel",
]
