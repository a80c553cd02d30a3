"""The analytic hierarchy process: from one rater's pairwise judgements to priorities.

A judgement says how many times item i outweighs item j, on Saaty's scale 1 to 9 and its
reciprocals. The judgements fill a reciprocal matrix A; its principal eigenvector w (A w = lambda
w) is the vector of priorities, and the excess of lambda over n measures how far the judgements
contradict each other. Everything takes a matrix ``(n, n)`` or a batch ``(..., n, n)``.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from .inputs import checked_choice, numeric_array, plain, where

__all__ = [
    "Consistency",
    "InconsistentJudgements",
    "RANDOM_INDEX",
    "checked_matrix",
    "comparison_matrix",
    "complete_matrix",
    "consistency",
    "consistency_ratio",
    "geometric_consistency_index",
    "inconsistent_judgements",
    "judgement_ratio",
    "links_all_items",
    "matrix_from_triangle",
    "priorities",
    "random_index",
]

SCALE = 9  # Saaty's scale ends at "extremely more important"
RECIPROCAL_TO = 1e-6  # a[i, j] * a[j, i] may differ from 1 by this much


# Judgements ----------------------------------------------------------------------------------


def judgement_ratio(favours, intensity) -> np.ndarray:
    """Turn "which one, and how strongly" into a ratio left : right.

    Parameters
    ----------
    favours : array_like of str
        "left", "right" or "equal".
    intensity : array_like
        1 to 9, and 1 exactly where the judgement is "equal".

    Returns
    -------
    ndarray of float
        ``intensity`` for left, ``1 / intensity`` for right, 1 for equal.

    Raises
    ------
    ValueError
        For another word, an intensity outside 1..9, "equal" with an intensity other than 1, or
        a side favoured with intensity 1.

    Examples
    --------
    >>> judgement_ratio(["left", "equal", "right"], [5, 1, 4]).tolist()
    [5.0, 1.0, 0.25]
    """
    favours, intensity = np.broadcast_arrays(
        np.asarray(favours, dtype=str), numeric_array(intensity, "intensity")
    )
    for place in np.ndindex(favours.shape):
        word, value = str(favours[place]), float(intensity[place])
        checked_choice(f"favours at {where(place)}", word, ("left", "right", "equal"))
        if not 1 <= value <= SCALE:
            raise ValueError(
                f"intensity: found {value:g} at {where(place)}; accepted are 1 to {SCALE}."
            )
        if (word == "equal") != (value == 1):
            raise ValueError(
                f"intensity: found {value:g} with favours {word!r} at "
                f"{where(place)}; accepted is 1 with 'equal' and above 1 with "
                "'left' or 'right'."
            )
    return np.where(favours == "right", 1 / intensity, intensity)


def comparison_matrix(judgements, items=None) -> np.ndarray:
    """Build reciprocal matrices from judgements.

    Parameters
    ----------
    judgements : mapping or array_like
        Either ``{(left, right): ratio}``, or ratios in the order of the upper triangle read by
        rows, shape ``(..., n (n - 1) / 2)``, NaN where missing.
    items : sequence, optional
        The items in order; needed with a mapping, where a pair not given is missing.

    Returns
    -------
    ndarray, shape (n, n) or (..., n, n)
        Ones on the diagonal, NaN where a judgement is missing.

    Raises
    ------
    ValueError
        For a ratio outside 1/9..9, an item not in `items`, an item compared with itself, a pair
        given twice with ratios that are not reciprocal, or a number of ratios that fills no
        triangle.

    References
    ----------
    Saaty, T. L. (1977). Journal of Mathematical Psychology 15, 234-281.

    Examples
    --------
    >>> comparison_matrix([2, 4, 3]).round(2).tolist()
    [[1.0, 2.0, 4.0], [0.5, 1.0, 3.0], [0.25, 0.33, 1.0]]
    >>> comparison_matrix({("a", "b"): 2, ("c", "a"): 4}, items="abc").tolist()
    [[1.0, 2.0, 0.25], [0.5, 1.0, nan], [4.0, nan, 1.0]]
    """
    if hasattr(judgements, "items"):
        return _matrix_from_pairs(judgements, items)
    ratios = numeric_array(judgements, "judgements")
    pairs = ratios.shape[-1] if ratios.ndim else 0
    n = round((1 + np.sqrt(1 + 8 * pairs)) / 2)
    if n < 2 or n * (n - 1) // 2 != pairs:
        raise ValueError(
            f"judgements: found {pairs} a matrix; accepted are n (n - 1) / 2 for n "
            "items: 1, 3, 6, 10, 15, ..."
        )
    if items is not None and len(items) != n:
        raise ValueError(f"items: found {len(items)} for {pairs} judgements; accepted are {n}.")
    _raise_off_scale(ratios, where)
    return matrix_from_triangle(ratios)


def matrix_from_triangle(ratios) -> np.ndarray:
    """Reciprocal matrices (..., n, n) from upper triangles read by rows, on any scale."""
    pairs = ratios.shape[-1]
    n = round((1 + np.sqrt(1 + 8 * pairs)) / 2)
    rows, columns = np.triu_indices(n, 1)
    matrix = np.ones((*ratios.shape[:-1], n, n))
    matrix[..., rows, columns] = ratios
    matrix[..., columns, rows] = 1 / ratios
    return matrix


def _matrix_from_pairs(judgements, items):
    if items is None:
        raise ValueError(
            "items: found none; with judgements by pair, accepted is the list of "
            "all items in order."
        )
    position = {item: i for i, item in enumerate(items)}
    matrix = np.full((len(position), len(position)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (left, right), ratio in judgements.items():
        if left not in position or right not in position or left == right:
            raise ValueError(
                f"judgements: found the pair {left!r}, {right!r}; accepted are two "
                f"different items of {list(position)}."
            )
        pair = f"{left!r}, {right!r}"
        ratio = numeric_array(ratio, f"judgement {pair}")
        _raise_off_scale(ratio, lambda _, pair=pair: pair)
        i, j = position[left], position[right]
        if abs(matrix[i, j] / ratio - 1) > RECIPROCAL_TO:
            raise ValueError(
                f"judgements: found {left!r} to {right!r} twice, as "
                f"{matrix[i, j]:g} and {ratio:g}; accepted is one judgement a pair."
            )
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    return matrix


def _raise_off_scale(ratios, place_name):
    """Stop at a ratio that no intensity of 1..9 can give; NaN passes as missing."""
    slack = 1 + 1e-12  # 1/9 written as a decimal
    off = np.argwhere((ratios > SCALE * slack) | (ratios < 1 / (SCALE * slack)))
    if len(off):
        place = tuple(off[0])
        raise ValueError(
            f"judgements: found ratio {ratios[place]:g} at {place_name(place)}; "
            f"accepted are intensities 1 to {SCALE} and their reciprocals."
        )


def checked_matrix(matrix, *, missing=False) -> np.ndarray:
    """Return reciprocal matrices as floats, or say what is wrong and where.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    missing : bool
        Let NaN stand for missing pairs (both cells).

    Raises
    ------
    ValueError
        Unless the matrices are square with n >= 2, positive, finite, with ones on the diagonal
        and ``a[j, i] = 1 / a[i, j]`` (to one in a million).
    """
    matrix = _square(matrix)
    flat = matrix.reshape(-1, *matrix.shape[-2:])
    for start in range(0, len(flat), MATRICES_AT_ONCE):
        if not _reciprocal(flat[start : start + MATRICES_AT_ONCE].transpose(1, 2, 0)):
            _raise_if_not_reciprocal(matrix, missing)
    return matrix


def _reciprocal(cells):
    """Whether all cells (n, n, batch) are positive and times their mirror 1; quick, no details."""
    with np.errstate(invalid="ignore"):  # NaN, zero and infinite cells fail the comparison
        return all(
            (np.abs(cells[i, i:] * cells[i:, i] - 1) <= RECIPROCAL_TO).all()
            and (cells[i, i:] > 0).all()
            for i in range(len(cells))
        )


def _square(matrix):
    matrix = numeric_array(matrix, "matrix", finite=False)
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or matrix.shape[-1] < 2:
        raise ValueError(
            f"matrix: found shape {matrix.shape}; accepted is (n, n) or a batch "
            "(..., n, n) with n of at least 2."
        )
    return matrix


def _raise_if_not_reciprocal(matrix, missing):
    transposed = matrix.swapaxes(-1, -2)
    absent = np.isnan(matrix)
    checks = [
        (np.isinf(matrix), "an infinite value"),
        (absent & (not missing), "a missing comparison; complete_matrix fills it in"),
        (absent != np.isnan(transposed), "a comparison given in one direction only"),
        (matrix <= 0, "a value that is not positive"),
        (
            np.abs(matrix * transposed - 1) > RECIPROCAL_TO,
            "a value that is not the reciprocal of its mirror (on the diagonal: not 1)",
        ),
    ]
    for wrong, sentence in checks:
        if wrong.any():
            place = tuple(np.argwhere(wrong)[0])
            raise ValueError(
                f"matrix: found {matrix[place]:g} at {where(place)}, {sentence}; "
                "accepted are positive matrices with a[j, i] = 1 / a[i, j] and 1 on "
                "the diagonal."
            )
    if np.isnan(np.diagonal(matrix, axis1=-2, axis2=-1)).any():
        raise ValueError("matrix: found a missing value on the diagonal; accepted there is 1.")


# Priorities and consistency ------------------------------------------------------------------

MATRICES_AT_ONCE = 2000  # a block of 9 x 9 matrices about fills a processor's cache
SETTLED = 1e-12  # relative change of a priority that counts as standing still
MULTIPLICATIONS = 11  # twice; settles matrices with a consistency ratio to 0.1 or so
SQUARINGS = 4


def priorities(matrix, method="eigenvector") -> np.ndarray:
    """Priorities of the items, adding up to 1.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Reciprocal matrices without gaps.
    method : {"eigenvector", "geometric"}
        Principal right eigenvector (Saaty), or normalised geometric means of the rows (Crawford
        and Williams). They agree for n <= 3 and for consistent matrices.

    Returns
    -------
    ndarray, shape (..., n)

    Raises
    ------
    ValueError
        See :func:`checked_matrix`.

    References
    ----------
    Saaty, T. L. (1977). Journal of Mathematical Psychology 15, 234-281. - Crawford, G., &
    Williams, C. (1985). Journal of Mathematical Psychology 29, 387-405.

    Examples
    --------
    >>> priorities([[1, 2, 3], [1/2, 1, 2], [1/3, 1/2, 1]]).round(4).tolist()
    [0.5396, 0.297, 0.1634]
    """
    checked_choice("method", method, ("eigenvector", "geometric"))
    if method == "geometric":
        return _geometric(checked_matrix(matrix))
    return _principal(_square(matrix))[0]


def _geometric(matrix):
    means = np.exp(np.log(matrix).mean(axis=-1))
    return means / means.sum(axis=-1, keepdims=True)


def _principal(matrix):
    """Principal eigenvectors (..., n), adding up to 1, and eigenvalues (...).

    Power iteration: multiply by A until the vector stands still. Judgements are roughly
    consistent, so A is nearly of rank one and a dozen multiplications do for most matrices;
    those left over are tried again with A squared, and squared once more, so that one
    multiplication counts for two, four, ... What is left after that goes to LAPACK.
    """
    n = matrix.shape[-1]
    flat = matrix.reshape(-1, n, n)
    vectors, values = np.empty((len(flat), n)), np.empty(len(flat))
    left = slice(None)
    for squarings in range(SQUARINGS + 1):
        vectors[left], values[left], settled = _in_blocks(flat[left], squarings)
        left = np.arange(len(flat))[left][~settled]
        if not len(left):
            break
    if np.isnan(values).any():
        checked_matrix(matrix)  # stops, and says what is wrong and where
    vectors[left], values[left] = _lapack(flat[left])
    return vectors.reshape(matrix.shape[:-1]), values.reshape(matrix.shape[:-2])


def _in_blocks(matrices, squarings):
    """`_power_iteration` over blocks that fit the processor's cache, on all its cores."""
    blocks = [
        matrices[start : start + MATRICES_AT_ONCE]
        for start in range(0, max(len(matrices), 1), MATRICES_AT_ONCE)
    ]
    iterate = partial(_power_iteration, squarings=squarings)
    if len(blocks) == 1:
        return iterate(matrices)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [np.concatenate(part) for part in zip(*pool.map(iterate, blocks), strict=False)]


def _power_iteration(matrices, squarings):
    """Vectors and eigenvalues of a block after a fixed number of multiplications; which settled.

    A block with a matrix that is not reciprocal yields NaN.
    """
    cells = np.ascontiguousarray(matrices.transpose(1, 2, 0))  # the batch runs innermost
    if not _reciprocal(cells):
        nothing = np.full(matrices.shape[:2], np.nan)
        return nothing, nothing[:, 0], np.full(len(matrices), True)
    power = cells
    for _ in range(squarings):
        power = np.einsum("ijb,jkb->ikb", power, power)
        power /= power.max(axis=(0, 1))
    # huge ratios may overflow single precision; they end in NaN, which never counts as settled
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        vector = _rough_then_corrected(power)
        image, value = _multiplied(power, vector)
        settled = (np.abs(image - vector) <= SETTLED * image).all(axis=0)
        if squarings:  # the value of A itself
            _, value = _multiplied(cells, image)
    return image.T, value, settled


def _rough_then_corrected(power):
    """Principal vectors, adding up to 1, with nearly all the work in single precision.

    Single precision holds seven digits: first of the vector v, then of the small correction c
    it still lacks, which satisfies c = (A v / lambda - v) + (A / lambda) c.
    """
    rough = power.astype(np.float32)
    vector = rough.sum(axis=1)
    for _ in range(MULTIPLICATIONS):
        vector = np.einsum("ijb,jb->ib", rough, vector)
    vector = (vector / vector.sum(axis=0)).astype(float)
    image, value = _multiplied(power, vector)
    rest = (image - vector).astype(np.float32)
    rough *= (1 / value).astype(np.float32)  # from here on A / lambda
    correction = rest
    for _ in range(MULTIPLICATIONS):
        correction = np.einsum("ijb,jb->ib", rough, correction)
        correction += rest
    vector += correction
    return vector / vector.sum(axis=0)


def _multiplied(cells, vector):
    """Image of a vector that adds up to 1, made to add up to 1 again, and the factor taken out."""
    image = np.einsum("ijb,jb->ib", cells, vector)
    value = image.sum(axis=0)
    return image / value, value


def _lapack(matrices):
    """Principal eigenvectors and eigenvalues of any non-negative irreducible matrices."""
    values, vectors = np.linalg.eig(matrices)
    largest = values.real.argmax(axis=-1)[..., None]
    vector = np.take_along_axis(vectors, largest[..., None], axis=-1)[..., 0].real
    vector = vector / vector.sum(axis=-1, keepdims=True)
    return vector, np.take_along_axis(values, largest, axis=-1)[..., 0].real


# Random indices: the mean consistency index of matrices filled at random, by number of items.
# Values for n = 1 and 2 are 0 in every table, because such matrices cannot contradict themselves.
RANDOM_INDEX = {
    # Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill
    "saaty-1980": (
        0,
        0,
        0.58,
        0.90,
        1.12,
        1.24,
        1.32,
        1.41,
        1.45,
        1.49,
        1.51,
        1.48,
        1.56,
        1.57,
        1.59,
    ),
    # Saaty, T. L. (2005). Theory and Applications of the Analytic Network Process, p. 31
    "saaty-2005": (
        0,
        0,
        0.52,
        0.89,
        1.11,
        1.25,
        1.35,
        1.40,
        1.45,
        1.49,
        1.52,
        1.54,
        1.56,
        1.58,
        1.59,
    ),
    # Donegan, H. A., & Dodd, F. J. (1991). Mathematical and Computer Modelling 15(10), 135-137
    "donegan-dodd-1991": (
        0,
        0,
        0.4914,
        0.8286,
        1.0591,
        1.1797,
        1.2519,
        1.3171,
        1.3733,
        1.4055,
        1.4213,
        1.4497,
        1.4643,
        1.4822,
        1.4969,
        1.5078,
        1.5153,
        1.5262,
        1.5313,
        1.5371,
    ),
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

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For an unknown table, or n beyond its end.

    References
    ----------
    Named in ``RANDOM_INDEX``; Alonso, J. A., & Lamata, M. T. (2006). International Journal of
    Uncertainty, Fuzziness and Knowledge-Based Systems 14, 445-459.

    Examples
    --------
    >>> random_index(3), random_index(9, "saaty-2005"), random_index(2)
    (0.58, 1.45, 0.0)
    """
    checked_choice("random_index", table, (*RANDOM_INDEX, FITTED_INDEX))
    if n <= 2:
        return 0.0
    if table == FITTED_INDEX:
        return (2.7699 * n - 4.3513 - n) / (n - 1)
    if n > len(RANDOM_INDEX[table]):
        raise ValueError(
            f"random_index: found {n} items; {table!r} ends at "
            f"{len(RANDOM_INDEX[table])}. {FITTED_INDEX!r} serves every n."
        )
    return float(RANDOM_INDEX[table][n - 1])


_RANDOM_INDEX_OF = random_index  # `random_index` names a table in the signatures below


@dataclass(frozen=True)
class Consistency:
    """Priorities and consistency of one matrix (plain numbers) or a batch (arrays).

    Attributes
    ----------
    priorities : ndarray, shape (..., n)
        Principal eigenvector, adding up to 1.
    lambda_max, ci, cr : float or ndarray
        Principal eigenvalue, consistency index ``(lambda_max - n) / (n - 1)`` and ratio
        ``ci / ri``; the ratio is 0 for two items.
    ri : float
        Random index used.
    table : str
        Table it is from.
    n : int
        Items.
    """

    priorities: np.ndarray
    lambda_max: float | np.ndarray
    ci: float | np.ndarray
    cr: float | np.ndarray
    ri: float
    table: str
    n: int


def consistency(matrix, random_index="saaty-1980") -> Consistency:
    """Priorities, principal eigenvalue, consistency index and ratio in one pass.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Reciprocal matrices without gaps.
    random_index : str
        A table of :func:`random_index`.

    Returns
    -------
    Consistency

    Raises
    ------
    ValueError
        See :func:`checked_matrix` and :func:`random_index`.

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
    matrix = _square(matrix)
    n = matrix.shape[-1]
    ri = _RANDOM_INDEX_OF(n, random_index)
    vector, value = _principal(matrix)
    # lambda_max >= n always; rounding alone can bring it a hair below
    ci = np.maximum(value - n, 0.0) / (n - 1)
    cr = ci / ri if ri else np.zeros_like(ci)
    return Consistency(vector, plain(value), plain(ci), plain(cr), ri, random_index, n)


def consistency_ratio(matrix, random_index="saaty-1980"):
    """Saaty's consistency ratio; see :func:`consistency` for its parts.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    random_index : str
        A table of :func:`random_index`.

    Returns
    -------
    float or ndarray, shape (...)

    Raises
    ------
    ValueError
        See :func:`consistency`.

    Examples
    --------
    >>> round(consistency_ratio([[1, 3, 5], [1/3, 1, 3], [1/5, 1/3, 1]]), 4)
    0.0332
    """
    return consistency(matrix, random_index).cr


def geometric_consistency_index(matrix):
    """Geometric consistency index, the companion of the geometric-mean priorities.

    ``2 / ((n - 1)(n - 2)) * sum_{i<j} log(a[i, j] w[j] / w[i])**2``, with w the geometric means
    of the rows; 0 for two items. The authors set 0.31 (n = 3), 0.35 (n = 4) and 0.37 (n > 4)
    beside a consistency ratio of 0.10.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)

    Returns
    -------
    float or ndarray, shape (...)

    Raises
    ------
    ValueError
        See :func:`checked_matrix`.

    References
    ----------
    Aguaron, J., & Moreno-Jimenez, J. M. (2003). European Journal of Operational Research 147,
    137-145.

    Examples
    --------
    >>> round(geometric_consistency_index([[1, 2, 3], [1/2, 1, 2], [1/3, 1/2, 1]]), 4)
    0.0276
    """
    matrix = checked_matrix(matrix)
    n = matrix.shape[-1]
    if n == 2:
        return plain(np.zeros(matrix.shape[:-2]))
    weights = _geometric(matrix)
    errors = np.log(matrix * weights[..., None, :] / weights[..., :, None])
    # every pair stands in the matrix twice, hence 1 and not 2 in the numerator
    return plain((errors**2).sum(axis=(-1, -2)) / ((n - 1) * (n - 2)))


# Gaps and contradictions ---------------------------------------------------------------------


def complete_matrix(matrix) -> np.ndarray:
    """Fill missing comparisons by Harker's method.

    Missing cells become 0 and every diagonal cell 1 plus the gaps in its row; the principal
    eigenvector w of that matrix gives the gaps as ``w[i] / w[j]``. Then w is also the principal
    eigenvector of the completed matrix, with the same eigenvalue.

    A consistency ratio of a completed matrix flatters: the filled cells agree with the rest by
    construction, and the published random indices are for complete matrices.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        NaN in both cells of a missing pair.

    Returns
    -------
    ndarray, shape (..., n, n)

    Raises
    ------
    ValueError
        See :func:`checked_matrix`; also where the given comparisons do not link all items.

    References
    ----------
    Harker, P. T. (1987). Mathematical Modelling 9, 353-360, and 9, 837-848.

    Examples
    --------
    >>> gap = float("nan")
    >>> complete_matrix([[1, 2, gap], [1/2, 1, 2], [gap, 1/2, 1]]).round(6)[0].tolist()
    [1.0, 2.0, 4.0]
    """
    matrix = checked_matrix(matrix, missing=True)
    n = matrix.shape[-1]
    gaps = np.isnan(matrix)
    _raise_if_unlinked(matrix)
    filled = np.where(gaps, 0.0, matrix)
    filled[..., np.arange(n), np.arange(n)] += gaps.sum(axis=-1)
    vector, _ = _lapack(filled)
    return np.where(gaps, vector[..., :, None] / vector[..., None, :], matrix)


def links_all_items(matrix) -> np.ndarray:
    """Whether the comparisons made link all items, so that :func:`complete_matrix` can fill the
    rest.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        NaN in both cells of a missing pair.

    Returns
    -------
    ndarray of bool, shape (...)

    Examples
    --------
    >>> gap = float("nan")
    >>> bool(links_all_items([[1, 2, gap], [1/2, 1, gap], [gap, gap, 1]]))
    False
    """
    known = ~np.isnan(numeric_array(matrix, "matrix"))
    # a cell of the (n - 1)-th power counts the ways from i to j in at most n - 1 comparisons
    return (np.linalg.matrix_power(known.astype(float), known.shape[-1] - 1) > 0).all(axis=(-1, -2))


def _raise_if_unlinked(matrix):
    linked = links_all_items(matrix)
    if not linked.all():
        place = "" if matrix.ndim == 2 else f" in matrix {where(np.argwhere(~linked)[0])}"
        raise ValueError(
            f"matrix: found items that no chain of comparisons links{place}; "
            "accepted are at least n - 1 comparisons that connect all items."
        )


class InconsistentJudgements(NamedTuple):
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

    Returns
    -------
    InconsistentJudgements

    Raises
    ------
    ValueError
        See :func:`checked_matrix`.

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
    vector, _ = _principal(matrix)
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
