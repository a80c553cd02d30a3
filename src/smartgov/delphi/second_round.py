"""Later Delphi rounds: one drawn for demonstration, and how rounds are judged and compared."""

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
from smartgov.panels import by_round

SCALE = range(-8, 9)
"""Signed judgements, one step each."""
MEASURES = ["experts", "median_before", "median_after", "iqr_before", "iqr_after"]
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
        Indexed by context: ``experts, W_before, W_after, change, low, high``, the interval NaN
        below :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` experts. A context that
        fewer than two experts answered whole in both rounds, or in which nobody ranks, has no row.
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
    columns = ["experts", "W_before", "W_after", "change", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("context")


def priorities_by_round(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Group priorities of a ring as they stood after each round, of the experts of the last.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of all rounds, as :func:`smartgov.panels.by_round` takes them.

    Returns
    -------
    pandas.DataFrame
        Columns ``ring, context, row, round, experts, priority, rank``; a context in which fewer
        than two experts' comparisons link all components has no rows in that round.
    """
    rows = []
    for number, stood in by_round(panel).items():
        for group in model.groups(ring):
            experts, matrices = group_matrices(stood, group)
            if len(experts) > 1:
                found = group_priorities(matrices)
                ranks = priority_ranks(found).astype(int)
                rows += [
                    (ring, group.context, row, number, len(experts), priority, rank)
                    for row, priority, rank in zip(group.components, found, ranks, strict=True)
                ]
    columns = ["ring", "context", "row", "round", "experts", "priority", "rank"]
    return pd.DataFrame(rows, columns=columns)


def open_questions(
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
        Columns ``agreed, stable, open``.
    """
    enough = measures["experts"] >= fewest
    agreed = enough & (measures["iqr_after"] <= most_iqr)
    stable = enough & (measures["moved"] <= most_moved)
    return pd.DataFrame({"agreed": agreed, "stable": stable, "open": ~(agreed | stable)})


def decision(rule: pd.DataFrame, most_open: float, asked: int | None = None) -> dict[str, object]:
    """Whether open questions call for another round: ``questions, asked, open, needed``.

    `rule` has a column ``open``, a question a row, `most_open` is the share that may stay open, and
    `asked` the number of questions that the last round asked, by default all.

    Examples
    --------
    >>> decision(pd.DataFrame({"open": [True, False, False]}), most_open=0.25)
    {'questions': 3, 'asked': 3, 'open': 1, 'needed': True}
    """
    questions, n_open = len(rule), int(rule["open"].sum())
    return {
        "questions": questions,
        "asked": questions if asked is None else asked,
        "open": n_open,
        "needed": n_open > 0 and n_open / questions > most_open,
    }
