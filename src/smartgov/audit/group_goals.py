"""A group's printed figures as whole numbers: the sums of deviations that a panel has to reach.

Of m experts and n items a target is met by some (D, Q) of :mod:`smartgov.audit.states`.  A mean
rank is an interval of its D_i.  W, and a p-value through it, is for every Q an interval of
sum_i D_i^2 = W m Q, in short the *spread*; a Q may leave no whole number in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.stats import chi2

from smartgov.audit.listing import deviations_in
from smartgov.audit.panel_tables import Target
from smartgov.audit.printed import Interval
from smartgov.audit.states import ENUMERABLE, state_grid, states_of

EXACT_ITEMS = 3
"""A group is enumerated if it has no more items, and as many experts as `states` enumerates."""

W_GUARD = Fraction(1, 10**9)
"""A W computed back from a p-value is trusted to be this close to its true value."""

SQUARES_WEIGHT = 3
"""In a gap, two units of Q count as much as this many units of spread."""

ANY = Interval(None, None)


@dataclass(frozen=True, eq=False)
class Goal:
    """A target as whole numbers, for `m` experts and `n` items.

    At place h of the first three stands what holds for Q = 2 h.
    """

    m: int
    n: int
    least_spread: np.ndarray
    most_spread: np.ndarray  # below the least where no spread will do
    nearest: np.ndarray  # the nearest h for which some spread will do
    least_deviation: np.ndarray  # of every item
    most_deviation: np.ndarray

    @property
    def enumerable(self) -> bool:
        """Whether finding no answers to this goal is a proof that there are none."""
        return self.n == 1 or (self.n <= EXACT_ITEMS and self.m <= ENUMERABLE[self.n])

    @property
    def impossible(self) -> bool:
        """Whether no whole numbers at all meet the goal."""
        no_spread = self.least_spread > self.most_spread
        no_deviation = self.least_deviation > self.most_deviation
        return bool(no_spread.all() or no_deviation.any())

    def gap(self, deviations: np.ndarray, half_squares: np.ndarray) -> np.ndarray:
        """How far D, shape (..., n), and Q/2 are from the target; 0 exactly where they meet it."""
        wanted = np.clip(deviations, self.least_deviation, self.most_deviation)
        spread = (wanted**2).sum(-1)
        at = self.nearest[half_squares]
        beyond = np.maximum(self.least_spread[at] - spread, spread - self.most_spread[at])
        squares_off = SQUARES_WEIGHT * np.abs(at - half_squares)
        return np.maximum(beyond, 0) + squares_off + np.abs(wanted - deviations).sum(-1)


@lru_cache(maxsize=4096)
def goal_of(m: int, n: int, target: Target, generous: bool = False) -> Goal:
    """Translate a target into whole numbers.

    W is computed back from p as a float; by default its interval is taken a little too narrow, so
    that whatever meets the goal prints the target.  Generous, it is taken a little too wide, so
    that whatever misses the goal does not print it: the side an exclusion needs.
    """
    w = _w_interval(m, n, target, W_GUARD if generous else -W_GUARD)
    spreads = [_half_spreads(w, m, n, half) for half in range(m * n * (n**2 - 1) // 6 + 1)]
    ranks = target.mean_ranks or (None,) * n
    deviations = [deviations_in(ANY if rank is None else rank, m, n) for rank in ranks]
    return Goal(
        m,
        n,
        least_spread=np.array([2 * halves.start for halves in spreads]),
        most_spread=np.array([2 * halves.stop - 2 for halves in spreads]),
        nearest=_nearest(np.array([len(halves) > 0 for halves in spreads])),
        least_deviation=np.array([whole.start for whole in deviations]),
        most_deviation=np.array([whole.stop - 1 for whole in deviations]),
    )


@lru_cache(maxsize=1024)
def meeting_places(goal: Goal) -> np.ndarray:
    """The places in the grid of states that meet an enumerable goal, in the order of D, then -Q."""
    grid = state_grid(goal.m, goal.n)
    deviations, half_squares = states_of(grid)
    found = np.argwhere(grid)[goal.gap(deviations.astype(int), half_squares) == 0]
    return found[np.lexsort([-found[:, 0], *found[:, :0:-1].T])]


def _w_interval(m: int, n: int, target: Target, widening: Fraction) -> Interval | None:
    """Values of W that print both W and p; None where neither is asked."""
    if target.W is None and target.p is None:
        return None
    w = ANY if target.W is None else target.W
    return w if target.p is None or n == 1 else w & _w_of_p(m, n, target.p, widening)


def _w_of_p(m: int, n: int, p: Interval, widening: Fraction) -> Interval:
    """Values of W whose p-value lies in an interval, widened at both ends."""

    def w_at(level: Fraction) -> Fraction:
        return Fraction(float(chi2.isf(float(level), n - 1))) / (m * (n - 1))

    possible = p & Interval(Fraction(0), Fraction(1), low_closed=False)
    if not possible:
        return Interval(Fraction(1), Fraction(0))
    low = Fraction(0) if 1 in possible else w_at(possible.high) - widening
    high = Fraction(1) if possible.low == 0 else w_at(possible.low) + widening
    return Interval(low, max(high, Fraction(0)))


def _half_spreads(w: Interval | None, m: int, n: int, half_squares: int) -> range:
    """Halves of the spreads that give such a W; deviations add up to 0, so a spread is even."""
    most = m**2 * n * (n**2 - 1) // 6
    if w is None:
        return range(most + 1)
    if half_squares == 0:  # W is not defined
        return range(0)
    return (w * (m * half_squares)).whole_numbers(0, most)


def _nearest(is_open: np.ndarray) -> np.ndarray:
    """For every place the nearest open one, of two as near the lower; itself if none is open."""
    opened = np.flatnonzero(is_open)
    if len(opened) == 0:
        return np.arange(len(is_open))
    return opened[np.searchsorted((opened[1:] + opened[:-1]) / 2, np.arange(len(is_open)))]
