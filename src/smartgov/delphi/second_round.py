"""A second Delphi round: drawn for demonstration, and judged by rules fixed beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    component_means,
    group_matrices,
    group_priorities,
    has_w,
    priority_ranks,
)
from smartgov.model import Model
from smartgov.panels import SignedValues, from_signed

SCALE = range(-8, 9)
"""Signed judgements, one step each."""
MEASURES = ["experts", "median_1", "median_2", "iqr_1", "iqr_2"]
MEASURES += ["moved", "hidden", "kappa", "wilcoxon_p"]


def synthetic_round(first: np.ndarray, share_moving: float, seed: int) -> np.ndarray:
    """A second round in which some experts move towards the group's median.

    Each answer moves with probability `share_moving`, by one to three steps and never past the
    median. Invented for demonstration: no expert gave these answers.

    Parameters
    ----------
    first : ndarray, shape (m, n)
        Signed judgements of round one; NaN, a judgement not given, stays NaN.
    share_moving : float
    seed : int
    """
    rng = np.random.default_rng(seed)
    _, median, _ = stats.quartiles(first)
    gap = np.where(first > median, np.ceil(median), np.floor(median)) - first
    step = np.minimum(np.abs(gap), rng.integers(1, 4, first.shape)) * np.sign(gap)
    return np.where(rng.random(first.shape) < share_moving, first + step, first)


def stability(before: np.ndarray, after: np.ndarray, questions: pd.DataFrame) -> pd.DataFrame:
    """Consensus and stability of every question over two rounds.

    Parameters
    ----------
    before, after : ndarray, shape (m, n)
        Signed judgements of the same experts in both rounds; NaN where not given. A question
        counts the experts who answered it in both.
    questions : pandas.DataFrame
        Columns ``context, left, right``, one question a row: the columns of the arrays.

    Returns
    -------
    pandas.DataFrame
        Indexed by context, left and right: ``experts``; medians and interquartile ranges of both
        rounds; the share of experts who moved and the share of moves that the group's
        distribution hides; weighted kappa and Wilcoxon's p between the rounds. A question that
        nobody answered in both rounds has no row.
    """
    both = ~(np.isnan(before) | np.isnan(after))
    asked = both.any(axis=0)
    before, after = (np.where(both, each, np.nan)[:, asked] for each in (before, after))
    index, figures = pd.MultiIndex.from_frame(questions[asked]), {}
    if asked.any():
        moved = stats.movement(before, after)
        pairs = [(x[~np.isnan(x)], y[~np.isnan(y)]) for x, y in zip(before.T, after.T, strict=True)]
        low, median, high = np.stack([stats.quartiles(before), stats.quartiles(after)], axis=1)
        p = [stats.wilcoxon_signed_rank(x, y).p for x, y in pairs]
        kappa = [_weighted_kappa(x, y) for x, y in pairs]
        values = moved.pairs, *median, *(high - low), moved.moved, moved.hidden, kappa, p
        figures = dict(zip(MEASURES, values, strict=True))
    return pd.DataFrame(figures, index=index, columns=MEASURES, dtype=None if figures else float)


def _weighted_kappa(before: np.ndarray, after: np.ndarray) -> float:
    """Undefined, and given as NaN, where every expert gives one and the same answer twice."""
    if len(np.unique(np.concatenate([before, after]))) == 1:
        return float("nan")
    return stats.cohen_kappa([before, after], weights="quadratic", categories=SCALE)


def concordance_change(
    before: np.ndarray, after: np.ndarray, questions: pd.DataFrame, confidence: float, seed: int
) -> pd.DataFrame:
    """Whether the experts' rankings of a context's components grew alike from one round to the
    other.

    Each expert ranks the components of a context by the mean signed judgement from each one's
    side; Kendall's W says how far the rankings agree. Unlike W over the questions it does not
    depend on which component of a pair is named first.

    Parameters
    ----------
    before, after : ndarray, shape (m, n)
        Signed judgements of the same experts in both rounds.
    questions : pandas.DataFrame
        Columns ``context, left, right``, one question a row: the columns of the arrays.
    confidence, seed
        Of the bootstrap over experts.

    Returns
    -------
    pandas.DataFrame
        Indexed by context: ``experts, W_1, W_2, change, low, high``, the interval NaN below
        :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` experts. A context that fewer
        than two experts answered whole in both rounds, or in which no expert ranks, has no row.
    """
    rows = {}
    for context, asked in questions.groupby("context", sort=False):
        rounds = np.stack([before, after])[:, :, asked.index]
        complete = ~np.isnan(rounds).any(axis=(0, 2))
        components = list(dict.fromkeys([*asked["left"], *asked["right"]]))
        first, second = component_means(rounds[:, complete], asked, components)
        if has_w(first) and has_w(second):
            change = stats.w_change(first, second, confidence=confidence, draws=999, seed=seed)
            shown = change.m >= FEWEST_FOR_INTERVAL
            ends = (change.low, change.high) if shown else (np.nan, np.nan)
            rows[context] = (change.m, change.before, change.after, change.change, *ends)
    columns = ["experts", "W_1", "W_2", "change", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("context")


def priorities_by_round(before: SignedValues, after: SignedValues, model: Model) -> pd.DataFrame:
    """Group priorities in rounds of the same experts and questions, of what both answered.

    Returns
    -------
    pandas.DataFrame
        Columns ``dimension, row, priority_1, priority_2, rank_1, rank_2``; a dimension in
        which fewer than two experts' comparisons link all components in either round has no rows.
    """
    once = np.isnan(before.values) | np.isnan(after.values)
    twice = [
        from_signed(signed._replace(values=np.where(once, np.nan, signed.values)))
        for signed in (before, after)
    ]
    rows = []
    for dimension in model.dimensions.index:
        groups = [group_matrices(panel, model, dimension)[1] for panel in twice]
        if min(map(len, groups)) > 1:
            priorities = [group_priorities(matrices) for matrices in groups]
            ranks = [priority_ranks(each).astype(int) for each in priorities]
            both = zip(model.ring("middle"), *priorities, *ranks, strict=True)
            rows += [(dimension, *row) for row in both]
    columns = ["dimension", "row", "priority_1", "priority_2", "rank_1", "rank_2"]
    return pd.DataFrame(rows, columns=columns)


def needs_third_round(
    measures: pd.DataFrame, most_iqr: float, most_moved: float, fewest: int = 1
) -> pd.DataFrame:
    """Which questions call for another round, by a rule fixed before the answers are seen.

    A question is settled when the experts agree (interquartile range of at most `most_iqr` steps)
    or when they have stopped moving (a share of at most `most_moved` changed their answer): more
    rounds would then change little, whether or not they agree. Fewer than `fewest` experts settle
    nothing.

    Returns
    -------
    pandas.DataFrame
        Columns ``agreed, stable, third_round``.
    """
    enough = measures["experts"] >= fewest
    agreed = enough & (measures["iqr_2"] <= most_iqr)
    stable = enough & (measures["moved"] <= most_moved)
    return pd.DataFrame({"agreed": agreed, "stable": stable, "third_round": ~(agreed | stable)})


def decision(rule: pd.DataFrame, most_open: float) -> dict[str, object]:
    """Whether the questions that are open call for another round: ``questions, open, needed``.

    `rule` is as :func:`needs_third_round` returns, `most_open` the share that may stay open.

    Examples
    --------
    >>> decision(pd.DataFrame({"third_round": [True, False, False]}), most_open=0.25)
    {'questions': 3, 'open': 1, 'needed': True}
    """
    n_open = int(rule["third_round"].sum())
    return {
        "questions": len(rule),
        "open": n_open,
        "needed": n_open > 0 and n_open / len(rule) > most_open,
    }
