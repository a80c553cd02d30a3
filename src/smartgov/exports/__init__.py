"""A panel for SPSS and PSPP, and the codes of definitions for qualitative software."""

from smartgov.exports.qda import write_qdc
from smartgov.exports.spss import read_sav, wide_table, write_sav
from smartgov.exports.syntax import RepeatedTest, repeated_tests, syntax

__all__ = [
    "RepeatedTest",
    "read_sav",
    "repeated_tests",
    "syntax",
    "wide_table",
    "write_qdc",
    "write_sav",
]
