"""How far a panel's ranking depends on choices that could have been others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from smartgov import stats
from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    expert_consistency,
    group_matrices,
    group_priorities,
    priority_ranks,
)
from smartgov.model import Group, Model

BASE = "base"
"""Judgements aggregated by geometric means (AIJ), principal eigenvector, every expert."""
CUTOFFS = (0.10, 0.20)
"""Consistency ratios beyond which experts are left out: Saaty's tolerance, and twice that."""
MOST_LEFT_OUT = 1000
"""Experts beyond whom none is left out in turn: one of so many moves next to nothing."""
OTHER_SCALES = ("logarithmic", "power", "balanced")
"""What the steps 1 to 9 may be worth in place of themselves."""


def ranking_choices(
    panel: pd.DataFrame, model: Model, ring: str, cutoffs: Sequence[float] = CUTOFFS
) -> pd.DataFrame:
    """Ranks of a ring in each of its contexts under every choice.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round.
    model : Model
    ring : str
    cutoffs : sequence of float
        Experts with a larger consistency ratio are left out, one choice a cut-off.

    Returns
    -------
    pandas.DataFrame
        Columns ``ring, context, choice, detail, experts, component, rank``. `choice` is ``base``;
        ``geometric`` (geometric means of rows in place of the eigenvector); ``priorities`` (each
        expert's priorities aggregated, AIP, in place of judgements); ``cr`` (experts up to the
        consistency ratio in `detail`); ``without`` (every expert but the one in `detail`, up to
        :data:`MOST_LEFT_OUT` experts); ``scale`` (judgements on the scale in `detail`, see
        :func:`smartgov.stats.rescaled`). `rank` is NaN where a choice keeps fewer than two experts.

    References
    ----------
    Forman, E., & Peniwati, K. (1998). European Journal of Operational Research 108, 165-169
    (AIJ and AIP). - Saaty, T. L. (1980). The Analytic Hierarchy Process (consistency ratio).
    """
    ratios, rows = expert_consistency(panel, model, ring), []
    for group in model.groups(ring):
        experts, matrices = group_matrices(panel, group)
        consistency = ratios.loc[experts, group.context].to_numpy()
        choices = _priorities_by_choice(experts, matrices, consistency, cutoffs)
        for choice, detail, kept, priorities in chain(choices, _by_scale(panel, group)):
            ranks = zip(group.components, priority_ranks(priorities), strict=True)
            rows += [(ring, group.context, choice, detail, kept, *rank) for rank in ranks]
    columns = ["ring", "context", "choice", "detail", "experts", "component", "rank"]
    return pd.DataFrame(rows, columns=columns)


def base_ranking(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Ranks of a ring in each of its contexts under the base choice.

    Returns
    -------
    pandas.DataFrame
        Components × contexts; NaN in a context with fewer than two usable experts.
    """
    ranks = {
        group.context: priority_ranks(group_priorities(group_matrices(panel, group)[1]))
        for group in model.groups(ring)
    }
    return pd.DataFrame(ranks, index=pd.Index(model.ring(ring), name="component"))


def _priorities_by_choice(
    experts: list[str], matrices: np.ndarray, consistency: np.ndarray, cutoffs: Sequence[float]
) -> Iterator[tuple[str, str, int, np.ndarray]]:
    """Each choice with its detail, the number of experts it keeps, and the group's priorities."""
    m = len(experts)
    if m < 2:
        return
    yield BASE, "", m, group_priorities(matrices)
    yield "geometric", "", m, group_priorities(matrices, "geometric")
    yield "priorities", "", m, stats.aggregate(matrices, "priorities")
    for cutoff in cutoffs:
        kept = consistency <= cutoff
        yield "cr", f"{cutoff:.2f}", int(kept.sum()), group_priorities(matrices[kept])
    if m > MOST_LEFT_OUT:
        return
    logs = np.log(matrices)
    others = np.exp((logs.sum(axis=0) - logs) / (m - 1))
    without = stats.priorities(others) if m > 2 else np.full(others.shape[:2], np.nan)
    for expert, priorities in zip(experts, without, strict=True):
        yield "without", expert, m - 1, priorities


def _by_scale(panel: pd.DataFrame, group: Group) -> Iterator[tuple[str, str, int, np.ndarray]]:
    """The same judgements of 1 to 9 read on other scales."""
    for scale in OTHER_SCALES:
        experts, matrices = group_matrices(panel, group, scale)
        if len(experts) > 1:
            yield "scale", scale, len(experts), group_priorities(matrices)


def _compared(ranks: tuple, base: tuple) -> tuple[float, int, float]:
    """Tau of two rankings, how many ranks differ and by how much at most."""
    shift = np.abs(np.subtract(ranks, base))
    return kendalltau(ranks, base).statistic, (shift > 0).sum(), shift.max()


def ranking_stability(choices: pd.DataFrame) -> pd.DataFrame:
    """Each choice against the base: agreement of the two rankings, who leads, who moved furthest.

    Parameters
    ----------
    choices : pandas.DataFrame
        As :func:`ranking_choices` returns.

    Returns
    -------
    pandas.DataFrame
        Columns ``ring, context, choice, detail, experts``, then ``tau`` (Kendall's tau-b with the
        base ranking), ``leader`` (components of rank 1, joined by " = "), ``moved`` (components
        whose rank differs from the base) and ``furthest`` (the largest such difference, in ranks).
        A choice that keeps fewer than two experts has no leader, and one that keeps fewer than
        :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` is not compared: NaN.
    """
    base = choices[choices["choice"] == BASE].set_index(["ring", "context", "component"])["rank"]
    base, compare = base.to_dict(), cache(_compared)  # most experts move nothing, alone
    by_choice = choices.groupby(["ring", "context", "choice", "detail"], sort=False)
    rows = []
    for (ring, context, choice, detail), part in by_choice:
        components, ranks = tuple(part["component"]), tuple(part["rank"])
        leader = " = ".join(c for c, rank in zip(components, ranks, strict=True) if rank == 1)
        experts, tau, moved, furthest = part["experts"].iloc[0], np.nan, np.nan, np.nan
        if experts >= FEWEST_FOR_INTERVAL:
            before = tuple(base[ring, context, name] for name in components)
            tau, moved, furthest = compare(ranks, before)
        rows.append((ring, context, choice, detail, experts, tau, leader, moved, furthest))
    columns = ["ring", "context", "choice", "detail", "experts"]
    columns += ["tau", "leader", "moved", "furthest"]
    return pd.DataFrame(rows, columns=columns).astype({"moved": "Int64", "furthest": "Int64"})
