"""What a printed p of W may be, and whether some W between two values has such a p.

``chi2``
    the upper tail of chi-square with n - 1 degrees of freedom, what SPSS, PSPP and most others
    print as the asymptotic significance;
``F``
    the upper tail of F = (m - 1) W / (1 - W) with either of its usual degrees of freedom
    (:func:`smartgov.audit.p_values.f_p`);
``exact``
    the permutation p of a panel so small that it is customary: listed in full for two and three
    items, otherwise anything between the bounds of
    :func:`smartgov.audit.exact_p.permutation_bounds`;
``permutation``
    the permutation p of a panel of any size, exact or by Monte Carlo, between those bounds and a
    margin; almost nothing but gross errors is excluded then.

The last digit of a Monte-Carlo p is chance.  Only ``permutation`` allows for it, except that a
power of ten from 0.001 down is let pass under ``exact`` as the smallest p its draws can give.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from smartgov.audit.exact_p import (
    LISTED,
    exact_pairs,
    is_customary,
    monte_carlo_bounds,
    permutation_bounds,
)
from smartgov.audit.p_values import chi2_p, f_p
from smartgov.audit.printed import FLOAT_GUARD, TAIL_GUARD, Interval, Printed, as_float

P_METHODS = ("chi2", "F", "exact", "permutation")
P_READINGS = {
    "chi2": "a chi-square p",
    "F": "an F p",
    "exact": "an exact p",
    "permutation": "a Monte-Carlo p",
}

_POSSIBLE = Interval(Fraction(0), Fraction(1))
_SMALLEST_P = {Fraction(1, 10**k) for k in range(3, 8)}


def p_meets(
    p: Printed,
    printed: Interval,
    w: tuple[np.ndarray, np.ndarray],
    m: np.ndarray,
    n: int,
    method: str,
    guard: float = FLOAT_GUARD,
) -> np.ndarray:
    """Whether some W between two values has a p, by a method, that prints like the row's.

    `printed` holds every number that prints like `p`; `w` the smallest and the largest W and `m`
    the raters, shape (sizes,) each; `guard` says how much floats are trusted, and if negative asks
    for certainty.
    """
    meets = np.zeros(len(m), dtype=bool)
    if not printed & _POSSIBLE:
        return meets
    low, high = printed.floats(100 * guard)
    for least, most in p_ranges(*w, m, n, method):
        # NaN, for degrees of freedom that do not exist, meets nothing.
        meets |= (least <= high) & (most >= low)
    if method == "exact":
        meets &= is_customary(m, np.full(len(m), n))
        for k in np.flatnonzero(meets & (m <= LISTED.get(n, 0))):
            meets[k] = _is_listed((low, high), w[0][k], w[1][k], int(m[k]), n)
    if method in ("exact", "permutation") and p.relation == "=" and p.value in _SMALLEST_P:
        meets |= chi2_p(m * (n - 1) * w[1], n - 1) <= as_float(p.value)
    return meets


def p_ranges(
    w_low: np.ndarray, w_high: np.ndarray, m: np.ndarray, n: int, method: str
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Between what the p of W between two values lies, by each variant of a method."""
    if method == "chi2":
        scale = m * (n - 1)
        yield chi2_p(scale * w_high, n - 1), chi2_p(scale * w_low, n - 1)
    elif method == "F":
        for degrees in ("kendall", "iman-davenport"):
            yield f_p(w_high, m, n, degrees), f_p(w_low, m, n, degrees)
    elif method == "exact":
        yield permutation_bounds(w_low, w_high, m, n)
    else:
        yield monte_carlo_bounds(*permutation_bounds(w_low, w_high, m, n))


def _is_listed(p: tuple[float, float], w_low: float, w_high: float, m: int, n: int) -> bool:
    """Whether an exact p between two values stands with some W between two others."""
    w_listed, p_listed = exact_pairs(m, n)
    start, stop = np.searchsorted(w_listed, [w_low - FLOAT_GUARD, w_high + FLOAT_GUARD])
    near = p_listed[start:stop]
    return bool(((near >= p[0] * (1 - TAIL_GUARD)) & (near <= p[1] * (1 + TAIL_GUARD))).any())
