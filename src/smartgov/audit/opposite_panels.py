"""What a conclusion rests on: panels that print the same tables and conclude the opposite.

Two exact facts carry this module.

*Mirroring.*  Swapping left and right in every judgement of some groups negates their signed
values.  Ranks are reversed, so rank sums keep their distances from the mean and ties stay ties:
every `W`, every `p` and every share of judgements 'equal' stays, and every ranking is reversed.
Only mean ranks move, from `r` to ``n + 1 - r``.

*Tilting.*  Shares, `W`, `p` and mean ranks depend on an expert's answers to a group only through
their weak order and the number of zeros.  Values may be moved across zero as long as both stay:
nothing printed changes, but which alternative the answers favour does.

A pair found is a proof, for both panels are recomputed.  That none exists is proved, if it is, by
the bounds of :mod:`smartgov.audit.extreme_panels`, never by a search that found nothing.
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
from smartgov.audit.extreme_panels import Extreme, extreme_panel
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

    def extreme(
        self, weights: np.ndarray, effort: float, base: np.ndarray | None = None
    ) -> Extreme:
        """The panel with the largest weighted sum of scores, and a bound for all panels."""
        named = dict(zip(self.conclusion.entities, weights.tolist(), strict=True))
        contexts = self.conclusion.contexts
        return extreme_panel(self.spec, self.questions, contexts, named, self.scoring, base, effort)


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
        ``mirror``, ``tilt`` (of the first panel) or ``solver``.
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
    effort: float = 2.0,
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
    effort : float
        See :func:`~smartgov.audit.extreme_panels.extreme_panel`.

    Returns
    -------
    OppositePair or None
        Of the pairs found, one that reverses the conclusion before one in which another entity
        overtakes, and then the one whose panels are furthest from a draw.  ``None`` after a
        bounded search, which rules nothing out.
    """
    carriers = list(_carriers(case, seed, tries, effort))
    pairs = [
        _pair(case, carries, opposes, how, places)
        for carries in carriers
        for how, opposes in _opponents(case, carries)
    ]
    best = _clearest(pairs)
    if carriers and (best is None or best.kind == "overtaken"):
        solved = _solved_opponents(case, carriers[0], effort, best is None)
        pairs = [_pair(case, carriers[0], opposes, how, places) for how, opposes in solved]
        best = _clearest([best, *pairs])
    return best


@dataclass(frozen=True)
class Standing:
    """How a conclusion stands with the printed figures.

    Attributes
    ----------
    case : Case
    verdict : str
        ``unsupported``: a pair of panels shows that the figures fit it and its opposite;
        ``settled``: every panel that prints them carries it, by proof;
        ``contradicted``: no panel that prints them carries it, by proof;
        ``open``: no pair was found, and nothing is proved.
    pair : OppositePair or None
    reversal_excluded : bool
        Whether it is proved that those said to lead come last in no panel.
    method : str
        One sentence that says how the verdict was reached.
    """

    case: Case
    verdict: str
    pair: OppositePair | None
    reversal_excluded: bool
    method: str


def standing(case: Case, seed: int = 0, tries: int = 5, effort: float = 10.0) -> Standing:
    """Whether printed figures carry a conclusion, exclude it, or fit it and its opposite.

    Parameters
    ----------
    case, seed, tries
        See :func:`opposite_pair`.
    effort : float
        Deterministic time of CP-SAT for each bound.

    Returns
    -------
    Standing
    """
    pair = opposite_pair(case, seed, tries)
    if pair is not None:
        away = -_direction(case.conclusion)
        excluded = pair.kind != "reversed" and _bound(case, away, effort) <= NEAR
        method = (
            f"two panels ({pair.how}) print the same {len(pair.cells)} cells; in the second the "
            f"order is {pair.kind}"
        )
        if excluded:
            method += ", and by a bound over all panels it is never reversed"
        return Standing(case, "unsupported", pair, excluded, method + ".")
    leads = case.conclusion.leads
    gaps = [(x, y) for x in np.flatnonzero(leads) for y in np.flatnonzero(~leads)]
    if all(_bound(case, _between(len(leads), y, x), effort) < 0 for x, y in gaps):
        method = "over all panels that print the figures, the bounds keep every leader ahead."
        return Standing(case, "settled", None, True, method)
    if any(_bound(case, _between(len(leads), x, y), effort) <= NEAR for x, y in gaps):
        method = "over all panels that print the figures, a bound keeps a leader from the front."
        return Standing(case, "contradicted", None, False, method)
    method = f"no pair was found from {tries} panels, a bounded search; the bounds leave it open."
    return Standing(case, "open", None, False, method)


def rank_ranges(
    case: Case, panels: np.ndarray, steered: int = 5, effort: float = 2.0
) -> pd.DataFrame:
    """The ranks every entity takes over many panels that print the same tables.

    Parameters
    ----------
    case : Case
    panels : ndarray of int, shape (count, m, questions)
        Panels that meet the specification.
    steered : int
        How many of the panels are also tilted for and against every entity.
    effort : float
        Deterministic time of CP-SAT for each entity's extreme panels; 0 leaves them out.

    Returns
    -------
    DataFrame
        One row an entity: ``entity``; ``best``, ``median``, ``worst`` rank over the panels
        given; ``best_found``, ``worst_found`` with the tilted and extreme ones; ``share_first``,
        the share of the given panels in which no entity scores higher: it says how the panels
        were drawn, and is no probability.  All these ranks occur; a rank beyond them is not ruled
        out, see :func:`settled_orders`.
    """
    ranks = entity_ranks(case.scores(panels))
    rows = []
    for column, entity in enumerate(case.conclusion.entities):
        mine = ranks[:, column]
        found = [*mine.tolist(), *_steered_ranks(case, panels[:steered], column, effort)]
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


def settled_orders(case: Case, effort: float = 10.0) -> pd.DataFrame:
    """What the printed figures prove about the order of two entities.

    Returns
    -------
    DataFrame
        One row for every ordered pair of entities, and of an entity and the mean of all others
        (``the others' mean``): ``first, second, high, settled``.  No panel has `first` ahead of
        `second` by more than `high`; `settled` says that this is below 0, so that `first` is
        behind in every panel.  Always behind the others' mean an entity is never first, always
        ahead of it never last.
    """
    entities, rows = case.conclusion.entities, []
    count, others = len(entities), "the others' mean"
    for x, first in enumerate(entities):
        for y, second in enumerate(entities):
            if x != y:
                rows.append((first, second, _bound(case, _between(count, x, y), effort)))
        rows.append((first, others, _bound(case, _toward(count, x), effort)))
        rows.append((others, first, _bound(case, -_toward(count, x), effort)))
    table = pd.DataFrame(rows, columns=["first", "second", "high"])
    return table.assign(settled=table["high"] < 0)


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


def _carriers(case: Case, seed: int, tries: int, effort: float) -> Iterator[np.ndarray]:
    """Panels that carry the conclusion."""
    toward = _direction(case.conclusion)
    for number in range(tries):
        panel = reconstruct(case.spec, seed + number)
        steered = _mixed_tilts(case, panel, toward, support)
        if support(case.scores(steered), case.conclusion) > NEAR:
            yield steered
            continue
        if number == 0:
            extreme = case.extreme(toward, effort).panel
            steered = _mixed_tilts(case, extreme, toward, support)
            if support(case.scores(steered), case.conclusion) > NEAR:
                yield steered


def _opponents(case: Case, carries: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Panels made from one that carries the conclusion, which may conclude the opposite."""
    sides = side_matrix(case.questions, case.conclusion.contexts, case.conclusion.entities)
    yield "mirror", mirrored_panel(carries, case.questions, case.conclusion.contexts)
    yield "tilt", _mixed_tilts(case, carries, -_direction(case.conclusion), reversal)
    for weights in _overtakings(case.conclusion):
        yield "tilt", tilted_values(case.spec, carries, weights @ sides, case.scoring)


def _solved_opponents(
    case: Case, base: np.ndarray, effort: float, any_kind: bool
) -> Iterator[tuple[str, np.ndarray]]:
    """Panels from the solver that may reverse the conclusion or, if wanted, just oppose it."""
    away = -_direction(case.conclusion)
    extreme = case.extreme(away, effort, base)
    if extreme.bound > 0:  # below it no panel reverses the conclusion
        yield "solver", _mixed_tilts(case, extreme.panel, away, reversal)
    for weights in _overtakings(case.conclusion) if any_kind else ():
        yield "solver", case.extreme(weights, effort, base).panel


def _overtakings(conclusion: Conclusion) -> list[np.ndarray]:
    leads = conclusion.leads
    return [
        _between(len(leads), other, leader)
        for leader in np.flatnonzero(leads)
        for other in np.flatnonzero(~leads)
    ]


def _steered_ranks(case: Case, panels: np.ndarray, column: int, effort: float) -> list[int]:
    """Ranks of one entity in panels steered for and against it."""
    entities = case.conclusion.entities
    alone = replace(case, conclusion=replace(case.conclusion, leading=(entities[column],)))
    toward = _toward(len(entities), column)
    steered = []
    for weights, margin in ((toward, support), (-toward, reversal)):
        bases = list(panels)
        if effort:
            bases.append(alone.extreme(weights, effort).panel)
            steered.append(bases[-1])
        steered += [_mixed_tilts(alone, panel, weights, margin) for panel in bases]
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


def _bound(case: Case, weights: np.ndarray, effort: float) -> float:
    """No panel has a larger weighted sum of scores."""
    return case.extreme(weights, effort).bound
