"""Which sizes of panel could print a row.

A row passes four gates at each size, and each gate only turns away what no panel prints: the
figures that tell the number of items must agree, whole rank sums must print the mean ranks
(:mod:`~smartgov.audit.rank_bounds`), the intervals of W, chi2 and p must meet, and where panels
are listed one of them must print the row (:mod:`~smartgov.audit.listing`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from smartgov.audit.listing import is_listed, states_printing
from smartgov.audit.p_methods import p_meets
from smartgov.audit.p_values import p_interval
from smartgov.audit.printed import FLOAT_GUARD, Interval, as_float
from smartgov.audit.rank_bounds import RankBounds, can_sum, rank_bounds
from smartgov.audit.row import Reading, Row

UNIT = Interval(Fraction(0), Fraction(1))
"""Where every W lies."""

ANY_LARGE_M = 10**9
"""Stands for the number of raters where it plays no part."""


def fits(row: Row, m_sizes, n: int, reading: Reading, listing: bool = True) -> np.ndarray:
    """At which numbers of raters no gate turns a row away.

    False is a proof that no panel prints the row; True is one that some panel does only where
    panels are listed.  A printed `m` is not compared with the sizes, all of at least 2; everything
    else is.  Without `listing` the last gate is left out.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = Row(W=parse_printed("0.125"), p=parse_printed("0.124"))
    >>> fits(row, [12, 13], 8, Reading(p=("chi2",))).tolist()
    [False, True]
    """
    m = np.asarray(m_sizes, dtype=np.int64)
    if any(told != n for told in row.items.values()) or not len(m):
        return np.zeros(len(m), dtype=bool)
    bounds = rank_bounds(row.rank_intervals(reading), m) if any(row.mean_ranks) else None
    alive = _meets(row, m, n, reading, bounds, FLOAT_GUARD)
    unsure = np.flatnonzero(alive & ~_meets(row, m, n, reading, bounds, -FLOAT_GUARD))
    for k in unsure:
        alive[k] = _meets_exactly(row, int(m[k]), n, reading, _exact_w(bounds, k, int(m[k]), n))
    for k in np.flatnonzero(alive) if listing else ():
        alive[k] = _is_among_the_listed(row, int(m[k]), n, reading)
    return alive


def feasible_m(row: Row, reading: Reading) -> tuple[int, ...]:
    """The numbers of raters, its own and those of the reading, that print all figures but m."""
    sizes = sorted({*reading.m_sizes, *([row.m] if row.m else [])})
    found = np.any([fits(row, sizes, n, reading) for n in n_sizes(row, reading)], axis=0)
    return tuple(np.array(sizes)[found].tolist())


def feasible_n(row: Row, reading: Reading) -> tuple[int, ...]:
    """At the row's own number of raters, the numbers of items that print it."""
    m, free = raters(row), replace(row, n=None, df=None)
    sizes = reading.n_sizes if m else ()
    return tuple(n for n in sizes if fits(free, [m], n, reading)[0])


def printable(row: Row, reading: Reading, listing: bool = True) -> bool:
    """Whether some panel, of the row's own size or one of the reading's, prints it."""
    # The largest sizes come first: where panels are not listed, nothing more is asked.
    sizes = np.array(reading.m_sizes[::-1] if row.m is None else [row.m])
    return any(
        not listing or _is_among_the_listed(row, m, n, reading)
        for n in n_sizes(row, reading)
        for m in sizes[fits(row, sizes, n, reading, listing=False)].tolist()
    )


def may_be_larger(row: Row, reading: Reading) -> bool:
    """Whether a panel beyond the largest number of raters tried is not excluded.

    As raters are added, a W of at least what is printed gives a larger chi2 and a smaller p.  So
    at the next size W must not yet give too large a chi2 or too small a p; and chi2 and p must
    agree with each other, which does not depend on the number of raters.  The fineness of mean
    ranks is left out of account, only their sum counts.
    """
    bare = Row(n=row.n_items)
    next_size = replace(
        bare,
        m=reading.m_sizes[-1] + 1,
        W=row.W and row.W.as_bound(">="),
        chi2=row.chi2 and row.chi2.as_bound("<="),
        p=row.p and row.p.as_bound(">="),
    )
    no_size = replace(bare, m=ANY_LARGE_M, chi2=row.chi2, p=row.p)
    sums = not any(row.mean_ranks) or can_sum(row.rank_intervals(reading))
    return sums and printable(next_size, reading) and printable(no_size, reading)


def n_sizes(row: Row, reading: Reading) -> list[int]:
    """The numbers of items a row tells, or those of the reading."""
    return sorted(set(row.items.values())) or list(reading.n_sizes)


def raters(row: Row) -> int | None:
    """The number of raters, any large one where it plays no part."""
    plays_none = row.W is None and not any(row.mean_ranks)
    return row.m or (ANY_LARGE_M if plays_none else None)


def w_interval(row: Row, m: int, n: int, reading: Reading, within: Interval = UNIT) -> Interval:
    """The W that both the printed W and the printed chi2 allow; empty where they exclude it."""
    chi2 = row.interval("chi2", reading) * Fraction(1, m * (n - 1))
    return within & row.interval("W", reading) & chi2


def _is_among_the_listed(row: Row, m: int, n: int, reading: Reading) -> bool:
    """Whether some listed panel prints the row; true where panels are not listed."""
    return not is_listed(row, m, n) or len(states_printing(row, m, n, reading)) > 0


def _meets(
    row: Row, m: np.ndarray, n: int, reading: Reading, bounds: RankBounds | None, guard: float
) -> np.ndarray:
    """Whether whole rank sums exist and the intervals meet, floats trusted up to a guard."""
    low, high = np.zeros(len(m)), np.ones(len(m))
    if bounds is not None:
        low = 3 * bounds.spread_low / (m.astype(float) ** 2 * n * (n**2 - 1))
        high = (bounds.spread_high > 0).astype(float)
    for name, scale in (("W", 1), ("chi2", m * (n - 1.0))):
        interval = row.interval(name, reading)
        low = low if interval.low is None else np.maximum(low, as_float(interval.low) / scale)
        high = high if interval.high is None else np.minimum(high, as_float(interval.high) / scale)
    alive = low <= high + guard
    if bounds is not None:
        alive &= bounds.possible
    if row.p is not None:
        kept, fit = np.flatnonzero(alive), np.zeros(len(m), dtype=bool)
        w, interval = (low[kept], np.maximum(low, high)[kept]), row.interval("p", reading)
        for method in reading.p:
            fit[kept] |= p_meets(row.p, interval, w, m[kept], n, method, guard)
        alive &= fit
    return alive


def _exact_w(bounds: RankBounds | None, k: int, m: int, n: int) -> Interval:
    """Between what W lies by the mean ranks: smallest without ties, up to 1 with them."""
    if bounds is None:
        return UNIT
    low = Fraction(3 * int(bounds.spread_low[k]), m**2 * n * (n**2 - 1))
    return Interval(low, Fraction(int(bounds.spread_high[k] > 0)))


def _meets_exactly(row: Row, m: int, n: int, reading: Reading, within: Interval) -> bool:
    """The same at one size, W, chi2 and a chi-square p without any guard."""
    w = w_interval(row, m, n, reading, within)
    if not w:
        return False
    return row.p is None or any(_p_meets_exactly(row, w, m, n, reading, how) for how in reading.p)


def _p_meets_exactly(row: Row, w: Interval, m: int, n: int, reading: Reading, method: str) -> bool:
    """Whether some W of an interval has the printed p: forty digits where floats leave a doubt."""
    interval = row.interval("p", reading)
    ends = tuple(np.array([float(end)]) for end in (w.low, w.high))
    possible, certain = (
        bool(p_meets(row.p, interval, ends, np.array([m]), n, method, guard)[0])
        for guard in (FLOAT_GUARD, -FLOAT_GUARD)
    )
    if method == "chi2" and possible and not certain:
        return bool(p_interval(w, m, n) & interval)
    return possible
