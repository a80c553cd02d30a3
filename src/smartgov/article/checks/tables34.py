"""Cells of Tables 3 and 4: which printed figures of a row can be true together.

The rule is the audit engine's: a figure is contradicted when it belongs to a smallest set of
figures that no panel of the implied size prints, reproduced when the others leave it one string.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.evidence import COLUMN_OF, FIGURE_OF, Evidence, changes
from smartgov.audit.p_values import chi2_p
from smartgov.audit.printed import print_value
from smartgov.audit.row_at import RowAt

NOTEBOOK = "03_delphi_round_one"


@check(NOTEBOOK, "Table 3 by division")
def inner_ring_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """A cell of Table 3 against its row, over every panel of the implied size."""
    at = evidence.inner_ring[claim.row]
    ids = {figure: f"table3.{claim.row}.{COLUMN_OF[figure]}" for figure in at.row.figures}
    return _judged(at, FIGURE_OF[claim.column], ids, evidence)


@check(NOTEBOOK, "Table 4 by hand")
def dimension_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """W or p of Table 4 against the other: chi-square = m(n − 1)W."""
    dimension, figure = claim.column.split(".")
    at = evidence.dimension_cells[claim.row, dimension]
    ids = {name: f"table4.{claim.row}.{dimension}.{name}" for name in at.row.figures}
    return _judged(at, figure, ids, evidence)


def _judged(at: RowAt, figure: str, ids: dict[str, str], evidence: Evidence) -> Judgement:
    """A figure by the conflicts of its row, and by what the unopposed figures leave to it."""
    others = [name for name in at.unopposed if name != figure]
    possible = at.printings(others, figure)
    how = f"{at.m} raters and {at.n} items, " + (
        "all panels listed" if at.listed else "both ends of every rounding interval"
    )
    if figure.startswith("mean_ranks"):
        how += _decimals_read(at, figure)
    because = f"because there are {at.m} experts: {evidence.why_panel_size}"
    if figure in at.unopposed:
        reproduced = bool(others) and possible == [at.plain(figure)]
        how += ", held against the figures of the row that are not contradicted themselves"
        return Judgement(
            "reproduced" if reproduced else "consistent",
            how,
            _shown(possible),
            "; ".join(ids[name] for name in others),
            worked=_worked(at, figure, frozenset(others)),
            because=because,
        )
    conflicts = [conflict - {figure} for conflict in at.conflicts if figure in conflict]
    alone = frozenset() in conflicts
    how += ": none prints this figure" if alone else ": none prints it with the figures named"
    named = sorted({ids[name] for conflict in conflicts for name in conflict})
    return Judgement(
        "contradicted",
        how,
        _shown(possible),
        "; ".join(named),
        changes(at),
        worked=_worked(at, figure, min(conflicts, key=len)),
        because=because,
        alone=alone,
    )


def _decimals_read(at: RowAt, figure: str) -> str:
    """How a mean rank with dropped zeros was read, and what the other reading gives."""
    cell = at.row.figures[figure]
    total = sum(rank.value for rank in at.row.mean_ranks)
    places = at.row.places(figure)
    if all(rank.decimals == places for rank in at.row.mean_ranks):
        return ""
    read = f"{cell.text} as rounded to the decimals it shows"
    return (
        f", {read}; with zeros put back to {places} decimals the row's mean ranks add up to"
        f" {print_value(total, 2, ',')}, which must be {at.n * (at.n + 1) // 2}"
    )


def _worked(at: RowAt, figure: str, others: frozenset[str]) -> str:
    """The arithmetic behind a verdict, in one line."""
    cell = at.row.figures[figure]
    if not others and figure.startswith("mean_ranks"):
        return division(cell.text, cell.value, 2 * at.m, cell.decimals)
    if {figure, *others} == {"W", "p"}:
        return chi2_line(at)
    if not others:
        near = sorted(at.printings([], figure), key=lambda text: at.row.steps(figure, text))[:2]
        return (
            f"no panel of {at.m} raters and {at.n} items has {figure} {cell.text}; the nearest are"
            f" {' and '.join(sorted(near))}"
        )
    texts = {name: f"{COLUMN_OF[name]} {cell.text}" for name, cell in at.row.figures.items()}
    given = " and ".join(texts[name] for name in sorted(others))
    beside = _next_to(at.printings(others, figure), at.plain(figure))
    return f"with {given} a panel can have {COLUMN_OF[figure]} {beside}; printed {cell.text}"


def _next_to(strings: Sequence[str], text: str) -> str:
    """Of all strings a figure can show, sorted, itself or the ones on either side of it."""
    if text in strings:
        return _shown(strings)
    place = sum(string < text for string in strings)
    near = strings[max(0, place - 1) : place + 1]
    return f"{' or '.join(near)} and nothing between" if len(near) == 2 else " or ".join(near)


def division(text: str, value: Fraction, halves: int, places: int) -> str:
    """A mean rank times the number of half ranks, and the multiples on either side of it."""
    product, below = value * halves, int(value * halves)
    ends = [print_value(Fraction(k, halves), max(places, 2), ",") for k in (below, below + 1)]
    exact = print_value(product, 2, ",")
    return (
        f"{text} × {halves} = {exact}: a mean of {halves // 2} half ranks is k/{halves};"
        f" {below}/{halves} = {ends[0]} and {below + 1}/{halves} = {ends[1]}"
    )


def chi2_line(at: RowAt) -> str:
    """From W to p: chi-square, degrees of freedom, p, and p over the rounding of W."""
    W, p, df = at.row.W, at.row.p, at.n - 1
    interval = at.row.interval("W", at.reading)
    low, high = max(interval.low, Fraction(0)), min(interval.high, Fraction(1))
    value, least, most = (
        print_value(float(chi2_p(float(at.m * df * w), df)), 3, ",") for w in (W.value, high, low)
    )
    chi2 = print_value(at.m * df * W.value, 2, ",")
    degrees = f"{df} degree{'s' if df > 1 else ''} of freedom"
    over = f" ({least} to {most} over the rounding of W)" if least != most else ""
    if at.n == 2:
        over = " (two items: chi-square is (a − b)²/(a + b), so no other p goes with this W)"
        value = ", ".join(at.printings(["W"], "p"))
        signs = two_item_signs(at)
        chi2 = print_value(signs, 2, ",") if signs is not None else chi2
    return f"{at.m} × {df} × {W.text} = {chi2}, {degrees}: p = {value}{over}; printed {p.text}"


def two_item_signs(at: RowAt) -> Fraction | None:
    """The chi-square (a − b)²/(a + b) of two items that goes with a printed W, if it is one."""
    interval = at.row.interval("W", at.reading)
    found = {
        Fraction((a - b) ** 2, a + b)
        for a in range(at.m + 1)
        for b in range(at.m + 1 - a)
        if a + b and Fraction((a - b) ** 2, at.m * (a + b)) in interval
    }
    return found.pop() if len(found) == 1 else None


def _shown(strings: Sequence[str]) -> str:
    if len(strings) <= 3:
        return ", ".join(strings) or "none"
    return f"{strings[0]} … {strings[-1]} ({len(strings)} values)"
