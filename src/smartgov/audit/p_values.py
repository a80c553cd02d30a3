"""p-values of Kendall's W: the approximations in use, as floats and to any precision.

A float p-value is good for a first look; where it falls next to a rounding boundary,
:func:`chi2_p_exact` works it out to forty digits.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from smartgov.audit.printed import Interval

DIGITS = 40


def chi2_p(chi2: ArrayLike, df: ArrayLike) -> np.ndarray:
    """Upper tail of the chi-square distribution, as floats.

    Parameters
    ----------
    chi2 : array_like
        Friedman's statistic, chi2 = m (n - 1) W (Friedman, 1937; Kendall, 1970, eq. 6.10).
    df : array_like
        n - 1.
    """
    return special.chdtrc(df, np.maximum(chi2, 0.0))


def f_p(w: ArrayLike, m: ArrayLike, n: ArrayLike, degrees: str) -> np.ndarray:
    """Upper tail of F = (m - 1) W / (1 - W), as floats.

    Parameters
    ----------
    w, m, n : array_like
        Kendall's W of `m` raters and `n` items.
    degrees : str
        ``"kendall"``: n - 1 - 2/m and (m - 1) times that, the beta approximation of Kendall and
        Babington Smith (1939), which also vegan's ``kendall.global`` prints (Legendre, 2005);
        ``"iman-davenport"``: n - 1 and (m - 1)(n - 1) (Iman and Davenport, 1980).

    Returns
    -------
    ndarray
        0 where W is 1; NaN where the first number of degrees of freedom is not positive.

    Raises
    ------
    ValueError
        For other `degrees`.

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


def chi2_p_exact(chi2: Fraction | int, df: int, digits: int = DIGITS) -> Fraction:
    """Upper tail of the chi-square distribution, right to `digits` significant digits.

    With a = df/2 and x = chi2/2 it is Gamma(a, x) / Gamma(a): for small x one less the power
    series of the lower tail (Abramowitz and Stegun, 1964, eq. 6.5.29), for large x Legendre's
    continued fraction (eq. 6.5.31), which keeps its digits however small the tail is.

    Parameters
    ----------
    chi2 : Fraction or int
        At least 0.
    df : int
        At least 1.

    Raises
    ------
    ValueError
        For a negative `chi2` or `df` below 1.

    Examples
    --------
    >>> round(float(chi2_p_exact(Fraction(7, 2), 2)), 12) == round(float(np.exp(-7 / 4)), 12)
    True
    """
    if chi2 < 0 or df < 1:
        raise ValueError(f"found chi2 = {chi2} with df = {df}; accepted are chi2 >= 0, df >= 1.")
    if chi2 == 0:
        return Fraction(1)
    with localcontext() as context:
        context.prec = digits + 12
        x = Decimal(Fraction(chi2).numerator) / Decimal(2 * Fraction(chi2).denominator)
        a = Decimal(df) / 2
        density = (a * x.ln() - x).exp()
        smallest = Decimal(10) ** -(digits + 6)
        if x < a + 1:
            lower = _lower_series(a, x, smallest) * density / _gamma_of_half(df + 2, context.prec)
            return Fraction(1 - lower)
        upper = _upper_fraction(a, x, smallest) * density / _gamma_of_half(df, context.prec)
        return Fraction(upper)


def _lower_series(a: Decimal, x: Decimal, smallest: Decimal) -> Decimal:
    """1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + …, all terms positive."""
    term = total = Decimal(1)
    k = 0
    while term > smallest * total:
        k += 1
        term *= x / (a + k)
        total += term
    return total


def _upper_fraction(a: Decimal, x: Decimal, smallest: Decimal) -> Decimal:
    """1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - …))), after Lentz."""
    b = x + 1 - a
    c, d = 1 / smallest**2, 1 / b
    value, change, k = d, Decimal(0), 0
    while abs(change - 1) > smallest:
        k += 1
        step = -k * (k - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        change = c * d
        value *= change
    return value


def chi2_p_interval(chi2: Interval, df: int) -> Interval:
    """The p-values of every chi-square in an interval, right to forty significant digits.

    For positive rational chi2 no p-value is a decimal fraction that a table could print (for even
    degrees of freedom by Lindemann's theorem; nothing else is known for odd ones), so forty
    digits settle on which side of a rounding boundary it lies.  chi2 = 0 gives exactly 1.
    """
    low, high = chi2.low, chi2.high
    upper = chi2_p_exact(max(low or 0, 0), df)
    lower = Fraction(0) if high is None else chi2_p_exact(max(high, 0), df)
    low_closed = high is not None and chi2.high_closed
    return Interval(lower, upper, low_closed, low is None or low < 0 or chi2.low_closed)


@lru_cache(maxsize=512)
def _gamma_of_half(k: int, precision: int) -> Decimal:
    """Gamma(k / 2)."""
    if k == 2:
        return Decimal(1)
    if k == 1:
        return _pi(precision).sqrt()
    return _gamma_of_half(k - 2, precision) * (Decimal(k - 2) / 2)


@lru_cache(maxsize=4)
def _pi(precision: int) -> Decimal:
    """Machin's formula, pi/4 = 4 arctan(1/5) - arctan(1/239), in integers."""
    one = 10 ** (precision + 10)

    def arctan_of_inverse(x: int) -> int:
        power, total, sign, k = one // x, 0, 1, 1
        while power:
            total += sign * (power // k)
            power, sign, k = power // x**2, -sign, k + 2
        return total

    with localcontext() as context:
        context.prec = precision
        return Decimal(4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))) / one
