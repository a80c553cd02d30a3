"""What printed mean ranks exclude for any number of items, without listing panels.

In doubled rank deviations D_i (see :mod:`smartgov.audit.states`) a printed mean rank allows a
run of whole numbers.  A panel's D add up to 0, and j of its items can never add up to less than
-m j (n - j), which is what they have when every rater puts them first.  These conditions are
necessary; for few items and raters the exact enumeration says the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from smartgov.audit.printed import Interval

_LONGEST = 10**9
"""Beyond this denominator products could leave 64 bits, so Python's own integers take over."""


@dataclass(frozen=True, eq=False)
class RankBounds:
    """What a row's mean ranks leave open at each of several numbers of raters.

    Whether whole D exist that print them and meet the conditions, and between what the sum of D_i
    squared lies, for D_i taken one by one; shape (sizes,) each.
    """

    possible: np.ndarray
    spread_low: np.ndarray
    spread_high: np.ndarray


def rank_bounds(mean_ranks: Sequence[Interval], m: np.ndarray) -> RankBounds:
    """The whole rank deviations that print a row of mean ranks.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = [parse_printed(text).interval() for text in ("1.33", "2.00", "2.67")]
    >>> rank_bounds(row, np.arange(2, 7)).possible.tolist()
    [False, True, False, False, True]
    """
    n = len(mean_ranks)
    m = np.asarray(m, dtype=np.int64)
    low, high = _whole_deviations(mean_ranks, m)
    possible = (low <= high).all(axis=0)
    # The sharpest condition on j items is on the j whose own bounds are most extreme.
    j = np.arange(1, n + 1)[:, None]
    reach = m * j * (n - j)
    possible &= (np.cumsum(np.sort(high, axis=0), axis=0) >= -reach).all(axis=0)
    possible &= (np.cumsum(-np.sort(-low, axis=0), axis=0) <= reach).all(axis=0)
    nearest_zero = np.maximum(np.maximum(low, -high), 0)
    farthest = np.maximum(np.abs(low), np.abs(high))
    return RankBounds(possible, (nearest_zero**2).sum(axis=0), (farthest**2).sum(axis=0))


def can_sum(mean_ranks: Sequence[Interval]) -> bool:
    """Whether mean ranks can add up to n (n + 1) / 2, whatever the number of raters."""
    n = len(mean_ranks)
    total = Interval(
        _sum([interval.low for interval in mean_ranks]),
        _sum([interval.high for interval in mean_ranks]),
        all(interval.low_closed for interval in mean_ranks),
        all(interval.high_closed for interval in mean_ranks),
    )
    return Fraction(n * (n + 1), 2) in total


def _sum(ends: Sequence[Fraction | None]) -> Fraction | None:
    """The sum over a common denominator, many times faster than adding one by one."""
    if None in ends:
        return None
    common = math.lcm(*(end.denominator for end in ends))
    return Fraction(sum(end.numerator * (common // end.denominator) for end in ends), common)


def _whole_deviations(
    mean_ranks: Sequence[Interval], m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and last whole D of each item for each m, in whole numbers throughout."""
    n = len(mean_ranks)
    most = m * (n - 1)
    low, low_rest = _divided([interval.low for interval in mean_ranks], 0, m)
    high, high_rest = _divided([interval.high for interval in mean_ranks], n + 1, m)
    low_open = np.array([[not interval.low_closed] for interval in mean_ranks])
    high_open = np.array([[not interval.high_closed] for interval in mean_ranks])
    # The first whole number from below is the next one up where there is a rest or the end is open.
    low = low + ((low_rest > 0) | low_open)
    high = high - ((high_rest == 0) & high_open)
    return np.maximum(low.astype(np.int64), -most), np.minimum(high.astype(np.int64), most)


def _divided(
    ends: Sequence[Fraction | None], beyond: int, m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The D that belongs to each mean rank for each m: whole part and rest, shape (n, sizes)."""
    n = len(ends)
    # No mean rank lies outside 1 to n, so there every end means the same, open or not.
    ends = [Fraction(beyond if end is None else min(max(end, 0), n + 1)) for end in ends]
    longest = max(end.denominator for end in ends) > _LONGEST
    kind = object if longest else np.int64
    numerators = [[2 * end.numerator - (n + 1) * end.denominator] for end in ends]
    denominators = np.array([[end.denominator] for end in ends], dtype=kind)
    scaled = np.array(numerators, dtype=kind) * m.astype(kind)
    return scaled // denominators, scaled % denominators
