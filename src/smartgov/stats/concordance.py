"""Kendall's coefficient of concordance W: how alike m raters order n items.

The whole module rests on one number for each judgement: the *doubled rank deviation*

    d[j, i] = 2 * (rank of item i by rater j - (n + 1) / 2),

an integer even when ranks are tied, because it is the number of items the rater puts below
item i less the number put above. With it, W with the correction for ties is

    W = sum_i (sum_j d[j, i])**2 / (m * sum_ij d[j, i]**2),

which is the formula with ties of Kendall (1970, ch. 6) with every factor of 12 cancelled.
"""

from bisect import bisect
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from .bootstrap import defined_values, drawn_sums, percentile_ends
from .inputs import (
    checked_choice,
    checked_confidence,
    checked_ratings,
    complete_raters,
    numeric_array,
    plain,
    where,
)


@dataclass(frozen=True)
class Concordance:
    """Kendall's W of one panel (plain numbers) or of a batch (arrays of the batch's shape).

    Attributes
    ----------
    w : float or ndarray
        Coefficient of concordance, 0 to 1.
    chi2, df, p
        Friedman's chi-square ``m (n - 1) W``, its degrees of freedom ``n - 1`` and the upper
        tail probability. For few raters ask :func:`concordance_pvalue` for an exact p.
    mean_ranks : ndarray, shape (..., n)
        1 is the lowest rating.
    m : int or ndarray of int
        Raters that counted: those with a missing rating are left out.
    n : int
        Items.
    """

    w: float | np.ndarray
    chi2: float | np.ndarray
    df: int
    p: float | np.ndarray
    mean_ranks: np.ndarray
    m: int | np.ndarray
    n: int


def kendall_w(ratings, *, ties=True, undefined="raise") -> Concordance:
    """Kendall's W with chi-square, mean ranks and the correction for ties.

    Parameters
    ----------
    ratings : array_like, shape (m, n) or (..., m, n)
        Any ordered numbers, ranked within each rater with midranks. A rater with a missing
        rating is left out, as SPSS does.
    ties : bool
        Correct for ties, as SPSS does. Without the correction tied panels cannot reach 1.
    undefined : {"raise", "nan"}
        What to do where no W exists: an error, or NaN for that panel of a batch.

    Raises
    ------
    ValueError
        For values that are not finite numbers, fewer than two items or complete raters, and
        where every rater ties all items (W would be 0/0).

    References
    ----------
    Kendall, M. G. (1970). Rank Correlation Methods, 4th ed., ch. 6. - Friedman, M. (1937).
    JASA 32, 675-701.

    Examples
    --------
    Three raters order three items; the rank sums are 4, 6 and 8:

    >>> result = kendall_w([[1, 2, 3], [1, 2, 3], [2, 2, 2]])
    >>> round(result.w, 3), round(result.chi2, 3), result.df
    (0.667, 4.0, 2)
    >>> result.mean_ranks.round(2).tolist()
    [1.33, 2.0, 2.67]
    """
    ratings = checked_ratings(ratings, batch=True)
    checked_choice("undefined", undefined, ("raise", "nan"))
    n = ratings.shape[-1]
    complete = ~np.isnan(ratings).any(axis=-1)
    deviations = rank_deviations(ratings) * complete[..., None]
    m = complete.sum(axis=-1)
    sums = deviations.sum(axis=-2)
    squares = (deviations**2).sum(axis=(-2, -1))
    usable = (m >= 2) & (squares > 0)
    if undefined == "raise" and not usable.all():
        _raise_undefined(usable, m)
    most = m * squares if ties else m**2 * (n**3 - n) // 3
    w = np.where(usable, (sums**2).sum(axis=-1) / np.where(usable, most, 1), np.nan)
    chi2 = m * (n - 1) * w
    with np.errstate(invalid="ignore"):
        mean_ranks = (n + 1) / 2 + sums / (2.0 * m[..., None])
    p = special.chdtrc(n - 1, chi2)
    return Concordance(plain(w), plain(chi2), n - 1, plain(p), mean_ranks, plain(m), n)


def _raise_undefined(usable, m):
    """Say why W does not exist, of a batch for the first panel without it."""
    bad = np.argwhere(~usable)
    first = tuple(bad[0])
    panels = f" in {len(bad)} of {usable.size} panels, the first at {where(first)}" if first else ""
    if m[first] < 2:
        raise ValueError(
            f"Kendall's W needs two raters and {int(m[first])} can be used after those with "
            f"missing judgements are left out{panels}; accepted are at least two complete raters."
        )
    raise ValueError(
        f"Kendall's W is undefined (0/0): every rater ties all items{panels}; "
        "accepted are panels where at least one rater tells two items apart."
    )


def w_without_each(ratings) -> np.ndarray:
    """W of a panel with each rater left out in turn.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Of at least three raters, none with a missing rating.

    Returns
    -------
    ndarray, shape (m,)
        NaN where the others tie all items.

    Examples
    --------
    >>> w_without_each([[1, 2, 3], [1, 2, 3], [3, 2, 1]]).round(3).tolist()
    [0.0, 0.0, 1.0]
    """
    each = deviations_and_squares(checked_ratings(ratings))
    return w_of_sums(each.sum(axis=0) - each, len(each) - 1)


def deviations_and_squares(raters) -> np.ndarray:
    """Doubled rank deviations of each rater and the sum of their squares, shape (m, n + 1).

    W of any of these raters is :func:`w_of_sums` of the sums of their rows.
    """
    deviations = rank_deviations(raters)
    return np.column_stack([deviations, (deviations**2).sum(axis=-1)])


def w_of_sums(sums, m) -> np.ndarray:
    """W of `m` raters from the sums over them of :func:`deviations_and_squares`, shape (...)."""
    squares = sums[..., -1]
    most = m * np.where(squares > 0, squares, np.nan)
    return (sums[..., :-1] ** 2).sum(axis=-1) / most


def rank_deviations(ratings) -> np.ndarray:
    """Doubled deviations of midranks from the middle rank, as integers.

    Parameters
    ----------
    ratings : array_like of float, shape (..., n)
        NaN stands outside the ranking and gets 0.

    Returns
    -------
    ndarray of int, shape (..., n)
        For each item the items rated lower less the items rated higher; the midrank is
        ``(d + k + 1) / 2`` with k the items rated.

    Examples
    --------
    >>> rank_deviations([10, 20, 20, 40]).tolist()
    [-3, 0, 0, 3]
    """
    ratings = numeric_array(ratings, "ratings")
    if not ratings.ndim:
        raise ValueError("ratings: found a single number; accepted is an array (..., n).")
    items = np.ascontiguousarray(np.moveaxis(ratings, -1, 0))
    deviations = np.zeros(items.shape, dtype=int)
    for i, other in combinations(range(len(items)), 2):
        # a NaN is neither above nor below: adds nothing
        above = (items[i] > items[other]).astype(int) - (items[i] < items[other])
        deviations[i] += above
        deviations[other] -= above
    return np.moveaxis(deviations, 0, -1)


@dataclass(frozen=True)
class WInterval:
    """W of a panel with its bootstrap interval over raters; `undefined` draws had no W."""

    w: float
    low: float
    high: float
    undefined: int


def w_interval(ratings, *, confidence=0.95, draws=9999, seed=0) -> WInterval:
    """Percentile bootstrap interval of W, drawing raters with replacement.

    A drawn panel repeats raters, and a rater agrees with a copy of themself perfectly. Since
    ``W = 1/m + (1 - 1/m) r`` with r the mean rank correlation between raters (Kendall, 1970,
    ch. 6), copies raise the expected W of drawn panels to ``1/m + (1 - 1/m) W``. That line is
    inverted for each drawn W, so that the interval is not pushed up; its ends are kept within 0
    and 1.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Raters with a missing rating are left out first.

    Raises
    ------
    ValueError
        As :func:`kendall_w`, or where no drawn panel has a W.

    Examples
    --------
    >>> panel = [[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4], [1, 3, 2, 4], [1, 2, 3, 4]]
    >>> interval = w_interval(panel, draws=999, seed=1)
    >>> interval.low < interval.w < interval.high
    True
    """
    raters = complete_raters(checked_ratings(ratings))
    confidence = checked_confidence(confidence)
    w = kendall_w(ratings).w
    m = len(raters)
    drawn = w_of_sums(drawn_sums(deviations_and_squares(raters), draws, seed), m)
    defined = defined_values(drawn, "W")
    low, high = percentile_ends((defined - 1 / m) / (1 - 1 / m), confidence).clip(0, 1)
    return WInterval(w, float(low), float(high), draws - len(defined))


SCHMIDT_WORDS = ("very weak", "weak", "moderate", "strong", "unusually strong")


def schmidt_band(w) -> str:
    """Schmidt's words for a value of W; a label for readers, not a test.

    Schmidt (1997) puts words to the points .1, .3, .5, .7 and .9. A value between points gets
    the word of the nearest one, the higher at equal distance; that rule is ours.

    Raises
    ------
    ValueError
        For a value outside 0..1 or NaN.

    References
    ----------
    Schmidt, R. C. (1997). Managing Delphi surveys using nonparametric statistical techniques.
    Decision Sciences 28, 763-774.

    Examples
    --------
    >>> schmidt_band(0.72)
    'strong agreement'
    """
    if not isinstance(w, (int, float, np.floating)) or not 0 <= w <= 1:
        raise ValueError(f"w: found {w!r}; accepted are values of W between 0 and 1.")
    # midpoints between Schmidt's points, written out so that .2 is not .19999999999999998
    return f"{SCHMIDT_WORDS[bisect([0.2, 0.4, 0.6, 0.8], w)]} agreement"
