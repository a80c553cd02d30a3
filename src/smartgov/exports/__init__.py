"""A panel for SPSS and PSPP, and the codes of definitions for qualitative software."""

from smartgov.exports.qda import write_qdc
from smartgov.exports.spss import wide_table, write_sav

__all__ = ["wide_table", "write_qdc", "write_sav"]
