"""The exact distribution of Kendall's W when every rater orders the items at random.

Ties stay as they are: each rater's ranks are shuffled over the items, which is the permutation
distribution given the ties. W depends on the shuffles only through

    S = sum_i (sum_j d[j, i])**2,

a whole number, with d the doubled rank deviations of :mod:`smartgov.stats.concordance`; so all
counts and comparisons below are in integers. Relabelling the items changes nothing, hence the
first rater can be held fixed. Two ways of counting share the work:

* *item by item* (few raters): walk along the items; the state is which ranks each rater has used
  up, and for each state a histogram of S so far;
* *rater by rater* (few items): add raters one after another; the state is the sorted vector of
  the items' sums, since only the multiset matters for what follows.

Counts soon outgrow 64 bits. The second way keeps them modulo a few primes just below 2**31 and
puts them together at the end by the Chinese remainder theorem, so they are exact at any size.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import comb, factorial, gcd, prod

import numpy as np

from .concordance import kendall_w, rank_deviations
from .inputs import checked_ratings, complete_raters, numeric_array

MOST_STEPS = 3e10  # a few minutes; beyond, counting is refused
MOST_CELLS = 2**27  # of one table of states: a gigabyte of counts
AT_ONCE = 2**21  # shuffles handled together; keeps sums of residues below 2**53


@dataclass(frozen=True)
class WDistribution:
    """Exact null distribution of W.

    Attributes
    ----------
    statistic : ndarray of int
        Values S can take, ascending: the sum of squared doubled rank-sum deviations, four times
        the S of Kendall (1970).
    counts : tuple of int
        Arrangements with each value, the first rater held fixed; Python integers, exact.
    most : int
        S at W = 1 after the correction for ties, so that ``w = statistic / most``.
    """

    m: int
    n: int
    statistic: np.ndarray
    counts: tuple
    most: int

    @cached_property
    def total(self) -> int:
        """Number of arrangements."""
        return sum(self.counts)

    @cached_property
    def w(self) -> np.ndarray:
        """Values W can take, ascending."""
        return self.statistic / self.most

    @cached_property
    def probability(self) -> np.ndarray:
        """Probability of each value of W, correctly rounded."""
        return np.array([float(Fraction(count, self.total)) for count in self.counts])

    @cached_property
    def tail(self) -> np.ndarray:
        """Probability of each value or a larger one, correctly rounded."""
        upper, tails = 0, []
        for count in reversed(self.counts):
            upper += count
            tails.append(float(Fraction(upper, self.total)))
        return np.array(tails[::-1])

    def p_at_least(self, statistic) -> Fraction:
        """Exact probability of an S of at least `statistic`, an integer.

        Examples
        --------
        >>> w_distribution((3, 3)).p_at_least(72)      # complete agreement of three raters
        Fraction(1, 36)
        """
        first = int(np.searchsorted(self.statistic, statistic))
        return Fraction(sum(self.counts[first:]), self.total)

    def critical_w(self, alpha=0.05) -> float | None:
        """Smallest W whose upper tail is at most `alpha`; None if even W's largest is not.

        Examples
        --------
        >>> w_distribution((3, 3)).critical_w(0.05)
        1.0
        """
        reached = np.flatnonzero(self.tail <= alpha)
        return float(self.w[reached[0]]) if len(reached) else None


def w_distribution(ratings_or_m_n) -> WDistribution:
    """Exact null distribution of Kendall's W, given the ties of a panel or without ties.

    Parameters
    ----------
    ratings_or_m_n : array_like, shape (m, n), or (m, n) pair of int
        A panel, whose ties are kept (raters with a missing rating are left out), or the numbers
        of raters and items for rankings without ties.

    Raises
    ------
    ValueError
        As :func:`kendall_w`; also where counting would take more than ``MOST_STEPS`` steps.

    References
    ----------
    Kendall, M. G., & Babington Smith, B. (1939). Annals of Mathematical Statistics 10, 275-287
    (distribution built up rater by rater); van de Wiel, M. A. (2000). Exact Distributions of
    Distribution-free Test Statistics. Eindhoven (generating functions, ties). The two
    algorithms are described at the top of this module.

    Examples
    --------
    >>> distribution = w_distribution((3, 3))
    >>> distribution.w.round(3).tolist()
    [0.0, 0.111, 0.333, 0.444, 0.778, 1.0]
    >>> distribution.counts, distribution.total
    ((2, 15, 6, 6, 6, 1), 36)
    """
    deviations = _cheap_order(_panel_deviations(ratings_or_m_n))
    steps, way = exact_steps(deviations)
    if steps > MOST_STEPS:
        m, n = deviations.shape
        raise ValueError(
            f"the exact distribution for {m} raters and {n} items takes about "
            f"{steps:.0e} steps; accepted are up to {MOST_STEPS:.0e}. "
            "concordance_pvalue(..., method='permutation') serves larger panels."
        )
    counts = way(deviations)
    statistic = np.array(sorted(counts))
    return WDistribution(
        *deviations.shape,
        statistic,
        tuple(counts[int(value)] for value in statistic),
        len(deviations) * int((deviations**2).sum()),
    )


def _panel_deviations(ratings_or_m_n):
    """Doubled rank deviations (m, n) of a panel or of m rankings without ties."""
    values = numeric_array(ratings_or_m_n, "ratings")
    if values.shape == (2,):
        m, n = np.nan_to_num(values).astype(int).tolist()
        if (m, n) != tuple(values) or m < 2 or n < 2:
            raise ValueError(
                f"m, n: found ({values[0]:g}, {values[1]:g}); accepted are two whole "
                "numbers of at least 2, or a panel (m, n) of ratings."
            )
        return rank_deviations(np.tile(np.arange(n), (m, 1)))
    ratings = checked_ratings(ratings_or_m_n)
    kendall_w(ratings)  # says so where no W exists
    return rank_deviations(complete_raters(ratings))


def _cheap_order(deviations):
    """The rater with most orders first, who is held fixed and costs nothing; then few to many.

    The distribution does not depend on the order of raters; this way neither do the counts.
    """
    raters = sorted(deviations.tolist(), key=lambda rater: (_arrangements(rater), rater))
    return np.array([raters[-1], *raters[:-1]])


def exact_steps(deviations):
    """Estimate the steps of the cheaper way to count (additions to a histogram, some nanoseconds
    each), and the function that counts so, for doubled rank deviations (m, n).
    """
    deviations = _cheap_order(deviations)
    by_items, by_raters = _steps_item_by_item(deviations), _steps_rater_by_rater(deviations)
    return min((by_items, _item_by_item), (by_raters, _rater_by_rater), key=lambda pair: pair[0])


def _arrangements(rater):
    """Number of distinct orders of one rater's ranks."""
    return factorial(len(rater)) // prod(factorial(c) for c in Counter(map(int, rater)).values())


# Item by item --------------------------------------------------------------------------------


def _steps_item_by_item(deviations):
    if prod(map(_arrangements, deviations[1:])) >= 2**63:
        return float("inf")  # counts are kept in 64 bits here
    n = deviations.shape[1]
    width = _histogram_grid(deviations)[2]
    steps, widest = 0, 1
    for level in range(n):
        moves, states = 1, 1
        for rater in deviations[1:]:
            multiplicities = tuple(Counter(rater.tolist()).values())
            used = _ways_to_use(multiplicities)[level]
            moves *= used * min(len(multiplicities), n - level)
            states *= used
        steps += moves * width
        widest = max(widest, states * width)
    return float("inf") if widest > MOST_CELLS else float(steps)


def _ways_to_use(multiplicities):
    """For k = 0..n: in how many ways can k ranks have been used up."""
    ways = np.array([1], dtype=object)
    for multiplicity in multiplicities:
        ways = np.convolve(ways, np.ones(multiplicity + 1, dtype=object))
    return ways


def _histogram_grid(deviations):
    """Smallest square an item can add to S, the spacing of squares, and the histogram's width."""
    totals = {0}
    for rater in deviations:
        totals = {total + int(d) for total in totals for d in set(rater.tolist())}
    squares = sorted({total**2 for total in totals})
    spacing = gcd(*(square - squares[0] for square in squares)) or 1
    largest = int((np.sort(deviations, axis=1).sum(axis=0) ** 2).sum())
    return squares[0], spacing, (largest - deviations.shape[1] * squares[0]) // spacing + 1


def _item_by_item(deviations):
    """Counts of S as a dictionary; for few raters."""
    lowest, spacing, width = _histogram_grid(deviations)
    raters = [_Levels(rater) for rater in deviations[1:]]
    histograms = np.zeros((1,) * len(raters) + (width,), dtype=np.int64)
    histograms[..., 0] = 1
    n = deviations.shape[1]
    for level in range(n):
        after = np.zeros([rater.states[level + 1] for rater in raters] + [width], np.int64)
        for moves in product(*(rater.moves[level] for rater in raters)):
            total = int(deviations[0, level]) + sum(value for value, _, _ in moves)
            shift = (total**2 - lowest) // spacing
            if shift < width:
                source = np.ix_(*(before for _, before, _ in moves))
                target = np.ix_(*(later for _, _, later in moves))
                after[*target, slice(shift, None)] += histograms[*source, slice(width - shift)]
        histograms = after
    final = histograms.reshape(width)
    return {n * lowest + spacing * int(i): int(final[i]) for i in np.flatnonzero(final)}


class _Levels:
    """The ways one rater's ranks can be used up, and the moves from k used ranks to k + 1."""

    def __init__(self, rater):
        values, multiplicities = np.unique(rater, return_counts=True)
        by_level = [[] for _ in range(len(rater) + 1)]
        for used in product(*(range(c + 1) for c in multiplicities)):
            by_level[sum(used)].append(used)
        self.states = [len(level) for level in by_level]
        self.moves = [
            self._moves(values, *pair) for pair in zip(by_level, by_level[1:], strict=False)
        ]

    @staticmethod
    def _moves(values, level, following):
        """For each rank value: (value, states it can be used from, states that leads to)."""
        place = {used: i for i, used in enumerate(following)}
        moves = []
        for v, value in enumerate(values):
            pairs = [
                (i, place[later])
                for i, used in enumerate(level)
                if (later := used[:v] + (used[v] + 1,) + used[v + 1 :]) in place
            ]
            if pairs:
                moves.append((int(value), *np.array(pairs).T))
        return moves


# Rater by rater ------------------------------------------------------------------------------


def _steps_rater_by_rater(deviations):
    m, n = deviations.shape
    raters, step, _ = _whole_ranks(deviations)
    arrangements = [_arrangements(rater) for rater in raters]
    if max(arrangements[1:]) > AT_ONCE:
        return float("inf")  # all orders of a rater are listed at once
    steps, seen = 0.0, 1
    for k in range(1, m):
        # orbits of lattice points in k + 1 permutohedra: volume n**(n-2) per cell (Stanley)
        orbits = n ** (n - 2) * ((k + 1) * 2 / step) ** (n - 1) / factorial(n)
        steps += min(seen, orbits) * arrangements[k]
        seen *= arrangements[k]
    primes = 1 + seen.bit_length() // 30
    steps *= 2 + primes  # sorting and numbering, then a table a prime
    *spans, last = raters.max(axis=1).tolist()
    states, squares = comb(sum(spans) + n - 1, n - 1), n * (sum(spans) + last) ** 2
    return float("inf") if max(states, primes * squares) > MOST_CELLS else steps


def _whole_ranks(deviations):
    """Raters' deviations as whole steps from their lowest; the step; the sum of the lowest."""
    lowest = deviations.min(axis=1, keepdims=True)
    step = gcd(*(deviations - lowest).ravel().tolist()) or 1
    return (deviations - lowest) // step, step, int(lowest.sum())


def _rater_by_rater(deviations):
    """Counts of S as a dictionary; for few items."""
    n = deviations.shape[1]
    raters, step, offset = _whole_ranks(deviations)
    primes = _primes(prod(map(_arrangements, raters[1:])))
    states = np.sort(raters[0])[:, None]
    residues = np.ones((len(primes), 1), dtype=np.int64)
    for rater in raters[1:-1]:
        states, residues = _add_rater(states, residues, _orders(rater), primes)
    squares, residues = _add_last_rater(states, residues, _orders(raters[-1]), primes)
    # sums are step * state + offset and add up to zero: S = step^2 * squares - n * offset^2
    return {
        step**2 * int(square) - n * offset**2: _chinese_remainder(column, primes)
        for square, column in zip(squares, residues.T.tolist(), strict=False)
    }


def _orders(rater):
    """All distinct orders of a rater's ranks, shape (orders, n)."""
    values, counts = np.unique(rater, return_counts=True)
    rows = [((), tuple(counts.tolist()))]
    for _ in range(len(rater)):
        rows = [
            ((*row, value), left[:v] + (left[v] - 1,) + left[v + 1 :])
            for row, left in rows
            for v, value in enumerate(values)
            if left[v]
        ]
    return np.array([row for row, _ in rows], dtype=np.int16)


def _add_rater(states, residues, orders, primes):
    """Sorted sums after one more rater, shape (n, states), with their counts modulo primes."""
    n = len(states)
    top = int(states.max() + orders.max())
    ranking = [np.array([comb(a + j, j + 1) for a in range(top + 2)]) for j in range(n - 1)]
    total = int(states[:, 0].sum() + orders[0].sum())
    tables = np.zeros((len(primes), comb(top + n - 1, n - 1)), dtype=np.int64)
    small = np.int16 if top < 2**15 else np.int64
    block = AT_ONCE // len(orders)
    for start in range(0, states.shape[1], block):
        part = slice(start, start + block)
        sums = states[:, None, part].astype(small) + orders.T[:, :, None]
        cell = _rank_multisets(_sort_columns(sums.reshape(n, -1)), ranking)
        for table, residue, prime in zip(tables, residues, primes, strict=False):
            table += np.bincount(cell, np.tile(residue[part], len(orders)), len(table)).astype(
                np.int64
            )
            table %= prime
    cells = np.flatnonzero(tables.any(axis=0))
    return _unrank_multisets(cells, ranking, total), tables[:, cells]


def _sort_columns(sums):
    """Sort every column of a short, wide array: bubble sort on whole rows at once."""
    for last in range(len(sums) - 1, 0, -1):
        for i in range(last):
            lower = np.minimum(sums[i], sums[i + 1])
            np.maximum(sums[i], sums[i + 1], out=sums[i + 1])
            sums[i] = lower
    return sums


def _rank_multisets(columns, ranking):
    """Number each sorted column without gaps: sum_j C(a_j + j, j + 1), all but the last entry.

    That one follows from the others because all columns have the same total.
    """
    cell = ranking[0][columns[0]]
    for j in range(1, len(ranking)):
        cell += ranking[j][columns[j]]
    return cell


def _unrank_multisets(cells, ranking, total):
    """Undo `_rank_multisets`: sorted columns, shape (n, cells)."""
    left, rows = cells.copy(), []
    for table in reversed(ranking):
        entry = np.searchsorted(table, left, side="right") - 1
        left -= table[entry]
        rows.append(entry)
    columns = np.array(rows[::-1])
    return np.vstack([columns, total - columns.sum(axis=0)])


def _add_last_rater(states, residues, orders, primes):
    """Sums of squares after the last rater and their counts: no states are needed any more."""
    own = (states**2).sum(axis=0) + int((orders[0].astype(int) ** 2).sum())
    width = int(states.shape[0] * (states.max() + orders.max()) ** 2) + 1
    tables = np.zeros((len(primes), width), dtype=np.int64)
    block = AT_ONCE // len(orders)
    for start in range(0, states.shape[1], block):
        part = slice(start, start + block)
        crossed = orders.astype(float) @ states[:, part].astype(float)
        square = (own[part] + 2 * crossed.astype(np.int64)).ravel()
        for table, residue, prime in zip(tables, residues, primes, strict=False):
            table += np.bincount(square, np.tile(residue[part], len(orders)), width).astype(
                np.int64
            )
            table %= prime
    squares = np.flatnonzero(tables.any(axis=0))
    return squares, tables[:, squares]


def _primes(count):
    """Primes below 2**31, as many as tell all numbers up to `count` apart."""
    primes, candidate, odd = [], 2**31 - 1, np.arange(3, 46341, 2)
    while prod(primes) <= count:
        if (candidate % odd).all():
            primes.append(candidate)
        candidate -= 2
    return primes


def _chinese_remainder(residues, primes):
    """The number below the product of the primes with these residues (Garner's scheme)."""
    number, modulus = 0, 1
    for residue, prime in zip(residues, primes, strict=False):
        number += modulus * ((residue - number) * pow(modulus, -1, prime) % prime)
        modulus *= prime
    return number
