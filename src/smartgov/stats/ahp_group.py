"""The analytic hierarchy process for a group: aggregation, consensus, and how sure we can be."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import entr

from .ahp import SCALE, checked_matrix, consistency, matrix_from_triangle, priorities
from .inputs import checked_choice, checked_count, checked_level, numeric_array, plain, where

__all__ = [
    "GroupConsensus",
    "PriorityInterval",
    "PriorityRange",
    "aggregate",
    "group_consensus",
    "priority_errors",
    "priority_interval",
    "priority_range",
]


# One result for the group --------------------------------------------------------------------


def aggregate(matrices, how="judgements", weights=None, *, method="eigenvector") -> np.ndarray:
    """Aggregate a group's individual judgements (AIJ) or individual priorities (AIP).

    AIJ treats the group as one new rater: every cell becomes the weighted geometric mean of the
    raters' cells, the only mean that keeps reciprocity. AIP treats raters as individuals: the
    weighted geometric mean of their priorities, made to add up to 1. With geometric-mean
    priorities both give the same.

    Parameters
    ----------
    matrices : array_like, shape (..., m, n, n)
        One reciprocal matrix a rater.
    how : {"judgements", "priorities"}
    weights : array_like, shape (m,), optional
        Weights of the raters, zero or more, in any unit; equal by default.
    method : {"eigenvector", "geometric"}
        For AIP, how each rater's priorities are found.

    Returns
    -------
    ndarray
        The group's matrix ``(..., n, n)`` for judgements, priorities ``(..., n)`` otherwise.

    Raises
    ------
    ValueError
        See :func:`checked_matrix`; also for weights that are negative, all zero, or not one a
        rater.

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
    weights = _checked_weights(weights, matrices.shape[-3])
    if how == "judgements":
        return np.exp(np.einsum("m,...mij->...ij", weights, np.log(matrices)))
    individual = priorities(matrices, method)
    means = np.exp(np.einsum("m,...mi->...i", weights, np.log(individual)))
    return means / means.sum(axis=-1, keepdims=True)


def _one_a_rater(matrices):
    matrices = checked_matrix(matrices)
    if matrices.ndim < 3:
        raise ValueError(
            f"matrices: found shape {matrices.shape}; accepted is (m, n, n), one "
            "matrix a rater, or a batch (..., m, n, n)."
        )
    return matrices


def _checked_weights(weights, m):
    weights = numeric_array(np.ones(m) if weights is None else weights, "weights")
    if weights.shape != (m,) or not (weights >= 0).all() or weights.sum() == 0:
        raise ValueError(
            f"weights: found {weights.tolist()}; accepted are {m} numbers of zero or "
            "more, one a rater, not all zero."
        )
    return weights / weights.sum()


class GroupConsensus(NamedTuple):
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


def group_consensus(priorities, *, scale=SCALE) -> GroupConsensus:
    """Goepel's consensus indicator, from the Shannon entropy between raters' priorities.

    With n items, scale maximum M and ``c = exp(alpha_min) / n``, where alpha_min is the entropy
    of a rater who puts one item M times above all others,

        S* = (exp(-beta) - c) / (1 - c).

    Goepel calls values up to 50 % very low, to 65 % low, to 75 % moderate, to 85 % high and
    above very high (2018, Table 2).

    Parameters
    ----------
    priorities : array_like, shape (..., m, n)
        Raters by items, each row adding up to 1.
    scale : float
        End of the judgement scale, 9 for Saaty's.

    Returns
    -------
    GroupConsensus

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
    priorities = _checked_priorities(priorities)
    n = priorities.shape[-1]
    alpha = entr(priorities).sum(axis=-1).mean(axis=-1)
    gamma = entr(priorities.mean(axis=-2)).sum(axis=-1)
    beta = gamma - alpha
    total = n + scale - 1
    least = np.exp(entr(scale / total) + (n - 1) * entr(1 / total)) / n
    indicator = (np.exp(-beta) - least) / (1 - least)
    return GroupConsensus(*(plain(part) for part in (indicator, np.exp(-beta), alpha, beta, gamma)))


def _checked_priorities(priorities):
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


# How sure the priorities are -----------------------------------------------------------------


def priority_errors(matrix) -> np.ndarray:
    """Errors of the priorities that the matrix's own inconsistency shows.

    ``sqrt(sum_k (a[i, k] w[k] n / lambda_max - w[i])**2 / (n - 1))``: each row holds n
    measurements of one priority, and this is their standard deviation. 0 for a consistent
    matrix.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)

    Returns
    -------
    ndarray, shape (..., n)

    Raises
    ------
    ValueError
        See :func:`checked_matrix`.

    References
    ----------
    Tomashevskii, I. L. (2015). European Journal of Operational Research 240, 774-780.

    Examples
    --------
    >>> priority_errors([[1, 2, 3], [1/2, 1, 2], [1/3, 1/2, 1]]).round(3).tolist()
    [0.052, 0.028, 0.016]
    """
    matrix = checked_matrix(matrix)
    result = consistency(matrix, "alonso-lamata-2006")
    n, weights = result.n, result.priorities
    scale = n / np.asarray(result.lambda_max)[..., None, None]
    measured = matrix * weights[..., None, :] * scale
    return np.sqrt(((measured - weights[..., None]) ** 2).sum(axis=-1) / (n - 1))


class PriorityRange(NamedTuple):
    """Priorities with the lowest and highest value among the draws kept, shape (..., n) each.

    `kept` is the number of draws kept, a plain number or an array of the batch's shape.
    """

    priorities: np.ndarray
    low: np.ndarray
    high: np.ndarray
    kept: int | np.ndarray


def priority_range(matrix, *, half_step=0.5, draws=10_000, seed=0, most_cr=0.25) -> PriorityRange:
    """Range of the priorities when each judgement stands for everything that rounds to it.

    The scale ... 1/3, 1/2, 1, 2, 3 ... has a step between neighbours; each judgement is moved
    at random by up to half a step, and the priorities of every moved matrix with a consistency
    ratio below `most_cr` are looked at.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    half_step : float
        Largest move, in steps of the scale.
    draws : int
        Moved matrices to draw.
    seed : int or numpy.random.Generator
        Where the draws start.
    most_cr : float
        Draws at or above this ratio (table Alonso-Lamata 2006) are not plausible and set aside.

    Returns
    -------
    PriorityRange

    Raises
    ------
    ValueError
        See :func:`checked_matrix`; also where no draw is consistent enough.

    References
    ----------
    Goepel, K. D. (2018). International Journal of the Analytic Hierarchy Process 10(3), 469-487,
    eq. 22-25.

    Examples
    --------
    Three times as important is 75 %, and anything from 71.4 % to 77.8 % rounds to it:

    >>> found = priority_range([[1, 3], [1/3, 1]])
    >>> found.priorities[0].round(3), found.low[0].round(3), found.high[0].round(3)
    (np.float64(0.75), np.float64(0.714), np.float64(0.778))
    """
    matrix = checked_matrix(matrix)
    n = matrix.shape[-1]
    # every matrix of a batch meets the same moves, so that each range is what it is alone
    size = checked_count("draws", draws), n * (n - 1) // 2
    moves = np.random.default_rng(seed).uniform(-half_step, half_step, size)
    low, high, kept = (
        np.empty(matrix.shape[:-1]),
        np.empty(matrix.shape[:-1]),
        np.empty(matrix.shape[:-2], int),
    )
    for place in np.ndindex(matrix.shape[:-2]):
        plausible = _plausible_priorities(matrix[place], moves, most_cr)
        if not len(plausible):
            raise ValueError(
                f"matrix: found none of {draws} draws with a consistency ratio "
                f"below {most_cr} at {where(place)}; accepted is a matrix closer to "
                "consistency."
            )
        low[place], high[place] = plausible.min(axis=0), plausible.max(axis=0)
        kept[place] = len(plausible)
    return PriorityRange(priorities(matrix), low, high, plain(kept))


def _plausible_priorities(matrix, moves, most_cr):
    """Priorities (kept, n) of the moved matrices that are consistent enough."""
    rows, columns = np.triu_indices(len(matrix), 1)
    moved = matrix_from_triangle(_from_steps(_to_steps(matrix[rows, columns]) + moves))
    result = consistency(moved, "alonso-lamata-2006")
    return result.priorities[result.cr < most_cr]


def _to_steps(ratios):
    """Position on the scale: 1 is 0, 3 is 2, 1/3 is -2."""
    return np.where(ratios >= 1, ratios - 1, 1 - 1 / ratios)


def _from_steps(steps):
    return np.where(steps >= 0, 1 + steps, 1 / (1 - np.minimum(steps, 0)))


@dataclass(frozen=True)
class PriorityInterval:
    """The group's priorities with bootstrap intervals over raters; arrays of shape (..., n).

    `first` is the share of resampled groups in which the item comes first.
    """

    priorities: np.ndarray
    low: np.ndarray
    high: np.ndarray
    first: np.ndarray
    how: str
    level: float
    resamples: int


def priority_interval(
    matrices, *, how="judgements", method="eigenvector", level=0.95, resamples=1999, seed=0
) -> PriorityInterval:
    """Percentile bootstrap intervals of a group's priorities, drawing raters with replacement.

    Parameters
    ----------
    matrices : array_like, shape (..., m, n, n)
        One reciprocal matrix a rater, at least two raters. The groups of a batch meet the same
        draws of raters.
    how, method : str
        As in :func:`aggregate`.
    level : float
        Confidence level of each interval.
    resamples : int
        Groups to draw.
    seed : int or numpy.random.Generator
        Where the draws start.

    Returns
    -------
    PriorityInterval

    Raises
    ------
    ValueError
        As :func:`aggregate`; also for fewer than two raters.

    References
    ----------
    Efron, B., & Tibshirani, R. (1993). An Introduction to the Bootstrap.

    Examples
    --------
    >>> group = [[[1, a], [1 / a, 1]] for a in (2, 3, 4)]
    >>> interval = priority_interval(group, resamples=499)
    >>> interval.priorities.round(3).tolist(), interval.low[0].round(3), interval.high[0].round(3)
    ([0.743, 0.257], np.float64(0.68), np.float64(0.8))
    """
    checked_choice("how", how, ("judgements", "priorities"))
    level = checked_level(level)
    matrices = _one_a_rater(matrices)
    m, n = matrices.shape[-3:-1]
    if m < 2:
        raise ValueError(
            f"matrices: found shape {matrices.shape}; accepted is (..., m, n, n) "
            "with at least two raters."
        )
    size = checked_count("resamples", resamples), m
    draws = np.random.default_rng(seed).integers(m, size=size)
    times_drawn = (draws[..., None] == np.arange(m)).sum(axis=1) / m
    # both aggregations are means of logarithms over raters: one product draws all groups
    logs = np.log(matrices if how == "judgements" else priorities(matrices, method))
    raters_first = np.moveaxis(logs, matrices.ndim - 3, 0)
    drawn = _finish(np.tensordot(times_drawn, raters_first, axes=1), how, method)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    first = (drawn.argmax(axis=-1)[..., None] == np.arange(n)).mean(axis=0)
    return PriorityInterval(
        _finish(raters_first.mean(axis=0), how, method), low, high, first, how, level, resamples
    )


def _finish(mean_logs, how, method):
    """Priorities from mean logarithms of cells, or of priorities."""
    if how == "judgements":
        return priorities(np.exp(mean_logs), method)
    means = np.exp(mean_logs)
    return means / means.sum(axis=-1, keepdims=True)
