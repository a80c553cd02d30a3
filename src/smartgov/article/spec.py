"""The article's tables as a specification: which panels would print them.

Every figure that can stand is a target; of one that cannot, the nearest figures that a panel of
the implied size prints. A panel made from this is *reconstructed*: one of many, and not the
article's.
"""

from __future__ import annotations

from itertools import combinations

from smartgov.article.evidence import RANKS, Evidence
from smartgov.article.published import DIMENSIONS, table
from smartgov.audit.panel_tables import Block, Group, PanelSpec, Target
from smartgov.audit.reconstruction import Question
from smartgov.model import comparisons_after


def article_spec(evidence: Evidence) -> PanelSpec:
    """Groups, counts of equal judgements and targets that Tables 2–4 print or nearly print.

    A component's items in a dimension are its comparisons with the components after it; where
    Table 4 implies one item more, the unnamed question of the dimension stands in that group.
    """
    counts = evidence.equal_counts
    blocks = [
        Block(dimension, tuple(_dimension_groups(evidence, dimension)), tuple(counts[dimension]))
        for dimension in DIMENSIONS
    ]
    return PanelSpec((*blocks, Block("Q27", tuple(_inner_groups(evidence)), tuple(counts["Q27"]))))


def items_by_component(evidence: Evidence) -> dict[str, int]:
    """Number of items under each component, as Table 4 implies it or, without a row, the model."""
    items = comparisons_after(evidence.model)
    items.update({row: evidence.items_in_row(row) for row in table(4).index})
    if sum(items.values()) != evidence.lengths["E1"]:
        raise ValueError(
            f"Table 4 implies {sum(items.values())} questions a dimension, Table 2"
            f" {evidence.lengths['E1']}."
        )
    return {name: n for name, n in items.items() if n}


def _dimension_groups(evidence: Evidence, dimension: str) -> list[Group]:
    groups = []
    for name, n in items_by_component(evidence).items():
        cell = evidence.dimension_cells.get((name, dimension))
        target = Target()
        if cell is not None:
            target = Target.from_printed(
                cell.row.W.text, cell.row.p.text if cell.feasible() else None
            )
        groups.append(Group(dimension, name, n, target))
    return groups


def _inner_groups(evidence: Evidence) -> list[Group]:
    groups = []
    for name, row in evidence.inner_ring.items():
        figures = {figure: cell.text for figure, cell in row.row.figures.items()}
        figures |= row.nearest.changed
        ranks = tuple(figures[name] for name in RANKS)
        groups.append(
            Group(name, name, len(ranks), Target.from_printed(figures["W"], figures["p"], ranks))
        )
    return groups


def article_questions(evidence: Evidence) -> list[Question]:
    """One question for each column of a panel of :func:`article_spec`, unnamed ones included."""
    model, questions = evidence.model, []
    middle = model.ring("middle")
    for dimension in DIMENSIONS:
        for name, n in items_by_component(evidence).items():
            pairs = [Question(dimension, name, right) for right in middle[middle.index(name) + 1 :]]
            questions += pairs + [Question(dimension, None, None)] * (n - len(pairs))
    inner = list(combinations(model.ring("inner"), 2))
    return questions + [
        Question(context, left, right) for context in middle for left, right in inner
    ]
