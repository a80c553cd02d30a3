"""The analytic hierarchy process: from one rater's pairwise judgements to priorities.

A judgement says how many times item i outweighs item j, on Saaty's scale 1 to 9 and its
reciprocals. The judgements fill a reciprocal matrix A; its principal eigenvector w (A w = lambda
w) is the vector of priorities. Everything takes a matrix ``(n, n)`` or a batch ``(..., n, n)``:
square with n >= 2, positive, ones on the diagonal, and ``a[j, i] = 1 / a[i, j]`` (to one in a
million); other matrices end in a ValueError that names the cell.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .inputs import checked_choice, numeric_array, where

SCALE = 9  # Saaty's scale ends at "extremely more important"
RECIPROCAL_TO = 1e-6  # a[i, j] * a[j, i] may differ from 1 by this much
ON_ALL_CORES = 50_000  # matrices of a batch


# Judgements ----------------------------------------------------------------------------------


def comparison_matrix(ratios) -> np.ndarray:
    """Build reciprocal matrices from judgements.

    Parameters
    ----------
    ratios : array_like, shape (..., n (n - 1) / 2)
        In the order of the upper triangle read by rows; NaN where missing.

    Returns
    -------
    ndarray, shape (..., n, n)
        Ones on the diagonal, NaN where a judgement is missing.

    Raises
    ------
    ValueError
        For a ratio outside 1/9..9, or a number of ratios that fills no triangle.

    References
    ----------
    Saaty, T. L. (1977). Journal of Mathematical Psychology 15, 234-281.

    Examples
    --------
    >>> comparison_matrix([2, 4, 3]).round(2).tolist()
    [[1.0, 2.0, 4.0], [0.5, 1.0, 3.0], [0.25, 0.33, 1.0]]
    """
    ratios = numeric_array(ratios, "judgements")
    pairs = ratios.shape[-1] if ratios.ndim else 0
    n = round((1 + np.sqrt(1 + 8 * pairs)) / 2)
    if n < 2 or n * (n - 1) // 2 != pairs:
        raise ValueError(
            f"judgements: found {pairs} a matrix; accepted are n (n - 1) / 2 for n "
            "items: 1, 3, 6, 10, 15, ..."
        )
    slack = 1 + 1e-12  # 1/9 written as a decimal
    off = np.argwhere((ratios > SCALE * slack) | (ratios < 1 / (SCALE * slack)))
    if len(off):
        raise ValueError(
            f"judgements: found ratio {ratios[tuple(off[0])]:g} at {where(off[0])}; "
            f"accepted are intensities 1 to {SCALE} and their reciprocals."
        )
    rows, columns = np.triu_indices(n, 1)
    matrix = np.ones((*ratios.shape[:-1], n, n))
    matrix[..., rows, columns] = ratios
    matrix[..., columns, rows] = 1 / ratios
    return matrix


def checked_matrix(matrix, *, missing=False) -> np.ndarray:
    """Return reciprocal matrices as floats, or say what is wrong and where.

    With `missing`, NaN in both cells of a pair stands for a judgement not made.
    """
    matrix = _square(matrix)
    mirror, absent = matrix.swapaxes(-1, -2), np.isnan(matrix)
    checks = [
        (absent & np.eye(matrix.shape[-1], dtype=bool), "a missing value on the diagonal"),
        (absent & (not missing), "a missing comparison; complete_matrix fills it in"),
        (absent != np.isnan(mirror), "a comparison given in one direction only"),
        (matrix <= 0, "a value that is not positive"),
        (
            np.abs(matrix * mirror - 1) > RECIPROCAL_TO,
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
    return matrix


def _square(matrix) -> np.ndarray:
    matrix = numeric_array(matrix, "matrix")
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or matrix.shape[-1] < 2:
        raise ValueError(
            f"matrix: found shape {matrix.shape}; accepted is (n, n) or a batch "
            "(..., n, n) with n of at least 2."
        )
    return matrix


def item_means(judgements, pairs) -> np.ndarray:
    """Mean of the signed judgements an item took part in, seen from its side.

    Parameters
    ----------
    judgements : array_like, shape (..., p)
        Signed judgements, above 0 where the first item of a pair is favoured; a missing one is
        left out of both means.
    pairs : array_like of int, shape (p, 2)
        Positions of the two items, counted from 0.

    Returns
    -------
    ndarray, shape (..., n)
        NaN for an item without judgements.

    Examples
    --------
    >>> item_means([3, 0, -1], [(0, 1), (0, 2), (1, 2)]).tolist()
    [1.5, -2.0, 0.5]
    """
    judgements, pairs = numeric_array(judgements, "judgements"), numeric_array(pairs, "pairs")
    shape = (judgements.shape[-1] if judgements.ndim else 0, 2)
    if pairs.shape != shape or not shape[0] or not ((pairs >= 0) & (pairs % 1 == 0)).all():
        raise ValueError(
            f"pairs: found shape {pairs.shape} beside judgements {judgements.shape}; accepted are "
            "two positions of items, counted from 0, for each judgement."
        )
    first, second = (pairs[:, [side]] == np.arange(pairs.max() + 1) for side in (0, 1))
    given = ~np.isnan(judgements)
    sums = np.where(given, judgements, 0) @ (first.astype(int) - second)
    with np.errstate(invalid="ignore"):
        return sums / (given.astype(int) @ (first | second).astype(int))


# Priorities ----------------------------------------------------------------------------------


def priorities(matrix, method="eigenvector") -> np.ndarray:
    """Priorities of the items, adding up to 1.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    method : {"eigenvector", "geometric"}
        Principal right eigenvector (Saaty), or normalised geometric means of the rows (Crawford
        and Williams). They agree for n <= 3 and for consistent matrices.

    Returns
    -------
    ndarray, shape (..., n)

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
    matrix = checked_matrix(matrix)
    if method == "eigenvector":
        return principal(matrix)[0]
    means = np.exp(np.log(matrix).mean(axis=-1))
    return means / means.sum(axis=-1, keepdims=True)


def principal(matrices):
    """Principal eigenvectors (..., n), adding up to 1, and eigenvalues (...).

    Of any non-negative irreducible matrices: theirs are real and positive (Perron).
    """
    values, vectors = _eigen(matrices)
    largest = values.real.argmax(axis=-1)[..., None]
    vector = np.take_along_axis(vectors, largest[..., None], axis=-1)[..., 0].real
    value = np.take_along_axis(values, largest, axis=-1)[..., 0].real
    return vector / vector.sum(axis=-1, keepdims=True), value


def _eigen(matrices):
    """As :func:`numpy.linalg.eig`; large batches on all cores, as it works outside of Python."""
    if matrices.ndim != 3 or len(matrices) < ON_ALL_CORES:
        return np.linalg.eig(matrices)
    with ThreadPoolExecutor() as pool:
        parts = pool.map(np.linalg.eig, np.array_split(matrices, os.cpu_count()))
    return map(np.concatenate, zip(*parts, strict=True))


# Gaps ----------------------------------------------------------------------------------------


def complete_matrix(matrix) -> np.ndarray:
    """Fill missing comparisons by Harker's method.

    Missing cells become 0 and every diagonal cell 1 plus the gaps in its row; the principal
    eigenvector w of that matrix gives the gaps as ``w[i] / w[j]``. Then w is also the principal
    eigenvector of the completed matrix, with the same eigenvalue.

    The filled cells agree with the rest by construction, so that the published random indices,
    which are for complete matrices, would flatter: see
    :func:`smartgov.stats.completed_consistency_ratio`.

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
        Also where the given comparisons do not link all items.

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
    linked = links_all_items(matrix)
    if not linked.all():
        place = "" if matrix.ndim == 2 else f" in matrix {where(np.argwhere(~linked)[0])}"
        raise ValueError(
            f"matrix: found items that no chain of comparisons links{place}; "
            "accepted are at least n - 1 comparisons that connect all items."
        )
    complete, open_ = matrix.copy(), np.isnan(matrix).any(axis=(-1, -2))
    vector, _ = principal(harker(matrix[open_]))
    ratios = vector[..., :, None] / vector[..., None, :]
    complete[open_] = np.where(np.isnan(matrix[open_]), ratios, matrix[open_])
    return complete


def harker(matrix):
    """The matrix whose principal eigenvector and eigenvalue are those of the completed one."""
    gaps, diagonal = np.isnan(matrix), np.arange(matrix.shape[-1])
    filled = np.where(gaps, 0.0, matrix)
    filled[..., diagonal, diagonal] += gaps.sum(axis=-1)
    return filled


def links_all_items(matrix) -> np.ndarray:
    """Whether the comparisons made link all items, so that the rest can be filled in.

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
    known = ~np.isnan(_square(matrix))
    # a cell of the (n - 1)-th power counts the ways from i to j in at most n - 1 comparisons
    return (np.linalg.matrix_power(known.astype(float), known.shape[-1] - 1) > 0).all(axis=(-1, -2))
