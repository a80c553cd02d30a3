"""Scores paired by expert: Wilcoxon's signed ranks, and the comparison of several dimensions."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import stats

from .concordance import kendall_w
from .inputs import checked_choice, checked_ratings, complete_raters, numeric_array
from .intervals import adjust_pvalues

EXACT_UP_TO = 16  # 2**16 sign patterns are listed in a blink


@dataclass(frozen=True)
class SignedRanks:
    """Wilcoxon's signed-rank test of second less first.

    `rank_sum_up` and `rank_sum_down` are the sums of ranks of those who rose and fell, `moved`
    of `pairs` experts did either, `method` is how `p` was found ("exact" or "normal").
    """

    rank_sum_up: float
    rank_sum_down: float
    z: float
    p: float
    moved: int
    pairs: int
    method: str


def wilcoxon_signed_rank(first, second, *, method="auto") -> SignedRanks:
    """Wilcoxon's signed-rank test of paired scores: two rounds, or two dimensions.

    Zero differences are dropped, as Wilcoxon did. z is the normal approximation corrected for
    ties and not for continuity, as SPSS and PSPP print it, with the sign of second less first.

    Parameters
    ----------
    first, second : array_like, shape (m,)
        The same experts in the same order; NaN where not answered.
    method : {"auto", "exact", "normal"}
        "exact" lists all sign patterns given the ties; "auto" does so for up to 16 experts who
        moved.

    Returns
    -------
    SignedRanks
        Two-sided p. Where nobody moved z is 0 and p is 1: only one pattern is possible.

    Raises
    ------
    ValueError
        If nobody answered both, or the shapes differ.

    References
    ----------
    Wilcoxon, F. (1945). Biometrics Bulletin 1, 80-83; Lehmann, E. L. (1975). Nonparametrics
    (variance with ties). Computed by ``scipy.stats.wilcoxon``.

    Examples
    --------
    >>> test = wilcoxon_signed_rank([1, 2, 2, 3, 4], [2, 4, 3, 3, 3])
    >>> test.rank_sum_up, test.rank_sum_down, test.p, test.method
    (8.0, 2.0, 0.5, 'exact')
    """
    checked_choice("method", method, ("auto", "exact", "normal"))
    first, second = complete_pairs(first, second)
    steps = (second - first)[second != first]
    if not len(steps):
        return SignedRanks(0.0, 0.0, 0.0, 1.0, 0, len(first), "exact")
    ranks = stats.rankdata(np.abs(steps))
    up, down = float(ranks[steps > 0].sum()), float(ranks[steps < 0].sum())
    normal = stats.wilcoxon(steps, correction=False, method="asymptotic")
    z = float(np.sign(up - down) * abs(normal.zstatistic))
    if method == "normal" or (method == "auto" and len(steps) > EXACT_UP_TO):
        return SignedRanks(up, down, z, float(normal.pvalue), len(steps), len(first), "normal")
    if len(steps) == 1:
        # Both signs of a single step are as extreme; scipy refuses to list one observation.
        return SignedRanks(up, down, z, 1.0, 1, len(first), "exact")
    listed = stats.wilcoxon(steps, method=stats.PermutationMethod(n_resamples=np.inf))
    return SignedRanks(up, down, z, float(listed.pvalue), len(steps), len(first), "exact")


def complete_pairs(first, second):
    """The experts with both scores, as two float arrays of shape (m,), or a ValueError."""
    first, second = numeric_array(first, "first"), numeric_array(second, "second")
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f"found shapes {first.shape} and {second.shape}; accepted are two lists "
            "of the same length, one entry an expert, in the same order."
        )
    both = ~(np.isnan(first) | np.isnan(second))
    if not both.any():
        raise ValueError("found no expert with both scores; accepted is at least one.")
    return first[both], second[both]


@dataclass(frozen=True)
class PairedDimensions:
    """Comparison of k dimensions rated by the same m experts.

    Attributes
    ----------
    m : int
        Experts who rated every dimension.
    w, chi2, df, p : float or int
        Kendall's W and Friedman's test of all dimensions together.
    pairs : tuple of (str, str)
        Pairs compared.
    favours_first, favours_second : ndarray of int, shape (pairs,)
        Experts who rated the first higher, the second higher.
    pair_p, adjusted_p : ndarray, shape (pairs,)
        Wilcoxon signed-rank p-values, and the same corrected for being several.
    """

    m: int
    w: float
    chi2: float
    df: int
    p: float
    pairs: tuple
    favours_first: np.ndarray
    favours_second: np.ndarray
    pair_p: np.ndarray
    adjusted_p: np.ndarray


def paired_dimensions(scores, names=None, *, correction="holm") -> PairedDimensions:
    """Friedman's test of k paired dimensions and Wilcoxon's of every pair, corrected.

    Parameters
    ----------
    scores : array_like, shape (m, k)
        Experts in rows, dimensions in columns, k >= 2; experts with a missing score are left
        out.
    names : sequence of str, optional
        The dimensions; ``"1" .. "k"`` if not given.
    correction : str
        As in :func:`adjust_pvalues`.

    Returns
    -------
    PairedDimensions
        Pairs are tested by :func:`wilcoxon_signed_rank`: exactly for up to 16 experts who tell
        the two apart.

    Raises
    ------
    ValueError
        As :func:`kendall_w`; also where names and columns differ in number.

    References
    ----------
    Friedman, M. (1937). JASA 32, 675-701. - Wilcoxon, F. (1945). Biometrics Bulletin 1, 80-83.

    Examples
    --------
    >>> result = paired_dimensions([[5, 3, 4], [4, 2, 4], [5, 1, 3], [3, 2, 3], [5, 4, 4]],
    ...                            names=("city", "open", "digital"))
    >>> result.pairs[0], result.pair_p.round(4).tolist(), result.adjusted_p.round(4).tolist()
    (('city', 'open'), [0.0625, 0.25, 0.125], [0.1875, 0.25, 0.25])
    """
    scores = checked_ratings(scores)
    k = scores.shape[1]
    names = [str(i + 1) for i in range(k)] if names is None else list(names)
    if len(names) != k:
        raise ValueError(f"names: found {len(names)} for {k} columns; accepted is one a column.")
    overall = kendall_w(scores)
    dimensions = complete_raters(scores).T
    pairs = list(combinations(dimensions, 2))
    p = np.array([wilcoxon_signed_rank(second, first).p for first, second in pairs])
    return PairedDimensions(
        overall.m,
        overall.w,
        overall.chi2,
        overall.df,
        overall.p,
        tuple(combinations(names, 2)),
        np.array([(first > second).sum() for first, second in pairs]),
        np.array([(first < second).sum() for first, second in pairs]),
        p,
        adjust_pvalues(p, correction),
    )
