"""What Tables 2 to 4 print, as tables of numbers with what follows from them."""

from __future__ import annotations

import pandas as pd
from scipy.stats import chi2

from smartgov import stats
from smartgov.article.evidence import RANKS, SHARE_COLUMNS, Evidence
from smartgov.article.published import INNER_COMPARISONS, table
from smartgov.audit.printed import parse_printed


def _number(text: str) -> float:
    return float(parse_printed(text).value)


def printed_shares(evidence: Evidence, level: float = 0.95) -> pd.DataFrame:
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
            interval = stats.share_interval(int(counts.at[expert, column]), n, confidence=level)
            rows.append(
                (
                    expert,
                    column,
                    counts.at[expert, column],
                    n,
                    interval.share,
                    interval.low,
                    interval.high,
                )
            )
    return pd.DataFrame(rows, columns=["expert", "column", "count", "n", "share", "low", "high"])


def printed_concordance(evidence: Evidence) -> pd.DataFrame:
    """Table 4 in long form, each cell with the p that its printed W gives.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, label, dimension, n, W, p, p_recomputed, fits``.
    """
    rows = []
    for (row, dimension), cell in evidence.dimension_cells.items():
        w, p = float(cell.row.W.value), float(cell.row.p.value)
        p_recomputed = float(chi2.sf(cell.m * (cell.n - 1) * w, cell.n - 1))
        rows.append(
            (row, evidence.model.label(row), dimension, cell.n, w, p, p_recomputed, cell.feasible())
        )
    columns = ["row", "label", "dimension", "n", "W", "p", "p_recomputed", "fits"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "dimension", kind="stable", ignore_index=True
    )


def printed_mean_ranks(evidence: Evidence) -> pd.DataFrame:
    """Table 3's mean ranks with their sum, and whether any panel of the implied size prints them.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, label``, the three comparisons, ``total, feasible, W, p``.
    """
    rows = []
    for row, cells in table(3).iterrows():
        ranks = {name: parse_printed(cells[name]) for name in INNER_COMPARISONS}
        total = sum(printed.value for printed in ranks.values())
        feasible = evidence.inner_ring[row].feasible(RANKS)
        values = [float(printed.value) for printed in ranks.values()]
        rows.append(
            (
                row,
                evidence.model.label(row),
                *values,
                float(total),
                feasible,
                _number(cells["W"]),
                _number(cells["p"]),
            )
        )
    return pd.DataFrame(
        rows, columns=["row", "label", *INNER_COMPARISONS, "total", "feasible", "W", "p"]
    )


def corrected_p(evidence: Evidence, correction: str = "holm") -> pd.DataFrame:
    """All printed p-values of Tables 3 and 4 as one family of tests, corrected.

    Returns
    -------
    pandas.DataFrame
        Columns ``table, row, dimension, p, corrected``, smallest p first.
    """
    four = printed_concordance(evidence).assign(table="Table 4")[["table", "row", "dimension", "p"]]
    three = printed_mean_ranks(evidence).assign(table="Table 3", dimension="Q27")[
        ["table", "row", "dimension", "p"]
    ]
    tests = pd.concat([three, four], ignore_index=True)
    tests["corrected"] = stats.adjust_pvalues(tests["p"].to_numpy(), method=correction)
    return tests.sort_values("p", kind="stable", ignore_index=True)
