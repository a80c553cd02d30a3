"""What Tables 2 to 4 print, as tables of numbers with what follows from them."""

from __future__ import annotations

import pandas as pd

from smartgov import stats
from smartgov.article.evidence import SHARE_COLUMNS, Evidence
from smartgov.article.published import DIMENSIONS, table
from smartgov.audit.printed import parse_printed


def printed_shares(evidence: Evidence, confidence: float = 0.95) -> pd.DataFrame:
    """Table 2 as counts and shares with Wilson intervals, experts sorted by their overall share.

    Returns
    -------
    pandas.DataFrame
        Columns ``expert, column, count, n, share, low, high``; one cell of Table 2 a row.
    """
    counts = evidence.equal_counts
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    rows = []
    for column in SHARE_COLUMNS:
        n = evidence.lengths[column]
        for expert in order:
            count = int(counts.at[expert, column])
            found = stats.share_interval(count, n, confidence=confidence)
            rows.append((expert, column, count, n, found.share, found.low, found.high))
    return pd.DataFrame(rows, columns=["expert", "column", "count", "n", "share", "low", "high"])


def corrected_p() -> pd.DataFrame:
    """All printed p-values of Tables 3 and 4 as one family of tests, corrected by Holm's method.

    Returns
    -------
    pandas.DataFrame
        Columns ``table, row, dimension, p, corrected``, smallest p first.
    """
    cells = [("Table 3", row, "Q27", text) for row, text in table(3)["p"].items()]
    for dimension in DIMENSIONS:
        printed = table(4)[f"{dimension}.p"]
        cells += [("Table 4", row, dimension, text) for row, text in printed.items()]
    tests = pd.DataFrame(cells, columns=["table", "row", "dimension", "p"])
    tests["p"] = [float(parse_printed(text).value) for text in tests["p"]]
    tests["corrected"] = stats.adjust_pvalues(tests["p"].to_numpy(), method="holm")
    return tests.sort_values("p", kind="stable", ignore_index=True)
