"""Cells of Tables 3 and 4: which printed figures of a row can stand beside each other.

The rule is the audit engine's: a figure is contradicted when it belongs to a smallest set of
figures that no panel of the implied size prints, reproduced when the others leave it one string.
"""

from __future__ import annotations

from collections.abc import Iterable

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.evidence import Evidence
from smartgov.audit.conflicts import Judgement as RowJudgement

NOTEBOOK = "03_delphi_round_one"


def _against(judged: RowJudgement, row: str) -> str:
    """The figures of every conflict, then the closing share that fixes the panel size."""
    names = sorted({name for conflict in judged.against for name in conflict})
    ids = [f"table3.{row}.{name}" for name in names]
    return "; ".join([*ids, "table2.share_above_half.overall"])


def _changes(changed: dict[str, str], printed: dict[str, str]) -> str:
    return "; ".join(f"{name} {printed[name]} → {text}" for name, text in changed.items())


def _shown(strings: Iterable[str]) -> str:
    ordered = sorted(strings)
    if not ordered:
        return "none"
    return (
        ", ".join(ordered)
        if len(ordered) <= 3
        else f"{ordered[0]} … {ordered[-1]} ({len(ordered)} values)"
    )


@check(NOTEBOOK)
def inner_ring_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """A cell of Table 3 against its row, over every panel of the implied size (exact
    enumeration)."""
    row = evidence.inner_ring[claim.row]
    judged, standing = (
        row.verdicts[claim.column],
        [name for name in row.standing if name != claim.column],
    )
    how = f"all panels of {evidence.panel_size} raters and 3 items listed"
    possible = _shown(row.oracle.printings(standing, claim.column))
    if judged.verdict != "contradicted":
        verdict = "reproduced" if standing and possible == row.plain(claim.column) else "consistent"
        others = "; ".join(f"table3.{claim.row}.{name}" for name in standing)
        return Judgement(
            verdict,
            f"{how}, held against the figures of the row that are not contradicted themselves",
            possible,
            others,
        )
    alone = frozenset() in judged.against
    how += ": none prints this figure" if alone else ": none prints it beside the figures named"
    mend = _changes(row.nearest.changed, row.printed)
    return Judgement("contradicted", how, possible, _against(judged, claim.row), mend)


@check(NOTEBOOK)
def dimension_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """W or p of Table 4 against the other: chi-square = m(n − 1)W, carried through as intervals."""
    dimension, figure = claim.column.split(".")
    cell = evidence.dimension_cells[claim.row, dimension]
    possible = cell.possible(figure)
    how = (
        f"p from chi-square = {cell.m} × {cell.n - 1} × W with {cell.n - 1} degrees of freedom, as"
        f" in {evidence.cells_that_fit} of {len(evidence.dimension_cells)} cells of the table; both"
        " ends of the rounding interval"
    )
    against = f"table4.{claim.row}.{dimension}.{'p' if figure == 'W' else 'W'}"
    if cell.fits:
        return Judgement(
            "reproduced" if len(possible) == 1 else "consistent", how, _shown(possible), against
        )
    in_text = [text for text in possible if text in evidence.quoted_p]
    mend = f"{claim.printed} → {(in_text or possible)[0]}" if possible else f"change {against}"
    return Judgement(
        "contradicted", how, _shown(possible), f"{against}; table2.share_above_half.overall", mend
    )
