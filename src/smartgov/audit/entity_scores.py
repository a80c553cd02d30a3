"""Scores and ranks of the compared entities, and the answers that favour one of them.

A score is a mean over judgements, seen from the entity's side, so a weighted sum of scores is a
weighted sum over answers.  That makes the largest one a panel can have, all it prints staying, a
small exact problem for each expert and group: :func:`tilted_values`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from smartgov.audit.group_search import zero_splits
from smartgov.audit.panel_tables import PanelSpec
from smartgov.audit.reconstruction import Question
from smartgov.stats import rank_deviations

NEAR = 1e-9
"""Scores nearer than this are not said to differ."""


@dataclass(frozen=True)
class Ranking:
    """Entities ranked by their mean signed value over the questions of some contexts.

    Parameters
    ----------
    questions : sequence of Question
        One for each column of a panel.
    contexts, entities : sequence of str
        A question counts if it compares two of the entities in one of the contexts.

    Raises
    ------
    ValueError
        When the entities are not all compared equally often, so that their scores could not be
        ranked; unnamed questions count for none.

    Examples
    --------
    >>> questions = [Question("E1", "a", "b")]
    >>> Ranking(questions, ["E1"], ["a", "b"]).scores(np.array([[3], [-1]]))
    array([ 1., -1.])
    """

    questions: Sequence[Question]
    contexts: Sequence[str]
    entities: Sequence[str]

    def __post_init__(self) -> None:
        times = dict(zip(self.entities, np.abs(self.sides).sum(axis=1).tolist(), strict=True))
        if len(set(times.values())) != 1 or 0 in times.values():
            raise ValueError(
                f"in the contexts {list(self.contexts)} the entities are compared {times} times; a "
                "ranking needs each compared equally often, and at least once."
            )

    @cached_property
    def sides(self) -> np.ndarray:
        """1 where an entity is on the left, -1 on the right, shape (entities, questions)."""
        index = {entity: row for row, entity in enumerate(self.entities)}
        sides = np.zeros((len(self.entities), len(self.questions)), dtype=int)
        for column, question in enumerate(self.questions):
            known = question.left in index and question.right in index
            if known and question.context in self.contexts:
                sides[index[question.left], column] = 1
                sides[index[question.right], column] = -1
        return sides

    def scores(self, panels: np.ndarray) -> np.ndarray:
        """Each entity's mean over experts and over its comparisons.

        Parameters
        ----------
        panels : ndarray, shape (..., m, questions)
            Signed values.

        Returns
        -------
        ndarray, shape (..., entities)
        """
        return panels.mean(axis=-2) @ self.sides.T / np.abs(self.sides[0]).sum()


def entity_ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks of scores, 1 for the highest; equal scores share the better rank.

    Examples
    --------
    >>> entity_ranks(np.array([0.5, 2.0, 0.5]))
    array([2, 1, 2])
    """
    return (scores[..., None, :] > scores[..., :, None] + NEAR).sum(-1) + 1


def lead(scores: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """By how much the weakest of some entities is ahead of the strongest other one.

    Parameters
    ----------
    scores : ndarray, shape (..., entities)
    ahead : ndarray of bool, shape (entities,)
        Which entities; the others' lead over these is ``lead(scores, ~ahead)``.

    Examples
    --------
    >>> float(lead(np.array([3.0, 1.0, 2.5]), np.array([True, False, False])))
    0.5
    """
    return scores[..., ahead].min(-1) - scores[..., ~ahead].max(-1)


def tilted_values(spec: PanelSpec, panel: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The answers, shape (m, questions), that print the same and have the largest weighted sum.

    Every expert's weak order and number of zeros in every group stay; among all values that
    keep them, the best are chosen exactly.  A group whose weights are all 0 is left alone.
    """
    tilted = panel.copy()
    for _, columns in spec.columns():
        if weights[columns].any():
            orders = rank_deviations(panel[:, columns]).tolist()
            zeros = (panel[:, columns] == 0).sum(axis=1).tolist()
            tilted[:, columns] = [
                best_values(tuple(order), count, weights[columns], spec.scale - 1)
                for order, count in zip(orders, zeros, strict=True)
            ]
    return tilted


def best_values(order: tuple[int, ...], zeros: int, weights: np.ndarray, steps: int) -> np.ndarray:
    """One expert's answers to a group that make a weighted sum of them largest.

    The weighted sum of whole numbers that rise from class to class is largest at a corner: on
    either side of zero the lower classes stand at the lowest levels and the upper ones at the
    highest, with one gap between them.

    Examples
    --------
    >>> best_values((-1, 1), 0, np.array([-1.0, 1.0]), steps=3)
    array([-3,  3])
    >>> best_values((1, -1), 1, np.array([1.0, 1.0]), steps=3)
    array([3, 0])
    """
    _, class_of = np.unique(order, return_inverse=True)
    levels = _corners(zero_splits(order, zeros, steps), zeros > 0, steps)
    pull = np.bincount(class_of, weights)
    return levels[(levels @ pull).argmax()][class_of]


@lru_cache(maxsize=4096)
def _corners(splits: tuple[tuple[int, int], ...], zero: bool, steps: int) -> np.ndarray:
    """Values of all tie classes with at most one gap on either side of zero, a row each."""
    return np.array(
        [
            [*(-level for level in reversed(down)), *([0] if zero else []), *up]
            for below, above in splits
            for down in _with_one_gap(below, steps)
            for up in _with_one_gap(above, steps)
        ]
    )


def _with_one_gap(count: int, steps: int) -> list[list[int]]:
    """Rising levels from 1 to `steps`: some from the bottom, the rest at the top."""
    return [
        [*range(1, low + 1), *range(steps - (count - low) + 1, steps + 1)]
        for low in range(count + 1)
    ]
