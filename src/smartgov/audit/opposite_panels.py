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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from smartgov.audit.entity_scores import (
    Conclusion,
    entity_ranks,
    entity_scores,
    reversal,
    scoring_named,
    side_matrix,
    support,
    tilted_values,
)
from smartgov.audit.panel_tables import PanelSpec, check_panel, printed_cells
from smartgov.audit.reconstruction import Question, reconstruct

NEAR = 1e-9
"""Scores nearer than this are not said to differ."""

Margin = Callable[[np.ndarray, Conclusion], np.ndarray]


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


@dataclass(frozen=True)
class Case:
    """A conclusion, and all that is needed to try it on panels.

    Attributes
    ----------
    spec : PanelSpec
        What every panel has to print.
    questions : tuple of Question
        One for each column of a panel.
    conclusion : Conclusion
    scoring : str
        A key of :data:`~smartgov.audit.entity_scores.SCORINGS`.

    Raises
    ------
    ValueError
        When questions do not match the specification, or the entities cannot be ranked.
    """

    spec: PanelSpec
    questions: tuple[Question, ...]
    conclusion: Conclusion
    scoring: str = "mean_signed_value"

    def __post_init__(self) -> None:
        if len(self.questions) != self.spec.n_questions:
            raise ValueError(
                f"{len(self.questions)} questions are named; the specification has "
                f"{self.spec.n_questions}."
            )
        scoring_named(self.scoring)
        side_matrix(self.questions, self.conclusion.contexts, self.conclusion.entities)

    def scores(self, panels: np.ndarray) -> np.ndarray:
        """Scores of the conclusion's entities in one panel or many."""
        conclusion = self.conclusion
        return entity_scores(
            panels, self.questions, conclusion.contexts, conclusion.entities, self.scoring
        )


@dataclass(frozen=True)
class OppositePair:
    """Two panels that print the same tables and conclude the opposite.

    Attributes
    ----------
    case : Case
    carries, opposes : ndarray of int, shape (m, questions)
        The panel that carries the conclusion, and the one that does not.
    kind : str
        ``reversed``: the second panel puts those said to lead strictly last;
        ``overtaken``: some other entity is strictly ahead of one of them.
    how : str
        ``mirror`` or ``tilt`` (of the first panel).
    scores : DataFrame
        One row an entity: its score and rank in both panels.
    cells : DataFrame
        Columns ``block, row, column, carries, opposes``: what both panels print, cell by cell.
    """

    case: Case
    carries: np.ndarray
    opposes: np.ndarray
    kind: str
    how: str
    scores: pd.DataFrame
    cells: pd.DataFrame

    @property
    def margin(self) -> float:
        """How far the panel that is nearer to a draw is from one, in scores."""
        conclusion = self.case.conclusion
        for_it = support(self.scores["score_carries"].to_numpy(), conclusion)
        against = self.scores["score_opposes"].to_numpy()
        reversed_by, behind_by = reversal(against, conclusion), -support(against, conclusion)
        return float(min(for_it, reversed_by if self.kind == "reversed" else behind_by))

    @property
    def prints_the_same(self) -> bool:
        """Whether every cell of both panels' tables is the same string."""
        return bool((self.cells["carries"] == self.cells["opposes"]).all())


def opposite_pair(
    case: Case,
    seed: int = 0,
    tries: int = 5,
    places: tuple[int, int, int] = (2, 3, 2),
) -> OppositePair | None:
    """Look for two panels that print the same tables and conclude the opposite.

    Parameters
    ----------
    case : Case
    seed : int
    tries : int
        How many panels to start from.
    places : tuple of int
        Decimal places of shares, of `W` and `p`, and of mean ranks, for the comparison of the
        printed tables.

    Returns
    -------
    OppositePair or None
        Of the pairs found, one that reverses the conclusion before one in which another entity
        overtakes, and then the one whose panels are furthest from a draw.  ``None`` after a
        bounded search, which rules nothing out.
    """
    return _clearest(
        [
            _pair(case, carries, opposes, how, places)
            for carries in _carriers(case, seed, tries)
            for how, opposes in _opponents(case, carries)
        ]
    )


def rank_ranges(case: Case, panels: np.ndarray, steered: int = 5) -> pd.DataFrame:
    """The ranks every entity takes over many panels that print the same tables.

    Parameters
    ----------
    case : Case
    panels : ndarray of int, shape (count, m, questions)
        Panels that meet the specification.
    steered : int
        How many of the panels are also tilted for and against every entity.

    Returns
    -------
    DataFrame
        One row an entity: ``entity``; ``best``, ``median``, ``worst`` rank over the panels
        given; ``best_found``, ``worst_found`` with the tilted ones; ``share_first``,
        the share of the given panels in which no entity scores higher: it says how the panels
        were drawn, and is no probability.  All these ranks occur; a rank beyond them is not ruled
        out.
    """
    ranks = entity_ranks(case.scores(panels))
    rows = []
    for column, entity in enumerate(case.conclusion.entities):
        mine = ranks[:, column]
        found = [*mine.tolist(), *_steered_ranks(case, panels[:steered], column)]
        rows.append(
            {
                "entity": entity,
                "best": int(mine.min()),
                "median": float(np.median(mine)),
                "worst": int(mine.max()),
                "best_found": min(found),
                "worst_found": max(found),
                "share_first": float((mine == 1).mean()),
            }
        )
    return pd.DataFrame(rows)


# Steering.


def _direction(conclusion: Conclusion) -> np.ndarray:
    """Weights of the leaders' mean score less that of all others."""
    leads = conclusion.leads
    return np.where(leads, 1 / leads.sum(), -1 / (~leads).sum())


def _between(count: int, ahead: int, behind: int) -> np.ndarray:
    weights = np.zeros(count)
    weights[ahead], weights[behind] = 1.0, -1.0
    return weights


def _toward(count: int, entity: int) -> np.ndarray:
    weights = np.full(count, -1 / (count - 1))
    weights[entity] = 1.0
    return weights


def _mixed_tilts(case: Case, panel: np.ndarray, weights: np.ndarray, margin: Margin) -> np.ndarray:
    """Tilt every expert's answers to every group its own way, until `margin` grows no more.

    A single tilt has a single favourite among the entities that are to come first; a mixture of
    tilts can hold several of them up.
    """
    count = len(weights)
    sides = side_matrix(case.questions, case.conclusion.contexts, case.conclusion.entities)
    pushes = [weights, *(weights + push for push in 0.5 * np.eye(count))]
    tilts = [tilted_values(case.spec, panel, push @ sides, case.scoring) for push in pushes]
    options = np.array([panel, *tilts])
    parts = _group_scores(case, options, sides)
    choice = np.ones(parts.shape[1:3], dtype=int)
    total = parts[1].sum(axis=(0, 1))
    for _ in range(3):
        before = float(margin(total, case.conclusion))
        for expert, group in np.argwhere(parts[0].any(-1) | parts[1].any(-1)):
            rest = total - parts[choice[expert, group], expert, group]
            trials = rest + parts[:, expert, group]
            best = int(margin(trials, case.conclusion).argmax())
            choice[expert, group], total = best, trials[best]
        if float(margin(total, case.conclusion)) <= before:
            break
    mixed = panel.copy()
    for g, (_, columns) in enumerate(case.spec.columns()):
        mixed[:, columns] = options[choice[:, g], np.arange(len(panel)), columns]
    return mixed


def _group_scores(case: Case, panels: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """What every expert's answers to every group add to the scores.

    Returns
    -------
    ndarray, shape (panels, m, groups, entities)
    """
    values = scoring_named(case.scoring)(panels)
    times = np.abs(sides[0]).sum() * panels.shape[1]
    return np.stack(
        [values[..., columns] @ sides[:, columns].T / times for _, columns in case.spec.columns()],
        axis=2,
    )


def _carriers(case: Case, seed: int, tries: int) -> Iterator[np.ndarray]:
    """Panels that carry the conclusion."""
    toward = _direction(case.conclusion)
    for number in range(tries):
        panel = reconstruct(case.spec, seed + number)
        steered = _mixed_tilts(case, panel, toward, support)
        if support(case.scores(steered), case.conclusion) > NEAR:
            yield steered


def _opponents(case: Case, carries: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Panels made from one that carries the conclusion, which may conclude the opposite."""
    sides = side_matrix(case.questions, case.conclusion.contexts, case.conclusion.entities)
    yield "mirror", mirrored_panel(carries, case.questions, case.conclusion.contexts)
    yield "tilt", _mixed_tilts(case, carries, -_direction(case.conclusion), reversal)
    for weights in _overtakings(case.conclusion):
        yield "tilt", tilted_values(case.spec, carries, weights @ sides, case.scoring)


def _overtakings(conclusion: Conclusion) -> list[np.ndarray]:
    leads = conclusion.leads
    return [
        _between(len(leads), other, leader)
        for leader in np.flatnonzero(leads)
        for other in np.flatnonzero(~leads)
    ]


def _steered_ranks(case: Case, panels: np.ndarray, column: int) -> list[int]:
    """Ranks of one entity in panels steered for and against it."""
    entities = case.conclusion.entities
    alone = replace(case, conclusion=replace(case.conclusion, leading=(entities[column],)))
    toward = _toward(len(entities), column)
    steered = [
        _mixed_tilts(alone, panel, weights, margin)
        for weights, margin in ((toward, support), (-toward, reversal))
        for panel in panels
    ]
    if not steered:
        return []
    return entity_ranks(case.scores(np.array(steered)))[:, column].tolist()


# Pairs.


def _kind(case: Case, panel: np.ndarray) -> str | None:
    scores = case.scores(panel)
    if reversal(scores, case.conclusion) > NEAR:
        return "reversed"
    return "overtaken" if support(scores, case.conclusion) < -NEAR else None


def _meets_spec(spec: PanelSpec, panel: np.ndarray) -> bool:
    try:
        check_panel(spec, panel)
    except ValueError:  # a mirrored panel has other mean ranks: an answer, not a fault
        return False
    return True


def _pair(
    case: Case,
    carries: np.ndarray,
    opposes: np.ndarray,
    how: str,
    places: tuple[int, int, int],
) -> OppositePair | None:
    """The pair, if the second panel opposes the conclusion and prints the same."""
    kind = _kind(case, opposes)
    if kind is None or not _meets_spec(case.spec, opposes):
        return None
    cells = _cells_beside(case.spec, carries, opposes, places)
    scores = _scores_beside(case, carries, opposes)
    pair = OppositePair(case, carries, opposes, kind, how, scores, cells)
    return pair if pair.prints_the_same else None


def _clearest(pairs: list[OppositePair | None]) -> OppositePair | None:
    found = [pair for pair in pairs if pair is not None]
    return max(found, key=lambda pair: (pair.kind == "reversed", pair.margin), default=None)


def _scores_beside(case: Case, carries: np.ndarray, opposes: np.ndarray) -> pd.DataFrame:
    scores = case.scores(np.array([carries, opposes]))
    ranks = entity_ranks(scores)
    return pd.DataFrame(
        {
            "entity": case.conclusion.entities,
            "score_carries": scores[0],
            "rank_carries": ranks[0],
            "score_opposes": scores[1],
            "rank_opposes": ranks[1],
        }
    )


def _cells_beside(
    spec: PanelSpec, carries: np.ndarray, opposes: np.ndarray, places: tuple[int, int, int]
) -> pd.DataFrame:
    both = zip(
        printed_cells(spec, carries, *places), printed_cells(spec, opposes, *places), strict=True
    )
    return pd.DataFrame(
        [(one.block, one.row, one.column, one.text, other.text) for one, other in both],
        columns=["block", "row", "column", "carries", "opposes"],
    )
