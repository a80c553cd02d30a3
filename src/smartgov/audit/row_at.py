"""A row against every panel of one size: what clashes, what else it could print, what is nearest.

Where panels are listed (:mod:`smartgov.audit.listing`) all answers are exact; elsewhere intervals
rule out what no panel prints, and may let pass what none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import numpy as np
from scipy import special

from smartgov.audit.fitting import feasible_m, feasible_n, fits, printable, raters, w_interval
from smartgov.audit.listing import States, all_states, all_w, is_listed
from smartgov.audit.p_values import chi2_p
from smartgov.audit.printed import TAIL_GUARD, Interval, as_float, parse_printed
from smartgov.audit.row import Reading, Row, rank_place

_MOST_TRIED = 1000
"""Strings tried for a figure where panels are not listed."""

_MOST_RANKS = 60
"""Of a row with more mean ranks only the first ones are moved."""

_MOST_MOVES = 10
"""Of two figures the first is moved to so many places at most."""

_FARTHEST_SIZE = 3
"""Farther from what is printed, another number of items is no small change."""


Change = tuple[dict[str, str], Fraction]


@dataclass(frozen=True)
class Nearest:
    """The smallest change that makes a row one that some panel prints.

    The figures as they would be printed, none if no change was found, and by how many units of the
    last place they move, all together.
    """

    changed: dict[str, str]
    steps: Fraction = Fraction(0)


class RowAt:
    """A printed row against every panel of `m` raters and `n` items."""

    def __init__(self, row: Row, m: int, n: int, reading: Reading) -> None:
        self.row, self.m, self.n, self.reading = row, m, n, reading

    def feasible(self, kept: Iterable[str] | None = None) -> bool:
        """Whether some panel prints the figures `kept`, by default all of them."""
        kept = list(self.row.figures if kept is None else kept)
        row = self.row.keep(kept)
        if set(self.row.items.values()) <= {self.n} and is_listed(row, self.m, self.n):
            return bool(self._printing(kept).any())
        return bool(fits(row, [self.m], self.n, self.reading)[0])

    @property
    def listed(self) -> bool:
        """Whether all panels of this size are listed, so that every answer is exact."""
        return is_listed(self.row, self.m, self.n)

    @cached_property
    def conflicts(self) -> tuple[frozenset[str], ...]:
        """All smallest sets of figures that no panel prints."""
        return minimal_conflicts(list(self.row.figures), self.feasible)

    @property
    def unopposed(self) -> list[str]:
        """The figures that belong to no conflict."""
        against = frozenset().union(*self.conflicts)
        return [name for name in self.row.figures if name not in against]

    def plain(self, figure: str) -> str:
        """A figure with the zeros that its column leads one to expect."""
        cell = self.row.figures[figure]
        return cell.restyle(cell.value, self.row.places(figure))

    def printings(self, kept: Iterable[str], figure: str) -> list[str]:
        """Every string that `figure` can show on panels that print the figures `kept`.

        From the least to the greatest; at most 1000 around the bounds where none are listed.
        """
        if is_listed(self.row.keep([*kept, figure]), self.m, self.n):
            states = self._states[self._printing(kept)]
            shown = states.last_places(self.row, figure, self.reading.rule)
            return [self.row.restyled(figure, int(places)) for places in np.union1d(*shown)]
        low, high = asked_for(self.row.keep(kept), figure, self.m, self.n, self.reading)
        scale = 10 ** self.row.places(figure)
        around = range(max(0, int(Fraction(low) * scale) - 2), int(Fraction(high) * scale) + 3)
        strings = [self.row.restyled(figure, places) for places in around[:_MOST_TRIED]]
        tried = {text: self.row.with_figure(figure, text) for text in strings}
        return [
            text
            for text, row in tried.items()
            if RowAt(row, self.m, self.n, self.reading).feasible([*kept, figure])
        ]

    @cached_property
    def _states(self) -> States:
        """All states of a listed size."""
        listed = all_states if any(self.row.mean_ranks) else all_w
        return listed(self.m, self.n, self.reading.ties)

    @cached_property
    def _prints(self) -> dict[str, np.ndarray]:
        """Which of them print each figure."""
        return {
            name: self._states.prints(self.row, name, self.reading) for name in self.row.figures
        }

    def _printing(self, kept: Iterable[str]) -> np.ndarray:
        """Which of them print all figures `kept`."""
        chosen = np.ones(len(self._states), dtype=bool)
        for name in kept:
            chosen &= self._prints[name]
        return chosen

    @cached_property
    def nearest(self) -> Nearest:
        """The change of fewest figures, then of fewest last places.

        What is still equal is decided by the figures' order: the first ones stay; a p that
        changes becomes one of chi-square.  Where panels are not listed, or p may be none of
        chi-square, single figures are tried, then pairs of W, chi2 and p; each is moved just as
        far as the other figures ask, and what is reported has passed the same gates as any row.
        """
        if self.feasible():
            return Nearest({})
        known_p = self.row.p is None or "chi2" in self.reading.p
        if self.listed and known_p and set(self.row.items.values()) <= {self.n}:
            return self._nearest_listed()
        given = {name for name in ("m", "n") if getattr(self.row, name) is None}
        return nearest_change(replace(self.row, m=self.m, n=self.n), self.reading, given)

    def _nearest_listed(self) -> Nearest:
        row, printed_by = self.row, self._prints
        hits = np.sum(list(printed_by.values()), axis=0)
        best = np.flatnonzero(hits == hits.max())
        missed = {name: ~prints[best] for name, prints in printed_by.items()}
        close = _closest(self._states[best], row, missed)
        states = self._states[best[close]]
        missed = {name: misses[close] for name, misses in missed.items()}
        shown, steps = {}, 0
        for name in missed:
            printed = int(row.figures[name].value * 10 ** row.places(name))
            low, high = states.last_places(row, name, self.reading.rule)
            shown[name] = np.where(low >= printed, low, high)
            steps = steps + np.where(missed[name], np.abs(shown[name] - printed), 0)
        first = np.lexsort((*[*missed.values(), *shown.values()][::-1], steps))[0]
        changed = {
            name: row.restyled(name, int(shown[name][first]))
            for name in missed
            if missed[name][first]
        }
        return Nearest(changed, Fraction(int(steps[first])))


def _closest(states: States, row: Row, missed: dict[str, np.ndarray]) -> np.ndarray:
    """The states whose missed figures are nearest to a row's, with some to spare for rounding."""
    wanted = [name for name in missed if missed[name].any()]
    finest = max(row.places(name) for name in wanted)
    far, spare = np.zeros(len(states)), np.zeros(len(states))
    for name in wanted:
        values, printed = states.values(name), as_float(row.figures[name].value)
        # What lies beyond all states is equally much farther from each.
        printed = min(max(printed, values.min()), values.max())
        unit = missed[name] * 10.0 ** (row.places(name) - finest)
        far += unit * np.abs(values - printed)
        spare += unit * TAIL_GUARD * values + missed[name] * 10.0**-finest
    return np.flatnonzero(far - spare <= (far + spare).min())


def minimal_conflicts(
    figures: Sequence[str], feasible: Callable[[Iterable[str]], bool]
) -> tuple[frozenset[str], ...]:
    """All smallest sets of figures that no panel prints.

    Every subset is asked for unless it contains a conflict already found, so the list is
    complete, and each set becomes feasible when any one member is dropped.

    The smaller ones come first, then in the order of `figures`.  Dropping figures must never turn
    a feasible set infeasible.

    Examples
    --------
    >>> together = lambda kept: not {"W", "p"} <= set(kept)
    >>> [sorted(conflict) for conflict in minimal_conflicts(["W", "chi2", "p"], together)]
    [['W', 'p']]
    """
    conflicts: list[frozenset[str]] = []
    if feasible(frozenset(figures)):
        return ()
    for size in range(1, len(figures) + 1):
        for subset in map(frozenset, combinations(figures, size)):
            if not any(known <= subset for known in conflicts) and not feasible(subset):
                conflicts.append(subset)
    return tuple(conflicts)


# The nearest row, where panels are not listed -----------------------------------------------------


def nearest_change(row: Row, reading: Reading, given: Set[str] = frozenset()) -> Nearest:
    """The smallest change of a single figure or size, else of two of W, chi2 and p.

    Equally small changes are taken in the order p, chi2, W, mean ranks, df, n, m. Sizes that are
    `given`, and not printed in the row, stay.
    """
    for changes in (_single_changes, _double_changes):
        proposed = (change for change in changes(row, reading) if not given & change[0].keys())
        if found := _first_printable(row, proposed, reading):
            return found
    return Nearest({})


def another_m(row: Row, reading: Reading) -> Nearest | None:
    """The nearest other number of raters that prints all the rest, if that is two figures or more.

    A single figure is likelier to be misprinted than the number of raters.
    """
    sizes = feasible_m(row, reading) if row.m is not None and len(row.figures) > 1 else ()
    if not sizes:
        return None
    m = min(sizes, key=lambda size: abs(size - row.m))
    return Nearest({"m": str(m)}, Fraction(abs(m - row.m)))


def _first_printable(row: Row, changes: Iterator[Change], reading: Reading) -> Nearest | None:
    """The smallest of the changes after which some panel prints the row."""
    for changed, steps in sorted(changes, key=lambda change: change[1]):
        if printable(_changed(row, changed), reading):
            return Nearest(changed, steps)
    return None


def _changed(row: Row, changed: dict[str, str]) -> Row:
    for name, text in changed.items():
        row = row.with_figure(name, text)
    return row


def _single_changes(row: Row, reading: Reading) -> Iterator[Change]:
    if len(set(row.items.values())) == 1:
        for name in ("p", "chi2", "W", *row.ranks[:_MOST_RANKS]):
            # Only a figure without which some panel prints the row is worth moving.
            others = [other for other in row.figures if other != name]
            if name in row.figures and printable(row.keep(others), reading):
                move = _moved if name in ("p", "chi2", "W") else _moved_rank
                yield from move(row, name, reading)
    yield from _changed_items(row, feasible_n(row, reading))
    if other := another_m(row, reading):
        yield other.changed, other.steps


def _double_changes(row: Row, reading: Reading) -> Iterator[Change]:
    if len(set(row.items.values())) != 1:
        return
    for first, second in combinations([n for n in ("W", "chi2", "p") if n in row.figures], 2):
        without = row.keep([name for name in row.figures if name != first])
        nearest = sorted(_moved(without, second, reading), key=lambda change: change[1])
        for moved, steps in nearest[:_MOST_MOVES]:
            for again, more in _moved(_changed(row, moved), first, reading):
                yield moved | again, steps + more


def _moved(row: Row, name: str, reading: Reading) -> Iterator[Change]:
    """W, chi2 or p moved to what the others ask, and one last place to either side.

    Where m is needed and not printed, to what they ask at each number of raters.
    """
    cell, n, known = row.figures[name], row.n_items, raters(row)
    texts: dict[str, None] = {}
    for m in [known] if known else reading.m_sizes:
        low, high = asked_for(row, name, m, n, reading)
        if low <= high:
            target = Fraction(min(max(as_float(cell.value), low), high))
            unit = Fraction(10) ** -parse_printed(cell.restyle(target)).decimals
            nearby = (target, target - unit, target + unit) if known else (target,)
            texts |= dict.fromkeys(cell.restyle(max(value, Fraction(0))) for value in nearby)
    for text in texts:
        if steps := row.steps(name, text):
            yield {name: text}, steps


def asked_for(row: Row, name: str, m: int, n: int, reading: Reading) -> tuple[float, float]:
    """Between what W, chi2 or p should lie according to the others, as floats."""
    scale = m * (n - 1)
    rest = row.keep([other for other in row.figures if other != name])
    w = w_interval(rest, m, n, reading)
    low, high = as_float(w.low), as_float(w.high)
    if rest.p is not None:
        p_low, p_high = rest.interval("p", reading).floats()
        low = max(low, special.chdtri(n - 1, min(p_high, 1.0)) / scale if p_high > 0 else 1.0)
        high = min(high, special.chdtri(n - 1, p_low) / scale if p_low > 0 else 1.0)
    if name == "p":
        return float(chi2_p(scale * high, n - 1)), float(chi2_p(scale * low, n - 1))
    return (low, high) if name == "W" else (low * scale, high * scale)


def _changed_items(row: Row, feasible: Sequence[int]) -> Iterator[Change]:
    """n or df changed: to what the others say, or to the nearest that W, chi2 and p allow."""
    for name, told in reversed(row.items.items()):
        others = {n for other, n in row.items.items() if other != name}
        if name != "mean_ranks" and len(others) <= 1 and (others or feasible):
            n = min(others or feasible, key=lambda size: abs(size - told))
            if others or abs(n - told) <= _FARTHEST_SIZE:
                yield {name: str(n if name == "n" else n - 1)}, Fraction(abs(n - told))


def _moved_rank(row: Row, name: str, reading: Reading) -> Iterator[Change]:
    """A mean rank moved to what the others leave for it."""
    intervals, n = row.rank_intervals(reading), len(row.mean_ranks)
    cell, total = row.figures[name], Fraction(n * (n + 1), 2)
    rest = [other for k, other in enumerate(intervals) if k != rank_place(name)]
    others = sum(rest, Interval(Fraction(0), Fraction(0)))
    if others.low is None or others.high is None:
        return
    value = min(max(cell.value, total - others.high), total - others.low)
    unit = Fraction(10) ** -cell.decimals
    nearby = (value, value - unit, value + unit, *_ranks_near(value, row.m))
    for text in dict.fromkeys(cell.restyle(max(near, Fraction(0))) for near in nearby):
        if steps := row.steps(name, text):
            yield {name: text}, steps


def _ranks_near(mean_rank: Fraction, m: int | None) -> list[Fraction]:
    """The mean ranks next to one given that `m` raters can have: multiples of 1/(2m)."""
    if m is None:
        return []
    halves = int(mean_rank * 2 * m)
    return [Fraction(halves + step, 2 * m) for step in (-1, 0, 1, 2)]
