"""The analytic hierarchy process for a group: aggregation, consensus, and how sure we can be.

Matrices are what :mod:`smartgov.stats.ahp` accepts, one a rater: ``(m, n, n)``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import entr

from .ahp import SCALE, checked_matrix, priorities
from .bootstrap import percentile_ends, times_drawn
from .inputs import checked_choice, checked_confidence, numeric_array, plain, where


def aggregate(matrices, how="judgements", *, method="eigenvector") -> np.ndarray:
    """Aggregate a group's individual judgements (AIJ) or individual priorities (AIP).

    AIJ treats the group as one new rater: every cell becomes the geometric mean of the raters'
    cells, the only mean that keeps reciprocity. AIP treats raters as individuals: the geometric
    mean of their priorities, made to add up to 1. With geometric-mean priorities both give the
    same.

    Parameters
    ----------
    matrices : array_like, shape (..., m, n, n)
    how : {"judgements", "priorities"}
    method : {"eigenvector", "geometric"}
        For AIP, how each rater's priorities are found.

    Returns
    -------
    ndarray
        The group's matrix ``(..., n, n)`` for judgements, priorities ``(..., n)`` otherwise.

    References
    ----------
    Aczel, J., & Saaty, T. L. (1983). Journal of Mathematical Psychology 27, 93-102. - Forman,
    E., & Peniwati, K. (1998). European Journal of Operational Research 108, 165-169.

    Examples
    --------
    Three raters say 2, 3 and 4 times; the group says the cube root of 24:

    >>> aggregate([[[1, a], [1 / a, 1]] for a in (2, 3, 4)]).round(4).tolist()
    [[1.0, 2.8845], [0.3467, 1.0]]
    """
    checked_choice("how", how, ("judgements", "priorities"))
    matrices = _one_a_rater(matrices)
    if how == "judgements":
        return np.exp(np.log(matrices).mean(axis=-3))
    means = np.exp(np.log(priorities(matrices, method)).mean(axis=-2))
    return means / means.sum(axis=-1, keepdims=True)


def _one_a_rater(matrices):
    matrices = checked_matrix(matrices)
    if matrices.ndim < 3:
        raise ValueError(
            f"matrices: found shape {matrices.shape}; accepted is (m, n, n), one "
            "matrix a rater, or a batch (..., m, n, n)."
        )
    return matrices


@dataclass(frozen=True)
class GroupConsensus:
    """Goepel's consensus indicator and the Shannon entropies it is made of.

    `indicator` is S*, 0 for no consensus to 1 for full consensus; `homogeneity` is
    ``S = exp(-beta)``; `alpha` (within raters), `gamma` (of the group) and ``beta = gamma -
    alpha`` (between raters) are in nats. Plain numbers, or arrays of the batch's shape.
    """

    indicator: float | np.ndarray
    homogeneity: float | np.ndarray
    alpha: float | np.ndarray
    beta: float | np.ndarray
    gamma: float | np.ndarray


def group_consensus(priorities) -> GroupConsensus:
    """Goepel's consensus indicator, from the Shannon entropy between raters' priorities.

    With n items, scale maximum M = 9 and ``c = exp(alpha_min) / n``, where alpha_min is the
    entropy of a rater who puts one item M times above all others,

        S* = (exp(-beta) - c) / (1 - c).

    Goepel calls values up to 50 % very low, to 65 % low, to 75 % moderate, to 85 % high and
    above very high (2018, Table 2).

    Parameters
    ----------
    priorities : array_like, shape (..., m, n)
        Raters by items, each row adding up to 1.

    Raises
    ------
    ValueError
        For fewer than two raters or items, negative or missing priorities, or rows that do not
        add up to 1 (to one in a million).

    References
    ----------
    Goepel, K. D. (2018). International Journal of the Analytic Hierarchy Process 10(3), 469-487,
    eq. 11-21 (the version of 2013 used another maximum of gamma for few raters).

    Examples
    --------
    >>> round(group_consensus([[0.6, 0.3, 0.1], [0.5, 0.3, 0.2]]).indicator, 3)
    0.973
    """
    priorities = checked_priorities(priorities)
    n = priorities.shape[-1]
    alpha = entr(priorities).sum(axis=-1).mean(axis=-1)
    gamma = entr(priorities.mean(axis=-2)).sum(axis=-1)
    beta = gamma - alpha
    total = n + SCALE - 1
    least = np.exp(entr(SCALE / total) + (n - 1) * entr(1 / total)) / n
    indicator = (np.exp(-beta) - least) / (1 - least)
    return GroupConsensus(*map(plain, (indicator, np.exp(-beta), alpha, beta, gamma)))


def checked_priorities(priorities):
    """Priorities as an array (m, n) or (..., m, n), each rater's at least 0 and adding up to 1.

    Anything else is refused with a ValueError that says what is accepted.
    """
    priorities = numeric_array(priorities, "priorities")
    if priorities.ndim < 2 or min(priorities.shape[-2:]) < 2:
        raise ValueError(
            f"priorities: found shape {priorities.shape}; accepted is (m, n), at "
            "least two raters by at least two items, or a batch (..., m, n)."
        )
    wrong = ~((priorities >= 0).all(axis=-1) & (np.abs(priorities.sum(axis=-1) - 1) <= 1e-6))
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0])
        raise ValueError(
            f"priorities: found {priorities[place].tolist()} at {where(place)}; "
            "accepted are rows of shares of zero or more that add up to 1."
        )
    return priorities


@dataclass(frozen=True)
class PriorityInterval:
    """The group's priorities with bootstrap intervals over raters; arrays of shape (n,)."""

    priorities: np.ndarray
    low: np.ndarray
    high: np.ndarray


def priority_interval(matrices, *, confidence=0.95, draws=1999, seed=0) -> PriorityInterval:
    """Percentile bootstrap intervals of a group's priorities, drawing raters with replacement.

    Judgements are aggregated (AIJ); priorities are the principal eigenvector.

    Parameters
    ----------
    matrices : array_like, shape (m, n, n)
        Of at least two raters.

    Examples
    --------
    >>> group = [[[1, a], [1 / a, 1]] for a in (2, 3, 4)]
    >>> interval = priority_interval(group, draws=499)
    >>> interval.priorities.round(3).tolist(), interval.low[0].round(3), interval.high[0].round(3)
    ([0.743, 0.257], np.float64(0.68), np.float64(0.8))
    """
    confidence = checked_confidence(confidence)
    matrices = _one_a_rater(matrices)
    m = len(matrices)
    if m < 2 or matrices.ndim > 3:
        raise ValueError(
            f"matrices: found shape {matrices.shape}; accepted is (m, n, n) with at least two "
            "raters."
        )
    logs = np.log(matrices)
    means = [np.tensordot(times / m, logs, axes=1) for times in times_drawn(m, draws, seed)]
    drawn = np.exp(np.concatenate(means))
    low, high = percentile_ends(priorities(drawn), confidence)
    return PriorityInterval(priorities(aggregate(matrices)), low, high)
