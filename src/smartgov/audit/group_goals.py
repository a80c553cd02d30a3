"""A group's printed figures as whole numbers: the rank sums and ties a panel has to reach.

Midranks are halves, so rank sums are kept doubled; ``t**3 - t`` is a multiple of six, so
corrections for ties are kept in sixths.  `W` depends on both alone: for every total of ties, the
interval of `W` is an interval of sums of squares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from scipy.stats import chi2

from smartgov.audit.panel_tables import Target
from smartgov.audit.printed import Interval

EXACT_ITEMS, EXACT_STATES = 3, 4_000_000
"""A group is enumerated if it has no more items, and its rank sums and ties no more states."""

W_GUARD = Fraction(1, 10**9)
"""A W computed back from a p-value is trusted to be this close to its true value."""

TIE_WEIGHT = 3
"""In a gap, one sixth of ties counts as much as this many units of rank sums."""

NOWHERE = 2**60


@dataclass(frozen=True, eq=False)
class Goal:
    """A target as whole numbers, for `m` experts and `n` items.

    Attributes
    ----------
    m, n : int
        Experts, items.
    low, high : ndarray of int, shape (ties + 1,)
        For every total of tie corrections, counted in sixths of ``t**3 - t``, the smallest and
        largest sum of squared deviations of the doubled rank sums; where no sum will do, those
        of the nearest total for which one does.
    astray : ndarray of int, shape (ties + 1,)
        How far that nearest total is.
    sum_low, sum_high : ndarray of int, shape (n,)
        The smallest and largest doubled rank sum of each item.
    """

    m: int
    n: int
    low: np.ndarray
    high: np.ndarray
    astray: np.ndarray
    sum_low: np.ndarray
    sum_high: np.ndarray

    @property
    def enumerable(self) -> bool:
        """Whether finding no answers to this goal is a proof that there are none."""
        return self.n <= EXACT_ITEMS and math.prod(reach_shape(self.m, self.n)) <= EXACT_STATES

    def gap(self, sums: np.ndarray, ties: np.ndarray) -> np.ndarray:
        """How far rank sums and ties are from the target; 0 exactly where they meet it.

        Parameters
        ----------
        sums : ndarray of int, shape (..., n)
            Doubled rank sums.
        ties : ndarray of int, shape (...)
            Total tie corrections, in sixths.
        """
        squares = self._squares(sums)
        outside = np.maximum(self.low[ties] - squares, squares - self.high[ties])
        outside = np.maximum(outside, 0) + TIE_WEIGHT * self.astray[ties]
        if not self.ranks_asked:
            return outside
        # Exchanges of items mend rank sums and leave ties alone; so the ties count that the rank
        # sums asked for will need.
        wanted = np.clip(sums, self.sum_low, self.sum_high)
        squares = self._squares(wanted)
        fewest = np.searchsorted(-self.low, -squares, side="left")
        most = np.searchsorted(-self.high, -squares, side="right") - 1
        off = np.maximum(np.maximum(fewest - ties, ties - most), 0)
        return np.abs(wanted - sums).sum(-1) + TIE_WEIGHT * off + (outside > 0)

    def met(self, sums: np.ndarray, ties: np.ndarray) -> np.ndarray:
        """Whether rank sums and ties meet the target: where :meth:`gap` is 0, found faster."""
        squares = self._squares(sums)
        inside = (self.low[ties] <= squares) & (squares <= self.high[ties])
        within = (self.sum_low <= sums) & (sums <= self.sum_high)
        return inside & (self.astray[ties] == 0) & within.all(-1)

    def ties_for(self, sums: np.ndarray) -> np.ndarray:
        """The totals of ties with which these rank sums meet the target's W and p."""
        squares = self._squares(sums)
        return np.flatnonzero((self.low <= squares) & (squares <= self.high) & (self.astray == 0))

    def _squares(self, sums: np.ndarray) -> np.ndarray:
        return ((sums - self.m * (self.n + 1)) ** 2).sum(-1)

    @property
    def hopeless(self) -> bool:
        """Whether the target's intervals hold no whole numbers that could be rank sums and ties."""
        return bool((self.astray > 0).all() or (self.sum_low > self.sum_high).any())

    @cached_property
    def ranks_asked(self) -> bool:
        """Whether rank sums are asked for one by one."""
        least, most = 2 * self.m, 2 * self.m * self.n
        return bool((self.sum_low > least).any() or (self.sum_high < most).any())


@lru_cache(maxsize=4096)
def goal_of(m: int, n: int, target: Target, generous: bool = False) -> Goal:
    """Translate a target into whole numbers (see :class:`Goal`).

    Parameters
    ----------
    m, n : int
        Experts, items.
    target : Target
    generous : bool
        The p-value is a float; by default its interval is taken a little too narrow, so that
        whatever meets the goal prints the target.  Generous, it is taken a little too wide, so
        that whatever misses the goal does not print it: the side an exclusion needs.
    """
    interval = _w_interval(m, n, target, generous)
    windows = [_square_window(m, n, ties, interval) for ties in range(m * (n**3 - n) // 6 + 1)]
    ranks = target.mean_ranks or (None,) * n
    sums = [_whole_numbers(interval, Fraction(2 * m), 2 * m, 2 * m * n) for interval in ranks]
    nearest, astray = _nearest_open([low <= high for low, high in windows])
    low, high = np.array(windows, dtype=np.int64)[nearest].T
    sum_low, sum_high = np.array(sums, dtype=np.int64).T
    return Goal(m, n, low, high, astray, sum_low, sum_high)


def reach_shape(m: int, n: int) -> tuple[int, ...]:
    """The axes of states: doubled rank sums of all items but the last, then ties in sixths.

    Doubled ranks run from 2 to ``2 n``; the 2 that every expert adds at least is left out.

    Examples
    --------
    >>> reach_shape(m=13, n=3)
    (53, 53, 53)
    """
    return ((2 * n - 2) * m + 1,) * (n - 1) + (m * (n**3 - n) // 6 + 1,)


@lru_cache(maxsize=256)
def meeting_states(goal: Goal) -> np.ndarray:
    """Which states meet a goal.

    Returns
    -------
    ndarray of bool, shape reach_shape(goal.m, goal.n)
    """
    m, n = goal.m, goal.n
    *sums, ties = np.indices(reach_shape(m, n))
    sums = [axis + 2 * m for axis in sums]
    last = m * n * (n + 1) - sum(sums, np.zeros_like(ties))
    return goal.met(np.stack([*sums, last], axis=-1), ties)


def _w_interval(m: int, n: int, target: Target, generous: bool) -> Interval | None:
    """Values of W that print both W and p; None where neither is asked."""
    if target.p is None or n < 2:
        return target.W
    from_p = _w_of_p(m, n, target.p, W_GUARD if generous else -W_GUARD)
    return from_p if target.W is None else target.W & from_p


def _w_of_p(m: int, n: int, p: Interval, outwards: Fraction) -> Interval:
    """Values of W whose p-value lies in an interval, its ends moved outwards."""
    if not p & Interval(Fraction(0), Fraction(1), low_closed=False):
        return Interval(Fraction(1), Fraction(0))

    def w_at(level: Fraction) -> Fraction:
        return Fraction(float(chi2.isf(float(level), n - 1))) / (m * (n - 1))

    low = Fraction(0) if p.high is None or Fraction(1) in p else w_at(p.high) - outwards
    high = Fraction(1) if p.low is None or p.low <= 0 else w_at(p.low) + outwards
    return Interval(low, Fraction(0) if p.low == 1 else high)


def _square_window(m: int, n: int, ties: int, interval: Interval | None) -> tuple[int, int]:
    if interval is None:
        return 0, NOWHERE
    room = m * m * (n**3 - n) - 6 * m * ties
    if room == 0:  # W is not defined
        return NOWHERE, -NOWHERE
    low, high = _whole_numbers(interval, Fraction(room, 3), 0, NOWHERE)
    # Whole numbers that add up to 0 have an even sum of squares.
    return low + low % 2, high - high % 2


def _nearest_open(is_open: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """For every place the nearest open one, and how far it is."""
    places = np.arange(len(is_open))
    doors = np.flatnonzero(is_open)
    if len(doors) == 0:
        return places, np.full(len(places), NOWHERE // TIE_WEIGHT)
    after = np.searchsorted(doors, places).clip(max=len(doors) - 1)
    before = (after - 1).clip(min=0)
    is_before = np.abs(doors[before] - places) < np.abs(doors[after] - places)
    nearest = np.where(is_before, doors[before], doors[after])
    return nearest, np.abs(nearest - places)


def _whole_numbers(
    interval: Interval | None, factor: Fraction, least: int, most: int
) -> tuple[int, int]:
    """The smallest and largest whole number in an interval times a factor."""
    if interval is None:
        return least, most
    low, high = least, most
    if interval.low is not None:
        edge = interval.low * factor
        low = math.ceil(edge) + (edge.denominator == 1 and not interval.low_closed)
    if interval.high is not None:
        edge = interval.high * factor
        high = math.floor(edge) - (edge.denominator == 1 and not interval.high_closed)
    return max(low, least), min(high, most)
