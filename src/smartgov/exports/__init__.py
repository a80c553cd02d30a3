"""A panel for SPSS and PSPP, and the codes of definitions for qualitative software."""

from smartgov.exports.qda import write_qdc
from smartgov.exports.spss import wide_table, write_sav
from smartgov.exports.syntax import RepeatedTest, repeated_tests, syntax

__all__ = ["RepeatedTest", "repeated_tests", "syntax", "wide_table", "write_qdc", "write_sav"]
