"""What a conclusion rests on: panels that print the same tables and conclude the opposite.

Two exact facts carry this module.

*Mirroring.*  Swapping left and right in every judgement of some groups negates their signed
values.  Ranks are reversed, so rank sums keep their distances from the mean and ties stay ties:
every `W`, every `p` and every share of judgements 'equal' stays, and every ranking is reversed.
Only mean ranks move, from `r` to ``n + 1 - r``.

*Tilting.*  Shares, `W`, `p` and mean ranks depend on an expert's answers to a group only through
their weak order and the number of zeros.  Values may be moved across zero as long as both stay:
nothing printed changes, but which alternative the answers favour does.

A pair found is a proof, for both panels are recomputed; a search that finds none proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from smartgov.audit.entity_scores import NEAR, Ranking, entity_ranks, lead, tilted_values
from smartgov.audit.panel_tables import PanelSpec, departures, printed_cells
from smartgov.audit.reconstruction import Question


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


def tilted_towards(
    spec: PanelSpec, panel: np.ndarray, ranking: Ranking, ahead: np.ndarray
) -> np.ndarray:
    """A tilt of the panel that sets some entities before all others.

    One tilt is tried first, in favour of these entities and against all others alike.  It may
    leave one of them behind; then every expert's answers to every group are taken, in turn, from
    the tilt that makes the lead largest, of this one and those that weigh one entity more.  The
    lead may still be negative.
    """
    even, *leaning = [pull @ ranking.sides for pull in _pulls(ahead)]
    best = tilted_values(spec, panel, even)
    if lead(ranking.scores(best), ahead) > NEAR:
        return best
    tilts = np.array([best, *(tilted_values(spec, panel, pull) for pull in leaning)])
    for expert, (_, columns) in product(range(spec.m), spec.columns()):
        trials = np.repeat(best[None], len(tilts), axis=0)
        trials[:, expert, columns] = tilts[:, expert, columns]
        best = trials[lead(ranking.scores(trials), ahead).argmax()]
    return best


def _pulls(ahead: np.ndarray) -> Iterator[np.ndarray]:
    """Weights of scores, even on either side; then with half of a side's weight on one entity."""
    even = np.where(ahead, 1 / ahead.sum(), -1 / (~ahead).sum())
    yield even
    for entity, alone in enumerate(np.eye(len(ahead))):
        side = ahead == ahead[entity]
        yield np.where(side, (even + np.sign(even) * alone) / 2, even)


@dataclass(frozen=True)
class OppositePair:
    """Two panels that print the same tables and conclude the opposite.

    Attributes
    ----------
    leading : tuple of str
        Those who come first in one panel, and not in the other.
    carries, opposes : ndarray of int, shape (m, questions)
        The panel that carries the conclusion, and the one that does not.
    how : str
        How the second was made of the first: ``mirror`` or ``tilt``.
    scores : DataFrame
        One row an entity: its score and rank in both panels.
    cells : DataFrame
        Columns ``block, row, column, carries, opposes``: what both panels print, cell by cell.
    """

    leading: tuple[str, ...]
    carries: np.ndarray
    opposes: np.ndarray
    how: str
    scores: pd.DataFrame
    cells: pd.DataFrame

    @property
    def reversed(self) -> bool:
        """Whether those said to lead come strictly last, and not just behind some other."""
        return self._lead("score_opposes", behind=True) > NEAR

    @property
    def margin(self) -> float:
        """How far the panel that is nearer to a draw is from one, in scores.

        In the first panel the leaders are ahead of all others by at least this; in the second
        they are behind all others, or where not reversed one of them behind some other.
        """
        if self.reversed:
            against = self._lead("score_opposes", behind=True)
        else:
            against = -self._lead("score_opposes")
        return min(self._lead("score_carries"), against)

    @property
    def prints_the_same(self) -> bool:
        """Whether every cell of both panels' tables is the same string."""
        return bool((self.cells["carries"] == self.cells["opposes"]).all())

    def _lead(self, column: str, behind: bool = False) -> float:
        leads = self.scores["entity"].isin(self.leading).to_numpy()
        return float(lead(self.scores[column].to_numpy(), ~leads if behind else leads))


def opposite_pair(
    spec: PanelSpec, ranking: Ranking, leading: Sequence[str], panels: np.ndarray
) -> OppositePair | None:
    """Look for two panels that print the same tables and conclude the opposite.

    Parameters
    ----------
    spec : PanelSpec
        What both have to print.
    ranking : Ranking
    leading : sequence of str
        The entities said to come before all others.
    panels : ndarray of int, shape (count, m, questions)
        Panels that meet the specification, to start from.

    Returns
    -------
    OppositePair or None
        Of the pairs found, one that reverses the conclusion before one in which another entity
        overtakes, and then the one whose panels are furthest from a draw.  ``None`` after a
        bounded search, which rules nothing out.

    Raises
    ------
    ValueError
        When questions do not match the specification, or there is nothing to lead.
    """
    leads = _leads(spec, ranking, leading)
    pairs = []
    for panel in panels:
        carries = tilted_towards(spec, panel, ranking, leads)
        if lead(ranking.scores(carries), leads) > NEAR:
            for how, opposes in _opponents(spec, ranking, leads, carries):
                if lead(ranking.scores(opposes), leads) < -NEAR:
                    scores = _scores_beside(ranking, carries, opposes)
                    cells = _cells_beside(spec, carries, opposes)
                    pairs.append(OppositePair(tuple(leading), carries, opposes, how, scores, cells))
    same = [pair for pair in pairs if pair.prints_the_same]
    return max(same, key=lambda pair: (pair.reversed, pair.margin), default=None)


def _leads(spec: PanelSpec, ranking: Ranking, leading: Sequence[str]) -> np.ndarray:
    """For each entity whether it is said to lead, checked."""
    if len(ranking.questions) != spec.n_questions:
        raise ValueError(
            f"{len(ranking.questions)} questions are named; the specification has "
            f"{spec.n_questions}."
        )
    unknown = set(leading) - set(ranking.entities)
    if unknown or not 0 < len(set(leading)) < len(ranking.entities):
        raise ValueError(
            f"{list(leading)} are said to lead among {list(ranking.entities)}; give some of them, "
            "not none and not all."
        )
    return np.array([entity in leading for entity in ranking.entities])


def _opponents(
    spec: PanelSpec, ranking: Ranking, leads: np.ndarray, carries: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Panels made from one that carries the conclusion, which may conclude the opposite."""
    mirror = mirrored_panel(carries, ranking.questions, ranking.contexts)
    if next(departures(spec, mirror), None) is None:
        yield "mirror", mirror
        return
    yield "tilt", tilted_towards(spec, carries, ranking, ~leads)
    alone = np.eye(len(leads))
    for other, leader in product(alone[~leads], alone[leads]):
        yield "tilt", tilted_values(spec, carries, (other - leader) @ ranking.sides)


def _scores_beside(ranking: Ranking, carries: np.ndarray, opposes: np.ndarray) -> pd.DataFrame:
    scores = ranking.scores(np.array([carries, opposes]))
    ranks = entity_ranks(scores)
    return pd.DataFrame(
        {
            "entity": list(ranking.entities),
            "score_carries": scores[0],
            "rank_carries": ranks[0],
            "score_opposes": scores[1],
            "rank_opposes": ranks[1],
        }
    )


def _cells_beside(spec: PanelSpec, carries: np.ndarray, opposes: np.ndarray) -> pd.DataFrame:
    first, second = printed_cells(spec, carries), printed_cells(spec, opposes)
    return pd.DataFrame(
        [(*cell, text, second[cell]) for cell, text in first.items()],
        columns=["block", "row", "column", "carries", "opposes"],
    )
