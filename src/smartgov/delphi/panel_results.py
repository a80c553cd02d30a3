"""What a panel's own answers say, each table beside the article's printed figures if any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from smartgov import panels, stats
from smartgov.article.published import INNER_COMPARISONS, asks_as_the_article, table
from smartgov.model import Group, Model
from smartgov.stats.inputs import complete_raters

RANDOM_AT = 0.05
"""Level of the test that a panel's judgements are more consistent than answers at random."""
PERMUTATIONS = 20_000
"""Shuffled panels drawn where the exact distribution of W is too large to list."""
FEWEST_FOR_INTERVAL = 5
"""Experts below which a bootstrap over them says too little to print: a nominal 95 % interval
covers about half of the time for two experts, and nine times in ten for thirteen."""


CONCORDANCE = ("m", "n", "W", "chi2", "p", "p_exact", "method", "W_low", "W_high")
"""What :func:`row_concordance` finds."""


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
    complete = complete_raters(items)
    found = {"m": len(complete), "n": items.shape[1]}
    figures = CONCORDANCE[2:]
    if not has_w(complete):
        return found | dict.fromkeys(figures, np.nan) | {"method": ""}
    w = stats.kendall_w(complete)
    exact = stats.concordance_pvalue(complete, draws=PERMUTATIONS, seed=seed)
    values = w.w, w.chi2, w.p, exact.p, exact.method, *_w_without_one(complete)
    return found | dict(zip(figures, values, strict=True))


def has_w(complete: np.ndarray) -> bool:
    """Whether W is defined: two experts and items or more, not all judgements tied."""
    return min(complete.shape) > 1 and bool(np.ptp(complete, axis=1).any())


def _w_without_one(items: np.ndarray) -> tuple[float, float]:
    """Smallest and largest W when one expert is left out; NaN where it is undefined without one."""
    if len(items) < 3:
        return np.nan, np.nan
    w = stats.w_without_each(items)
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
    total = answered.groupby("expert")["equal"].sum().sort_values(ascending=False, kind="stable")
    order = {"column": pd.Index(model.columns), "expert": total.index}
    answered = answered.sort_values(
        ["column", "expert"], key=lambda names: order[names.name].get_indexer(names)
    )
    given = list(zip(answered["equal"].tolist(), answered["answered"].tolist(), strict=True))
    by_count = {(k, n): stats.share_interval(k, n, confidence=confidence) for k, n in set(given)}
    intervals = [by_count[each] for each in given]
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
        ``p_exact``, and for the article's own questions ``printed_W, printed_p``; context is a
        dimension, or the column of a further ring (``Q27`` is the article's inner one).
    """
    rows = [
        {"context": context, "row": row} | row_concordance(items, seed)
        for context, row, items in ranked_groups(panel, model)
    ]
    columns = ["context", "row", *CONCORDANCE]
    table = _with_printed(pd.DataFrame(rows, columns=columns), model, "W", "p")
    tested = table["p_exact"].dropna()
    corrected = stats.adjust_pvalues(tested.to_numpy(), method=correction) if len(tested) else []
    corrected = pd.Series(corrected, tested.index, dtype=float).reindex(table.index)
    table.insert(list(table).index("p_exact") + 1, "p_corrected", corrected)
    return table


def panel_w(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """W alone of every group of items, as in :func:`panel_concordance`: ``context, row, W``, and
    ``printed_W`` for the article's own questions."""
    rows = []
    for context, row, items in ranked_groups(panel, model):
        complete = complete_raters(items)
        w = stats.kendall_w(complete).w if has_w(complete) else np.nan
        rows.append((context, row, w))
    return _with_printed(pd.DataFrame(rows, columns=["context", "row", "W"]), model, "W")


def ranked_groups(panel: pd.DataFrame, model: Model) -> Iterator[tuple[str, str, np.ndarray]]:
    """What Tables 4 and 3 rank: context, component, and the two or more items under it.

    In a dimension these are a component's comparisons with those after it; at a component all
    comparisons of the further ring. Signed values, shape (m, n), positive where the left
    component is favoured.
    """
    for group in model.groups():
        signed = panels.signed_values(panel, group.pairs)
        left = signed.questions["left"]
        for row in group.components if group.in_dimension else [group.context]:
            items = signed.values[:, left == row] if group.in_dimension else signed.values
            if items.shape[1] > 1:
                yield group.column, row, items


def _with_printed(found: pd.DataFrame, model: Model, *figures: str) -> pd.DataFrame:
    """Beside a panel's figures those of Tables 3 and 4, if the panel was asked the same."""
    if not asks_as_the_article(model):
        return found
    printed = table(4).join(table(3)[["W", "p"]].add_prefix("Q27."), how="outer").fillna("")
    places = list(zip(found["row"], found["context"], strict=True))
    columns = {
        f"printed_{figure}": [
            printed.at[row, f"{context}.{figure}"] if row in printed.index else ""
            for row, context in places
        ]
        for figure in figures
    }
    return found.assign(**columns)


def panel_mean_ranks(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Mean ranks of a further ring's comparisons at every component, beside Table 3's if any.

    The smallest judgement has rank 1, as in Table 3; ties share their ranks. Experts with a
    missing judgement at a component are left out there.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, left, right, m, mean_rank``, a row a comparison, and ``printed`` for the
        article's own questions; `mean_rank` is NaN where nobody answered.
    """
    rows = []
    for group in model.groups(ring):
        complete = complete_raters(panels.signed_values(panel, group.pairs).values)
        none = np.full(len(group.pairs), np.nan)
        ranks = rankdata(complete, axis=1).mean(axis=0) if len(complete) else none
        rows += [
            (*pair, len(complete), rank) for pair, rank in zip(group.pairs, ranks, strict=True)
        ]
    found = pd.DataFrame(rows, columns=["row", "left", "right", "m", "mean_rank"])
    if asks_as_the_article(model):
        printed = table(3)[list(INNER_COMPARISONS)]
        found["printed"] = printed.loc[list(dict.fromkeys(found["row"]))].to_numpy().ravel()
    return found


def group_matrices(
    panel: pd.DataFrame, group: Group, scale: str = "linear"
) -> tuple[list[str], np.ndarray]:
    """Every expert's matrix of comparisons in one context, gaps filled by Harker's method.

    `scale` is that of the judgements, see :func:`smartgov.stats.rescaled`.

    Returns
    -------
    experts : list of str
        Those whose comparisons link all components; others are left out.
    matrices : ndarray, shape (m, k, k)
    """
    matrices = panels.comparison_matrices(panel, group)
    linked = stats.links_all_items(matrices)
    kept = list(compress(panel["expert"].unique().tolist(), linked))
    if not kept:
        return kept, matrices[linked]
    return kept, stats.complete_matrix(stats.rescaled(matrices[linked], scale))


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
    groups = [group for group in model.groups() if group.in_dimension]
    usable = [len(group_matrices(panel, group)[0]) for group in groups]
    if max(usable) < 2:
        counts = zip(usable, groups, strict=True)
        found = ", ".join(f"{count} in {group.context}" for count, group in counts)
        raise ValueError(
            f"found experts who compared all components of a dimension: {found}; accepted are two"
            " or more in one dimension at least. If the questions were asked, their headings were"
            " not understood: data/README.md shows how each tool's must look. Nothing was written."
        )


def panel_priorities(
    panel: pd.DataFrame, model: Model, ring: str, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Group priorities of a ring in each of its contexts, with bootstrap intervals over experts.

    Judgements are aggregated by geometric means (AIJ), priorities are the principal eigenvector.
    A context with fewer than two usable experts has no rows. The consistency ratio of the
    group's own matrix is left out on purpose: averaging evens contradictions out, and even the
    mean of random judgements passes Saaty's tolerance.

    Returns
    -------
    pandas.DataFrame
        Columns ``ring, context, row, priority, low, high, rank, experts, completed, median_cr``:
        `completed` experts had gaps that were filled, `median_cr` is the median consistency
        ratio. `low` and `high` are NaN below :data:`FEWEST_FOR_INTERVAL` experts.
    """
    rows = []
    for group in model.groups(ring):
        judged = panels.comparison_matrices(panel, group)
        judged = judged[stats.links_all_items(judged)]
        if len(judged) < 2:
            continue
        matrices = stats.complete_matrix(judged)
        found = stats.priority_interval(matrices, confidence=confidence, draws=999, seed=seed)
        none = np.full(len(group.components), np.nan)
        ends = (found.low, found.high) if len(judged) >= FEWEST_FOR_INTERVAL else (none, none)
        completed = int(np.isnan(judged).any(axis=(1, 2)).sum())
        ratios = pd.Series(stats.completed_consistency_ratio(judged))
        about = len(judged), completed, ratios.median()
        ranks = priority_ranks(found.priorities).astype(int)
        rows += [
            (ring, group.context, *row, *about)
            for row in zip(group.components, found.priorities, *ends, ranks, strict=True)
        ]
    figures = ["priority", "low", "high", "rank", "experts", "completed", "median_cr"]
    return pd.DataFrame(rows, columns=["ring", "context", "row", *figures])


def expert_consistency(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Saaty's consistency ratio of every expert in every context of a ring.

    Returns
    -------
    pandas.DataFrame
        Experts × contexts; of comparisons with gaps as
        :func:`smartgov.stats.completed_consistency_ratio` has it. NaN where an expert's do not
        link all components, or leave nothing to contradict.
    """
    groups = model.groups(ring)
    experts = pd.Index(panel["expert"].unique().tolist(), name="expert")
    contexts = [group.context for group in groups]
    ratios = pd.DataFrame(index=experts, columns=contexts, dtype=float)
    for group in groups:
        matrices = panels.comparison_matrices(panel, group)
        ratios[group.context] = stats.completed_consistency_ratio(matrices)
    return ratios


def no_better_than_random(ratios: pd.DataFrame, model: Model, ring: str) -> list[str]:
    """Contexts in which the experts' judgements are no more consistent than answers at random.

    `ratios` are as of :func:`expert_consistency`. A context is among them unless their median is
    smaller than that of as many random matrices, at the 5 % level (one-sided).
    """
    chance = {
        group.context: stats.consistent_by_chance(ratios[group.context], len(group.components))
        for group in model.groups(ring)
        if len(group.components) > 2
    }
    return [context for context, p in chance.items() if p > RANDOM_AT]


def component_scores(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Mean signed judgement of every component of a ring, seen from its side.

    Returns
    -------
    pandas.DataFrame
        Components × contexts; above 0 where a component is preferred to those it meets, NaN
        where nobody compared it.
    """
    scores = pd.DataFrame(index=pd.Index(model.ring(ring), name="component"))
    for group in model.groups(ring):
        signed = panels.signed_values(panel, group.pairs)
        means = np.ma.masked_invalid(signed.values).mean(axis=0).filled(np.nan)
        scores[group.context] = component_means(means, signed.questions, list(group.components))
    return scores


def in_long_form(by_ring: dict[str, pd.DataFrame], value: str) -> pd.DataFrame:
    """Tables of rings with a column a context as one: ``ring``, the index, ``context``, `value`."""
    tables = {
        ring: table.melt(var_name="context", value_name=value, ignore_index=False)
        for ring, table in by_ring.items()
    }
    return pd.concat(tables, names=["ring"]).reset_index()


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
    shares = shares.reindex(columns=model.dimensions.index).rename_axis(columns=None)
    return shares.dropna(axis=1, how="all")


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
