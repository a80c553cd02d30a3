"""Interval arithmetic for many rows at once: W, chi2 and p against panel sizes.

Floats with a guard settle nearly every row either way; what falls inside the guard is handed back
as undecided, for :func:`smartgov.audit.concordance.misfit` to work out exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed

P_METHODS = ("chi2", "F", "exact", "permutation")
"""What a printed p may be, see :mod:`smartgov.audit.concordance`."""

FITS, W, CHI2, P, UNDECIDED = range(5)
"""What :func:`screen` answers: everything meets, or the figure that fails, or too close to say."""

_SMALLEST_FLOAT = 1e-290
_SMALLEST_P = {Fraction(1, 10**k) for k in range(3, 8)}


@dataclass(frozen=True, eq=False)
class Ends:
    """The ends of many rows' printed intervals, as floats.

    Attributes
    ----------
    w, chi2, p : ndarray, shape (2, rows)
        Lower and upper ends; infinite where nothing is printed.
    smallest_p : ndarray, shape (rows,)
        The printed p where it is one that permutation tests give as their smallest, else NaN.
    """

    w: np.ndarray
    chi2: np.ndarray
    p: np.ndarray
    smallest_p: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> Ends:
        """The ends of some of the rows, in the order asked for."""
        return Ends(self.w[:, rows], self.chi2[:, rows], self.p[:, rows], self.smallest_p[rows])


def ends_of(
    w: Sequence[Printed | None],
    chi2: Sequence[Printed | None],
    p: Sequence[Printed | None],
    rule: str = "either",
) -> Ends:
    """The ends of columns of printed figures under a rounding rule."""
    return Ends(
        *(_float_ends([cell and cell.interval(rule) for cell in cells]) for cells in (w, chi2, p)),
        np.array([_smallest_p(cell) for cell in p], dtype=float),
    )


def screen(
    ends: Ends,
    m: np.ndarray,
    n: np.ndarray,
    p_methods: Sequence[str],
    w_low: np.ndarray | float = 0.0,
    w_high: np.ndarray | float = 1.0,
) -> np.ndarray:
    """For each row whether its figures meet at its panel size.

    Parameters
    ----------
    ends : Ends
    m, n : ndarray of int, shape (rows,)
        At least 2.
    p_methods : sequence of str
        Of :data:`P_METHODS`.
    w_low, w_high : float or ndarray, shape (rows,)
        Between what W is known to lie.

    Returns
    -------
    ndarray of int, shape (rows,)
        :data:`FITS`, :data:`W` (not where it is known to lie), :data:`CHI2` (does not meet W),
        :data:`P` (no method gives it for the W that remain) or :data:`UNDECIDED`.
    """
    low, high = np.broadcast_to(w_low, m.shape), np.broadcast_to(w_high, m.shape)
    codes = _codes(ends, m, n, p_methods, low, high, FLOAT_GUARD)
    fit = np.flatnonzero(codes == FITS)
    strict = _codes(ends[fit], m[fit], n[fit], p_methods, low[fit], high[fit], -FLOAT_GUARD)
    codes[fit[strict != FITS]] = UNDECIDED
    return codes


def _codes(
    ends: Ends,
    m: np.ndarray,
    n: np.ndarray,
    p_methods: Sequence[str],
    w_low: np.ndarray,
    w_high: np.ndarray,
    guard: float,
) -> np.ndarray:
    low, high = np.maximum(ends.w[0], w_low), np.minimum(ends.w[1], w_high)
    w_fails = low > high + guard
    scale = m * (n - 1.0)
    low, high = np.maximum(low, ends.chi2[0] / scale), np.minimum(high, ends.chi2[1] / scale)
    chi2_fails = low > high + guard
    codes = np.where(w_fails, W, np.where(chi2_fails, CHI2, FITS))
    prints_p = np.isfinite(ends.p).any(axis=0)
    asked = np.flatnonzero((codes == FITS) & prints_p)
    codes[asked] = P
    for method in p_methods:
        left = asked[codes[asked] == P]
        if len(left):
            high_left = np.maximum(high[left], low[left])
            meets = p_meets(ends[left], low[left], high_left, m[left], n[left], method, guard)
            codes[left[meets]] = FITS
    return codes


def p_meets(
    ends: Ends,
    w_low: np.ndarray,
    w_high: np.ndarray,
    m: np.ndarray,
    n: np.ndarray,
    method: str,
    guard: float = FLOAT_GUARD,
) -> np.ndarray:
    """Whether some W between two values has a p, by `method`, that prints like each row's.

    Raises
    ------
    ValueError
        For an unknown method.
    """
    meets = np.zeros(len(m), dtype=bool)
    p_low, p_high = widened(ends.p, guard)
    for low, high in p_ranges(w_low, w_high, m, n, method):
        # NaN, for degrees of freedom that do not exist, meets nothing.
        meets |= (low <= p_high) & (high >= p_low)
    if method == "exact":
        listed = np.isin(n, list(LISTED)) & (
            m <= np.select([n == items for items in LISTED], list(LISTED.values()), 0)
        )
        meets &= is_customary(m, n)
        for k in np.flatnonzero(meets & listed):
            meets[k] = _is_listed(ends.p[:, k], w_low[k], w_high[k], int(m[k]), int(n[k]), guard)
    if method in ("exact", "permutation"):
        smaller = chi2_p(m * (n - 1) * w_high, n - 1) <= ends.smallest_p
        meets |= smaller
    return meets


def widened(p: np.ndarray, guard: float) -> tuple[np.ndarray, np.ndarray]:
    """The printed ends of p moved apart, or together if `guard` is negative.

    Float p-values keep their digits however small they are, so the guard is relative; it is a
    hundred times wider than elsewhere because tails are the least accurate of the functions used.
    Below the range of floats nothing is certain.
    """
    finite = np.where(np.isfinite(p), p, 0.0)
    margin = 100 * guard * np.abs(finite) + np.sign(guard) * _SMALLEST_FLOAT
    return p[0] - margin[0], p[1] + margin[1]


def p_ranges(
    w_low: np.ndarray, w_high: np.ndarray, m: np.ndarray | int, n: np.ndarray | int, method: str
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
    elif method == "permutation":
        yield monte_carlo_bounds(*permutation_bounds(w_low, w_high, m, n))
    else:
        raise ValueError(f"unknown p method {method!r}; accepted are {', '.join(P_METHODS)}.")


def may_be_exact(ends: Ends, w_low: float, w_high: float, m: int, n: int) -> bool:
    """Whether an exact p of one row, for W between two values, is not out of the question."""
    if chi2_p(m * (n - 1) * w_high, n - 1) <= ends.smallest_p[0] + FLOAT_GUARD:
        return True
    if n in LISTED and m <= LISTED[n]:
        return _is_listed(ends.p[:, 0], w_low, w_high, m, n, FLOAT_GUARD)
    return bool(is_customary(m, n))


def _is_listed(p: np.ndarray, w_low: float, w_high: float, m: int, n: int, guard: float) -> bool:
    w_listed, p_listed = exact_pairs(m, n)
    start, stop = np.searchsorted(w_listed, [w_low - guard, w_high + guard], side="left")
    near = p_listed[start:stop]
    return bool(((near >= p[0] - guard) & (near <= p[1] + guard)).any())


def _float_ends(intervals: Sequence[Interval | None]) -> np.ndarray:
    ends = np.array([(-np.inf, np.inf)] * len(intervals), dtype=float).reshape(-1, 2).T.copy()
    for k, interval in enumerate(intervals):
        if interval is not None and interval.low is not None:
            ends[0, k] = float(interval.low)
        if interval is not None and interval.high is not None:
            ends[1, k] = float(interval.high)
    return ends


def _smallest_p(cell: Printed | None) -> float:
    named = cell is not None and cell.relation == "=" and cell.value in _SMALLEST_P
    return float(cell.value) if named else np.nan
