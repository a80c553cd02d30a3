"""A second Delphi round: drawn for demonstration, and judged by rules fixed beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats


def synthetic_round(first: np.ndarray, share_moving: float, seed: int) -> np.ndarray:
    """A second round in which some experts move towards the group's median.

    Each answer moves with probability `share_moving`, by one to three steps and never past the
    median. Invented for demonstration: no expert gave these answers.

    Parameters
    ----------
    first : ndarray, shape (m, n)
        Signed judgements of round one.
    share_moving : float
        Probability of a move.
    seed : int
        Seed of the draw.

    Returns
    -------
    ndarray, shape (m, n)
    """
    rng = np.random.default_rng(seed)
    gap = np.round(np.median(first, axis=0)) - first
    step = np.minimum(np.abs(gap), rng.integers(1, 4, first.shape)) * np.sign(gap)
    return np.where(rng.random(first.shape) < share_moving, first + step, first)


def stability(before: np.ndarray, after: np.ndarray, labels: list[str]) -> pd.DataFrame:
    """Consensus and stability of every question over two rounds.

    Parameters
    ----------
    before, after : ndarray, shape (m, n)
        Signed judgements of the same experts in both rounds.
    labels : list of str
        Names of the questions.

    Returns
    -------
    pandas.DataFrame
        Indexed by question: medians and interquartile ranges of both rounds, the share of experts
        who moved, the share of those moves that the group's distribution hides, weighted kappa
        and Wilcoxon's p between the rounds.
    """
    moved = stats.movement(before, after)
    quartiles = [np.percentile(answers, (25, 50, 75), axis=0) for answers in (before, after)]
    columns = {
        "median_1": quartiles[0][1], "median_2": quartiles[1][1],
        "iqr_1": quartiles[0][2] - quartiles[0][0], "iqr_2": quartiles[1][2] - quartiles[1][0],
        "moved": moved.moved, "hidden": moved.hidden,
        "kappa": [_weighted_kappa(x, y) for x, y in zip(before.T, after.T, strict=True)],
        "wilcoxon_p": [stats.wilcoxon_signed_rank(x, y).p if (x != y).any() else 1.0 for x, y in zip(before.T, after.T, strict=True)],
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(labels, name="question"))


def _weighted_kappa(before: np.ndarray, after: np.ndarray) -> float:
    """Undefined, and given as NaN, where every expert gives one and the same answer twice."""
    if len(np.unique(np.concatenate([before, after]))) == 1:
        return float("nan")
    return stats.weighted_kappa(before, after)


def needs_third_round(measures: pd.DataFrame, most_iqr: float, most_moved: float) -> pd.DataFrame:
    """Which questions call for another round, by a rule fixed before the answers are seen.

    A question is settled when the experts agree (interquartile range of at most `most_iqr` steps)
    or when they have stopped moving (a share of at most `most_moved` changed their answer): more
    rounds would then change little, whether or not they agree.

    Returns
    -------
    pandas.DataFrame
        Columns ``agreed, stable, third_round``.
    """
    agreed, stable = measures["iqr_2"] <= most_iqr, measures["moved"] <= most_moved
    return pd.DataFrame({"agreed": agreed, "stable": stable, "third_round": ~(agreed | stable)})
