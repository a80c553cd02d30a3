"""A second Delphi round: drawn for demonstration, and judged by rules fixed beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.audit.entity_scores import Ranking
from smartgov.audit.reconstruction import Question
from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    group_matrices,
    group_priorities,
    priority_ranks,
)
from smartgov.model import Model
from smartgov.panels import SignedValues, from_signed

SCALE = range(-8, 9)
"""Signed judgements, one step each."""


def synthetic_round(first: np.ndarray, share_moving: float, seed: int) -> np.ndarray:
    """A second round in which some experts move towards the group's median.

    Each answer moves with probability `share_moving`, by one to three steps and never past the
    median. Invented for demonstration: no expert gave these answers.

    Parameters
    ----------
    first : ndarray, shape (m, n)
        Signed judgements of round one; NaN, a judgement not given, stays NaN.
    share_moving : float
        Probability of a move.
    seed : int
        Seed of the draw.

    Returns
    -------
    ndarray, shape (m, n)
    """
    rng = np.random.default_rng(seed)
    median = np.ma.median(np.ma.masked_invalid(first), axis=0).filled(np.nan)
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
    if not asked.any():
        columns = [
            "experts",
            "median_1",
            "median_2",
            "iqr_1",
            "iqr_2",
            "moved",
            "hidden",
            "kappa",
            "wilcoxon_p",
        ]
        return pd.DataFrame(
            columns=columns, index=pd.MultiIndex.from_frame(questions[asked]), dtype=float
        )
    moved = stats.movement(before[:, asked], after[:, asked])
    pairs = [(before[both[:, q], q], after[both[:, q], q]) for q in np.flatnonzero(asked)]
    quartiles = [
        np.array([np.percentile(pair[round], (25, 50, 75)) for pair in pairs]).T for round in (0, 1)
    ]
    columns = {
        "experts": moved.pairs,
        "median_1": quartiles[0][1],
        "median_2": quartiles[1][1],
        "iqr_1": quartiles[0][2] - quartiles[0][0],
        "iqr_2": quartiles[1][2] - quartiles[1][0],
        "moved": moved.moved,
        "hidden": moved.hidden,
        "kappa": [_weighted_kappa(x, y) for x, y in pairs],
        "wilcoxon_p": [
            stats.wilcoxon_signed_rank(x, y).p if (x != y).any() else 1.0 for x, y in pairs
        ],
    }
    return pd.DataFrame(columns, index=pd.MultiIndex.from_frame(questions[asked]))


def _weighted_kappa(before: np.ndarray, after: np.ndarray) -> float:
    """Undefined, and given as NaN, where every expert gives one and the same answer twice."""
    if len(np.unique(np.concatenate([before, after]))) == 1:
        return float("nan")
    return stats.cohen_kappa([before, after], weights="quadratic", categories=SCALE)


def concordance_change(
    before: np.ndarray, after: np.ndarray, questions: pd.DataFrame, level: float, seed: int
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
    level, seed
        Of the bootstrap over experts.

    Returns
    -------
    pandas.DataFrame
        Indexed by context: ``experts, W_1, W_2, change, low, high``, the interval NaN below
        :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` experts. A context that fewer
        than
        two experts answered whole in both rounds, or in which no expert ranks, has no row.
    """
    rows = {}
    for context, asked in questions.groupby("context", sort=False):
        first, second = (
            _component_scores(answers[:, asked.index], asked) for answers in (before, after)
        )
        complete = ~np.isnan(first).any(axis=1) & ~np.isnan(second).any(axis=1)
        if (
            complete.sum() > 1
            and np.ptp(first[complete], axis=1).any()
            and np.ptp(second[complete], axis=1).any()
        ):
            change = stats.w_change(first, second, confidence=level, draws=999, seed=seed)
            ends = (
                (change.low, change.high) if change.m >= FEWEST_FOR_INTERVAL else (np.nan, np.nan)
            )
            rows[context] = (change.m, change.before, change.after, change.change, *ends)
    columns = ["experts", "W_1", "W_2", "change", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("context")


def _component_scores(answers: np.ndarray, questions: pd.DataFrame) -> np.ndarray:
    """Each expert's mean judgement from the side of each component, experts × components."""
    asked = [
        Question(*question)
        for question in questions[["context", "left", "right"]].itertuples(index=False)
    ]
    components = list(dict.fromkeys([*questions["left"], *questions["right"]]))
    contexts = list(dict.fromkeys(questions["context"]))
    # One expert a panel; rounded, so that sums taken in another order tie where they are equal.
    return Ranking(asked, contexts, components).scores(answers[:, None, :]).round(9)


def priorities_by_round(before: SignedValues, after: SignedValues, model: Model) -> pd.DataFrame:
    """Group priorities in both rounds, of the judgements that were given in both.

    Parameters
    ----------
    before, after : SignedValues
        The same experts and questions.
    model : Model

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
            rows += [
                (dimension, *row)
                for row in zip(model.ring("middle"), *priorities, *ranks, strict=True)
            ]
    return pd.DataFrame(
        rows, columns=["dimension", "row", "priority_1", "priority_2", "rank_1", "rank_2"]
    )


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
    agreed, stable = (
        enough & (measures["iqr_2"] <= most_iqr),
        enough & (measures["moved"] <= most_moved),
    )
    return pd.DataFrame({"agreed": agreed, "stable": stable, "third_round": ~(agreed | stable)})


def decision(rule: pd.DataFrame, most_open: float) -> dict[str, object]:
    """Whether the questions that are open call for another round.

    Parameters
    ----------
    rule : pandas.DataFrame
        As :func:`needs_third_round` returns.
    most_open : float
        Share of questions that may stay open.

    Returns
    -------
    dict
        ``questions, open, needed``.

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
