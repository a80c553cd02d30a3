"""A printed row of mean ranks, W, chi2 and p against every panel there is, listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed
from smartgov.audit.states import panel_counts, panel_with, reachable


@dataclass(frozen=True)
class PrintedRow:
    """What a row prints of one panel.

    Attributes
    ----------
    mean_ranks : dict of str to Printed
        The items' names, all of them and in any order, with their mean ranks.
    W, chi2, p : Printed, optional
        p is the chi-square p-value.
    decimals : dict of str to int
        Decimal places of a figure's column, where trailing zeros may have been dropped.
    """

    mean_ranks: Mapping[str, Printed]
    W: Printed | None = None
    chi2: Printed | None = None
    p: Printed | None = None
    decimals: Mapping[str, int] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Printed]:
        """The printed figures by name: the items', then ``W``, ``chi2``, ``p``."""
        rest = {"W": self.W, "chi2": self.chi2, "p": self.p}
        return {**self.mean_ranks, **{name: cell for name, cell in rest.items() if cell}}

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.mean_ranks)

    def places(self, name: str) -> int:
        """Decimal places the figure's column prints."""
        return max(self.decimals.get(name, 0), self.figures[name].decimals, 0)


@dataclass(frozen=True)
class NearestRow:
    """The row closest to the printed one that a panel of `m` raters prints.

    Attributes
    ----------
    m : int
    changed : dict of str to str
        The figures that have to change, as they would be printed.
    steps : int
        By how many units of the last place they change, all together.
    figures : dict of str to str
        The whole row; unchanged figures keep their printed string.
    """

    m: int
    changed: dict[str, str]
    steps: int
    figures: dict[str, str]


class RowAtSize:
    """A printed row against every panel of `m` raters: an exact oracle.

    Parameters
    ----------
    row : PrintedRow
    m : int
        Raters; with the row's number of items within :data:`ENUMERABLE`.
    rule : str
        Rounding rule, see :data:`smartgov.audit.printed.RULES`.
    ties : str
        Whether W, chi2 and p are ``"corrected"`` for ties or ``"uncorrected"``.
    as_shown : bool
        Whether a figure with fewer decimals than its column may have been rounded to the decimals
        it shows (the weaker reading, so the default); else its missing zeros are put back.
    """

    def __init__(
        self,
        row: PrintedRow,
        m: int,
        rule: str = "either",
        ties: str = "corrected",
        as_shown: bool = True,
    ) -> None:
        self.row, self.m, self.rule, self.ties = row, m, rule, ties
        self.panels = reachable(m, row.n)
        self._as_shown = as_shown
        self._items = {name: k for k, name in enumerate(row.mean_ranks)}

    @cached_property
    def fits(self) -> dict[str, np.ndarray]:
        """For each figure which of the panels' (D, Q) print it, decided exactly."""
        return {name: self._fits(name) for name in self.row.figures}

    def feasible(self, kept: Iterable[str] | None = None) -> bool:
        """Whether some panel prints all of the figures `kept` (by default the whole row)."""
        return bool(self._printing(kept).any())

    def states(self, kept: Iterable[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The (D, Q) of all panels that print the figures `kept`."""
        chosen = self._printing(kept)
        return self.panels.deviations[chosen], self.panels.squares[chosen]

    def count(self, kept: Iterable[str] | None = None) -> int:
        """How many panels print the figures `kept`, see :func:`panel_counts`."""
        return int(panel_counts(self.m, self.row.n)[self._printing(kept)].sum())

    def example(self, kept: Iterable[str] | None = None) -> np.ndarray | None:
        """The midranks of one panel that prints the figures `kept`, shape (m, n), or None."""
        deviations, squares = self.states(kept)
        if not len(squares):
            return None
        return panel_with(deviations[0].tolist(), int(squares[0]), self.m)

    def determines(self, kept: Iterable[str], figure: str) -> bool:
        """Whether every panel that prints the figures `kept` also prints `figure`."""
        return not (self._printing(kept) & ~self.fits[figure]).any()

    def printings(self, kept: Iterable[str], figure: str) -> frozenset[str]:
        """Every string that `figure` can show on panels that print the figures `kept`."""
        states = np.flatnonzero(self._printing(kept))
        shown = np.unique(self._last_places(figure, states))
        return frozenset(self._text(figure, int(places)) for places in shown)

    def nearest(self) -> NearestRow:
        """The row with the fewest changed figures, then the fewest units of the last place.

        What is still equal is decided by the figures' order: the first ones stay.
        """
        names = list(self.row.figures)
        misses = sum((~self.fits[name]).astype(np.int8) for name in names)
        best = np.flatnonzero(misses == misses.min())
        shown = {name: self._last_places(name, best) for name in names}
        steps = sum(
            np.where(self.fits[name][best], 0, np.abs(shown[name] - self._printed_places(name)))
            for name in names
        )
        order = [~self.fits[name][best] for name in names] + [shown[name] for name in names]
        first = np.lexsort((*order[::-1], steps))[0]
        changed = {
            name: self._text(name, int(shown[name][first]))
            for name in names
            if not self.fits[name][best[first]]
        }
        printed = {name: cell.text for name, cell in self.row.figures.items()}
        return NearestRow(self.m, changed, int(steps[first]), {**printed, **changed})

    def _printing(self, kept: Iterable[str] | None) -> np.ndarray:
        chosen = np.ones(len(self.panels.squares), dtype=bool)
        for name in self.row.figures if kept is None else kept:
            chosen &= self.fits[name]
        return chosen

    def _fits(self, name: str) -> np.ndarray:
        cell = self.row.figures[name]
        finer = self.row.places(name) if cell.relation == "=" and not self._as_shown else None
        interval = cell.interval(self.rule, finer)
        if name in self._items:
            allowed = self._deviations_in(interval)
            deviations = self.panels.deviations[:, self._items[name]]
            return (deviations >= allowed.start) & (deviations < allowed.stop)
        return self._values_in(interval, name)

    def _deviations_in(self, interval: Interval) -> range:
        """The D whose mean rank lies in the interval."""
        middle = Fraction(self.row.n + 1, 2)
        most = self.m * (self.row.n - 1)
        centred = (interval + Interval(-middle, -middle)) * (2 * self.m)
        return centred.whole_numbers(-most, most)

    def _values_in(self, interval: Interval, name: str) -> np.ndarray:
        """Floats decide away from the ends of the interval, exact numbers next to them."""
        values = self.panels.values(name, self.ties)
        low, high = interval.floats()
        inside = (values >= low) & (values <= high)
        for end in (interval.low, interval.high):
            if end is not None:
                guard = FLOAT_GUARD * max(1.0, abs(float(end)))
                for state in np.flatnonzero(np.abs(values - float(end)) <= 2 * guard):
                    exact = self.panels.exact_value(name, self.ties, state)
                    inside[state] = exact in interval
        return inside

    def _last_places(self, name: str, states: np.ndarray) -> np.ndarray:
        """What the states print, rounded half up, in units of the last place of the column."""
        scale = 10 ** self.row.places(name)
        if name == "p":
            return np.floor(self.panels.values("p", self.ties)[states] * scale + 0.5).astype(int)
        if name in self._items:
            deviations = self.panels.deviations[states, self._items[name]].astype(np.int64)
            numerator, denominator = (self.row.n + 1) * self.m + deviations, 2 * self.m
        else:
            numerator = self.panels.spread[states] * (1 if name == "W" else self.row.n - 1)
            denominator = self.panels.divisor(self.ties)[states] * (self.m if name == "W" else 1)
        return (2 * scale * numerator + denominator) // (2 * denominator)

    def _printed_places(self, name: str) -> int:
        return int(self.row.figures[name].value * 10 ** self.row.places(name))

    def _text(self, name: str, last_places: int) -> str:
        places = self.row.places(name)
        return self.row.figures[name].restyle(Fraction(last_places, 10**places), places)


@dataclass(frozen=True)
class RowSizes:
    """What the sizes within a bound make of one row.

    Attributes
    ----------
    sizes : range or tuple of int
        The sizes tried, all of them by exact enumeration.
    states : dict of int to int
        For each feasible size the number of reachable (D, Q) that print the row.
    coarse : tuple of int
        Feasible sizes that need a figure rounded to the decimals it shows, although its column
        shows more.
    """

    sizes: Sequence[int]
    states: dict[int, int]
    coarse: tuple[int, ...]

    @property
    def feasible(self) -> tuple[int, ...]:
        """The sizes with at least one panel that prints the row."""
        return tuple(self.states)


def feasible_rows(
    row: PrintedRow, sizes: Sequence[int], rule: str = "either", ties: str = "corrected"
) -> RowSizes:
    """Which numbers of raters print a row of mean ranks, and in how many ways.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> ranks = {"a": parse_printed("1.33"), "b": parse_printed("2.00"), "c": parse_printed("2.67")}
    >>> feasible_rows(PrintedRow(ranks, W=parse_printed("0.444")), range(2, 8)).feasible
    (3, 6)
    """
    states, coarse = {}, []
    for m in sizes:
        found = len(RowAtSize(row, m, rule, ties).states()[1])
        if found:
            states[m] = found
            if row.decimals and not RowAtSize(row, m, rule, ties, as_shown=False).feasible():
                coarse.append(m)
    return RowSizes(sizes, states, tuple(coarse))


def nearest_row(
    row: PrintedRow, sizes: Sequence[int], rule: str = "either", ties: str = "corrected"
) -> NearestRow:
    """The nearest row that any panel of these sizes prints; the smallest such size."""
    rows = (RowAtSize(row, m, rule, ties).nearest() for m in sizes)
    return min(rows, key=lambda nearest: (len(nearest.changed), nearest.steps, nearest.m))
