"""Panels drawn to print the article's tables, and pairs of them that conclude the opposite.

What the printed figures imply is :class:`~smartgov.article.evidence.Evidence`; here stand panels
that were drawn from it. Each is *reconstructed*: one of many, and not the article's.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from smartgov.article.evidence import Evidence
from smartgov.article.published import DIMENSIONS, experts
from smartgov.article.spec import article_questions, article_spec
from smartgov.audit.entity_scores import Ranking
from smartgov.audit.opposite_panels import OppositePair, opposite_pair
from smartgov.audit.panel_tables import PanelSpec
from smartgov.audit.reconstruction import Question, reconstruct, reconstruct_many, to_judgements
from smartgov.files.layout import output
from smartgov.files.spreadsheet_safety import csv_text
from smartgov.files.writing import write


class Opposites:
    """Reconstructed panels of the article, each part drawn when first asked for."""

    PANELS = 12
    """How many reconstructed panels are ranked where a conclusion is set against many of them."""

    def __init__(self, evidence: Evidence, seed: int = 2022) -> None:
        self.evidence, self.seed = evidence, seed
        self._pairs: dict[tuple, OppositePair | None] = {}

    @cached_property
    def spec(self) -> PanelSpec:
        """What a reconstructed panel has to print."""
        return article_spec(self.evidence)

    @cached_property
    def questions(self) -> list[Question]:
        """The questions of a reconstructed panel, in the order of its columns."""
        return article_questions(self.evidence)

    def pair(
        self, contexts: tuple[str, ...], ring: str, leading: tuple[str, ...]
    ) -> OppositePair | None:
        """Two panels that print the same tables, one with `leading` ahead of its ring, one not."""
        wanted = (contexts, ring, leading)
        if wanted not in self._pairs:
            ranking = self.ranking(contexts, ring)
            self._pairs[wanted] = opposite_pair(self.spec, ranking, leading, self.drawn_panels)
        return self._pairs[wanted]

    def ranking(self, contexts: tuple[str, ...], ring: str) -> Ranking:
        """A ring's components, ranked by the answers under some contexts."""
        return Ranking(self.questions, contexts, self.evidence.model.ring(ring))

    @cached_property
    def drawn_panels(self) -> np.ndarray:
        """Reconstructed panels, shape (panels, m, questions), drawn afresh one by one."""
        return reconstruct_many(self.spec, self.PANELS, self.seed)

    @cached_property
    def components_last(self) -> set[str]:
        """Components of the middle ring that come last over all dimensions in a drawn panel."""
        ranking = self.ranking(DIMENSIONS, "middle")
        scores = ranking.scores(self.drawn_panels)
        return {ranking.entities[place] for place in scores.argmin(axis=1)}


@lru_cache(maxsize=2)
def opposites_of(evidence: Evidence) -> Opposites:
    """The panels drawn from one body of evidence, drawn once for all checks that ask."""
    return Opposites(evidence, evidence.seed)


def write_reconstructed(evidence: Evidence, seed: int) -> Path:
    """Write one reconstructed panel to `data/panels/reconstructed.csv`, in tidy form."""
    opposites = Opposites(evidence, seed)
    text = reconstructed(opposites.spec, opposites.questions, seed)
    return write(output("data", "panels", "reconstructed.csv"), text)


def reconstructed(spec: PanelSpec, questions: list[Question], seed: int) -> str:
    """A panel that prints what is specified, in tidy form as CSV; the same whenever it is drawn."""
    return csv_text(to_judgements(reconstruct(spec, seed), questions, experts()))
