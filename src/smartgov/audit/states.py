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

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from smartgov.stats import rank_deviations

ENUMERABLE = {2: 200, 3: 40, 4: 8, 5: 2}
"""For each number of items the largest number of raters whose panels are enumerated."""


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
    """Which orders the raters can have whose places add up to a reachable place.

    For each rater are given the grid of those before, and the places of the orders to choose from,
    shape (orders, n); from the last rater back, `choose` picks one of those that can be taken.
    """
    taken = []
    for grid, step in zip(reversed(grids), reversed(steps), strict=True):
        before = place - step
        inside = np.flatnonzero(((before >= 0) & (before < grid.shape)).all(axis=1))
        one = choose(inside[grid[tuple(before[inside].T)]])
        taken.append(one)
        place = before[one]
    return taken[::-1]


def states_within(m: int, n: int, ranges: Sequence[range]) -> tuple[np.ndarray, np.ndarray]:
    """Every (D, Q) of `m` raters and `n` items whose D_i lie in given ranges.

    Returns
    -------
    ndarray of int, shape (states, n)
        Sums of doubled rank deviations, D.
    ndarray of int, shape (states,)
        Sums of squared deviations, Q; not 0, for which there is no W.

    Examples
    --------
    >>> deviations, squares = states_within(3, 3, [range(-4, -3), range(0, 1), range(4, 5)])
    >>> deviations.tolist(), squares.tolist()
    ([[-4, 0, 4], [-4, 0, 4], [-4, 0, 4]], [16, 20, 24])
    """
    shift = m * (n - 1)
    window = tuple(slice(found.start + shift, found.stop + shift) for found in ranges[:-1])
    half_squares, *shifted = np.nonzero(state_grid(m, n)[(slice(None), *window)])
    first = np.stack(shifted, axis=1) + [found.start for found in ranges[:-1]]
    last = -first.sum(axis=1)
    kept = (half_squares > 0) & (last >= ranges[-1].start) & (last < ranges[-1].stop)
    return np.column_stack([first, last])[kept], 2 * half_squares[kept]
