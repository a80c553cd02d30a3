"""A printed row against all panels of one size, listed: an exact answer to every question.

What a row prints depends on a panel through its state alone (:mod:`smartgov.audit.states`), so
all panels are a few thousand to a million states.  Floats decide away from the ends of printed
intervals, fractions and forty-digit p-values next to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from smartgov.audit.p_methods import p_meets
from smartgov.audit.p_values import chi2_p, chi2_p_exact
from smartgov.audit.printed import TAIL_GUARD, Interval, as_float, rounded
from smartgov.audit.row import Reading, Row, rank_place
from smartgov.audit.states import ENUMERABLE, states_within

LISTED_ALONE = {2: 60, 3: 15, 4: 6, 5: 2}
"""Raters up to which panels are listed for rows without mean ranks; beyond, their W lie closer
than tables print."""

_LONGEST = 10**9
"""Beyond so many last places Python's own integers take over."""


@dataclass(frozen=True, eq=False)
class States:
    """States of panels, and what they print; W is ``spread / (m divisor)``.

    Sums of doubled rank deviations D_i, shape (states, n), or None where only W is listed; the sum
    of D_i squared; the sum of all squared deviations, or what it is without ties.
    """

    m: int
    n: int
    deviations: np.ndarray | None
    spread: np.ndarray
    divisor: np.ndarray

    def __len__(self) -> int:
        return len(self.spread)

    def __getitem__(self, chosen: np.ndarray) -> States:
        deviations = None if self.deviations is None else self.deviations[chosen]
        return States(self.m, self.n, deviations, self.spread[chosen], self.divisor[chosen])

    @cached_property
    def w(self) -> np.ndarray:
        """W as floats."""
        return self.spread / (self.m * self.divisor)

    @cached_property
    def p(self) -> np.ndarray:
        """Chi-square p-values as floats."""
        return chi2_p(self.m * (self.n - 1) * self.w, self.n - 1)

    @cached_property
    def _distinct_w(self) -> tuple[np.ndarray, np.ndarray]:
        """Every W once, and where each state's stands among them."""
        return np.unique(self.w, return_inverse=True)

    def values(self, name: str) -> np.ndarray:
        """A figure of every state as floats."""
        if name.startswith("mean_ranks"):
            return (self.n + 1) / 2 + self.deviations[:, rank_place(name)] / (2 * self.m)
        if name == "p":
            return self.p
        return self.w if name == "W" else self.m * (self.n - 1) * self.w

    def exact_w(self, state: int) -> Fraction:
        """W of one state."""
        return Fraction(int(self.spread[state]), self.m * int(self.divisor[state]))

    def prints(self, row: Row, name: str, reading: Reading) -> np.ndarray:
        """Which states print a figure of a row, shape (states,)."""
        interval = row.interval(name, reading)
        if name.startswith("mean_ranks"):
            allowed = deviations_in(interval, self.m, self.n)
            mine = self.deviations[:, rank_place(name)]
            return (mine >= allowed.start) & (mine < allowed.stop)
        if name == "p":
            return np.any([self._has_p(row, interval, method) for method in reading.p], axis=0)
        scale = 1 if name == "W" else self.m * (self.n - 1)
        return self._inside(interval, self.values(name), lambda k: scale * self.exact_w(k))

    def exact_p(self, state: int) -> Fraction:
        """Chi-square p-value of one state, right to forty digits."""
        return chi2_p_exact(self.m * (self.n - 1) * self.exact_w(state), self.n - 1)

    def _has_p(self, row: Row, interval: Interval, method: str) -> np.ndarray:
        if method == "chi2":
            return self._inside(interval, self.p, self.exact_p)
        w, place = self._distinct_w
        m = np.full(len(w), self.m)
        return p_meets(row.p, interval, (w, w), m, self.n, method)[place]

    def _inside(self, interval: Interval, values: np.ndarray, exact: Callable) -> np.ndarray:
        """Floats decide away from the ends of an interval, exact numbers next to them."""
        inside = np.ones(len(values), dtype=bool)
        for end, sign in ((interval.low, 1), (interval.high, -1)):
            if end is not None:
                within = sign * (values - as_float(end))
                inside &= within >= 0
                for state in np.flatnonzero(np.abs(within) <= TAIL_GUARD * values):
                    inside[state] = exact(state) in interval
        return inside

    def last_places(self, row: Row, name: str, rule: str) -> tuple[np.ndarray, np.ndarray]:
        """What the states print, in units of the column's last place, shape (states,) each.

        The least and the greatest, which differ only where the rule lets a half go either way.
        """
        scale = 10 ** row.places(name)
        long = max(scale, abs(row.figures[name].value * scale)) > _LONGEST
        if name == "p":
            return self._places_of_p(scale, long, rule)
        if name.startswith("mean_ranks"):
            deviations = self.deviations[:, rank_place(name)].astype(np.int64)
            numerator, denominator = (self.n + 1) * self.m + deviations, 2 * self.m
        else:
            numerator = self.spread * (1 if name == "W" else self.n - 1)
            denominator = self.divisor * (self.m if name == "W" else 1)
        if long:
            numerator = numerator.astype(object)
        return rounded(scale * numerator, denominator, rule)

    def _places_of_p(self, scale: int, long: bool, rule: str) -> tuple[np.ndarray, np.ndarray]:
        """The same for chi-square p-values: forty digits wherever a float could round wrongly."""
        if long:
            w, place = self._distinct_w
            first = np.zeros(len(w), dtype=int)
            first[place[::-1]] = np.arange(len(place))[::-1]
            exact = [scale * self.exact_p(state) for state in first]
            return rounded(np.array(exact, dtype=object)[place], 1, rule)
        halves = 2 * scale * self.p
        low, high = (places.astype(np.int64) for places in rounded(halves, 2, rule))
        for state in np.flatnonzero(np.abs(halves - np.rint(halves)) <= TAIL_GUARD * halves):
            low[state], high[state] = rounded(scale * self.exact_p(state), 1, rule)
        return low, high


def is_listed(row: Row, m: int, n: int) -> bool:
    """Whether panels of this size are listed for a row."""
    return m <= (ENUMERABLE if any(row.mean_ranks) else LISTED_ALONE).get(n, 0)


def states_printing(row: Row, m: int, n: int, reading: Reading) -> States:
    """The states of all panels of a listed size that print every figure of a row."""
    if any(row.mean_ranks):
        ranges = [deviations_in(interval, m, n) for interval in row.rank_intervals(reading)]
        found = _states(m, n, *states_within(m, n, ranges), reading.ties)
    else:
        found = all_w(m, n, reading.ties)
    for name in ("W", "chi2", "p"):
        if name in row.figures:
            found = found[found.prints(row, name, reading)]
    return found


@lru_cache(maxsize=4)
def all_states(m: int, n: int, ties: str) -> States:
    """The states of all panels of a listed size, mean ranks included."""
    most = m * (n - 1)
    deviations, squares = states_within(m, n, [range(-most, most + 1)] * n)
    return _states(m, n, deviations.astype(np.int16), squares, ties)


@lru_cache(maxsize=128)
def all_w(m: int, n: int, ties: str) -> States:
    """Every W of a listed size, each way to write it once."""
    every = all_states(m, n, ties)
    most = int(every.divisor.max()) + 1
    spread, divisor = np.divmod(np.unique(every.spread * most + every.divisor), most)
    return States(m, n, None, spread, divisor)


def _states(m: int, n: int, deviations: np.ndarray, squares: np.ndarray, ties: str) -> States:
    spread = (deviations.astype(np.int64) ** 2).sum(axis=1)
    if ties == "corrected":
        return States(m, n, deviations, spread, squares)
    untied = np.full_like(squares, m * n * (n**2 - 1) // 3)
    if ties == "uncorrected":
        return States(m, n, deviations, spread, untied)
    return States(
        m, n, np.tile(deviations, (2, 1)), np.tile(spread, 2), np.concatenate([squares, untied])
    )


def deviations_in(interval: Interval, m: int, n: int) -> range:
    """The sums of doubled rank deviations whose mean rank lies in an interval."""
    middle, most = Fraction(n + 1, 2), m * (n - 1)
    return ((interval + Interval(-middle, -middle)) * (2 * m)).whole_numbers(-most, most)
