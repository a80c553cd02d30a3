"""Kendall's coefficient of concordance W: how alike m raters order n items.

The whole module rests on one number for each judgement: the *doubled rank deviation*

    d[j, i] = 2 * (rank of item i by rater j - (n + 1) / 2),

an integer even when ranks are tied, because it is the number of items the rater puts below
item i less the number put above. With it, W with the correction for ties is

    W = sum_i (sum_j d[j, i])**2 / (m * sum_ij d[j, i]**2),

which is the formula with ties of Kendall (1970, ch. 6) with every factor of 12 cancelled.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from .inputs import (
    checked_choice,
    checked_count,
    checked_level,
    checked_ratings,
    plain,
    some_defined,
    where,
)

__all__ = ["Concordance", "WInterval", "kendall_w", "rank_deviations", "schmidt_band", "w_interval"]

PANELS_AT_ONCE = 2000  # a block of this many panels stays in the processor's cache
PAIRWISE_UP_TO = 64  # beyond this many items sorting beats comparing every pair


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
    mean_ranks : ndarray
        Shape ``(..., n)``; 1 is the lowest rating.
    m : int or ndarray of int
        Raters that counted (those with missing judgements are left out listwise).
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


def kendall_w(ratings, *, ties=True, missing="listwise", undefined="raise") -> Concordance:
    """Kendall's W with chi-square, mean ranks and the correction for ties.

    Parameters
    ----------
    ratings : array_like, shape (m, n) or (..., m, n)
        Raters in rows, items in columns; any ordered numbers, ranked within each rater with
        midranks. NaN is a missing judgement.
    ties : bool
        Correct for ties (default, as SPSS does). Without the correction tied panels cannot
        reach 1.
    missing : {"listwise", "skillings-mack"}
        "listwise" leaves out every rater with a missing judgement, as SPSS does.
        "skillings-mack" keeps raters with at least two judgements: chi2 is the statistic of
        Skillings and Mack (1981), with the covariance taken given the ties, and
        ``W = chi2 / sum_j (k_j - 1)`` over raters with ``k_j`` judgements. With nothing missing
        both agree. The mean ranks are then of ranks stretched from 1..k_j to 1..n, over the
        raters who judged the item.
    undefined : {"raise", "nan"}
        What to do where no W exists: an error (default), or NaN for that panel of a batch.

    Returns
    -------
    Concordance

    Raises
    ------
    ValueError
        For values that are not numbers or infinite, fewer than two raters or items, fewer than
        two complete raters, and where every rater ties all items (W would be 0/0).

    References
    ----------
    Kendall, M. G. (1970). Rank Correlation Methods, 4th ed., ch. 6. - Friedman, M. (1937).
    JASA 32, 675-701. - Skillings, J. H., & Mack, G. A. (1981). Technometrics 23, 171-177.

    Examples
    --------
    Three raters order three items; the rank sums are 4, 6 and 8:

    >>> result = kendall_w([[1, 2, 3], [1, 2, 3], [2, 2, 2]])
    >>> round(result.w, 3), round(result.chi2, 3), result.df
    (0.667, 4.0, 2)
    >>> result.mean_ranks.round(2).tolist()
    [1.33, 2.0, 2.67]
    """
    ratings = checked_ratings(ratings)
    checked_choice("missing", missing, ("listwise", "skillings-mack"))
    checked_choice("undefined", undefined, ("raise", "nan"))
    batch, n = ratings.shape[:-2], ratings.shape[-1]
    panels = ratings.reshape(-1, *ratings.shape[-2:])
    summary = _listwise if missing == "listwise" else _skillings_mack
    w, chi2, mean_ranks, m, why = _in_blocks(lambda block: summary(block, ties), panels)
    if undefined == "raise":
        _raise_where_undefined(why.reshape(batch), m.reshape(batch))
    p = special.chdtrc(n - 1, chi2)
    return Concordance(
        plain(w.reshape(batch)),
        plain(chi2.reshape(batch)),
        n - 1,
        plain(p.reshape(batch)),
        mean_ranks.reshape(*batch, n),
        plain(m.reshape(batch)),
        n,
    )


def rank_deviations(ratings) -> np.ndarray:
    """Doubled deviations of midranks from the middle rank, as integers.

    Parameters
    ----------
    ratings : ndarray of float, shape (..., n)
        NaN stands outside the ranking and gets 0.

    Returns
    -------
    ndarray of int64, shape (..., n)
        For each item the items rated lower less the items rated higher; the midrank is
        ``(d + k + 1) / 2`` with k the items rated.

    Examples
    --------
    >>> rank_deviations([10, 20, 20, 40]).tolist()
    [-3, 0, 0, 3]
    """
    ratings = np.asarray(ratings, dtype=float)
    return np.moveaxis(_deviations_items_first(np.moveaxis(ratings, -1, 0)), 0, -1).astype(int)


def _deviations_items_first(ratings):
    """Doubled rank deviations along the first axis, in the smallest integers that hold them."""
    ratings = np.ascontiguousarray(ratings)
    n = len(ratings)
    if n > PAIRWISE_UP_TO:
        ranks = stats.rankdata(ratings, axis=0, nan_policy="omit")
        middle = ((~np.isnan(ratings)).sum(axis=0) + 1) / 2
        return np.nan_to_num(2 * (ranks - middle)).astype(np.int32)
    deviations = np.zeros(ratings.shape, np.int8)
    for i in range(n):
        for other in range(i + 1, n):  # a NaN is neither above nor below: adds nothing
            above = (ratings[i] > ratings[other]).view(np.int8)
            above -= (ratings[i] < ratings[other]).view(np.int8)
            deviations[i] += above
            deviations[other] -= above
    return deviations


def _in_blocks(summary, panels):
    """Apply `summary` to blocks of panels that fit the cache; join each of its outputs."""
    blocks = [
        summary(panels[start : start + PANELS_AT_ONCE])
        for start in range(0, max(len(panels), 1), PANELS_AT_ONCE)
    ]
    return [np.concatenate(parts) for parts in zip(*blocks, strict=False)]


DEFINED, TOO_FEW_RATERS, ALL_TIED, NOT_CONNECTED = range(4)


def _listwise(panels, ties):
    """W, chi2, mean ranks, raters kept and the reason where undefined, raters listwise."""
    n = panels.shape[-1]
    items_first = np.ascontiguousarray(panels.transpose(2, 1, 0))
    deviations = _deviations_items_first(items_first)  # (n, m, panels)
    missing = np.isnan(items_first).any(axis=0)
    deviations *= ~missing
    m = (~missing).sum(axis=0)
    sums = deviations.sum(axis=1, dtype=np.int64)
    squares = (deviations.astype(np.int16 if n <= PAIRWISE_UP_TO else np.int64) ** 2).sum(
        axis=(0, 1), dtype=np.int64
    )
    most = m * squares if ties else m**2 * (n**3 - n) // 3
    why = np.where(m < 2, TOO_FEW_RATERS, np.where(squares == 0, ALL_TIED, DEFINED))
    usable = why == DEFINED
    w = np.where(usable, (sums**2).sum(axis=0) / np.where(usable, most, 1), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_ranks = (n + 1) / 2 + sums.T / (2.0 * m[:, None])
    return w, m * (n - 1) * w, mean_ranks, m, why


def _skillings_mack(panels, ties):
    """As `_listwise`, keeping every rater with at least two judgements."""
    n = panels.shape[-1]
    judged = ~np.isnan(panels)
    k = judged.sum(axis=2)
    counts = k >= 2
    deviations = rank_deviations(panels) / 2
    weight = np.sqrt(12 / (k + 1))
    a = np.einsum("pj,pji->pi", weight, deviations)
    # variance of one rank under random order: (k^2 - 1) / 12 without ties, less with them
    spread = (deviations**2).sum(axis=2) if ties else (k**3 - k) / 12
    scale = np.where(counts, weight**2 * spread / np.maximum(k * (k - 1), 1), 0.0)
    seen = judged.astype(float)
    covariance = -np.einsum("pj,pji,pjl->pil", scale, seen, seen)
    diagonal = np.arange(n)
    covariance[:, diagonal, diagonal] += np.einsum("pj,pji->pi", scale * k, seen)
    m = counts.sum(axis=1)
    connected = np.linalg.matrix_rank(covariance, hermitian=True) == n - 1
    all_tied = ~(deviations != 0).any(axis=(1, 2))
    why = np.select(
        [m < 2, all_tied, ~connected], [TOO_FEW_RATERS, ALL_TIED, NOT_CONNECTED], DEFINED
    )
    chi2 = np.full(len(panels), np.nan)
    fine = why == DEFINED
    chi2[fine] = _quadratic_form(a[fine, :-1], covariance[fine, :-1, :-1])
    degrees = np.where(counts, k - 1, 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        w = chi2 / degrees
        stretched = np.einsum("pj,pji->pi", counts * (n - 1) / np.maximum(k - 1, 1), deviations)
        mean_ranks = (n + 1) / 2 + stretched / np.einsum("pj,pji->pi", counts * 1.0, seen)
    return w, chi2, mean_ranks, m, why


def _quadratic_form(a, covariance):
    return np.einsum("pi,pi->p", a, np.linalg.solve(covariance, a[..., None])[..., 0])


def _raise_where_undefined(why, m):
    if not why.any():
        return
    bad = np.argwhere(why != DEFINED)
    first = tuple(bad[0])
    panels = (
        ""
        if why.ndim == 0
        else (f" in {len(bad)} of {why.size} panels, the first at {where(first)}")
    )
    sentence = {
        TOO_FEW_RATERS: f"Kendall's W needs two raters and {int(m[first])} can be used after "
        f"those with missing judgements are left out{panels}; give more complete "
        "raters, or missing='skillings-mack' to keep incomplete ones.",
        ALL_TIED: f"Kendall's W is undefined (0/0): every rater ties all items{panels}; "
        "accepted are panels where at least one rater tells two items apart.",
        NOT_CONNECTED: "Kendall's W after Skillings and Mack is undefined: some items are never "
        f"told apart, directly or through others, by any rater{panels}; accepted "
        "are panels whose items are all linked by shared raters.",
    }[int(why[first])]
    raise ValueError(sentence)


@dataclass(frozen=True)
class WInterval:
    """Bootstrap interval of W over raters.

    Attributes
    ----------
    w, low, high : float
        W of the panel, and the interval's ends.
    level : float
        Confidence level.
    resamples, undefined : int
        Panels drawn, and how many of them had no W and were set aside.
    self_pairs : str
        "removed" or "kept".
    """

    w: float
    low: float
    high: float
    level: float
    resamples: int
    undefined: int
    self_pairs: str


def w_interval(
    ratings, *, level=0.95, resamples=9999, seed=0, ties=True, self_pairs="removed"
) -> WInterval:
    """Percentile bootstrap interval of W, drawing raters with replacement.

    A drawn panel repeats raters, and a rater agrees with a copy of themself perfectly. Since
    ``W = 1/m + (1 - 1/m) r`` with r the mean rank correlation between raters (Kendall, 1970,
    ch. 6), copies raise the expected W of drawn panels to ``1/m + (1 - 1/m) W``. By default
    that line is inverted for each drawn W, so that the interval is not pushed up.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Raters with a missing judgement are left out first.
    level : float
        Confidence level.
    resamples : int
        Panels to draw.
    seed : int or numpy.random.Generator
        Where the draws start.
    ties : bool
        As in :func:`kendall_w`.
    self_pairs : {"removed", "kept"}
        "kept" is the plain percentile bootstrap.

    Returns
    -------
    WInterval
        Ends are kept within 0 and 1.

    Raises
    ------
    ValueError
        As :func:`kendall_w`; also for a batch, or a level outside (0, 1).

    References
    ----------
    Efron, B., & Tibshirani, R. (1993). An Introduction to the Bootstrap (percentile interval).
    The line for copies is derived above.

    Examples
    --------
    >>> panel = [[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4], [1, 3, 2, 4], [1, 2, 3, 4]]
    >>> interval = w_interval(panel, resamples=999, seed=1)
    >>> interval.low < interval.w < interval.high
    True
    """
    ratings = checked_ratings(ratings)
    level = checked_level(level)
    checked_choice("self_pairs", self_pairs, ("removed", "kept"))
    if ratings.ndim != 2:
        raise ValueError(
            f"ratings: found {ratings.ndim} dimensions; accepted is one panel "
            "(m, n) raters by items."
        )
    w = kendall_w(ratings, ties=ties).w
    raters = ratings[~np.isnan(ratings).any(axis=1)]
    m = len(raters)
    size = checked_count("resamples", resamples), m
    draws = np.random.default_rng(seed).integers(m, size=size)
    drawn = kendall_w(raters[draws], ties=ties, undefined="nan").w
    defined = some_defined(drawn, "W")
    if self_pairs == "removed":
        defined = (defined - 1 / m) / (1 - 1 / m)
    ends = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2]).clip(0, 1)
    return WInterval(
        w, float(ends[0]), float(ends[1]), level, resamples, resamples - len(defined), self_pairs
    )


SCHMIDT_LABELS = np.array(
    [
        "very weak agreement",
        "weak agreement",
        "moderate agreement",
        "strong agreement",
        "unusually strong agreement",
    ]
)


def schmidt_band(w):
    """Schmidt's words for a value of W; a label for readers, not a test.

    Schmidt (1997) puts words to the points .1, .3, .5, .7 and .9. A value between
    points gets the word of the nearest one, the higher at equal distance; that rule is ours.

    Parameters
    ----------
    w : float or array_like
        Values of W, 0 to 1.

    Returns
    -------
    str or ndarray of str

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
    values = np.asarray(w, dtype=float)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"w: found {w!r}; accepted are values of W between 0 and 1.")
    # midpoints between Schmidt's points, written out so that .2 is not .19999999999999998
    labels = SCHMIDT_LABELS[np.searchsorted([0.2, 0.4, 0.6, 0.8], values, side="right")]
    return str(labels) if values.ndim == 0 else labels
