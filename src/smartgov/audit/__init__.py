"""From printed figures to the panels that could have printed them.

A verdict `contradicted` is a proof over a stated bound; a search that merely found nothing is
never reported as one.  The modules, from the ground up:

``printed``
    a printed string is an interval under a named rounding rule;
``granularity``
    which numbers of questions or experts print a column of shares;
``p_values``, ``exact_p``
    what a p-value of W can be;
``screening``, ``concordance``
    which panel sizes agree with W, chi2, df and p;
``mean_ranks``, ``rank_bounds``
    what mean ranks allow, by listing all panels or by necessary conditions;
``conflicts``
    which figures of a row cannot stand beside which;
``explanations``
    which small slip would explain a row;
``row_fit``, ``row_reasons``, ``row_audit``, ``table``
    all of it for each row of anyone's table;
``power``
    how much such an audit can see (not imported here, for it needs pandas);
``panel_tables``, ``reconstruction`` and what they build on
    whole answer sheets that print given tables.
"""

from smartgov.audit.concordance import (
    ConcordanceRow,
    feasible_sizes_from_row,
    implied_table_size,
    misfit,
    p_interval,
    w_interval,
)
from smartgov.audit.conflicts import (
    ConcordanceOracle,
    RowOverSizes,
    judge_row,
    minimal_conflicts,
)
from smartgov.audit.explanations import comes_to, explain
from smartgov.audit.granularity import (
    column_sizes,
    feasible_sizes,
    possible_counts,
    sizes_from_counts,
)
from smartgov.audit.mean_ranks import PrintedRow, RowAtSize, feasible_rows, nearest_row
from smartgov.audit.printed import (
    RULES,
    Interval,
    Printed,
    could_print,
    parse_printed,
    print_value,
)
from smartgov.audit.row_audit import judge_rows
from smartgov.audit.row_fit import Limits, TableRow
from smartgov.audit.table import audit_rows, audit_table, run_audit_table

__all__ = [
    "RULES",
    "ConcordanceOracle",
    "ConcordanceRow",
    "Interval",
    "Limits",
    "Printed",
    "PrintedRow",
    "RowAtSize",
    "RowOverSizes",
    "TableRow",
    "audit_rows",
    "audit_table",
    "column_sizes",
    "comes_to",
    "could_print",
    "explain",
    "feasible_rows",
    "feasible_sizes",
    "feasible_sizes_from_row",
    "implied_table_size",
    "judge_row",
    "judge_rows",
    "minimal_conflicts",
    "misfit",
    "nearest_row",
    "p_interval",
    "parse_printed",
    "possible_counts",
    "print_value",
    "run_audit_table",
    "sizes_from_counts",
    "w_interval",
]
