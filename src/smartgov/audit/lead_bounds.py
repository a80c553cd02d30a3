"""What printed figures settle: bounds on scores over every panel that prints them.

A search for opposite panels can find them; it cannot show that there are none.  Here a weighted
sum of entities' scores is bounded over *all* panels that meet a specification, by dropping one
condition: an expert's judgements 'equal' may fall on the groups of a block in any numbers that
single groups allow, without having to add up.  Dropping a condition can only widen the bounds, so
an order of entities that holds throughout them is proved.

For small groups the largest sum is found exactly, by a dynamic programme over all reachable
combinations of rank sums and ties; for larger ones each expert's strongest answers are taken, as
if nothing but the zeros were printed for the group.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from smartgov.audit.entity_scores import best_values, question_weights, score_steps
from smartgov.audit.group_goals import Goal, goal_of, meeting_states, reach_shape
from smartgov.audit.group_search import weak_orders
from smartgov.audit.panel_tables import Block, Group, PanelSpec, tie_terms
from smartgov.audit.reconstruction import Question

ROUNDING = 1e-9
"""Bounds are moved outwards by this much, relative to the larger of 1 and themselves."""


@dataclass(frozen=True)
class ScoreBounds:
    """No panel that meets the specification has the weighted score outside these bounds."""

    low: float
    high: float

    @property
    def settled(self) -> bool:
        """Whether the sign is the same for all panels."""
        return self.low > 0 or self.high < 0


def score_bounds(
    spec: PanelSpec,
    questions: Sequence[Question],
    contexts: Sequence[str],
    weights: dict[str, float],
    scoring: str = "mean_signed_value",
) -> ScoreBounds:
    """Bounds of a weighted sum of entities' scores over all panels that meet a specification.

    Parameters
    ----------
    spec : PanelSpec
    questions : sequence of Question
        One for each column of the panel.
    contexts : sequence of str
        The questions' contexts the entities are scored in.
    weights : dict of str to float
        The entities and their weights: ``{"a": 1, "b": -1, "c": 0}`` asks by how much `a` can be
        ahead of `b`.  All compared entities have to be named.
    scoring : str
        A key of :data:`~smartgov.audit.entity_scores.SCORINGS`.

    Returns
    -------
    ScoreBounds
        On the scale of :func:`~smartgov.audit.entity_scores.entity_scores`.

    Raises
    ------
    ValueError
        When no panel meets one of the groups' targets, so that there is nothing to bound.
    """
    pull = question_weights(questions, contexts, weights) / spec.m
    gains = score_steps(spec.scale, scoring)
    high = sum(
        largest_in_block(spec, block, pull[columns], gains)
        for block, columns in spec.block_columns()
    )
    low = -sum(
        largest_in_block(spec, block, -pull[columns], gains)
        for block, columns in spec.block_columns()
    )
    return ScoreBounds(-outwards(-low), outwards(high))


def outwards(bound: float) -> float:
    """An upper bound, moved up by what floats may have lost."""
    return bound + ROUNDING * max(1.0, abs(bound))


def largest_in_block(
    spec: PanelSpec, block: Block, pull: np.ndarray, gains: tuple[float, ...]
) -> float:
    """A bound of the weighted sum of scores in one block, its groups taken one by one.

    Parameters
    ----------
    spec : PanelSpec
    block : Block
    pull : ndarray, shape (block.n_questions,)
        Weights of the questions' scores.
    gains : tuple of float
        Scores of the values 1, 2, … .
    """
    total, start = 0.0, 0
    for group in block.groups:
        mine = tuple(pull[start : start + group.n_items].tolist())
        start += group.n_items
        if any(mine):
            total += _largest_in_group(spec, block, group, mine, gains)
    return total


def zero_range(block: Block, group: Group, count: int) -> range:
    """The numbers of zeros an expert can have in a group, given the count in its block.

    Examples
    --------
    >>> groups = Group("E1", "growth", 3), Group("E1", "policy", 2)
    >>> zero_range(Block("E1", groups, (4,)), groups[0], 4)
    range(2, 4)
    """
    elsewhere = block.n_questions - group.n_items
    return range(max(0, count - elsewhere), min(group.n_items, count) + 1)


def _largest_in_group(
    spec: PanelSpec, block: Block, group: Group, pull: tuple[float, ...], gains: tuple[float, ...]
) -> float:
    goal = goal_of(spec.m, group.n_items, group.target, generous=True)
    ranges = [zero_range(block, group, count) for count in block.equal_counts]
    if not goal.enumerable:
        return sum(_strongest(pull, zeros, gains) for zeros in ranges)
    ends = _best_states(goal, ranges, pull, gains)[meeting_states(goal)]
    if not np.isfinite(ends).any():
        raise ValueError(
            f"{group.label} cannot be answered by {spec.m} experts with their judgements "
            "'equal', so there is no panel whose scores could be bounded."
        )
    return float(ends.max())


def _strongest(pull: tuple[float, ...], zeros: range, gains: tuple[float, ...]) -> float:
    # At least `zeros.start` items stand at zero; the others gain at most the strongest value.
    weights = sorted((abs(weight) for weight in pull), reverse=True)
    return gains[-1] * sum(weights[: len(pull) - zeros.start])


def _best_states(
    goal: Goal, ranges: list[range], pull: tuple[float, ...], gains: tuple[float, ...]
) -> np.ndarray:
    """For every combination of rank sums and ties the largest weighted score that reaches it.

    On the axes of :func:`~smartgov.audit.group_goals.reach_shape`; minus infinity where nothing
    reaches.
    """
    shape = reach_shape(goal.m, goal.n)
    best = np.full(shape, -np.inf)
    best[(0,) * goal.n] = 0.0
    moves = {zeros: _moves(goal.n, zeros, pull, gains) for zeros in set(ranges)}
    for done, zeros in enumerate(ranges):
        # Before this expert nothing lies beyond what `done` experts can add on any axis.
        before = best[tuple(slice((size - 1) // goal.m * done + 1) for size in shape)].copy()
        best.fill(-np.inf)
        for offset, gain in moves[zeros]:
            window = tuple(map(slice, offset, np.add(offset, before.shape).tolist()))
            np.maximum(best[window], before + gain, out=best[window])
    return best


def _moves(
    n: int, zeros: range, pull: tuple[float, ...], gains: tuple[float, ...]
) -> list[tuple[tuple[int, ...], float]]:
    """What one expert's weak order adds to rank sums and ties, and at best to the score."""
    found = []
    for order in weak_orders(n):
        gain = max(best_values(order, count, pull, gains)[0] for count in zeros)
        if math.isfinite(gain):
            ties = int(tie_terms(np.array(order))) // 6
            found.append(((*(rank - 2 for rank in order[:-1]), ties), gain))
    return found
