"""Answers of a panel to one group of questions, made to print the group's figures.

Two routes to the same end, a weak order of the items for each expert.  For few items every
reachable combination of rank sums and ties is enumerated, so that finding nothing is a proof.
For more items a local search changes one or two experts' weak orders at a time; it may find
answers, it can never rule them out.

An expert with `z` judgements 'equal' needs a tie class of exactly `z` items to stand at zero;
with none, no class stands there.  :func:`zero_splits` holds that rule, and :func:`signed_values`
turns a weak order into answers that keep it.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from smartgov.audit.group_goals import Goal, goal_of, meeting_states, reach_shape
from smartgov.audit.panel_tables import Target, doubled_ranks, tie_terms

# How hard the local search tries; none of these decides whether what it finds is right.
POOL_SIZE = 256
RESTARTS = 6
STEPS, STEPS_PER_EXPERT = 40, 3
TEMPERATURE = 0.5
TIES_TRIED = 50

Orders = tuple[tuple[int, ...], ...]
"""One weak order for each expert: twice the midranks of the items."""


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
    down = sorted(-size for size in rng.sample(range(1, steps + 1), below))
    up = sorted(rng.sample(range(1, steps + 1), above))
    ladder = [*down, *([0] if zeros else []), *up]
    value_of = dict(zip(sorted(set(order)), ladder, strict=True))
    return [value_of[rank] for rank in order]


def find_orders(goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random) -> Orders | None:
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
    >>> target_is_excluded(6, 3, Target.from_printed(W="0.75", p="0.01"), steps=8)
    False
    >>> target_is_excluded(6, 4, Target.from_printed(W="0.75", p="0.01"), steps=8)
    True
    """
    goal = goal_of(m, n, target, generous=True)
    if goal.hopeless:
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
def _reached(m: int, n: int, profile: tuple[tuple[int, ...], ...], steps: int) -> tuple[int, bytes]:
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
        shifts = offers - orders[asked][:, None]
        tie_shifts = _sixths(offers) - ties[asked][:, None]
        gaps = goal.gap(total + shifts, tied + tie_shifts)
        pair = _closing_pair(goal, total, int(tied), shifts, tie_shifts) if gaps.min() else None
        for row, pick in pair or [_drawn(gaps, goal.ranks_asked and guided, rng)]:
            orders[asked[row]] = offers[row, pick]
            ties[asked[row]] += tie_shifts[row, pick]
    return None


def _drawn(gaps: np.ndarray, warm: bool, rng: random.Random) -> tuple[int, int]:
    """The place of a smallest gap; warm, now and then that of a larger one."""
    least = gaps.min()
    if warm and least:
        # The largest of logarithms with Gumbel noise is a draw with the weights themselves.
        noise = np.random.default_rng(rng.getrandbits(32)).gumbel(size=gaps.shape)
        place = (noise - gaps / TEMPERATURE).argmax()
        return np.unravel_index(int(place), gaps.shape)
    best = np.argwhere(gaps == least)
    return tuple(best[rng.randrange(len(best))])


def _closing_pair(
    goal: Goal, total: np.ndarray, tied: int, shifts: np.ndarray, tie_shifts: np.ndarray
) -> list[tuple[int, int]] | None:
    """Two experts' offers that together meet a goal which asks for rank sums.

    Single steps often end next to the goal.  The change two offers have to make together is
    known then, so each offer's counterpart is looked up instead of tried: changes are compared
    by a linear code, and the caller's next look at the gap unmasks a false match.

    Parameters
    ----------
    shifts : ndarray of int, shape (experts, offers, n)
        What every offer changes in the rank sums.
    tie_shifts : ndarray of int, shape (experts, offers)
        And in the ties.
    """
    if not goal.ranks_asked or len(shifts) < 2:
        return None
    *keys, tie_key = np.random.default_rng(goal.n).integers(1, 2**40, size=goal.n + 1)
    codes = (shifts @ np.array(keys) + tie_shifts * tie_key).ravel()
    rising, width = codes.argsort(kind="stable"), shifts.shape[1]
    wanted = np.clip(total, goal.sum_low, goal.sum_high)
    base = int((wanted - total) @ np.array(keys)) - tied * int(tie_key)
    for ties in goal.ties_for(wanted)[:TIES_TRIED]:
        needed = base + int(ties) * int(tie_key) - codes
        place = np.searchsorted(codes[rising], needed).clip(max=len(codes) - 1)
        one = np.flatnonzero(codes[rising][place] == needed)
        other = rising[place[one]]
        apart = np.flatnonzero(one // width != other // width)
        if len(apart):
            return [divmod(int(ends[apart[0]]), width) for ends in (one, other)]
    return None


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
    """Ties in sixths, from the midranks' squares, of which every tie takes away its share."""
    n = orders.shape[-1]
    return n * (n + 1) * (2 * n + 1) // 3 - (orders**2).sum(-1) // 2


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
