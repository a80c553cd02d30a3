"""Answers of a panel to one group of questions, made to print the group's figures.

Two routes to the same end, a weak order of the items for each expert.  For few items every
reachable combination of rank sums and ties is enumerated, so that finding nothing is a proof.  Beyond that a local search exchanges one expert's weak order at a
time; it may find answers, it can never rule them out.

An expert with `z` judgements 'equal' needs a tie class of exactly `z` items to stand at zero;
with none, no class stands there.  :func:`zero_splits` holds that rule, and :func:`signed_values`
turns a weak order into answers that keep it.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.stats import chi2

from smartgov.audit.panel_tables import Target, doubled_ranks, tie_terms
from smartgov.audit.printed import Interval

EXACT_ITEMS = 3
EXACT_STATES = 4_000_000
"""A group is enumerated if it has no more items, and its rank sums and ties no more states."""

W_GUARD = Fraction(1, 10**9)
"""A W computed back from a p-value is trusted to be this close to its true value."""

WT = 3
TEMPERATURE = 0.5
POOL_SIZE = 256
STEPS = 40
STEPS_PER_EXPERT = 3
RESTARTS = 6
NOWHERE = np.iinfo(np.int64).max // 4

Orders = tuple[tuple[int, ...], ...]
"""One weak order for each expert: twice the midranks of the items."""


@dataclass(frozen=True, eq=False)
class Goal:
    """A target as whole numbers, for `m` experts and `n` items.

    Attributes
    ----------
    m, n : int
        Experts, items.
    low, high : ndarray of int, shape (ties + 1,)
        For every total of tie corrections, counted in sixths of ``t**3 - t``, the smallest and
        largest sum of squared deviations of the doubled rank sums.
    sum_low, sum_high : ndarray of int, shape (n,)
        The smallest and largest doubled rank sum of each item.
    """

    m: int
    n: int
    low: np.ndarray
    high: np.ndarray
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
        squares = ((sums - self.m * (self.n + 1)) ** 2).sum(-1)
        outside = np.maximum(self.low[ties] - squares, squares - self.high[ties])
        if not self.ranks_asked:
            return np.maximum(outside, 0)
        # Exchanges of items mend rank sums and leave ties alone, so the ties needed for the rank
        # sums that are asked for come first.
        wanted = np.clip(sums, self.sum_low, self.sum_high)
        squares = ((wanted - self.m * (self.n + 1)) ** 2).sum(-1)
        fewest = np.searchsorted(-self.low, -squares, side="left")
        most = np.searchsorted(-self.high, -squares, side="right") - 1
        astray = np.maximum(np.maximum(fewest - ties, ties - most), 0)
        far = np.abs(wanted - sums).sum(-1)
        return far + WT * astray + (outside > 0)


    @property
    def ranks_asked(self) -> bool:
        """Whether rank sums are asked for one by one."""
        return bool((self.sum_low > 2 * self.m).any() or (self.sum_high < 2 * self.m * self.n).any())


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
    low, high = np.array(windows, dtype=np.int64).T
    sum_low, sum_high = np.array(sums, dtype=np.int64).T
    return Goal(m, n, low, high, sum_low, sum_high)


@lru_cache(maxsize=64)
def weak_orders(n: int) -> Orders:
    """All weak orders of `n` items, as doubled midranks.

    Examples
    --------
    >>> weak_orders(2)
    ((3, 3), (2, 4), (4, 2))
    >>> [len(weak_orders(n)) for n in (1, 2, 3, 4)]
    [1, 3, 13, 75]
    """
    levels = itertools.product(range(n), repeat=n)
    dense = [row for row in levels if set(row) == set(range(max(row) + 1))]
    return tuple(tuple(doubled_ranks(np.array(row)).tolist()) for row in dense)


@lru_cache(maxsize=65536)
def zero_splits(order: tuple[int, ...], zeros: int, steps: int) -> tuple[tuple[int, int], ...]:
    """Where zero may stand in a weak order.

    Parameters
    ----------
    order : tuple of int
        Twice the midranks of the items.
    zeros : int
        Items that have to be at zero.
    steps : int
        Intensities on either side of zero.

    Returns
    -------
    tuple of (int, int)
        Pairs of tie classes below and above zero.

    Examples
    --------
    >>> zero_splits((2, 5, 5), 2, steps=8)
    ((1, 0),)
    >>> zero_splits((2, 5, 5), 0, steps=8)
    ((0, 2), (1, 1), (2, 0))
    """
    classes = sorted(set(order))
    count = len(classes)
    if zeros == 0:
        splits = [(below, count - below) for below in range(count + 1)]
    else:
        splits = [
            (below, count - below - 1)
            for below, rank in enumerate(classes)
            if order.count(rank) == zeros
        ]
    return tuple(split for split in splits if max(split) <= steps)


def signed_values(
    order: tuple[int, ...], zeros: int, steps: int, lean: float, rng: random.Random
) -> list[int]:
    """Answers in a given weak order with a given number of zeros.

    Parameters
    ----------
    order, zeros, steps
        See :func:`zero_splits`.
    lean : float
        Between 0 and 1: towards 1, more of the answers favour the left alternative.
    rng : random.Random

    Returns
    -------
    list of int
        Signed values from ``-steps`` to ``steps``.

    Raises
    ------
    ValueError
        When the order has no place for that many zeros.
    """
    splits = zero_splits(order, zeros, steps)
    if not splits:
        raise ValueError(f"the weak order {order} has no tie class of {zeros} items for zero.")
    weights = [(1 - lean) ** below * lean**above for below, above in splits]
    below, above = rng.choices(splits, weights)[0]
    down = sorted((-size for size in rng.sample(range(1, steps + 1), below)))
    up = sorted(rng.sample(range(1, steps + 1), above))
    ladder = [*down, *([0] if zeros else []), *up]
    value_of = dict(zip(sorted(set(order)), ladder, strict=True))
    return [value_of[rank] for rank in order]


def find_orders(
    goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random
) -> Orders | None:
    """Weak orders of all experts that meet a goal, drawn at random.

    Parameters
    ----------
    goal : Goal
    zeros : sequence of int
        For each expert the number of judgements 'equal' in the group.
    steps : int
        Intensities on either side of zero.
    rng : random.Random

    Returns
    -------
    tuple of tuple of int, or None
        ``None`` is a proof where the goal is enumerable, and elsewhere only a failed search.
    """
    if goal.enumerable:
        return _enumerated_orders(goal, tuple((count,) for count in zeros), steps, rng)
    for attempt in range(RESTARTS):
        found = _searched_orders(goal, zeros, steps, rng, guided=attempt % 2 == 1)
        if found is not None:
            return found
    return None


def target_is_excluded(m: int, n: int, target: Target, steps: int) -> bool:
    """Whether it is proved that no answers of `m` experts to `n` questions print a target.

    The proof is one of two: no whole rank sums lie in the intervals, or none of the enumerated
    combinations of rank sums and ties does.  ``False`` proves nothing.

    Parameters
    ----------
    m, n : int
        Experts, items.
    target : Target
    steps : int
        Intensities on either side of zero.

    Examples
    --------
    >>> target_is_excluded(13, 3, Target.from_printed(W="0.163", p="0.095"), steps=8)
    True
    >>> target_is_excluded(13, 4, Target.from_printed(W="0.163", p="0.095"), steps=8)
    False
    """
    goal = goal_of(m, n, target, generous=True)
    if (goal.low > goal.high).all() or (goal.sum_low > goal.sum_high).any():
        return True
    if not goal.enumerable:
        return False
    return not _ends(goal, (tuple(range(n + 1)),) * m, steps)


# Enumeration.  A state is the doubled rank sums of all items but the last, and the ties, written
# as the digits of one number; a set of states is the set bits of one integer, and adding one
# expert's weak order to every state is one shift.


def _enumerated_orders(
    goal: Goal, zeros: Sequence[tuple[int, ...]], steps: int, rng: random.Random
) -> Orders | None:
    # Sorted by zeros, panels that differ only in who has them share one enumeration.
    experts = sorted(rng.sample(range(goal.m), goal.m), key=lambda expert: zeros[expert])
    profile = tuple(zeros[expert] for expert in experts)
    ends = _ends(goal, profile, steps)
    if len(ends) == 0:
        return None
    state, orders = ends[rng.randrange(len(ends))], [()] * goal.m
    for done in range(goal.m - 1, -1, -1):
        before = _reached(goal.m, goal.n, profile[:done], steps)[1]
        ways = [
            (shift, order)
            for shift, order in _shifts(goal.m, goal.n, profile[done], steps)
            if shift <= state and before[(state - shift) >> 3] >> ((state - shift) & 7) & 1
        ]
        shift, orders[experts[done]] = ways[rng.randrange(len(ways))]
        state -= shift
    return tuple(orders)


@lru_cache(maxsize=65536)
def _ends(goal: Goal, profile: tuple[tuple[int, ...], ...], steps: int) -> tuple[int, ...]:
    """The states that meet the goal and that experts with these zeros can reach."""
    reached, _ = _reached(goal.m, goal.n, profile, steps)
    return tuple(_set_bits(reached & _accepted_states(goal)))


@lru_cache(maxsize=512)
def _reached(
    m: int, n: int, profile: tuple[tuple[int, ...], ...], steps: int
) -> tuple[int, bytes]:
    """The states that the first experts can reach, as an integer and as its little-endian bytes."""
    if not profile:
        states = 1
    else:
        before, _ = _reached(m, n, profile[:-1], steps)
        states = 0
        for shift, _ in _shifts(m, n, profile[-1], steps):
            states |= before << shift
    # All states fit below the product of the bases; one length for all keeps look-ups in range.
    return states, states.to_bytes(math.prod(reach_shape(m, n)) // 8 + 1, "little")


@lru_cache(maxsize=256)
def _shifts(
    m: int, n: int, zeros: tuple[int, ...], steps: int
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """What each weak order with one of these numbers of zeros adds to a state."""
    found = []
    for order in weak_orders(n):
        if any(zero_splits(order, count, steps) for count in zeros):
            place = (*(rank - 2 for rank in order[:-1]), int(tie_terms(np.array(order))) // 6)
            found.append((int(np.ravel_multi_index(place, reach_shape(m, n))), order))
    return tuple(found)


def reach_shape(m: int, n: int) -> tuple[int, ...]:
    """The axes of states: doubled rank sums of all items but the last, then ties in sixths.

    Doubled ranks run from 2 to ``2 n``; the 2 that every expert adds at least is left out.

    Examples
    --------
    >>> reach_shape(m=13, n=3)
    (53, 53, 53)
    """
    return ((2 * n - 2) * m + 1,) * (n - 1) + (m * (n**3 - n) // 6 + 1,)


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
    return goal.gap(np.stack([*sums, last], axis=-1), ties) == 0


@lru_cache(maxsize=1024)
def _accepted_states(goal: Goal) -> int:
    """The states that meet a goal, as the bits of an integer."""
    packed = np.packbits(meeting_states(goal).ravel(), bitorder="little")
    return int.from_bytes(packed.tobytes(), "little")


def _set_bits(number: int) -> list[int]:
    packed = np.frombuffer(number.to_bytes(number.bit_length() // 8 + 1, "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")).tolist()


# Local search.


def _searched_orders(
    goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random, guided: bool
) -> Orders | None:
    pools = np.array([_pool(goal.n, count, steps) for count in zeros])
    picks = [rng.randrange(POOL_SIZE) for _ in zeros]
    orders = pools[np.arange(goal.m), picks]
    ties = _sixths(orders)
    for _ in range(STEPS + STEPS_PER_EXPERT * goal.m):
        total, tied = orders.sum(axis=0), ties.sum()
        if goal.gap(total, tied) == 0:
            return tuple(map(tuple, orders.tolist()))
        # Half of the experts at a time, so that a search does not always take the same way.
        asked = rng.sample(range(goal.m), (goal.m + 1) // 2)
        width = POOL_SIZE // (16 if guided else 4)
        slice_of_pool = (rng.randrange(POOL_SIZE) + np.arange(width)) % POOL_SIZE
        offers = pools[np.ix_(asked, slice_of_pool)]
        if guided:
            offers = _rearranged(offers, _guides(goal, total, orders[asked]), orders[asked])
        terms = _sixths(offers)
        gaps = goal.gap(
            (total - orders[asked])[:, None] + offers, (tied - ties[asked])[:, None] + terms
        )
        pair = _closing_pair(goal, total, int(tied), orders[asked], ties[asked], offers, terms)
        if pair is not None:
            for row, pick in pair:
                orders[asked[row]], ties[asked[row]] = offers[row, pick], terms[row, pick]
            continue
        row, pick = _drawn(gaps, TEMPERATURE if goal.ranks_asked and guided else 0.0, rng)
        orders[asked[row]], ties[asked[row]] = offers[row, pick], terms[row, pick]
    return None


def _closing_pair(goal, total, tied, mine, my_ties, offers, terms):
    """Two experts' offers that together meet a goal whose rank sums are all asked for."""
    if not goal.ranks_asked or len(mine) < 2:
        return None
    wanted = np.clip(total, goal.sum_low, goal.sum_high)
    squares = int(((wanted - goal.m * (goal.n + 1)) ** 2).sum())
    radix = (4 * goal.n * goal.m + 1) ** np.arange(1, goal.n) * (goal.n**3 * goal.m)
    changes = ((offers - mine[:, None])[..., 1:] * radix).sum(-1) + terms - my_ties[:, None]
    flat = changes.ravel()
    base = int(((wanted - total)[1:] * radix).sum()) - tied
    order = flat.argsort()
    sorted_ = flat[order]
    width = changes.shape[1]
    for t in np.flatnonzero((goal.low <= squares) & (squares <= goal.high))[:50]:
        need = base + int(t) - flat
        place = np.searchsorted(sorted_, need)
        place[place == len(flat)] = 0
        for a in np.flatnonzero(sorted_[place] == need)[:20]:
            b = order[place[a]]
            if a // width != b // width:
                return (a // width, a % width), (b // width, b % width)
    return None


def _drawn(gaps: np.ndarray, temperature: float, rng: random.Random) -> tuple[int, int]:
    """The place of a small gap: of the smallest, or at a temperature now and then a larger one."""
    least = gaps.min()
    if temperature and least:
        # Gumbel's trick: the maximum of perturbed logarithms is a draw with those weights.
        noise = np.random.default_rng(rng.getrandbits(32)).gumbel(size=gaps.shape)
        return np.unravel_index(int((noise - gaps / temperature).argmax()), gaps.shape)
    best = np.argwhere(gaps == least)
    return tuple(best[rng.randrange(len(best))])


def _guides(goal: Goal, total: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two ways along which experts may rank the items, to bring the rank sums to the goal."""
    if goal.ranks_asked:
        return (goal.sum_low + goal.sum_high) / 2 - (total - mine), total - mine
    return total - mine, mine - total


def _rearranged(
    offers: np.ndarray, guides: tuple[np.ndarray, np.ndarray], mine: np.ndarray
) -> np.ndarray:
    """Weak orders that reach an agreement and a disagreement random ones hardly ever have.

    To the orders offered come the same patterns of ties along each guide, and the experts' own
    orders with every two items exchanged.

    Parameters
    ----------
    offers : ndarray of int, shape (experts, offers, n)
    guides : pair of ndarray, shape (experts, n)
    mine : ndarray of int, shape (experts, n)
    """
    rising, found = np.sort(offers, axis=-1), [offers]
    for guide in guides:
        # The place of each item along the guide picks its rank from the sorted ones.
        places = guide.argsort(axis=-1, kind="stable").argsort(axis=-1)
        found.append(np.take_along_axis(rising, np.broadcast_to(places[:, None], rising.shape), -1))
    return np.concatenate([*found, mine[:, _exchanges(mine.shape[1])]], axis=1)


@lru_cache(maxsize=64)
def _exchanges(n: int) -> np.ndarray:
    """Every arrangement of `n` items that exchanges two of them."""
    one, other = np.triu_indices(n, k=1)
    places = np.tile(np.arange(n), (len(one), 1))
    rows = np.arange(len(one))
    places[rows, one], places[rows, other] = other, one
    return places


def _sixths(orders: np.ndarray) -> np.ndarray:
    return tie_terms(orders) // 6


@lru_cache(maxsize=512)
def _pool(n: int, zeros: int, steps: int) -> np.ndarray:
    """Weak orders, as doubled midranks, with room for that many zeros.

    Answers are drawn on scales of every width, so that orders with many ties and with few are
    both there.  The pool is the same in every run.
    """
    rng = np.random.default_rng([n, zeros, steps])
    width = rng.integers(1, steps + 1, size=(POOL_SIZE, 1))
    values = rng.integers(1, width + 1, size=(POOL_SIZE, n)) * rng.choice([-1, 1], (POOL_SIZE, n))
    at_zero = rng.random((POOL_SIZE, n)).argsort(axis=1) < zeros
    values[at_zero] = 0
    return doubled_ranks(values)


# The target in whole numbers.


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
    return _whole_numbers(interval, Fraction(room, 3), 0, NOWHERE)


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
