"""What a conclusion rests on: panels that print the same tables and conclude the opposite.

Two exact facts carry this module.

*Mirroring.*  Swapping left and right in every judgement of some groups negates their signed
values.  Ranks are reversed, so rank sums keep their distances from the mean and ties stay ties:
every `W`, every `p` and every share of judgements 'equal' stays, and every ranking is reversed.
Only mean ranks move, from `r` to ``n + 1 - r``.

*Tilting.*  Shares, `W`, `p` and mean ranks depend on an expert's answers to a group only through
their weak order and the number of zeros.  Values may be moved across zero as long as both stay,
and nothing printed changes; which alternative the answers favour does.
:func:`tilted_panel` chooses among all such values the best for any weighting of the entities.

A pair found is a proof, for both panels are recomputed.  Finding none proves nothing;
:mod:`smartgov.audit.lead_bounds` can prove that none exists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smartgov.audit.group_search import zero_splits
from smartgov.audit.panel_tables import (
    PanelSpec,
    PrintedCell,
    check_panel,
    doubled_ranks,
    printed_cells,
)
from smartgov.audit.reconstruction import Question, reconstruct_many

Scoring = Callable[[np.ndarray], np.ndarray]


def mean_signed_value(values: np.ndarray) -> np.ndarray:
    """The signed value itself."""
    return values.astype(float)


def log_ratio(values: np.ndarray) -> np.ndarray:
    """The logarithm of the ratio a judgement states on Saaty's scale.

    The mean over an entity's comparisons with `k - 1` others is ``k / (k - 1)`` times the
    logarithm of its row geometric mean priority (Crawford and Williams 1985), judgements
    aggregated by geometric means (Aczél and Saaty 1983); so both rank entities alike.
    """
    return np.sign(values) * np.log1p(np.abs(values))


def net_direction(values: np.ndarray) -> np.ndarray:
    """1 where the left alternative is favoured, -1 where the right one is, else 0."""
    return np.sign(values).astype(float)


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
    def others(self) -> tuple[str, ...]:
        """The entities said to come after."""
        return tuple(entity for entity in self.entities if entity not in self.leading)


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
        if question.named and question.context in contexts:
            if question.left in index and question.right in index:
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
    return _scoring(scoring)(np.asarray(panels)).mean(axis=-2) @ sides.T / times


def entity_ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks of scores, 1 for the highest; equal scores share the better rank.

    Scores nearer than 1e-12 are equal, since sums of logarithms carry rounding errors.

    Examples
    --------
    >>> entity_ranks(np.array([0.5, 2.0, 0.5]))
    array([2, 1, 2])
    """
    return (scores[..., None, :] > scores[..., :, None] + 1e-12).sum(-1) + 1


def support(
    panel: np.ndarray,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str = "mean_signed_value",
) -> float:
    """By how much the weakest leading entity is ahead of the strongest other one.

    Positive exactly where the panel carries the conclusion.
    """
    scores = _scores_of(panel, questions, conclusion, scoring)
    lead = min(scores[entity] for entity in conclusion.leading)
    return lead - max(scores[entity] for entity in conclusion.others)


def reversal(
    panel: np.ndarray,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str = "mean_signed_value",
) -> float:
    """By how much the weakest other entity is ahead of the strongest leading one.

    Positive exactly where the panel puts those said to lead last.
    """
    scores = _scores_of(panel, questions, conclusion, scoring)
    lead = max(scores[entity] for entity in conclusion.leading)
    return min(scores[entity] for entity in conclusion.others) - lead


def mirrored_panel(
    panel: np.ndarray, questions: Sequence[Question], contexts: Sequence[str]
) -> np.ndarray:
    """The panel with left and right swapped in every judgement of some contexts.

    Every share of 'equal', every `W` and every `p` stays; mean ranks `r` become ``n + 1 - r``.

    Examples
    --------
    >>> questions = [Question("E1", "a", "b"), Question("E2", "a", "b")]
    >>> mirrored_panel(np.array([[3, 1]]), questions, ["E1"])
    array([[-3,  1]])
    """
    swapped = np.array([question.context in contexts for question in questions])
    return np.where(swapped, -panel, panel).astype(panel.dtype)


def tilted_panel(
    spec: PanelSpec, panel: np.ndarray, weights: np.ndarray, scoring: str = "mean_signed_value"
) -> np.ndarray:
    """The panel that prints the same and has the largest weighted sum of judgements.

    Every expert's weak order and number of zeros in every group stay; among all values that
    keep them, the best are chosen exactly.

    Parameters
    ----------
    spec : PanelSpec
    panel : ndarray of int, shape (m, questions)
    weights : ndarray, shape (questions,)
        Weight of each question's score.  Where all weights of a group are 0, it is left alone.
    scoring : str
        A key of :data:`SCORINGS`.

    Returns
    -------
    ndarray of int, shape (m, questions)
    """
    steps = spec.scale - 1
    gains = _scoring(scoring)(np.arange(1, steps + 1)).tolist()
    tilted = panel.copy()
    for _, columns in spec.columns():
        if weights[columns].any():
            pull = tuple(weights[columns].tolist())
            for expert, values in enumerate(panel[:, columns]):
                tilted[expert, columns] = _best_values(values, pull, gains)
    return tilted


@dataclass(frozen=True)
class OppositePair:
    """Two panels that print the same tables and conclude the opposite.

    Attributes
    ----------
    conclusion : Conclusion
    scoring : str
    carries, opposes : ndarray of int, shape (m, questions)
        The panel that carries the conclusion, and the one that does not.
    kind : str
        ``reversed``: the second panel puts those said to lead last, in strict order;
        ``overtaken``: another entity is strictly ahead of one of them.
    how : str
        ``mirror`` or ``tilt``.
    scores : DataFrame
        One row an entity: its score and rank in both panels.
    cells : DataFrame
        Columns ``block, row, column, carries, opposes``: what both panels print, cell by cell.
    """

    conclusion: Conclusion
    scoring: str
    carries: np.ndarray
    opposes: np.ndarray
    kind: str
    how: str
    scores: pd.DataFrame
    cells: pd.DataFrame

    @property
    def prints_the_same(self) -> bool:
        """Whether every cell of both panels' tables is the same string."""
        return bool((self.cells["carries"] == self.cells["opposes"]).all())


def opposite_pair(
    spec: PanelSpec,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str = "mean_signed_value",
    seed: int = 0,
    tries: int = 20,
    places: tuple[int, int, int] = (2, 3, 2),
) -> OppositePair | None:
    """Look for two panels that print the same tables and conclude the opposite.

    Parameters
    ----------
    spec : PanelSpec
    questions : sequence of Question
        One for each column of the panel.
    conclusion : Conclusion
    scoring : str
        A key of :data:`SCORINGS`.
    seed : int
    tries : int
        How many panels to start from.
    places : tuple of int
        Decimal places of shares, of `W` and `p`, and of mean ranks, for the comparison of the
        printed tables.

    Returns
    -------
    OppositePair or None
        A pair that reverses the conclusion if one is found, else one in which another entity
        overtakes.  ``None`` after a bounded search, which rules nothing out.

    Raises
    ------
    ValueError
        When questions do not match the specification, or the entities cannot be ranked.
    """
    if len(questions) != spec.n_questions:
        raise ValueError(
            f"{len(questions)} questions are named; the specification has {spec.n_questions}."
        )
    second_best = None
    for panel in reconstruct_many(spec, tries, seed, progress=False):
        carries = _steered(spec, panel, questions, conclusion, scoring, support)
        if support(carries, questions, conclusion, scoring) <= 0:
            continue
        for how, opposes in _opponents(spec, carries, questions, conclusion, scoring):
            kind = _kind(opposes, questions, conclusion, scoring)
            if kind is None or not _prints_target(spec, opposes):
                continue
            pair = _pair(spec, questions, conclusion, scoring, carries, opposes, kind, how, places)
            if pair.prints_the_same and kind == "reversed":
                return pair
            if pair.prints_the_same and second_best is None:
                second_best = pair
    return second_best


def rank_ranges(
    spec: PanelSpec,
    panels: np.ndarray,
    questions: Sequence[Question],
    contexts: Sequence[str],
    entities: Sequence[str],
    scoring: str = "mean_signed_value",
    steered: int = 10,
) -> pd.DataFrame:
    """The ranks every entity takes over many panels that print the same tables.

    Parameters
    ----------
    spec : PanelSpec
    panels : ndarray of int, shape (count, m, questions)
        Panels that meet the specification.
    questions : sequence of Question
    contexts, entities : sequence of str
        What is ranked.
    scoring : str
        A key of :data:`SCORINGS`.
    steered : int
        How many of the panels are also tilted for and against every entity.

    Returns
    -------
    DataFrame
        One row an entity: ``entity``; ``best``, ``median``, ``worst`` rank over the panels
        given; ``best_found``, ``worst_found`` with the tilted ones; ``share_first``, the share
        of the given panels in which no entity scores higher.  These are ranks that occur: a
        rank outside is not ruled out by it.
    """
    ranks = entity_ranks(entity_scores(panels, questions, contexts, entities, scoring))
    rows = []
    for column, entity in enumerate(entities):
        mine = ranks[:, column]
        found = _steered_ranks(spec, panels[:steered], questions, contexts, entities, column, scoring)
        rows.append(
            {
                "entity": entity,
                "best": int(mine.min()),
                "median": float(np.median(mine)),
                "worst": int(mine.max()),
                "best_found": min(int(mine.min()), *found),
                "worst_found": max(int(mine.max()), *found),
                "share_first": float((mine == 1).mean()),
            }
        )
    return pd.DataFrame(rows)


# Steering panels.


def _steered_ranks(
    spec: PanelSpec,
    panels: np.ndarray,
    questions: Sequence[Question],
    contexts: Sequence[str],
    entities: Sequence[str],
    column: int,
    scoring: str,
) -> list[int]:
    sides = side_matrix(questions, contexts, entities)
    toward = np.full(len(entities), -1.0)
    toward[column] = len(entities) - 1.0
    tilted = [
        tilted_panel(spec, panel, sign * toward @ sides, scoring)
        for panel in panels
        for sign in (1, -1)
    ]
    scores = entity_scores(np.array(tilted), questions, contexts, entities, scoring)
    return entity_ranks(scores)[:, column].tolist()


def _steered(
    spec: PanelSpec,
    panel: np.ndarray,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str,
    margin: Callable[..., float],
    rounds: int = 8,
) -> np.ndarray:
    """Tilt a panel until `margin` is positive, or the rounds are used up; the best one found."""
    sides = side_matrix(questions, conclusion.contexts, conclusion.entities)
    leads = np.array([entity in conclusion.leading for entity in conclusion.entities])
    direction = np.where(leads, 1 / leads.sum(), -1 / (~leads).sum())
    ahead, behind = (leads, ~leads) if margin is support else (~leads, leads)
    weights = direction if margin is support else -direction
    best, best_margin = panel, margin(panel, questions, conclusion, scoring)
    for _ in range(rounds):
        trial = tilted_panel(spec, panel, weights @ sides, scoring)
        trial_margin = margin(trial, questions, conclusion, scoring)
        if trial_margin > best_margin:
            best, best_margin = trial, trial_margin
        if best_margin > 0:
            break
        # The two entities that stand in the way pull harder in the next round.
        scores = entity_scores(trial, questions, conclusion.contexts, conclusion.entities, scoring)
        weights = weights.copy()
        weights[np.where(ahead, scores, np.inf).argmin()] += 0.25
        weights[np.where(behind, scores, -np.inf).argmax()] -= 0.25
    return best


def _opponents(
    spec: PanelSpec,
    carries: np.ndarray,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str,
):
    """Panels that may conclude the opposite, the strongest first."""
    yield "mirror", mirrored_panel(carries, questions, conclusion.contexts)
    yield "tilt", _steered(spec, carries, questions, conclusion, scoring, reversal)
    sides = side_matrix(questions, conclusion.contexts, conclusion.entities)
    for leader in conclusion.leading:
        for other in conclusion.others:
            weights = np.zeros(len(conclusion.entities))
            weights[conclusion.entities.index(leader)] = -1
            weights[conclusion.entities.index(other)] = 1
            yield "tilt", tilted_panel(spec, carries, weights @ sides, scoring)


def _kind(
    panel: np.ndarray, questions: Sequence[Question], conclusion: Conclusion, scoring: str
) -> str | None:
    if reversal(panel, questions, conclusion, scoring) > 1e-12:
        return "reversed"
    return "overtaken" if support(panel, questions, conclusion, scoring) < -1e-12 else None


def _prints_target(spec: PanelSpec, panel: np.ndarray) -> bool:
    try:
        check_panel(spec, panel)
    except ValueError:  # a mirrored panel has other mean ranks, so this is an answer, not a fault
        return False
    return True


def _pair(
    spec: PanelSpec,
    questions: Sequence[Question],
    conclusion: Conclusion,
    scoring: str,
    carries: np.ndarray,
    opposes: np.ndarray,
    kind: str,
    how: str,
    places: tuple[int, int, int],
) -> OppositePair:
    both = np.array([carries, opposes])
    scores = entity_scores(both, questions, conclusion.contexts, conclusion.entities, scoring)
    ranks = entity_ranks(scores)
    table = pd.DataFrame(
        {
            "entity": conclusion.entities,
            "score_carries": scores[0],
            "rank_carries": ranks[0],
            "score_opposes": scores[1],
            "rank_opposes": ranks[1],
        }
    )
    cells = _beside(printed_cells(spec, carries, *places), printed_cells(spec, opposes, *places))
    return OppositePair(conclusion, scoring, carries, opposes, kind, how, table, cells)


def _beside(first: Sequence[PrintedCell], second: Sequence[PrintedCell]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (one.block, one.row, one.column, one.text, other.text)
            for one, other in zip(first, second, strict=True)
        ],
        columns=["block", "row", "column", "carries", "opposes"],
    )


def _scores_of(
    panel: np.ndarray, questions: Sequence[Question], conclusion: Conclusion, scoring: str
) -> dict[str, float]:
    scores = entity_scores(panel, questions, conclusion.contexts, conclusion.entities, scoring)
    return dict(zip(conclusion.entities, scores.tolist(), strict=True))


def _scoring(name: str) -> Scoring:
    if name not in SCORINGS:
        raise ValueError(f"unknown scoring {name!r}; accepted are {', '.join(SCORINGS)}.")
    return SCORINGS[name]


# The best values for one expert and one group.


def _best_values(
    values: np.ndarray, weights: tuple[float, ...], gains: list[float]
) -> list[int]:
    """Values with the same weak order and zeros and the largest weighted sum of scores."""
    order = tuple(doubled_ranks(values).tolist())
    classes = sorted(set(order))
    pull = [
        sum(weight for weight, rank in zip(weights, order, strict=True) if rank == level)
        for level in classes
    ]
    best, steps = best_ladder(order, int((values == 0).sum()), pull, gains)
    value_of = dict(zip(classes, steps, strict=True))
    return [value_of[rank] for rank in order]


def best_ladder(
    order: tuple[int, ...], zeros: int, pull: Sequence[float], gains: Sequence[float]
) -> tuple[float, list[int]]:
    """The values of a weak order's tie classes that make a weighted sum of scores largest.

    Parameters
    ----------
    order : tuple of int
        Twice the midranks of the items.
    zeros : int
        Items that have to be at zero.
    pull : sequence of float
        Weight of each tie class, the lowest first.
    gains : sequence of float
        Score of the values 1, 2, … .

    Returns
    -------
    float, list of int
        The sum and the signed values of the classes; minus infinity and an empty list when the
        order has no place for that many zeros.

    Examples
    --------
    >>> best_ladder((2, 4), 0, [-1.0, 1.0], [1, 2, 3])
    (6.0, [-3, 3])
    >>> best_ladder((2, 4), 1, [1.0, 1.0], [1, 2, 3])
    (3.0, [0, 3])
    """
    below = _climbs(pull, [-gain for gain in reversed(gains)])
    # Above zero the same problem, read from the top downwards.
    above = _climbs(list(reversed(pull)), list(reversed(gains)))
    best, chosen = float("-inf"), []
    for down, up in zero_splits(order, zeros, len(gains)):
        total = below[down][0] + above[up][0]
        if total > best:
            under = [place - len(gains) for place in below[down][1]]
            over = [len(gains) - place for place in reversed(above[up][1])]
            best, chosen = total, [*under, *([0] if zeros else []), *over]
    return best, chosen


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
