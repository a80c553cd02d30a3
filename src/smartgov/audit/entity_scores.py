"""Scores of the compared entities, conclusions drawn from them, and the values that favour one.

A score is a mean over judgements, seen from the entity's side, so a weighted sum of scores is a
weighted sum over answers.  That makes the largest one an expert can contribute a small exact
problem, :func:`best_values`, on which :mod:`smartgov.audit.opposite_panels` rests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from smartgov.audit.group_search import zero_splits
from smartgov.audit.panel_tables import PanelSpec
from smartgov.audit.reconstruction import Question
from smartgov.audit.states import rank_deviations

Scoring = Callable[[np.ndarray], np.ndarray]


def mean_signed_value(values: np.ndarray) -> np.ndarray:
    """The signed value itself."""
    return np.asarray(values, dtype=float)


def log_ratio(values: np.ndarray) -> np.ndarray:
    """The logarithm of the ratio a judgement states on Saaty's scale.

    The mean over an entity's comparisons with `k - 1` others is ``k / (k - 1)`` times the
    logarithm of its row geometric mean priority (Crawford and Williams 1985), judgements
    aggregated by geometric means (Aczél and Saaty 1983); so both rank entities alike.
    """
    values = np.asarray(values, dtype=float)  # log1p of small integers would be half precision
    return np.sign(values) * np.log1p(np.abs(values))


def net_direction(values: np.ndarray) -> np.ndarray:
    """1 where the left alternative is favoured, -1 where the right one is, else 0."""
    return np.sign(np.asarray(values, dtype=float))


SCORINGS: dict[str, Scoring] = {
    "mean_signed_value": mean_signed_value,
    "geometric_mean_priority": log_ratio,
    "net_direction": net_direction,
}
"""Ways to score entities.  Each maps a signed value and its negative to opposite numbers and
never decreases; an entity's score is the mean over its comparisons, seen from its side."""


@dataclass(frozen=True)
class Conclusion:
    """The statement that some entities come before all others.

    Attributes
    ----------
    name : str
    contexts : tuple of str
        The questions' contexts it is drawn from.
    entities : tuple of str
        All entities it ranks.
    leading : tuple of str
        Those said to come first.
    """

    name: str
    contexts: tuple[str, ...]
    entities: tuple[str, ...]
    leading: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.leading) - set(self.entities))
        if unknown or not 0 < len(self.leading) < len(self.entities):
            raise ValueError(
                f"conclusion {self.name!r}: {list(self.leading)} are said to lead among "
                f"{list(self.entities)}; give some of them, not none and not all."
            )

    @property
    def leads(self) -> np.ndarray:
        """For each entity whether it is said to lead."""
        return np.array([entity in self.leading for entity in self.entities])


def side_matrix(
    questions: Sequence[Question], contexts: Sequence[str], entities: Sequence[str]
) -> np.ndarray:
    """Which questions count for and against which entity.

    Returns
    -------
    ndarray of int, shape (entities, questions)
        1 where the entity is on the left, -1 where on the right.

    Raises
    ------
    ValueError
        When the entities are not all compared equally often, so that their scores could not be
        ranked; unnamed questions count for none.
    """
    index = {entity: row for row, entity in enumerate(entities)}
    sides = np.zeros((len(entities), len(questions)), dtype=int)
    for column, question in enumerate(questions):
        known = question.left in index and question.right in index
        if known and question.context in contexts:
            sides[index[question.left], column] = 1
            sides[index[question.right], column] = -1
    times = dict(zip(entities, np.abs(sides).sum(axis=1).tolist(), strict=True))
    if len(set(times.values())) != 1 or 0 in times.values():
        raise ValueError(
            f"in the contexts {list(contexts)} the entities are compared {times} times; a "
            "ranking needs each compared equally often, and at least once."
        )
    return sides


def entity_scores(
    panels: np.ndarray,
    questions: Sequence[Question],
    contexts: Sequence[str],
    entities: Sequence[str],
    scoring: str = "mean_signed_value",
) -> np.ndarray:
    """Score of every entity: the mean over experts and over its comparisons.

    Parameters
    ----------
    panels : ndarray of int, shape (..., m, questions)
    questions : sequence of Question
    contexts, entities : sequence of str
    scoring : str
        A key of :data:`SCORINGS`.

    Returns
    -------
    ndarray, shape (..., entities)

    Examples
    --------
    >>> questions = [Question("E1", "a", "b")]
    >>> entity_scores(np.array([[3], [-1]]), questions, ["E1"], ["a", "b"])
    array([ 1., -1.])
    """
    sides = side_matrix(questions, contexts, entities)
    times = np.abs(sides).sum(axis=1)
    return scoring_named(scoring)(np.asarray(panels)).mean(axis=-2) @ sides.T / times


def entity_ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks of scores, 1 for the highest; equal scores share the better rank.

    Scores nearer than 1e-12 are equal, since sums of logarithms carry rounding errors.

    Examples
    --------
    >>> entity_ranks(np.array([0.5, 2.0, 0.5]))
    array([2, 1, 2])
    """
    return (scores[..., None, :] > scores[..., :, None] + 1e-12).sum(-1) + 1


def support(scores: np.ndarray, conclusion: Conclusion) -> np.ndarray:
    """By how much the weakest leading entity is ahead of the strongest other one.

    Positive exactly where the scores carry the conclusion.

    Parameters
    ----------
    scores : ndarray, shape (..., entities)
        In the order of the conclusion's entities.

    Examples
    --------
    >>> first = Conclusion("a leads", ("E1",), ("a", "b", "c"), ("a",))
    >>> float(support(np.array([3.0, 1.0, 2.5]), first))
    0.5
    """
    leads = conclusion.leads
    return scores[..., leads].min(-1) - scores[..., ~leads].max(-1)


def reversal(scores: np.ndarray, conclusion: Conclusion) -> np.ndarray:
    """By how much the weakest other entity is ahead of the strongest leading one.

    Positive exactly where those said to lead come last.
    """
    return support(-scores, conclusion)


def scoring_named(name: str) -> Scoring:
    """One of :data:`SCORINGS`; a ValueError lists them if there is none of that name."""
    if name not in SCORINGS:
        raise ValueError(f"unknown scoring {name!r}; accepted are {', '.join(SCORINGS)}.")
    return SCORINGS[name]


def score_steps(scale: int, scoring: str) -> tuple[float, ...]:
    """The scores of the signed values 1 to ``scale - 1``."""
    return tuple(scoring_named(scoring)(np.arange(1, scale)).tolist())


def tilted_values(
    spec: PanelSpec, panel: np.ndarray, weights: np.ndarray, scoring: str = "mean_signed_value"
) -> np.ndarray:
    """The answers that print the same and have the largest weighted sum of scores.

    Every expert's weak order and number of zeros in every group stay; among all values that
    keep them, the best are chosen exactly.

    Parameters
    ----------
    spec : PanelSpec
    panel : ndarray of int, shape (m, questions)
        Only its weak orders and zeros matter.
    weights : ndarray, shape (questions,)
        Weight of each question's score.  Where all weights of a group are 0, it is left alone.
    scoring : str
        A key of :data:`SCORINGS`.

    Returns
    -------
    ndarray of int, shape (m, questions)
    """
    gains = score_steps(spec.scale, scoring)
    tilted = panel.copy()
    for _, columns in spec.columns():
        if weights[columns].any():
            pull = tuple(weights[columns].tolist())
            orders = map(tuple, rank_deviations(panel[:, columns]).tolist())
            zeros = (panel[:, columns] == 0).sum(axis=1).tolist()
            tilted[:, columns] = [
                best_values(order, count, pull, gains)[1]
                for order, count in zip(orders, zeros, strict=True)
            ]
    return tilted


@lru_cache(maxsize=100_000)
def best_values(
    order: tuple[int, ...], zeros: int, weights: tuple[float, ...], gains: tuple[float, ...]
) -> tuple[float, tuple[int, ...]]:
    """One expert's answers to a group that make a weighted sum of scores largest.

    Parameters
    ----------
    order : tuple of int
        The weak order they have to have, as doubled rank deviations of the items.
    zeros : int
        Items that have to be at zero.
    weights : tuple of float
        Weight of each item's score.
    gains : tuple of float
        Score of the values 1, 2, … .

    Returns
    -------
    float, tuple of int
        The sum and the signed values; minus infinity and no values when the order has no place
        for that many zeros.

    Examples
    --------
    >>> best_values((-1, 1), 0, (-1.0, 1.0), (1, 2, 3))
    (6.0, (-3, 3))
    >>> best_values((1, -1), 1, (1.0, 1.0), (1, 2, 3))
    (3.0, (3, 0))
    """
    classes = sorted(set(order))
    pull = [
        sum(weight for weight, rank in zip(weights, order, strict=True) if rank == level)
        for level in classes
    ]
    below = _climbs(pull, [-gain for gain in reversed(gains)])
    # Above zero it is the same problem, read from the top downwards.
    above = _climbs(pull[::-1], gains[::-1])
    best, ladder = float("-inf"), []
    for down, up in zero_splits(order, zeros, len(gains)):
        total = below[down][0] + above[up][0]
        if total > best:
            under = [place - len(gains) for place in below[down][1]]
            over = [len(gains) - place for place in reversed(above[up][1])]
            best, ladder = total, [*under, *([0] if zeros else []), *over]
    return best, tuple(ladder[classes.index(rank)] for rank in order) if ladder else ()


def _climbs(pull: Sequence[float], levels: Sequence[float]) -> list[tuple[float, list[int]]]:
    """For every k the best places, in rising order, of the first k classes on the levels."""
    width = len(levels)
    best = [[0.0] * (width + 1)]
    for k, weight in enumerate(pull[:width]):
        row = [float("-inf")] * (width + 1)
        for place in range(k, width):
            row[place + 1] = max(row[place], best[k][place] + weight * levels[place])
        best.append(row)
    return [(best[k][width], _places(best, k, width)) for k in range(len(best))]


def _places(best: list[list[float]], k: int, width: int) -> list[int]:
    places = []
    while k:
        while best[k][width - 1] == best[k][width]:
            width -= 1
        width, k = width - 1, k - 1
        places.append(width)
    return places[::-1]
