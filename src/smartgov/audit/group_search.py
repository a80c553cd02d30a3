"""Answers of a panel to one group of questions, made to print the group's figures.

Two routes to the same end, a weak order of the items for each expert.  For few items every
reachable (D, Q) of :mod:`smartgov.audit.states` is enumerated, so that finding nothing is a proof.
For more items a local search changes one expert's weak order at a time; it may find answers, it
can never rule them out.

An expert with `z` judgements 'equal' needs a tie class of exactly `z` items to stand at zero;
with none, no class stands there.  :func:`zero_splits` holds that rule, and :func:`signed_values`
turns a weak order into answers that keep it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from smartgov.audit.group_goals import Goal, goal_of, meeting_places
from smartgov.audit.panel_tables import Target
from smartgov.audit.states import grid_with, places, split_place, weak_orders
from smartgov.stats import rank_deviations

# How hard the local search tries; none of these decides whether what it finds is right.
POOL_SIZE = 256
RESTARTS = 6
STEPS, STEPS_PER_EXPERT = 40, 3


@lru_cache(maxsize=65536)
def zero_splits(order: tuple[int, ...], zeros: int, steps: int) -> tuple[tuple[int, int], ...]:
    """Where zero may stand in a weak order: pairs of tie classes below and above it.

    The order is given as rank deviations; `steps` intensities lie on either side of zero.

    Examples
    --------
    >>> zero_splits((-2, 1, 1), 2, steps=8)
    ((1, 0),)
    >>> zero_splits((-2, 1, 1), 0, steps=8)
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
    """Answers in a weak order that has room for these zeros, drawn from ``-steps`` to ``steps``.

    The nearer `lean` is to 1, the more of the answers favour the left alternative; to 0, the right.
    """
    splits = zero_splits(order, zeros, steps)
    weights = [(1 - lean) ** below * lean**above for below, above in splits]
    below, above = rng.choices(splits, weights)[0]
    down = sorted(-size for size in rng.sample(range(1, steps + 1), below))
    up = sorted(rng.sample(range(1, steps + 1), above))
    levels = [*down, *([0] if zeros else []), *up]
    value_of = dict(zip(sorted(set(order)), levels, strict=True))
    return [value_of[rank] for rank in order]


def target_is_excluded(m: int, n: int, target: Target) -> bool:
    """Whether it is proved that no answers of `m` experts to `n` questions print a target.

    The proof is one of two: no whole numbers lie in the intervals of D and of W, or none of the
    enumerated (D, Q) does.  ``False`` proves nothing.

    Examples
    --------
    >>> target_is_excluded(6, 3, Target.from_printed(W="0.75", p="0.01"))
    False
    >>> target_is_excluded(6, 4, Target.from_printed(W="0.75", p="0.01"))
    True
    """
    goal = goal_of(m, n, target, generous=True)
    return goal.impossible or (goal.enumerable and len(meeting_places(goal)) == 0)


def find_orders(
    goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random
) -> np.ndarray | None:
    """Weak orders of all experts that meet a goal, as deviations, shape (m, n), drawn at random.

    Each has room for that expert's number of judgements 'equal'.  ``None`` is a proof where the
    goal is enumerable, and elsewhere only a failed search.
    """
    if goal.enumerable:
        return _enumerated_orders(goal, zeros, steps, rng)
    for attempt in range(RESTARTS):
        found = _searched_orders(goal, zeros, steps, rng, rearrange=attempt % 2 == 1)
        if found is not None:
            return found
    return None


# Enumeration.


def _enumerated_orders(
    goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random
) -> np.ndarray | None:
    # Sorted by zeros, panels that differ only in who has them share one enumeration.
    experts = sorted(rng.sample(range(goal.m), goal.m), key=lambda expert: zeros[expert])
    profile = tuple(zeros[expert] for expert in experts)
    found = meeting_places(goal)
    found = found[_grid(goal.n, profile, steps)[tuple(found.T)]]
    if len(found) == 0:
        return None
    place = found[rng.randrange(len(found))]
    able = [_orders_with(goal.n, count, steps) for count in profile]
    taken = split_place(
        place,
        [_grid(goal.n, profile[:before], steps) for before in range(goal.m)],
        [steps_of for _, steps_of in able],
        choose=lambda ways: ways[rng.randrange(len(ways))],
    )
    orders = np.empty((goal.m, goal.n), dtype=int)
    for expert, (own, _), number in zip(experts, able, taken, strict=True):
        orders[expert] = own[number]
    return orders


@lru_cache(maxsize=512)
def _grid(n: int, profile: tuple[int, ...], steps: int) -> np.ndarray:
    """The states that experts with these numbers of zeros can reach."""
    if not profile:
        return np.ones((1,) * n, dtype=bool)
    return grid_with(_grid(n, profile[:-1], steps), _orders_with(n, profile[-1], steps)[0])


@lru_cache(maxsize=256)
def _orders_with(n: int, zeros: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Weak orders with room for that many zeros, and their places in the grid of one expert."""
    orders = weak_orders(n)
    able = [bool(zero_splits(order, zeros, steps)) for order in map(tuple, orders.tolist())]
    return orders[able], places(orders[able])


# Local search.


def _searched_orders(
    goal: Goal, zeros: Sequence[int], steps: int, rng: random.Random, rearrange: bool
) -> np.ndarray | None:
    """One run of the search: time and again the change that comes nearest to the goal."""
    pools = np.array([_pool(goal.n, count, steps) for count in zeros])
    picks = [rng.randrange(POOL_SIZE) for _ in zeros]
    orders = pools[np.arange(goal.m), picks]
    for _ in range(STEPS + STEPS_PER_EXPERT * goal.m):
        total, half_squares = orders.sum(axis=0), _half_squares(orders)
        if goal.gap(total, half_squares.sum()) == 0:
            return orders
        # Half of the experts at a time, so that a search does not always take the same way.
        asked = rng.sample(range(goal.m), (goal.m + 1) // 2)
        width = POOL_SIZE // (16 if rearrange else 4)
        part = (rng.randrange(POOL_SIZE) + np.arange(width)) % POOL_SIZE
        mine, offers = orders[asked][:, None], pools[np.ix_(asked, part)]
        if rearrange:
            offers = _with_rearranged(goal, offers, mine[:, 0], total)
        changes = _half_squares(offers) - half_squares[asked][:, None]
        gaps = goal.gap(total + offers - mine, half_squares.sum() + changes)
        best = np.argwhere(gaps == gaps.min())
        row, pick = best[rng.randrange(len(best))]
        orders[asked[row]] = offers[row, pick]
    return None


def _with_rearranged(
    goal: Goal, offers: np.ndarray, mine: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Weak orders that reach an agreement and a disagreement random ones hardly ever have.

    To the orders offered, shape (experts, offers, n), come the same patterns of ties along the
    sums of all others and along what these lack to the middle of the goal, and the experts' own
    orders with two items exchanged.
    """
    rising, found = np.sort(offers, axis=-1), [offers]
    middle = (goal.least_deviation + goal.most_deviation) / 2
    for guide in (total - mine, middle - (total - mine)):
        # The place of each item along the guide picks its rank from the sorted ones.
        rank = guide.argsort(axis=-1, kind="stable").argsort(axis=-1)
        found.append(np.take_along_axis(rising, np.broadcast_to(rank[:, None], rising.shape), -1))
    return np.concatenate([*found, mine[:, _exchanges(mine.shape[1])]], axis=1)


@lru_cache(maxsize=64)
def _exchanges(n: int) -> np.ndarray:
    """Every arrangement of `n` items that exchanges two of them."""
    one, other = np.triu_indices(n, k=1)
    items = np.tile(np.arange(n), (len(one), 1))
    rows = np.arange(len(one))
    items[rows, one], items[rows, other] = other, one
    return items


def _half_squares(orders: np.ndarray) -> np.ndarray:
    return (orders**2).sum(-1) // 2


@lru_cache(maxsize=512)
def _pool(n: int, zeros: int, steps: int) -> np.ndarray:
    """Weak orders with room for that many zeros, the same in every run.

    Answers are drawn on scales of every width, so that orders with many ties and with few are
    both there.
    """
    rng = np.random.default_rng([n, zeros, steps])
    width = rng.integers(1, steps + 1, size=(POOL_SIZE, 1))
    values = rng.integers(1, width + 1, size=(POOL_SIZE, n)) * rng.choice([-1, 1], (POOL_SIZE, n))
    at_zero = rng.random((POOL_SIZE, n)).argsort(axis=1) < zeros
    values[at_zero] = 0
    return rank_deviations(values)
