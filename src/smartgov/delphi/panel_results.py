"""What a panel's own answers say, each table beside the article's printed figures where it has
any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

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
covers
about half of the time for two experts, and nine times in ten for thirteen."""


def row_concordance(items: np.ndarray, seed: int = 0) -> dict[str, object]:
    """W of one group of items, its chi-square p and its exact p, and W with any one expert left
    out.

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
    complete = _complete(items)
    sizes = {"m": len(complete), "n": items.shape[1]}
    if min(complete.shape) < 2 or not np.ptp(complete, axis=1).any():
        return {
            **sizes,
            **dict.fromkeys(("W", "chi2", "p", "p_exact"), np.nan),
            "method": "",
            "W_low": np.nan,
            "W_high": np.nan,
        }
    found = stats.kendall_w(complete)
    exact = stats.concordance_pvalue(complete, draws=PERMUTATIONS, seed=seed)
    low, high = _w_without_one(complete)
    return {
        **sizes,
        "W": found.w,
        "chi2": found.chi2,
        "p": found.p,
        "p_exact": exact.p,
        "method": exact.method,
        "W_low": low,
        "W_high": high,
    }


def _complete(items: np.ndarray) -> np.ndarray:
    """The experts who judged every item."""
    return items[~np.isnan(items).any(axis=1)]


def _w_without_one(items: np.ndarray) -> tuple[float, float]:
    """Smallest and largest W when one expert is left out; NaN where it is undefined without one."""
    if len(items) < 3:
        return np.nan, np.nan
    smaller = np.array([np.delete(items, left_out, axis=0) for left_out in range(len(items))])
    w = stats.kendall_w(smaller, undefined="nan").w
    return float(np.min(w)), float(np.max(w))


def panel_shares(panel: pd.DataFrame, model: Model, level: float = 0.95) -> pd.DataFrame:
    """Shares of equal judgements as Table 2 counts them, with Wilson intervals.

    Returns
    -------
    pandas.DataFrame
        Columns ``expert, column, count, n, share, low, high``, the form of
        :func:`smartgov.article.rounds.printed_shares`: experts with the most equal judgements
        first.
    """
    answered = panels.equal_shares(panel, model)
    answered = answered[answered["answered"] > 0]
    experts = (
        answered.groupby("expert")["equal"].sum().sort_values(ascending=False, kind="stable").index
    )
    columns = [
        name
        for name in dict.fromkeys(panels.table2_columns(model).values())
        if name in set(answered["column"])
    ]
    order = pd.MultiIndex.from_product([columns, experts], names=["column", "expert"])
    answered = (
        answered.set_index(["column", "expert"]).reindex(order).dropna(subset="share").reset_index()
    )
    answered = answered.astype({"equal": int, "answered": int})
    intervals = [
        stats.share_interval(int(k), int(n), confidence=level)
        for k, n in zip(answered["equal"], answered["answered"], strict=True)
    ]
    return pd.DataFrame(
        {
            "expert": answered["expert"],
            "column": answered["column"],
            "count": answered["equal"],
            "n": answered["answered"],
            "share": [i.share for i in intervals],
            "low": [i.low for i in intervals],
            "high": [i.high for i in intervals],
        }
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
    table = pd.DataFrame(
        [
            {
                "context": context,
                "row": row,
                **row_concordance(items, seed),
                **_printed_beside(context, row),
            }
            for context, row, items in _groups(panel, model)
        ]
    )
    tested = table["p_exact"].notna()
    corrected = pd.Series(np.nan, table.index)
    if tested.any():
        corrected[tested] = stats.adjust_pvalues(
            table.loc[tested, "p_exact"].to_numpy(), method=correction
        )
    table.insert(list(table).index("p_exact") + 1, "p_corrected", corrected)
    return table


def panel_w(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """W alone of every group of items, beside the article's: :func:`panel_concordance` without its
    tests.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, row, W, printed_W``.
    """
    rows = []
    for context, row, items in _groups(panel, model):
        complete = _complete(items)
        w = stats.kendall_w(complete, undefined="nan").w if len(complete) > 1 else np.nan
        rows.append((context, row, w, _printed_beside(context, row)["printed_W"]))
    return pd.DataFrame(rows, columns=["context", "row", "W", "printed_W"])


def _groups(panel: pd.DataFrame, model: Model) -> Iterator[tuple[str, str, np.ndarray]]:
    """What Tables 4 and 3 rank: context, component, and the items of two or more that stand under
    it."""
    middle = model.ring("middle")
    for dimension in model.dimensions.index:
        for row in middle:
            items = panels.middle_items(panel, model, dimension, row)
            if items.shape[1] > 1:
                yield dimension, row, items
    for row in middle:
        items = panels.inner_items(panel, model, row)
        if items.shape[1] > 1:
            yield "Q27", row, items


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
    rows = []
    for row in model.ring("middle"):
        items = panels.inner_items(panel, model, row)
        complete = _complete(items)
        ranks = (
            rankdata(complete, axis=1).mean(axis=0)
            if len(complete)
            else np.full(items.shape[1], np.nan)
        )
        printed = [
            table(3).at[row, name] if row in table(3).index and name in table(3) else ""
            for name in names
        ]
        rows += [
            (row, name, len(complete), rank, figure)
            for name, rank, figure in zip(names, ranks, printed, strict=True)
        ]
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
    experts, matrices = (
        list(dict.fromkeys(panel["expert"])),
        panels.comparison_matrices(panel, model, dimension),
    )
    linked = stats.links_all_items(matrices)
    kept = [expert for expert, whole in zip(experts, linked, strict=True) if whole]
    return kept, stats.complete_matrix(matrices[linked]) if linked.any() else matrices[linked]


def group_priorities(matrices: np.ndarray, method: str = "eigenvector") -> np.ndarray:
    """Priorities of the aggregated judgements (AIJ); NaN for fewer than two experts, who are no
    group."""
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
    usable = {
        dimension: len(group_matrices(panel, model, dimension)[0])
        for dimension in model.dimensions.index
    }
    if max(usable.values()) < 2:
        found = ", ".join(f"{count} in {dimension}" for dimension, count in usable.items())
        raise ValueError(
            f"found experts who compared all components of a dimension: {found}; accepted are two"
            " or more in one dimension at least. If the questions were asked, their headings were"
            " not understood: data/README.md shows how each tool's must look. Nothing was written."
        )


def panel_priorities(
    panel: pd.DataFrame, model: Model, level: float = 0.95, seed: int = 0
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
        found = stats.priority_interval(matrices, confidence=level, draws=999, seed=seed)
        shown = len(experts) >= FEWEST_FOR_INTERVAL
        lows, highs = (
            ends if shown else np.full(len(middle), np.nan) for ends in (found.low, found.high)
        )
        known = ratios.loc[experts, dimension].dropna()
        about = len(experts), len(experts) - len(known), known.median()
        ranks = priority_ranks(found.priorities).astype(int)
        rows += [
            (dimension, name, p, low, high, rank, *about)
            for name, p, low, high, rank in zip(
                middle, found.priorities, lows, highs, ranks, strict=True
            )
        ]
    columns = [
        "dimension",
        "row",
        "priority",
        "low",
        "high",
        "rank",
        "experts",
        "completed",
        "median_cr",
    ]
    return pd.DataFrame(rows, columns=columns)


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
    return pd.DataFrame(ratios, index=pd.Index(dict.fromkeys(panel["expert"]), name="expert"))


def component_scores(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Mean signed judgement of every component of the middle ring, seen from its side.

    Returns
    -------
    pandas.DataFrame
        Components × dimensions; above 0 where a component is preferred to those it meets, NaN
        where nobody compared it.
    """
    middle = model.ring("middle")
    signed = panels.signed_values(panel, questionnaire(model))
    means = signed.questions.assign(
        mean=np.ma.masked_invalid(signed.values).mean(axis=0).filled(np.nan)
    )
    mirrored = means.assign(left=means["right"], right=means["left"], mean=-means["mean"])
    met = pd.concat([means, mirrored])  # every comparison from both sides
    scores = met.groupby(["left", "context"])["mean"].mean().unstack("context")
    return scores.reindex(index=middle, columns=list(model.dimensions.index)).rename_axis(
        index="component", columns=None
    )


def dimension_shares(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Every expert's share of equal judgements in each dimension.

    Returns
    -------
    pandas.DataFrame
        Experts × dimensions; a dimension without any answer is left out, NaN where one expert
        gave none.
    """
    shares = panels.equal_shares(panel, model).pivot(
        index="expert", columns="column", values="share"
    )
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
    if min(complete.shape) < 2 or not np.ptp(complete.to_numpy(), axis=1).any():
        return dict.fromkeys(("chi2", "df", "p"), np.nan), pd.DataFrame(
            columns=["p", "p_corrected", "more_equal_in_first", "more_equal_in_second"]
        )
    tests = stats.paired_dimensions(complete.to_numpy(), list(complete), correction=correction)
    pairs = pd.DataFrame(
        {
            "p": tests.pair_p,
            "p_corrected": tests.adjusted_p,
            "more_equal_in_first": tests.favours_first,
            "more_equal_in_second": tests.favours_second,
        },
        index=pd.Index([" : ".join(map(str, pair)) for pair in tests.pairs], name="pair"),
    )
    return {"chi2": tests.chi2, "df": tests.df, "p": tests.p}, pairs
