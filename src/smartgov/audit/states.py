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

from collections.abc import Mapping, Sequence
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
    half_squares, *places = np.nonzero(_grid(m, n)[(slice(None), *window)])
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
