"""Consistency of pairwise judgements: how far they contradict each other, and which do.

The principal eigenvalue lambda of a reciprocal matrix is n where the judgements are consistent
and above n otherwise. Matrices are what :mod:`smartgov.stats.ahp` accepts.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import bdtrc

from .ahp import (
    SCALE,
    checked_matrix,
    comparison_matrix,
    harker,
    links_all_items,
    principal,
)
from .inputs import checked_choice, checked_whole, numeric_array, plain

# Random indices: the mean consistency index of matrices filled at random, for 1, 2, ... items.
# Those of 1 and 2 items are 0, because such matrices cannot contradict themselves.
RANDOM_INDEX = {
    name: tuple(map(float, values.split()))
    for name, values in {
        # Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill
        "saaty-1980": "0 0 .58 .90 1.12 1.24 1.32 1.41 1.45 1.49 1.51 1.48 1.56 1.57 1.59",
        # Saaty, T. L. (2005). Theory and Applications of the Analytic Network Process, p. 31
        "saaty-2005": "0 0 .52 .89 1.11 1.25 1.35 1.40 1.45 1.49 1.52 1.54 1.56 1.58 1.59",
        # Donegan, H. A., & Dodd, F. J. (1991). Mathematical and Computer Modelling 15(10), 135-137
        "donegan-dodd-1991": "0 0 .4914 .8286 1.0591 1.1797 1.2519 1.3171 1.3733 1.4055 1.4213 "
        "1.4497 1.4643 1.4822 1.4969 1.5078 1.5153 1.5262 1.5313 1.5371",
    }.items()
}
FITTED_INDEX = "alonso-lamata-2006"


def random_index(n, table="saaty-1980") -> float:
    """Random index for n items from a published table.

    Parameters
    ----------
    n : int
        Items.
    table : str
        "saaty-1980" (n to 15), "saaty-2005" (n to 15), "donegan-dodd-1991" (n to 20), or
        "alonso-lamata-2006", whose fit ``mean lambda = 2.7699 n - 4.3513`` serves every n.

    Raises
    ------
    ValueError
        For an unknown table, or n beyond its end.

    References
    ----------
    Named at ``RANDOM_INDEX``; Alonso, J. A., & Lamata, M. T. (2006). International Journal of
    Uncertainty, Fuzziness and Knowledge-Based Systems 14, 445-459.

    Examples
    --------
    >>> random_index(3), random_index(9, "saaty-2005"), random_index(2)
    (0.58, 1.45, 0.0)
    """
    checked_choice("table", table, (*RANDOM_INDEX, FITTED_INDEX))
    if checked_whole("n", n) <= 2:
        return 0.0
    if table == FITTED_INDEX:
        return (2.7699 * n - 4.3513 - n) / (n - 1)
    if n > len(RANDOM_INDEX[table]):
        raise ValueError(
            f"table: found {n} items; {table!r} ends at {len(RANDOM_INDEX[table])}. "
            f"{FITTED_INDEX!r} serves every n."
        )
    return RANDOM_INDEX[table][n - 1]


@dataclass(frozen=True)
class Consistency:
    """Priorities and consistency of one matrix (plain numbers) or a batch (arrays).

    Attributes
    ----------
    priorities : ndarray, shape (..., n)
        Principal eigenvector, adding up to 1.
    lambda_max, ci, cr : float or ndarray
        Principal eigenvalue, consistency index ``(lambda_max - n) / (n - 1)`` and its ratio to
        the random index; the ratio is 0 for two items.
    """

    priorities: np.ndarray
    lambda_max: float | np.ndarray
    ci: float | np.ndarray
    cr: float | np.ndarray


def consistency(matrix, table="saaty-1980") -> Consistency:
    """Priorities, principal eigenvalue, consistency index and ratio.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    table : str
        Of :func:`random_index`.

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process: a ratio up to 0.10 is acceptable
    by his rule of thumb.

    Examples
    --------
    >>> result = consistency([[1, 2, 3], [1/2, 1, 2], [1/3, 1/2, 1]])
    >>> round(result.lambda_max, 4), round(result.ci, 4), round(result.cr, 4)
    (3.0092, 0.0046, 0.0079)
    """
    matrix = checked_matrix(matrix)
    n = matrix.shape[-1]
    ri = random_index(n, table)
    vector, value = principal(matrix)
    return Consistency(vector, plain(value), *map(plain, _index_and_ratio(value, n, ri)))


def _index_and_ratio(value, n, ri):
    # lambda_max >= n always; rounding alone can bring it a hair below
    ci = np.maximum(value - n, 0.0) / (n - 1)
    return ci, ci / ri if ri else np.zeros_like(ci)


def consistency_ratio(matrix, table="saaty-1980"):
    """Saaty's consistency ratio, a number or an array of the batch's shape.

    See :func:`consistency`, which gives its parts too.

    Examples
    --------
    >>> round(consistency_ratio([[1, 3, 5], [1/3, 1, 3], [1/5, 1/3, 1]]), 4)
    0.0332
    """
    return consistency(matrix, table).cr


def completed_consistency_ratio(matrix) -> np.ndarray:
    """Consistency ratio of matrices with gaps: completed, against a random index of their own.

    The eigenvalue is that of Harker's method (:func:`smartgov.stats.complete_matrix`). With m of
    the comparisons missing, the random index is that of n items (Saaty 1980; beyond its end Alonso
    and Lamata 2006) times ``1 - 2 m / ((n - 1) (n - 2))``, the share of comparisons beyond the
    n - 1 that link the items: only these can contradict.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        NaN in both cells of a missing pair.

    Returns
    -------
    ndarray, shape (...)
        As :func:`consistency_ratio` without gaps. NaN where the comparisons made do not link all
        items, or nothing is left that could contradict.

    References
    ----------
    Ágoston, K. C., & Csató, L. (2022). Inconsistency thresholds for incomplete pairwise comparison
    matrices. Omega 108, 102576.

    Examples
    --------
    >>> gap = float("nan")
    >>> whole = [[1, 2, 4, 9], [1/2, 1, 3, 5], [1/4, 1/3, 1, 2], [1/9, 1/5, 1/2, 1]]
    >>> matrices = np.array([whole, whole])
    >>> matrices[1, [0, 3], [3, 0]] = gap
    >>> completed_consistency_ratio(matrices).round(3).tolist()
    [0.005, 0.008]
    """
    matrix = checked_matrix(matrix, missing=True)
    n, gaps = matrix.shape[-1], np.isnan(matrix).sum(axis=(-1, -2)) / 2
    table = "saaty-1980" if n <= len(RANDOM_INDEX["saaty-1980"]) else FITTED_INDEX
    ratios = np.full(matrix.shape[:-2], np.nan)
    linked = links_all_items(matrix)
    value = principal(harker(matrix[linked]))[1]
    ratios[linked] = _index_and_ratio(value, n, random_index(n, table))[1]
    if n == 2:
        return ratios
    free = (n - 1) * (n - 2) / 2
    return np.divide(ratios, 1 - gaps / free, out=np.full_like(ratios, np.nan), where=gaps < free)


@cache
def random_ratios(n: int, draws: int = 2000, seed: int = 0) -> np.ndarray:
    """Consistency ratios of matrices of `n` items filled at random from the scale, ascending."""
    rng = np.random.default_rng(seed)
    scale = np.r_[np.arange(1, SCALE + 1), 1 / np.arange(2, SCALE + 1)]
    drawn = comparison_matrix(rng.choice(scale, (draws, n * (n - 1) // 2)))
    return np.sort(completed_consistency_ratio(drawn))


def consistent_by_chance(ratios, n) -> float:
    """Probability that the median ratio of as many random matrices is as small as that of these.

    Small where raters are more consistent than answers at random would be. The number of random
    ratios up to the median is binomial, its share estimated from :func:`random_ratios`.

    Parameters
    ----------
    ratios : array_like, shape (m,)
        Consistency ratios of m raters; NaN ones do not count, and NaN is returned for none.
    n : int
        Items, more than two.

    Raises
    ------
    ValueError
        If the ratios are no list of numbers, or `n` is no whole number from 3.

    Examples
    --------
    >>> consistent_by_chance([0.05, 0.10, 0.20, 0.15, 0.08], 5) < 0.001
    True
    >>> consistent_by_chance([0.9, 1.1, 1.0, 0.7, 1.2], 5) > 0.2
    True
    """
    values = numeric_array(ratios, "ratios")
    if values.ndim != 1:
        raise ValueError(f"ratios: found an array of {values.ndim} axes; accepted is a list.")
    if checked_whole("n", n) < 3:
        raise ValueError(f"n: found {n!r}; accepted is a whole number of items from 3.")
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan")
    middle = np.sort(values)[(len(values) - 1) // 2]
    share = np.searchsorted(random_ratios(n), middle, side="right") / len(random_ratios(n))
    return float(bdtrc((len(values) - 1) // 2, len(values), share))


@dataclass(frozen=True)
class InconsistentJudgements:
    """Judgements of a matrix, the most inconsistent first; arrays of shape (..., pairs).

    `row` and `column` say which pair (row < column), `judged` is the ratio given, `implied` the
    ratio of priorities, and `factor` how many times one exceeds the other (1 or more).
    """

    row: np.ndarray
    column: np.ndarray
    judged: np.ndarray
    implied: np.ndarray
    factor: np.ndarray


def inconsistent_judgements(matrix) -> InconsistentJudgements:
    """Sort the judgements by how far each is from the ratio the priorities imply.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)

    References
    ----------
    Saaty, T. L. (2003). European Journal of Operational Research 145, 85-91: errors
    ``a[i, j] w[j] / w[i]``.

    Examples
    --------
    >>> worst = inconsistent_judgements([[1, 2, 9], [1/2, 1, 2], [1/9, 1/2, 1]])
    >>> int(worst.row[0]), int(worst.column[0]), float(worst.factor[0].round(2))
    (0, 1, 1.31)
    """
    matrix = checked_matrix(matrix)
    vector, _ = principal(matrix)
    rows, columns = np.triu_indices(matrix.shape[-1], 1)
    judged = matrix[..., rows, columns]
    implied = vector[..., rows] / vector[..., columns]
    factor = np.exp(np.abs(np.log(judged / implied)))
    # rounding keeps the order of equal errors: rows first, then columns
    order = np.argsort(-factor.round(12), axis=-1, kind="stable")
    arranged = (
        np.take_along_axis(np.broadcast_to(part, factor.shape), order, axis=-1)
        for part in (rows, columns, judged, implied, factor)
    )
    return InconsistentJudgements(*arranged)
