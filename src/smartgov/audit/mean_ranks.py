"""Mean ranks of few items: every panel there is, listed.

A rater orders n items, ties allowed.  The *doubled rank deviation* of an item is the number of
items ranked before it less the number ranked after it, an integer; summed over m raters it is
D_i, so that the item's mean rank is (n + 1)/2 + D_i/(2m).  With Q the sum of all squared
deviations of all raters (it falls with every tie),

    W = sum_i D_i^2 / (m Q),    chi2 = m (n - 1) W = (n - 1) sum_i D_i^2 / Q

(Kendall, 1970, eq. 6.6, with every factor of 12 cancelled); without the correction for ties Q is
m n (n^2 - 1)/3 whatever the ties.  What a row prints therefore depends on a panel through (D, Q)
alone, and all reachable (D, Q) fit in a grid that grows by one rater at a time.  A row that none
of them prints is excluded by exact enumeration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from smartgov.audit.p_values import chi2_p, chi2_p_exact
from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed

ENUMERABLE = {2: 200, 3: 40, 4: 8, 5: 2}
"""For each number of items the largest number of raters whose panels are enumerated."""

COUNTABLE = {2: 60, 3: 16, 4: 3}
"""The same for counting the panels behind each (D, Q)."""

TIES = ("corrected", "uncorrected")


@dataclass(frozen=True, eq=False)
class Reachable:
    """Every (D, Q) that `m` raters of `n` items can produce, but Q = 0, which has no W.

    Attributes
    ----------
    m, n : int
    deviations : ndarray of int, shape (states, n)
        Sums of doubled rank deviations, D.
    squares : ndarray of int, shape (states,)
        Sums of squared deviations, Q.
    """

    m: int
    n: int
    deviations: np.ndarray
    squares: np.ndarray

    @cached_property
    def spread(self) -> np.ndarray:
        """The sums of D_i squared, shape (states,)."""
        return (self.deviations.astype(np.int64) ** 2).sum(axis=1)

    def divisor(self, ties: str) -> np.ndarray:
        """Q, or what it would be without ties; W is spread / (m divisor), shape (states,)."""
        if ties not in TIES:
            raise ValueError(f"unknown treatment of ties {ties!r}; accepted are {', '.join(TIES)}.")
        untied = self.m * self.n * (self.n**2 - 1) // 3
        squares = self.squares.astype(np.int64)
        return squares if ties == "corrected" else np.full_like(squares, untied)

    @cached_property
    def _floats(self) -> dict[tuple[str, str], np.ndarray]:
        return {}

    def values(self, figure: str, ties: str) -> np.ndarray:
        """``W``, ``chi2`` or its ``p`` of every state, as floats."""
        if (figure, ties) not in self._floats:
            chi2 = (self.n - 1) * self.spread / self.divisor(ties)
            self._floats[figure, ties] = {
                "W": lambda: chi2 / (self.m * (self.n - 1)),
                "chi2": lambda: chi2,
                "p": lambda: chi2_p(chi2, self.n - 1),
            }[figure]()
        return self._floats[figure, ties]

    def exact_value(self, figure: str, ties: str, state: int) -> Fraction:
        """The same for one state: a fraction, or for ``p`` forty right decimals."""
        chi2 = Fraction((self.n - 1) * int(self.spread[state]), int(self.divisor(ties)[state]))
        if figure == "p":
            return chi2_p_exact(chi2, self.n - 1)
        return chi2 if figure == "chi2" else chi2 / (self.m * (self.n - 1))


def weak_orders(n: int) -> np.ndarray:
    """All orders of `n` items with ties allowed, as doubled rank deviations.

    Returns
    -------
    ndarray of int, shape (orders, n)
        1, 3, 13, 75, … rows (the Fubini numbers).

    Examples
    --------
    >>> weak_orders(2).tolist()
    [[-1, 1], [0, 0], [1, -1]]
    """
    levels = np.array(list(product(range(n), repeat=n)))
    before = np.sign(levels[:, :, None] - levels[:, None, :]).sum(axis=2)
    return np.unique(before, axis=0)


@lru_cache(maxsize=64)
def reachable(m: int, n: int) -> Reachable:
    """Every (D, Q) of `m` raters and `n` items, by exact enumeration.

    Raises
    ------
    ValueError
        For more items or raters than :data:`ENUMERABLE` holds.

    Examples
    --------
    >>> two = reachable(2, 2)
    >>> sorted(zip(two.deviations[:, 0].tolist(), two.squares.tolist()))
    [(-2, 4), (-1, 2), (0, 4), (1, 2), (2, 4)]
    """
    if n not in ENUMERABLE or not 1 <= m <= ENUMERABLE[n]:
        raise ValueError(
            f"panels of {m} raters and {n} items are not enumerated; accepted are "
            f"{_sizes(ENUMERABLE)}."
        )
    grid = _grid(m, n)
    half_squares, *shifted = np.nonzero(grid)
    defined = half_squares > 0
    first = np.stack(shifted, axis=1)[defined].astype(np.int16) - m * (n - 1)
    deviations = np.column_stack([first, -first.sum(axis=1, dtype=np.int16)])
    return Reachable(m, n, deviations, (2 * half_squares[defined]).astype(np.int32))


@lru_cache(maxsize=256)
def _grid(m: int, n: int) -> np.ndarray:
    """Which (Q/2, D_1, …, D_{n-1}) are reachable; D is shifted by its largest value m (n - 1)."""
    if m == 0:
        return np.ones((1,) * n, dtype=bool)
    smaller = _grid(m - 1, n)
    most = m * n * (n**2 - 1) // 6
    grid = np.zeros((most + 1, *[2 * m * (n - 1) + 1] * (n - 1)), dtype=bool)
    for order in weak_orders(n):
        place = [int((order**2).sum()) // 2, *(order[:-1] + n - 1).tolist()]
        window = tuple(slice(k, k + size) for k, size in zip(place, smaller.shape, strict=True))
        grid[window] |= smaller
    return grid


def reachable_squares(deviations: Sequence[int], m: int) -> np.ndarray:
    """Every Q that `m` raters can have together with the D given, but 0.

    Examples
    --------
    >>> reachable_squares([-4, 0, 4], 3).tolist()
    [16, 20, 24]
    """
    n = len(deviations)
    shifted = [d + m * (n - 1) for d in deviations[:-1]]
    if sum(deviations) or not all(0 <= d <= 2 * m * (n - 1) for d in shifted):
        return np.zeros(0, dtype=np.int64)
    half_squares = np.flatnonzero(_grid(m, n)[(slice(None), *shifted)])
    return 2 * half_squares[half_squares > 0]


@lru_cache(maxsize=32)
def panel_counts(m: int, n: int) -> np.ndarray:
    """How many panels have each (D, Q) of :func:`reachable`, in the same order.

    Panels are multisets of orders: raters have no names.

    Raises
    ------
    ValueError
        For more items or raters than :data:`COUNTABLE` holds.

    Examples
    --------
    >>> int(panel_counts(2, 3).sum())     # 13 * 14 / 2 multisets, less the one all tied
    90
    """
    if n not in COUNTABLE or not 1 <= m <= COUNTABLE[n]:
        raise ValueError(
            f"panels of {m} raters and {n} items are not counted; accepted are {_sizes(COUNTABLE)}."
        )
    panels = reachable(m, n)
    most = m * (n - 1)
    side = 2 * most + 1
    shape = (m + 1, m * n * (n**2 - 1) // 6 + 1, *[side] * (n - 1))
    counts = np.zeros(shape, dtype=np.int64)
    counts[(0, 0, *[most] * (n - 1))] = 1
    for order in weak_orders(n):
        # Going up in the number of raters lets each order be taken any number of times.
        step = (int((order**2).sum()) // 2, *order[:-1].tolist())
        for raters in range(1, m + 1):
            source, target = _windows(step, shape[1:])
            counts[(raters, *target)] += counts[(raters - 1, *source)]
    places = (panels.squares // 2, *(panels.deviations[:, :-1] + most).T)
    return counts[(m, *places)]


def _windows(
    step: Sequence[int], shape: Sequence[int]
) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Where a shift by `step` takes from and puts to, within an array of this shape."""
    source = tuple(slice(max(-k, 0), size - max(k, 0)) for k, size in zip(step, shape, strict=True))
    target = tuple(slice(max(k, 0), size - max(-k, 0)) for k, size in zip(step, shape, strict=True))
    return source, target


def _sizes(limits: Mapping[int, int]) -> str:
    return ", ".join(f"{n} items with up to {m} raters" for n, m in limits.items())


def panel_with(deviations: Sequence[int], squares: int, m: int) -> np.ndarray:
    """One panel that has these D and Q, found by taking away one rater at a time.

    Returns
    -------
    ndarray, shape (m, n)
        Midranks, raters in rows.

    Raises
    ------
    ValueError
        When no panel of `m` raters has them.

    Examples
    --------
    >>> panel_with([-4, 1, 3], 14, 2).tolist()
    [[1.0, 2.0, 3.0], [1.0, 2.5, 2.5]]
    """
    n = len(deviations)
    left, rest = np.array(deviations), squares
    orders = weak_orders(n)
    raters = []
    for size in range(m, 0, -1):
        for order in orders:
            if _is_reachable(left - order, rest - int((order**2).sum()), size - 1):
                left, rest = left - order, rest - int((order**2).sum())
                raters.append(order)
                break
        else:
            raise ValueError(
                f"no panel of {m} raters has deviations {list(deviations)} and squares {squares}."
            )
    return (np.array(raters) + n + 1) / 2


def _is_reachable(deviations: np.ndarray, squares: int, m: int) -> bool:
    n = len(deviations)
    grid = _grid(m, n)
    place = (squares // 2, *(deviations[:-1] + m * (n - 1)).tolist())
    inside = all(0 <= k < size for k, size in zip(place, grid.shape, strict=True))
    return squares >= 0 and inside and bool(grid[place])


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
