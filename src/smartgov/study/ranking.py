"""How far a panel's ranking depends on choices that could have been others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, rankdata

from smartgov import stats
from smartgov.study.model import Model
from smartgov.study.panel_results import expert_consistency, group_matrices

BASE = "base"
"""Judgements aggregated by geometric means (AIJ), principal eigenvector, every expert."""
CUTOFFS = (0.10, 0.20)
"""Consistency ratios beyond which experts are left out: Saaty's tolerance, and twice that."""


def ranking_choices(panel: pd.DataFrame, model: Model, cutoffs: Sequence[float] = CUTOFFS) -> pd.DataFrame:
    """Ranks of the middle ring in each dimension under every choice.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round.
    model : Model
    cutoffs : sequence of float
        Experts with a larger consistency ratio are left out, one choice a cut-off.

    Returns
    -------
    pandas.DataFrame
        Columns ``dimension, choice, experts, component, rank``. `choice` is ``base``;
        ``geometric`` (geometric means of rows in place of the eigenvector); ``priorities`` (each
        expert's priorities aggregated, AIP, in place of judgements); ``cr_0.10`` and so on; and
        ``without_CODE`` for every expert. A choice that leaves fewer than two experts has no rows.

    References
    ----------
    Forman, E., & Peniwati, K. (1998). European Journal of Operational Research 108, 165-169
    (AIJ and AIP). - Saaty, T. L. (1980). The Analytic Hierarchy Process (consistency ratio).
    """
    middle, ratios, rows = model.ring("middle"), expert_consistency(panel, model), []
    for dimension in model.dimensions.index:
        experts, matrices = group_matrices(panel, model, dimension)
        consistency = ratios.loc[experts, dimension].to_numpy()
        for choice, kept, priorities in _priorities_by_choice(experts, matrices, consistency, cutoffs):
            ranks = rankdata(-priorities.round(12), method="min").astype(int)
            rows += [(dimension, choice, kept, name, rank) for name, rank in zip(middle, ranks, strict=True)]
    return pd.DataFrame(rows, columns=["dimension", "choice", "experts", "component", "rank"])


def _priorities_by_choice(
    experts: list[str], matrices: np.ndarray, consistency: np.ndarray, cutoffs: Sequence[float]
) -> Iterator[tuple[str, int, np.ndarray]]:
    """Name of each choice, the number of experts it keeps, and the group's priorities."""
    m = len(experts)
    if m < 2:
        return
    yield BASE, m, _group_priorities(matrices)
    yield "geometric", m, _group_priorities(matrices, "geometric")
    yield "priorities", m, stats.aggregate(matrices, "priorities")
    for cutoff in cutoffs:
        kept = consistency <= cutoff  # NaN, an expert with gaps, is not within any
        if kept.sum() > 1:
            yield f"cr_{cutoff:.2f}", int(kept.sum()), _group_priorities(matrices[kept])
    if m > 2:
        for place, expert in enumerate(experts):
            yield f"without_{expert}", m - 1, _group_priorities(np.delete(matrices, place, axis=0))


def _group_priorities(matrices: np.ndarray, method: str = "eigenvector") -> np.ndarray:
    return stats.priorities(stats.aggregate(matrices), method)


def ranking_stability(choices: pd.DataFrame) -> pd.DataFrame:
    """Each choice against the base: agreement of the two rankings, who leads, who moved furthest.

    Parameters
    ----------
    choices : pandas.DataFrame
        As :func:`ranking_choices` returns.

    Returns
    -------
    pandas.DataFrame
        Indexed by dimension and choice: ``experts``, ``tau`` (Kendall's tau-b with the base
        ranking), ``leader`` (components of rank 1, joined by " = "), ``moved`` (components whose
        rank differs from the base) and ``furthest`` (the largest such difference, in ranks).
    """
    rows = {}
    for (dimension, choice), part in choices.groupby(["dimension", "choice"], sort=False):
        ranks = part.set_index("component")["rank"]
        if choice == BASE:
            base = ranks
        shift = (ranks - base).abs()
        leader = " = ".join(ranks.index[ranks == 1])
        tau = kendalltau(ranks, base).statistic
        rows[dimension, choice] = (part["experts"].iloc[0], tau, leader, int((shift > 0).sum()), int(shift.max()))
    index = pd.MultiIndex.from_tuples(rows, names=["dimension", "choice"]) if rows else pd.MultiIndex.from_arrays([[], []], names=["dimension", "choice"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["experts", "tau", "leader", "moved", "furthest"])


def rank_ranges(choices: pd.DataFrame) -> pd.DataFrame:
    """Best and worst rank of each component over all choices, with the base between them.

    Returns
    -------
    pandas.DataFrame
        Indexed by dimension and component: ``base, best, worst``.
    """
    ranges = choices.groupby(["dimension", "component"], sort=False)["rank"].agg(["first", "min", "max"])
    return ranges.set_axis(["base", "best", "worst"], axis=1)
