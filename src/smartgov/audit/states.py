"""The states of a panel: sums of doubled rank deviations, and of their squares.

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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from smartgov.audit.p_values import chi2_p, chi2_p_exact

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


def rank_deviations(values: np.ndarray) -> np.ndarray:
    """Doubled rank deviations within each row: how many values are smaller less how many larger.

    Twice the midranks less n + 1, so that the smallest value has rank 1.

    Parameters
    ----------
    values : ndarray, shape (..., n)

    Returns
    -------
    ndarray of int, shape (..., n)

    Examples
    --------
    >>> rank_deviations(np.array([[3, -1, 3]]))
    array([[ 1, -2,  1]])
    """
    mine, others = values[..., :, None], values[..., None, :]
    return (others < mine).sum(-1) - (others > mine).sum(-1)


@lru_cache(maxsize=8)
def weak_orders(n: int) -> np.ndarray:
    """All orders of `n` items with ties allowed, as doubled rank deviations.

    Returns
    -------
    ndarray of int, shape (orders, n)
        1, 3, 13, 75, … rows (the Fubini numbers).

    Examples
    --------
    >>> weak_orders(2).tolist()
    [[0, 0], [-1, 1], [1, -1]]
    """
    orders = rank_deviations(np.array(list(product(range(n), repeat=n))))
    _, first = np.unique(orders, axis=0, return_index=True)
    orders = orders[np.sort(first)]
    orders.setflags(write=False)  # one array for all who ask
    return orders


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
    deviations, half_squares = states_of(state_grid(m, n))
    defined = half_squares > 0
    return Reachable(m, n, deviations[defined], (2 * half_squares[defined]).astype(np.int32))


@lru_cache(maxsize=256)
def state_grid(m: int, n: int) -> np.ndarray:
    """Which (Q/2, D_1, …, D_{n-1}) are reachable; D is shifted by its largest value m (n - 1)."""
    if m == 0:
        return np.ones((1,) * n, dtype=bool)
    return grid_with(state_grid(m - 1, n), weak_orders(n))


def grid_with(grid: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """The grid with one rater more, who has one of these orders, shape (orders, n)."""
    n = orders.shape[1]
    more = [n * (n**2 - 1) // 6, *[2 * (n - 1)] * (n - 1)]
    larger = np.zeros(np.add(grid.shape, more), dtype=bool)
    for place in places(orders).tolist():
        window = tuple(slice(k, k + size) for k, size in zip(place, grid.shape, strict=True))
        larger[window] |= grid
    return larger


def places(orders: np.ndarray) -> np.ndarray:
    """Where orders stand in the grid of one rater; the place of a panel is the sum of these."""
    shifted = orders[..., :-1] + orders.shape[-1] - 1
    return np.concatenate([(orders**2).sum(-1, keepdims=True) // 2, shifted], axis=-1)


def states_of(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """D, shape (states, n), and Q/2, shape (states,), of a grid's reachable states."""
    half_squares, *shifted = np.nonzero(grid)
    first = np.empty((len(half_squares), grid.ndim - 1), dtype=np.int16)
    for item, column in enumerate(shifted):
        first[:, item] = column - grid.shape[1] // 2
    return np.column_stack([first, -first.sum(axis=1, dtype=np.int16)]), half_squares


def split_place(
    place: np.ndarray,
    grids: Sequence[np.ndarray],
    steps: Sequence[np.ndarray],
    choose: Callable[[np.ndarray], int],
) -> list[int]:
    """Orders of raters whose places add up to a reachable place, chosen from the last rater back.

    Parameters
    ----------
    place : ndarray, shape (n,)
        In the grid of all raters.
    grids : sequence of ndarray
        For each rater the grid of those before.
    steps : sequence of ndarray, shape (orders, n)
        For each rater the places of the orders to choose from.
    choose : callable
        Picks one of the numbers of the orders that can be taken.

    Returns
    -------
    list of int
        For each rater the number of the order taken.
    """
    taken = []
    for grid, step in zip(reversed(grids), reversed(steps), strict=True):
        before = place - step
        inside = np.flatnonzero(((before >= 0) & (before < grid.shape)).all(axis=1))
        one = choose(inside[grid[tuple(before[inside].T)]])
        taken.append(one)
        place = before[one]
    return taken[::-1]


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
    half_squares = np.flatnonzero(state_grid(m, n)[(slice(None), *shifted)])
    return 2 * half_squares[half_squares > 0]


def states_within(m: int, n: int, ranges: Sequence[range]) -> tuple[np.ndarray, np.ndarray]:
    """Every (D, Q) whose D_i lie in given ranges, as :class:`Reachable` holds them.

    Examples
    --------
    >>> deviations, squares = states_within(3, 3, [range(-4, -3), range(0, 1), range(4, 5)])
    >>> deviations.tolist(), squares.tolist()
    ([[-4, 0, 4], [-4, 0, 4], [-4, 0, 4]], [16, 20, 24])
    """
    shift = m * (n - 1)
    window = tuple(slice(found.start + shift, found.stop + shift) for found in ranges[:-1])
    half_squares, *places = np.nonzero(state_grid(m, n)[(slice(None), *window)])
    first = np.stack(places, axis=1) + [found.start for found in ranges[:-1]]
    last = -first.sum(axis=1)
    kept = (half_squares > 0) & (last >= ranges[-1].start) & (last < ranges[-1].stop)
    return np.column_stack([first, last])[kept], 2 * half_squares[kept]


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
    n, orders = len(deviations), weak_orders(len(deviations))
    place = np.array([squares // 2, *(d + m * (n - 1) for d in deviations[:-1])])
    grid = state_grid(m, n)
    possible = sum(deviations) == 0 and squares % 2 == 0
    inside = ((place >= 0) & (place < grid.shape)).all()
    if not (possible and inside and grid[tuple(place)]):
        raise ValueError(
            f"no panel of {m} raters has deviations {list(deviations)} and squares {squares}."
        )
    grids = [state_grid(size, n) for size in range(m)]
    taken = split_place(place, grids, [places(orders)] * m, choose=lambda ways: ways[0])
    return (orders[taken] + n + 1) / 2
