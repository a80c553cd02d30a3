"""What a panel's own answers say, each table beside the article's printed figures if any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, compress

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from smartgov import panels, stats
from smartgov.article.published import INNER_COMPARISONS, table
from smartgov.model import Model, questionnaire

PERMUTATIONS = 20_000
"""Shuffled panels drawn where the exact distribution of W is too large to list."""
FEWEST_FOR_INTERVAL = 5
"""Experts below which a bootstrap over them says too little to print: a nominal 95 % interval
covers about half of the time for two experts, and nine times in ten for thirteen."""


def row_concordance(items: np.ndarray, seed: int = 0) -> dict[str, object]:
    """W of one group of items, its chi-square p and exact p, and W with any one expert left out.

    Parameters
    ----------
    items : ndarray, shape (m, n)
        Signed judgements, experts × items; an expert with a missing one is left out.
    seed : int
        Seed of the permutations where the exact distribution is too large to list.

    Returns
    -------
    dict
        ``m, n, W, chi2, p, p_exact, method`` (``exact`` or ``permutation``, how `p_exact` was
        found), ``W_low`` and ``W_high``, the smallest and largest W without one expert. NaN where
        W is undefined: all judgements tied, or fewer than two complete experts or items; the last
        two also where it is undefined without one of the experts.
    """
    complete = complete_experts(items)
    found = {"m": len(complete), "n": items.shape[1]}
    figures = ("W", "chi2", "p", "p_exact", "method", "W_low", "W_high")
    if not has_w(complete):
        return found | dict.fromkeys(figures, np.nan) | {"method": ""}
    w = stats.kendall_w(complete)
    exact = stats.concordance_pvalue(complete, draws=PERMUTATIONS, seed=seed)
    values = w.w, w.chi2, w.p, exact.p, exact.method, *_w_without_one(complete)
    return found | dict(zip(figures, values, strict=True))


def complete_experts(items: np.ndarray) -> np.ndarray:
    """The experts who judged every item."""
    return items[~np.isnan(items).any(axis=1)]


def has_w(complete: np.ndarray) -> bool:
    """Whether W is defined: two experts and items or more, not all judgements tied."""
    return min(complete.shape) > 1 and bool(np.ptp(complete, axis=1).any())


def _w_without_one(items: np.ndarray) -> tuple[float, float]:
    """Smallest and largest W when one expert is left out; NaN where it is undefined without one."""
    if len(items) < 3:
        return np.nan, np.nan
    smaller = np.array([np.delete(items, left_out, axis=0) for left_out in range(len(items))])
    w = stats.kendall_w(smaller, undefined="nan").w
    return float(np.min(w)), float(np.max(w))


def panel_shares(panel: pd.DataFrame, model: Model, confidence: float = 0.95) -> pd.DataFrame:
    """Shares of equal judgements as Table 2 counts them, with Wilson intervals.

    Returns
    -------
    pandas.DataFrame
        Columns ``expert, column, count, n, share, low, high``, the form of
        :func:`smartgov.article.rounds.printed_shares`: experts with the most equal judgements
        first.
    """
    counts = panels.equal_shares(panel, model)
    answered = counts[counts["answered"] > 0]
    total = answered.groupby("expert")["equal"].sum()
    order = {
        "column": list(dict.fromkeys(panels.table2_columns(model).values())),
        "expert": list(total.sort_values(ascending=False, kind="stable").index),
    }
    answered = answered.sort_values(
        ["column", "expert"], key=lambda names: names.map(order[names.name].index)
    )
    intervals = [
        stats.share_interval(k, n, confidence=confidence)
        for k, n in zip(answered["equal"].tolist(), answered["answered"].tolist(), strict=True)
    ]
    table = answered.rename(columns={"equal": "count", "answered": "n"}).reset_index(drop=True)
    return table[["expert", "column", "count", "n"]].assign(
        share=[i.share for i in intervals],
        low=[i.low for i in intervals],
        high=[i.high for i in intervals],
    )


def panel_concordance(
    panel: pd.DataFrame, model: Model, seed: int = 0, correction: str = "holm"
) -> pd.DataFrame:
    """W and p of every group of items in a panel, beside the article's figures.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round.
    model : Model
    seed : int
        Seed of the permutations where the exact distribution is too large to list.
    correction : str
        See :func:`smartgov.stats.adjust_pvalues`; over all rows of the table.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, row``, those of :func:`row_concordance` with ``p_corrected`` after
        ``p_exact``, and ``printed_W, printed_p``; context is a dimension, or ``Q27`` for the
        inner ring.
    """
    rows = [
        {"context": context, "row": row}
        | row_concordance(items, seed)
        | _printed_beside(context, row)
        for context, row, items in ranked_groups(panel, model)
    ]
    table = pd.DataFrame(rows)
    tested = table["p_exact"].dropna()
    corrected = stats.adjust_pvalues(tested.to_numpy(), method=correction) if len(tested) else []
    corrected = pd.Series(corrected, tested.index, dtype=float).reindex(table.index)
    table.insert(list(table).index("p_exact") + 1, "p_corrected", corrected)
    return table


def panel_w(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """W alone of every group of items, as in :func:`panel_concordance`: ``context, row, W,
    printed_W``."""
    rows = []
    for context, row, items in ranked_groups(panel, model):
        complete = complete_experts(items)
        w = stats.kendall_w(complete).w if has_w(complete) else np.nan
        rows.append((context, row, w, _printed_beside(context, row)["printed_W"]))
    return pd.DataFrame(rows, columns=["context", "row", "W", "printed_W"])


def ranked_groups(panel: pd.DataFrame, model: Model) -> Iterator[tuple[str, str, np.ndarray]]:
    """What Tables 4 and 3 rank: context, component, and the two or more items under it."""
    middle = model.ring("middle")
    in_dimensions = (
        (dimension, row, panels.middle_items(panel, model, dimension, row))
        for dimension in model.dimensions.index
        for row in middle
    )
    inner = (("Q27", row, panels.inner_items(panel, model, row)) for row in middle)
    for context, row, items in chain(in_dimensions, inner):
        if items.shape[1] > 1:
            yield context, row, items


def _printed_beside(context: str, row: str) -> dict[str, str]:
    number, prefix = (3, "") if context == "Q27" else (4, f"{context}.")
    printed = table(number)
    there = row in printed.index and f"{prefix}W" in printed.columns
    return {
        f"printed_{figure}": printed.at[row, prefix + figure] if there else ""
        for figure in ("W", "p")
    }


def panel_mean_ranks(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Mean ranks of the inner ring's comparisons at every component, beside Table 3's.

    The smallest judgement has rank 1, as in Table 3; ties share their ranks. Experts with a
    missing judgement at a component are left out there.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, comparison, m, mean_rank, printed``, three rows a component; `mean_rank` is
        NaN where nobody answered.
    """
    inner = [f"{left}:{right}" for left, right in combinations(model.ring("inner"), 2)]
    names = list(INNER_COMPARISONS) if len(inner) == len(INNER_COMPARISONS) else inner
    printed, rows = table(3), []
    for row in model.ring("middle"):
        items = panels.inner_items(panel, model, row)
        complete = complete_experts(items)
        ranks = (
            rankdata(complete, axis=1).mean(axis=0)
            if len(complete)
            else np.full(items.shape[1], np.nan)
        )
        for name, rank in zip(names, ranks, strict=True):
            there = row in printed.index and name in printed
            rows.append((row, name, len(complete), rank, printed.at[row, name] if there else ""))
    return pd.DataFrame(rows, columns=["row", "comparison", "m", "mean_rank", "printed"])


def group_matrices(
    panel: pd.DataFrame, model: Model, dimension: str
) -> tuple[list[str], np.ndarray]:
    """Every expert's matrix of comparisons in a dimension, gaps filled by Harker's method.

    Returns
    -------
    experts : list of str
        Those whose comparisons link all components; others are left out.
    matrices : ndarray, shape (m, k, k)
    """
    matrices = panels.comparison_matrices(panel, model, dimension)
    linked = stats.links_all_items(matrices)
    kept = list(compress(dict.fromkeys(panel["expert"]), linked))
    return kept, stats.complete_matrix(matrices[linked]) if kept else matrices[linked]


def group_priorities(matrices: np.ndarray, method: str = "eigenvector") -> np.ndarray:
    """Priorities of the aggregated judgements (AIJ); NaN for fewer than two experts: no group."""
    if len(matrices) < 2:
        return np.full(matrices.shape[-1], np.nan)
    return stats.priorities(stats.aggregate(matrices), method)


def priority_ranks(priorities: np.ndarray) -> np.ndarray:
    """Ranks of priorities, 1 for the largest; equal ones share the better rank, NaN stays NaN."""
    return rankdata(-priorities.round(12), method="min", nan_policy="propagate").astype(float)


def require_group(panel: pd.DataFrame, model: Model) -> None:
    """Stop unless two experts or more can be aggregated, in one dimension at least.

    Raises
    ------
    ValueError
        With the number of usable experts in each dimension.
    """
    usable = {d: len(group_matrices(panel, model, d)[0]) for d in model.dimensions.index}
    if max(usable.values()) < 2:
        found = ", ".join(f"{count} in {dimension}" for dimension, count in usable.items())
        raise ValueError(
            f"found experts who compared all components of a dimension: {found}; accepted are two"
            " or more in one dimension at least. If the questions were asked, their headings were"
            " not understood: data/README.md shows how each tool's must look. Nothing was written."
        )


def panel_priorities(
    panel: pd.DataFrame, model: Model, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Group priorities of the middle ring in each dimension, with bootstrap intervals over experts.

    Judgements are aggregated by geometric means (AIJ), priorities are the principal eigenvector.
    A dimension with fewer than two usable experts has no rows. The consistency ratio of the
    group's own matrix is left out on purpose: averaging evens contradictions out, and even the
    mean of random judgements passes Saaty's tolerance.

    Returns
    -------
    pandas.DataFrame
        Columns ``dimension, row, priority, low, high, rank, experts, completed, median_cr``:
        `completed` experts had gaps that were filled, `median_cr` is the median consistency ratio
        of those without. `low` and `high` are NaN below :data:`FEWEST_FOR_INTERVAL` experts.
    """
    middle, ratios, rows = model.ring("middle"), expert_consistency(panel, model), []
    for dimension in model.dimensions.index:
        experts, matrices = group_matrices(panel, model, dimension)
        if len(experts) < 2:
            continue
        found = stats.priority_interval(matrices, confidence=confidence, draws=999, seed=seed)
        none = np.full(len(middle), np.nan)
        ends = (found.low, found.high) if len(experts) >= FEWEST_FOR_INTERVAL else (none, none)
        known = ratios.loc[experts, dimension].dropna()
        about = len(experts), len(experts) - len(known), known.median()
        ranks = priority_ranks(found.priorities).astype(int)
        rows += [
            (dimension, *row, *about)
            for row in zip(middle, found.priorities, *ends, ranks, strict=True)
        ]
    figures = ["priority", "low", "high", "rank", "experts", "completed", "median_cr"]
    return pd.DataFrame(rows, columns=["dimension", "row", *figures])


def expert_consistency(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Saaty's consistency ratio of every expert in every dimension.

    Returns
    -------
    pandas.DataFrame
        Experts × dimensions; NaN where an expert left a comparison out.
    """
    experts = pd.Index(dict.fromkeys(panel["expert"]), name="expert")
    ratios = pd.DataFrame(index=experts, columns=list(model.dimensions.index), dtype=float)
    for dimension in ratios:
        matrices = panels.comparison_matrices(panel, model, dimension)
        whole = ~np.isnan(matrices).any(axis=(1, 2))
        ratios.loc[whole, dimension] = stats.consistency_ratio(matrices[whole])
    return ratios


def component_scores(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Mean signed judgement of every component of the middle ring, seen from its side.

    Returns
    -------
    pandas.DataFrame
        Components × dimensions; above 0 where a component is preferred to those it meets, NaN
        where nobody compared it.
    """
    signed = panels.signed_values(panel, questionnaire(model))
    means = np.ma.masked_invalid(signed.values).mean(axis=0).filled(np.nan)
    middle = model.ring("middle")
    scores = pd.DataFrame(index=pd.Index(middle, name="component"))
    for dimension in model.dimensions.index:
        asked = signed.questions[signed.questions["context"] == dimension]
        scores[dimension] = component_means(means[asked.index], asked, middle)
    return scores


def component_means(
    values: np.ndarray, questions: pd.DataFrame, components: list[str]
) -> np.ndarray:
    """Mean signed judgement of each component, seen from its side; `questions` are the columns."""
    pairs = questions[["left", "right"]].map(components.index).to_numpy()
    # rounded, so that sums taken in another order tie where they are equal
    return stats.item_means(values, pairs).round(9)


def dimension_shares(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Every expert's share of equal judgements in each dimension.

    Returns
    -------
    pandas.DataFrame
        Experts × dimensions; a dimension without any answer is left out, NaN where one expert
        gave none.
    """
    counts = panels.equal_shares(panel, model)
    shares = counts.pivot(index="expert", columns="column", values="share")
    return shares[list(model.dimensions.index)].dropna(axis=1, how="all").rename_axis(columns=None)


def dimension_tests(
    shares: pd.DataFrame, correction: str = "holm"
) -> tuple[dict[str, float], pd.DataFrame]:
    """Friedman's test of all dimensions together and Wilcoxon's of every two.

    Parameters
    ----------
    shares : pandas.DataFrame
        Experts × dimensions.
    correction : str
        See :func:`smartgov.stats.adjust_pvalues`.

    Returns
    -------
    friedman : dict
        ``chi2, df, p``; NaN where no expert tells any two dimensions apart, or fewer than two
        experts answered in all.
    pairs : pandas.DataFrame
        Indexed by pair: ``p, p_corrected, more_equal_in_first, more_equal_in_second``; no rows
        where Friedman's test is undefined.
    """
    complete = shares.dropna()
    columns = ["p", "p_corrected", "more_equal_in_first", "more_equal_in_second"]
    if not has_w(complete.to_numpy()):
        return dict.fromkeys(("chi2", "df", "p"), np.nan), pd.DataFrame(columns=columns)
    tests = stats.paired_dimensions(complete.to_numpy(), list(complete), correction=correction)
    values = tests.pair_p, tests.adjusted_p, tests.favours_first, tests.favours_second
    names = pd.Index([" : ".join(map(str, pair)) for pair in tests.pairs], name="pair")
    pairs = pd.DataFrame(dict(zip(columns, values, strict=True)), index=names)
    return {"chi2": tests.chi2, "df": tests.df, "p": tests.p}, pairs
