"""Intervals for shares, and corrections for several tests at once; both by statsmodels."""

from dataclasses import dataclass

import numpy as np

from .inputs import checked_choice, checked_confidence, is_whole, numeric_array, where

SHARE_METHODS = {"wilson": "wilson", "clopper-pearson": "beta", "wald": "normal"}
CORRECTIONS = (
    *("bonferroni", "sidak", "holm", "holm-sidak", "simes-hochberg", "hommel"),
    *("fdr_bh", "fdr_by"),
)


@dataclass(frozen=True)
class ShareInterval:
    """A share with its confidence interval."""

    share: float
    low: float
    high: float


def share_interval(k, n, *, confidence=0.95, method="wilson") -> ShareInterval:
    """Two-sided confidence interval of a share, k of n.

    Parameters
    ----------
    k, n : int
        Successes and trials, ``0 <= k <= n`` and ``n >= 1``.
    method : {"wilson", "clopper-pearson", "wald"}

    Raises
    ------
    ValueError
        If k or n is not a whole number, or they are out of order.

    References
    ----------
    Wilson, E. B. (1927). JASA 22, 209-212. - Clopper, C. J., & Pearson, E. S. (1934).
    Biometrika 26, 404-413. - Brown, L. D., Cai, T. T., & DasGupta, A. (2001). Statistical
    Science 16, 101-133.

    Examples
    --------
    >>> share = share_interval(11, 13)
    >>> round(share.share, 3), round(share.low, 3), round(share.high, 3)
    (0.846, 0.578, 0.957)
    """
    from statsmodels.stats.proportion import proportion_confint

    k, n = _counts(k, n)
    confidence = checked_confidence(confidence)
    checked_choice("method", method, SHARE_METHODS)
    low, high = proportion_confint(k, n, alpha=1 - confidence, method=SHARE_METHODS[method])
    return ShareInterval(k / n, float(low), float(high))


def all_confirmed(k, *, confidence=0.95) -> ShareInterval:
    """What "all k of k confirmed" says of the share behind it: a one-sided exact lower bound.

    The bound is ``(1 - confidence) ** (1 / k)``, the smallest share under which k of k would
    still happen with probability ``1 - confidence``; the upper end is 1.

    Parameters
    ----------
    k : int
        Experts (or items) asked, all of whom confirmed; at least 1.

    Raises
    ------
    ValueError
        If k is not a whole number of at least 1.

    References
    ----------
    Clopper & Pearson (1934), one-sided; Hanley, J. A., & Lippman-Hand, A. (1983). JAMA 249,
    1743-1745 (the "rule of three", ``1 - 3/k``).

    Examples
    --------
    >>> round(all_confirmed(13).low, 3)
    0.794
    """
    k, _ = _counts(k, k)
    return ShareInterval(1.0, (1 - checked_confidence(confidence)) ** (1 / k), 1.0)


def _counts(k, n):
    for name, value in (("k", k), ("n", n)):
        if not is_whole(value):
            raise ValueError(f"{name}: found {value!r}; accepted is a whole number.")
    if not (n >= 1 and 0 <= k <= n):
        raise ValueError(f"found k = {k} of n = {n}; accepted is 0 <= k <= n with n >= 1.")
    return int(k), int(n)


def adjust_pvalues(p, method="holm") -> np.ndarray:
    """p-values corrected for multiplicity, in the order given.

    Parameters
    ----------
    p : array_like, shape (k,)
        p-values of one family of tests.
    method : str
        "bonferroni", "sidak", "holm", "holm-sidak", "simes-hochberg", "hommel" (familywise
        error), "fdr_bh", "fdr_by" (false discovery rate).

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        If a p-value is missing or outside 0..1, or the method is unknown.

    References
    ----------
    Holm, S. (1979). Scandinavian Journal of Statistics 6, 65-70. - Benjamini, Y., & Hochberg,
    Y. (1995). JRSS B 57, 289-300.

    Examples
    --------
    >>> adjust_pvalues([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    from statsmodels.stats.multitest import multipletests

    p = numeric_array(p, "p")
    checked_choice("method", method, CORRECTIONS)
    if p.ndim != 1 or not len(p):
        raise ValueError(f"p: found shape {p.shape}; accepted is a list of p-values.")
    outside = np.argwhere(~((p >= 0) & (p <= 1)))
    if len(outside):
        raise ValueError(
            f"p: found {p[tuple(outside[0])]} at {where(outside[0])}; accepted are "
            "p-values between 0 and 1."
        )
    return multipletests(p, method=method)[1]
