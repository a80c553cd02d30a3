"""Cells of Tables 3 and 4: which printed figures of a row can be true together.

The rule is the audit engine's: a figure is contradicted when it belongs to a smallest set of
figures that no panel of the implied size prints, reproduced when the others leave it one string.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.evidence import FIGURE_OF, Evidence, changes
from smartgov.audit.row_at import RowAt

NOTEBOOK = "03_delphi_round_one"
COLUMN_OF = {figure: column for column, figure in FIGURE_OF.items()}


@check(NOTEBOOK)
def inner_ring_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """A cell of Table 3 against its row, over every panel of the implied size (exact
    enumeration)."""
    at = evidence.inner_ring[claim.row]
    ids = {figure: f"table3.{claim.row}.{COLUMN_OF[figure]}" for figure in at.row.figures}
    how = f"all panels of {at.m} raters and {at.n} items listed"
    return _judged(at, FIGURE_OF[claim.column], ids, how)


@check(NOTEBOOK)
def dimension_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """W or p of Table 4 against the other: chi-square = m(n − 1)W, carried through as intervals."""
    dimension, figure = claim.column.split(".")
    at = evidence.dimension_cells[claim.row, dimension]
    ids = {name: f"table4.{claim.row}.{dimension}.{name}" for name in at.row.figures}
    how = (
        f"p from chi-square = {at.m} × {at.n - 1} × W with {at.n - 1} degrees of freedom, as"
        f" in {evidence.cells_that_fit} of {len(evidence.dimension_cells)} cells of the table; "
    ) + ("all panels listed" if at.listed else "both ends of the rounding interval")
    return _judged(at, figure, ids, how)


def _judged(at: RowAt, figure: str, ids: dict[str, str], how: str) -> Judgement:
    """A figure by the conflicts of its row, and by what the unopposed figures leave to it."""
    others = [name for name in at.unopposed if name != figure]
    possible = at.printings(others, figure)
    if figure in at.unopposed:
        reproduced = bool(others) and possible == [at.plain(figure)]
        how += ", held against the figures of the row that are not contradicted themselves"
        against = "; ".join(ids[name] for name in others)
        return Judgement(
            "reproduced" if reproduced else "consistent", how, _shown(possible), against
        )
    conflicts = [conflict - {figure} for conflict in at.conflicts if figure in conflict]
    how += (
        ": none prints this figure"
        if frozenset() in conflicts
        else (": none prints it together with the figures named")
    )
    named = sorted(ids[name] for conflict in conflicts for name in conflict)
    against = "; ".join([*dict.fromkeys(named), "table2.share_above_half.overall"])
    return Judgement("contradicted", how, _shown(possible), against, changes(at))


def _shown(strings: Sequence[str]) -> str:
    if len(strings) <= 3:
        return ", ".join(strings) or "none"
    return f"{strings[0]} … {strings[-1]} ({len(strings)} values)"
