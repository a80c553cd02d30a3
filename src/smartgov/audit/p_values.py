"""p-values of Kendall's W: the approximations in use, as floats and to any precision.

A float p-value is good for a first look; where it falls next to a rounding boundary,
:func:`chi2_p_exact` works it out to forty digits.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from smartgov.audit.printed import Interval

DIGITS = 40

_LARGEST = 10**5
"""With up to 1000 items the tail beyond this chi2 is smaller than any figure that is printed."""


def chi2_p(chi2: ArrayLike, df: ArrayLike) -> np.ndarray:
    """Upper tail of the chi-square distribution, as floats.

    `chi2` is Friedman's statistic, m (n - 1) W, with n - 1 degrees of freedom (Friedman, 1937;
    Kendall, 1970, eq. 6.10).
    """
    return special.chdtrc(df, np.maximum(chi2, 0.0))


def f_p(w: ArrayLike, m: ArrayLike, n: ArrayLike, degrees: str) -> np.ndarray:
    """Upper tail of F = (m - 1) W / (1 - W), as floats.

    The degrees of freedom are ``"kendall"``: n - 1 - 2/m and (m - 1) times that, the beta
    approximation of Kendall and Babington Smith (1939), which also vegan's ``kendall.global``
    prints (Legendre, 2005); or ``"iman-davenport"``: n - 1 and (m - 1)(n - 1) (Iman and Davenport,
    1980).  0 where W is 1; NaN where the first is not positive.

    Examples
    --------
    >>> float(f_p(0.5, 3, 3, "iman-davenport").round(4))
    0.25
    """
    w, m, n = (np.asarray(values, dtype=float) for values in (w, m, n))
    if degrees not in ("kendall", "iman-davenport"):
        raise ValueError(f"unknown degrees {degrees!r}; accepted are kendall and iman-davenport.")
    first = n - 1 - (2 / m if degrees == "kendall" else 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The tail of F(v1, v2) at (m - 1) W / (1 - W) is that of Beta(v1/2, v2/2) at W.
        p = special.betaincc(first / 2, (m - 1) * first / 2, np.clip(w, 0.0, 1.0))
    return np.where(first > 0, p, np.nan)


def chi2_p_exact(chi2: Fraction | int, df: int) -> Fraction:
    """Upper tail of the chi-square distribution, right to forty significant digits.

    Examples
    --------
    >>> round(float(chi2_p_exact(Fraction(7, 2), 2)), 12) == round(float(np.exp(-7 / 4)), 12)
    True
    """
    from mpmath import gammainc, libmp, mpf, workdps

    if chi2 < 0 or df < 1:
        raise ValueError(f"found chi2 = {chi2} with df = {df}; accepted are chi2 >= 0, df >= 1.")
    chi2 = Fraction(chi2)
    with workdps(DIGITS + 12):
        x = mpf(chi2.numerator) / (2 * chi2.denominator)
        tail = gammainc(mpf(df) / 2, x, regularized=True)
        return Fraction(*libmp.to_rational(tail._mpf_))


def p_interval(w: Interval, m: int, n: int) -> Interval:
    """The chi-square p-values of every W in an interval, right to forty significant digits.

    For positive rational chi2 no p-value is a decimal fraction that a table could print (for even
    degrees of freedom by Lindemann's theorem; nothing else is known for odd ones), so forty
    digits settle on which side of a rounding boundary it lies.  W = 0 gives exactly 1.
    """
    chi2 = w * (m * (n - 1))
    low, high = chi2.low, chi2.high
    upper = chi2_p_exact(min(max(low or 0, 0), _LARGEST), n - 1)
    endless = high is None or high > _LARGEST
    lower = Fraction(0) if endless else chi2_p_exact(max(high, 0), n - 1)
    low_closed = not endless and chi2.high_closed
    return Interval(lower, upper, low_closed, low is None or low < 0 or chi2.low_closed)
