"""The result tables of the Delphi rounds: from the printed figures, and from a panel's answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2, rankdata

from smartgov import stats
from smartgov.audit.entity_scores import entity_scores
from smartgov.audit.mean_ranks import PrintedRow, RowAtSize
from smartgov.audit.printed import parse_printed
from smartgov.audit.reconstruction import Question
from smartgov.study import panels
from smartgov.study.evidence import SHARE_COLUMNS, Evidence
from smartgov.study.model import Model, questionnaire
from smartgov.study.published import INNER_COMPARISONS, table


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
            interval = stats.share_interval(int(counts.at[expert, column]), n, level=level)
            rows.append((expert, column, counts.at[expert, column], n, interval.share, interval.low, interval.high))
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
        w, p = float(cell.printed.W.value), float(cell.printed.p.value)
        p_recomputed = float(chi2.sf(cell.m * (cell.n - 1) * w, cell.n - 1))
        rows.append((row, evidence.model.label(row), dimension, cell.n, w, p, p_recomputed, cell.fits))
    columns = ["row", "label", "dimension", "n", "W", "p", "p_recomputed", "fits"]
    return pd.DataFrame(rows, columns=columns).sort_values("dimension", kind="stable", ignore_index=True)


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
        feasible = RowAtSize(PrintedRow(ranks), evidence.panel_size).feasible()
        values = [float(printed.value) for printed in ranks.values()]
        rows.append((row, evidence.model.label(row), *values, float(total), feasible, _number(cells["W"]), _number(cells["p"])))
    return pd.DataFrame(rows, columns=["row", "label", *INNER_COMPARISONS, "total", "feasible", "W", "p"])


def corrected_p(evidence: Evidence, correction: str = "holm") -> pd.DataFrame:
    """All printed p-values of Tables 3 and 4 as one family of tests, corrected.

    Returns
    -------
    pandas.DataFrame
        Columns ``table, row, dimension, p, corrected``, smallest p first.
    """
    four = printed_concordance(evidence).assign(table="Table 4")[["table", "row", "dimension", "p"]]
    three = printed_mean_ranks(evidence).assign(table="Table 3", dimension="Q27")[["table", "row", "dimension", "p"]]
    tests = pd.concat([three, four], ignore_index=True)
    tests["corrected"] = stats.adjust_pvalues(tests["p"].to_numpy(), method=correction)
    return tests.sort_values("p", kind="stable", ignore_index=True)


def row_concordance(items: np.ndarray, method: str = "auto", seed: int = 0) -> dict[str, float]:
    """W of one group of items with its chi-square p and the permutation p.

    Parameters
    ----------
    items : ndarray, shape (m, n)
        Signed judgements, experts × items; an expert with a missing one is left out.

    Returns
    -------
    dict
        ``m, n, W, chi2, p, p_permutation``; NaN where W is undefined (all judgements tied, or
        fewer than two complete experts or items).
    """
    complete = items[~np.isnan(items).any(axis=1)]
    undefined = min(complete.shape) < 2 or not np.ptp(complete, axis=1).any()
    sizes = {"m": len(complete), "n": items.shape[1]}
    if undefined:
        return {**sizes, "W": np.nan, "chi2": np.nan, "p": np.nan, "p_permutation": np.nan}
    found = stats.kendall_w(complete)
    permuted = stats.concordance_pvalue(complete, method, permutations=2_000, seed=seed)
    return {**sizes, "W": found.w, "chi2": found.chi2, "p": found.p, "p_permutation": permuted.p}


def panel_shares(panel: pd.DataFrame, model: Model, level: float = 0.95) -> pd.DataFrame:
    """A panel's shares of equal judgements in the form of :func:`printed_shares`."""
    answered = panels.equal_shares(panel, model)
    answered = answered[answered["answered"] > 0]
    order = answered.groupby("expert")["equal"].sum().sort_values(ascending=False, kind="stable").index
    answered = answered.set_index("expert").loc[order].reset_index().sort_values("column", kind="stable", key=lambda c: c.map(list(dict.fromkeys(c)).index))
    intervals = [stats.share_interval(int(k), int(n), level=level) for k, n in zip(answered["equal"], answered["answered"], strict=True)]
    return pd.DataFrame({
        "expert": answered["expert"], "column": answered["column"], "count": answered["equal"], "n": answered["answered"],
        "share": [i.share for i in intervals], "low": [i.low for i in intervals], "high": [i.high for i in intervals],
    })  # fmt: skip


def panel_concordance(panel: pd.DataFrame, model: Model, seed: int = 0, correction: str = "holm") -> pd.DataFrame:
    """W and p of every group of items in a panel, beside the article's figures.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round.
    model : Model
    seed : int
        Seed of the permutations where the exact distribution is too large to list.
    correction : str
        See :func:`smartgov.stats.adjust_pvalues`.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, row, m, n, W, chi2, p, p_permutation, p_corrected, printed_W, printed_p``,
        the corrected p over all rows of the table; context
        is a dimension, or ``Q27`` for the inner ring.
    """
    middle = model.ring("middle")
    groups = [(d, row, panels.middle_items(panel, model, d, row)) for d in model.dimensions.index for row in middle]
    groups += [("Q27", row, panels.inner_items(panel, model, row)) for row in middle]
    rows = []
    for context, row, items in groups:
        if items.shape[1] >= 2:
            found = row_concordance(items, seed=seed)
            rows.append({"context": context, "row": row, **found, **_printed_beside(context, row)})
    table = pd.DataFrame(rows)
    tested = table["p_permutation"].notna()
    table.insert(8, "p_corrected", np.nan)
    table.loc[tested, "p_corrected"] = stats.adjust_pvalues(table.loc[tested, "p_permutation"].to_numpy(), method=correction)
    return table


def _printed_beside(context: str, row: str) -> dict[str, str]:
    number, prefix = (3, "") if context == "Q27" else (4, f"{context}.")
    printed = table(number)
    there = row in printed.index and f"{prefix}W" in printed.columns
    return {f"printed_{figure}": printed.at[row, prefix + figure] if there else "" for figure in ("W", "p")}


def panel_priorities(panel: pd.DataFrame, model: Model, level: float = 0.95, seed: int = 0) -> pd.DataFrame:
    """Group priorities of the middle ring in each dimension, with bootstrap intervals over experts.

    Judgements are aggregated by geometric means (AIJ), priorities are the principal eigenvector.

    Returns
    -------
    pandas.DataFrame
        Columns ``dimension, row, priority, low, high, rank, group_cr``.
    """
    middle, rows = model.ring("middle"), []
    for dimension in model.dimensions.index:
        matrices = _complete(panels.comparison_matrices(panel, model, dimension))
        found = stats.priority_interval(matrices, level=level, resamples=499, seed=seed)
        cr = stats.consistency_ratio(stats.aggregate(matrices))
        ranks = pd.Series(found.priorities).rank(ascending=False, method="min").astype(int)
        rows += [
            (dimension, name, p, low, high, rank, cr)
            for name, p, low, high, rank in zip(middle, found.priorities, found.low, found.high, ranks, strict=True)
        ]
    return pd.DataFrame(rows, columns=["dimension", "row", "priority", "low", "high", "rank", "group_cr"])


def expert_consistency(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Saaty's consistency ratio of every expert in every dimension.

    Returns
    -------
    pandas.DataFrame
        Experts × dimensions; NaN where an expert left a comparison out.
    """
    ratios = {}
    for dimension in model.dimensions.index:
        matrices = panels.comparison_matrices(panel, model, dimension)
        answered = ~np.isnan(matrices).any(axis=(1, 2))
        ratios[dimension] = np.full(len(matrices), np.nan)
        ratios[dimension][answered] = stats.consistency_ratio(matrices[answered])
    return pd.DataFrame(ratios, index=list(dict.fromkeys(panel["expert"])))


def _complete(matrices: np.ndarray) -> np.ndarray:
    """The matrices of the experts who made every comparison."""
    return matrices[~np.isnan(matrices).any(axis=(1, 2))]


def component_scores(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Mean signed judgement of every component of the middle ring, seen from its side.

    Returns
    -------
    pandas.DataFrame
        Components × dimensions; above 0 where a component is preferred to those it meets.
    """
    middle = model.ring("middle")
    signed = panels.signed_values(panel, questionnaire(model))
    asked = [Question(*question) for question in signed.questions.itertuples(index=False)]
    means = np.nanmean(signed.values, axis=0, keepdims=True)
    scores = {d: entity_scores(means, asked, (d,), middle) for d in model.dimensions.index}
    return pd.DataFrame(scores, index=pd.Index(middle, name="component"))


def ranking_stability(panel: pd.DataFrame, model: Model, most_cr: float = 0.20) -> pd.DataFrame:
    """How far the ranking of the middle ring depends on choices that could have been others.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round, every expert complete.
    model : Model
    most_cr : float
        Cut-off of the consistency ratio for the variant without inconsistent experts.

    Returns
    -------
    pandas.DataFrame
        Indexed by dimension and component; ranks under ``judgements`` (AIJ, eigenvector),
        ``geometric`` (AIJ, geometric means), ``priorities`` (AIP, eigenvector), ``consistent``
        (AIJ, experts within `most_cr` only; 0 where there are fewer than two), and
        ``best_left_out``, ``worst_left_out``, the extremes when one expert is left out.
    """
    middle, parts = model.ring("middle"), []
    for dimension in model.dimensions.index:
        matrices = _complete(panels.comparison_matrices(panel, model, dimension))
        consistent = matrices[stats.consistency_ratio(matrices) <= most_cr]
        without_one = np.array([_aij_ranks(np.delete(matrices, left_out, axis=0)) for left_out in range(len(matrices))])
        parts.append(pd.DataFrame({
            "dimension": dimension, "component": middle,
            "judgements": _aij_ranks(matrices), "geometric": _aij_ranks(matrices, "geometric"),
            "priorities": _ranks(stats.aggregate(matrices, "priorities")),
            "consistent": _aij_ranks(consistent) if len(consistent) > 1 else 0,
            "best_left_out": without_one.min(axis=0), "worst_left_out": without_one.max(axis=0),
        }))  # fmt: skip
    return pd.concat(parts).set_index(["dimension", "component"])


def _ranks(priorities: np.ndarray) -> np.ndarray:
    return rankdata(-np.round(priorities, 12), method="min").astype(int)


def _aij_ranks(matrices: np.ndarray, method: str = "eigenvector") -> np.ndarray:
    return _ranks(stats.priorities(stats.aggregate(matrices), method))
