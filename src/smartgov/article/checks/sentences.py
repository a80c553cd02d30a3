"""Sentences of the running text that quote, sum up or read Tables 3 and 4."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from scipy.stats import shapiro

from smartgov.article.checks.counts import read_count
from smartgov.article.checks.registry import Claim, Judgement, check, recomputed
from smartgov.article.checks.tables34 import chi2_line
from smartgov.article.evidence import SHARE_COLUMNS, Evidence
from smartgov.article.published import INNER_COMPARISONS, table
from smartgov.audit.printed import parse_printed, print_value
from smartgov.model import comparisons_after
from smartgov.stats import kendall_w

ALPHA = 0.05
LEVELS = (0.10, 0.05, 0.01, 0.001)
"""Conventional levels; the article states none."""


def _cells(claim: Claim) -> pd.Series:
    """Printed p-values of the dimension a sentence speaks of, by row of Table 4."""
    printed, but_one = table(4)[f"{claim.row}.p"], claim.column.endswith("but_economic_growth")
    return printed.drop("economic_growth") if but_one else printed


def _ids(rows, column: str) -> str:
    return "; ".join(f"table4.{row}.{column}" for row in rows)


@check("03_delphi_round_one", "Three witnesses")
def p_minimum(claim: Claim, evidence: Evidence) -> Judgement:
    """“The smallest p is …”: the smallest of the cells the sentence speaks of."""
    cells = _cells(claim)
    smallest = min(cells, key=lambda text: parse_printed(text).value)
    column = f"{claim.row}.p"
    against = _ids(cells.index, column)
    if claim.printed == smallest:
        how = f"smallest of {len(cells)} printed cells"
        return Judgement("reproduced", how, smallest, against)
    mend = f"{claim.printed} → {smallest}"
    worked = f"the smallest of the {len(cells)} printed cells is {smallest}; quoted {claim.printed}"
    for row in cells.index:
        at = evidence.dimension_cells[row, claim.row]
        if cells[row] != claim.printed and claim.printed in at.printings(["W"], "p"):
            mend = f"table4.{row}.{column} {cells[row]} → {claim.printed}, which its W gives"
            worked = f"{chi2_line(at)}; the text quotes {claim.printed}"
            against = f"table4.{row}.{column}"
    how = f"the smallest printed cell is {smallest}"
    return Judgement("contradicted", how, smallest, against, mend, worked=worked)


@check("03_delphi_round_one", "Three witnesses")
def p_minimum_at(claim: Claim, evidence: Evidence) -> Judgement:
    """Where the smallest p stands: the row of the table against the row the sentence names."""
    cells = _cells(claim)
    at = min(cells.index, key=lambda row: parse_printed(cells[row]).value)
    against = _ids([at], f"{claim.row}.p")
    if at == claim.column:
        return Judgement("reproduced", "row of the smallest printed cell", at, against)
    how = "the bracket read as the name of dimension E1, as in the sentences on E2 and E3"
    other = (
        f"read as the component {claim.column.replace('_', ' ')}, which the same words name"
        f" elsewhere, it would clash: the smallest p of {claim.row} stands at"
        f" {at.replace('_', ' ')}, and that component has no row in Table 4"
    )
    return Judgement("consistent", how, at, against, worked=how, readings=other)


@check("03_delphi_round_one", "Three witnesses")
def quoted_cell(claim: Claim, evidence: Evidence) -> Judgement:
    """A figure quoted from a table against the cell it is quoted from."""
    cell, column = table(4).at[claim.column, f"{claim.row}.p"], f"{claim.row}.p"
    against = f"table4.{claim.column}.{column}"
    if claim.printed == cell:
        return Judgement("reproduced", "the cell prints the same", cell, against)
    at = evidence.dimension_cells[claim.column, claim.row]
    by_w = at.printings(["W"], "p")
    how = f"the cell prints {cell}; its W gives {' or '.join(by_w)}"
    mend = f"{claim.printed} → {cell}"
    if claim.printed in by_w:
        mend = f"{against} {cell} → {claim.printed}, which its W gives"
    worked = f"{chi2_line(at)}; the text quotes {claim.printed}"
    return Judgement("contradicted", how, by_w[0], against, mend, worked=worked)


def _below(cells: pd.Series) -> list[str]:
    return [row for row, text in cells.items() if float(parse_printed(text).value) < ALPHA]


@check("03_delphi_round_one", "Three witnesses")
def none_rejected(claim: Claim, evidence: Evidence) -> Judgement:
    """“Nothing lets the null hypothesis be rejected”: no printed p below 0.05."""
    cells = _cells(claim)
    below = _below(cells)
    how = (
        f"{len(below)} of {len(cells)} printed p-values are below {ALPHA}, a level that the article"
        " does not state"
    )
    if not below:
        return Judgement("reproduced", how, "none", _ids(cells.index, f"{claim.row}.p"))
    against, mend = _ids(below, f"{claim.row}.p"), f"except {', '.join(below)}"
    return Judgement("contradicted", how, "; ".join(below), against, mend)


@check("03_delphi_round_one", "Three witnesses")
def only_exception(claim: Claim, evidence: Evidence) -> Judgement:
    """“The only exception”: exactly one printed p below 0.05, in the row named."""
    below = _below(table(4)[f"{claim.row}.p"])
    tests = 3 * len(table(4))
    p = float(parse_printed(table(4).at[claim.column, f"{claim.row}.p"]).value)
    how = (
        f"printed p below {ALPHA}: {', '.join(below)}; among the table's {tests} tests a"
        f" Bonferroni-corrected p would be {min(1, p * tests):.3f}"
    )
    if below == [claim.column]:
        return Judgement("reproduced", how, claim.column, _ids([claim.column], f"{claim.row}.p"))
    mend = ", ".join(below) or "no exception"
    return Judgement("contradicted", how, mend, _ids(table(4).index, f"{claim.row}.p"), mend)


@check("03_delphi_round_one", "Table 4 by hand")
def null_hypothesis(claim: Claim, evidence: Evidence) -> Judgement:
    """W = 0 as the null hypothesis that is kept: fits every p that is not below 0.05."""
    ws = table(4)[f"{claim.row}.W"]
    how = (
        "as a hypothesis about the population it is what the p-values test; as a result it would"
        f" not be: the printed W go from {min(ws)} to {max(ws)}"
    )
    if claim.printed != "W = 0":
        return recomputed(claim, "W = 0", how, "the definition of W")
    return Judgement("consistent", how, "", _ids(ws.index, f"{claim.row}.p"))


@check("03_delphi_round_one", "Table 4 by hand")
def complete_disagreement(claim: Claim, evidence: Evidence) -> Judgement:
    """“Complete disagreement”: is the printed agreement more than chance gives?"""
    ws, m = table(4)[f"{claim.row}.W"], evidence.panel_size
    values = [parse_printed(text).value for text in ws]
    mean, chance = (print_value(value, 3, ",") for value in (sum(values) / len(ws), Fraction(1, m)))
    above = sum(value > 0 for value in values)
    how = (
        f"raters who agree on nothing have a W of 1/m = 1/{m} = {chance} on average; the"
        f" {len(ws)} printed ones average {mean}, so they show no more agreement than chance gives"
    )
    return Judgement(
        "consistent",
        how,
        f"{min(ws)}…{max(ws)}",
        _ids(ws.index, f"{claim.row}.W") + "; results.w_zero",
        readings=(
            f"taken as W = 0, as the text puts disagreement, {above} of {len(ws)} printed W would"
            " clash with it"
        ),
        because=f"because there are {m} experts: {evidence.why_panel_size}",
    )


@check("03_delphi_round_one", "Stars and levels")
def star(claim: Claim, evidence: Evidence) -> Judgement:
    """A star: is there a conventional level that stars this p and leaves the unstarred ones?"""
    cells = table(3)["p"]
    p = {row: parse_printed(text).value for row, text in cells.items()}
    bare = [row for row, text in cells.items() if not text.endswith("*")]
    lowest_bare = min(bare, key=p.get)
    levels = [level for level in LEVELS if p[claim.row] < level <= p[lowest_bare]]
    if levels:
        left_bare = f"leaves {lowest_bare} bare; the article states no level"
        return Judgement("consistent", f"a star at {levels[0]} marks it and {left_bare}", "*")
    how = f"no conventional level stars {cells[claim.row]} and leaves {cells[lowest_bare]} bare"
    left, bare_p = evidence.table3_p_from_w(claim.row), cells[claim.row].rstrip("*")
    return Judgement(
        "contradicted",
        how,
        "",
        f"table3.{claim.row}.p",
        f"no star, or with its star p = {left}, which its W gives",
        worked=f"{bare_p} is not below 0,05; {chi2_line(evidence.inner_ring[claim.row])}",
        readings=f"a level between {bare_p} and {cells[lowest_bare]} would star it and nothing"
        " else, but none is stated or usual",
    )


@check("03_delphi_round_one", "Stars and levels")
def significant_results(claim: Claim, evidence: Evidence) -> Judgement:
    """“Significant results”: which printed p-values of the inner ring are below 0.05?"""
    below = _below(table(3)["p"])
    how = f"{len(below)} of {len(table(3))} printed p-values are below {ALPHA}: {', '.join(below)}"
    against = "; ".join(f"table3.{row}.p" for row in below)
    return Judgement(
        "reproduced" if below else "contradicted", how, str(len(below)), against, "none"
    )


@check("03_delphi_round_one", "Stars and levels")
def starred_row(claim: Claim, evidence: Evidence) -> Judgement:
    """The rows for which the text cites Table 3 against the rows the table stars."""
    starred = [row for row, text in table(3)["p"].items() if text.endswith("*")]
    how = f"Table 3 stars {', '.join(starred)}"
    cell = table(3).at[claim.row, "p"]
    if claim.row in starred and parse_printed(cell).value >= Fraction(str(ALPHA)):
        how += f", though the p printed here is not below {ALPHA}"
        return Judgement(
            "contradicted",
            how,
            "",
            f"table3.{claim.row}.p",
            f"{cell} → {evidence.table3_p_from_w(claim.row)}, which its W gives",
            worked=chi2_line(evidence.inner_ring[claim.row]),
        )
    if claim.row in starred:
        return Judgement("reproduced", how, "*", f"table3.{claim.row}.p.star")
    return Judgement("contradicted", how, "", f"table3.{claim.row}.p", "; ".join(starred))


@check("03_delphi_round_one", "Kendall's W by hand")
def w_endpoint(claim: Claim, evidence: Evidence) -> Judgement:
    """W = 1 for raters of one mind, W = 0 for mean ranks that are all equal: computed."""
    order = np.arange(1, 4)
    panels = {
        "full": np.tile(order, (3, 1)),
        "none": np.array([np.roll(order, shift) for shift in range(3)]),
    }
    w = kendall_w(panels[claim.column]).w
    how = f"three raters and three items, {claim.column} agreement: W = {w:.3f}"
    found = f"W = {w:.0f}"
    if claim.printed != found:
        return recomputed(claim, found, how, "the definition of W")
    return Judgement("reproduced", how, found)


@check("02_model_construction", "From the model to the questions")
def single_comparison(claim: Claim, evidence: Evidence) -> Judgement:
    """A component without W: how many components stand after it in the model?"""
    left = comparisons_after(evidence.model)
    without = [name for name, items in left.items() if items < 2]
    how = (
        f"comparisons left: {', '.join(f'{name} {left[name]}' for name in without)}; W needs two"
        " items"
    )
    found = str(left[claim.row])
    if left[claim.row] != (read_count(claim.printed.split()[0]) if claim.printed else 1):
        return Judgement("contradicted", how, found, "questionnaire", f"{found} comparisons")
    return Judgement("reproduced", how, found, "questionnaire; Table 4 rows")


@check("03_delphi_round_one", "Table 3 by division")
def mean_rank_scale(claim: Claim, evidence: Evidence) -> Judgement:
    """A low mean rank is near 1: the printed ones must lie between 1 and the number of items."""
    n, cells = len(INNER_COMPARISONS), table(3)[list(INNER_COMPARISONS)]
    values = [float(parse_printed(text).value) for text in cells.stack()]
    low, high = min(values), max(values)
    how = f"printed mean ranks go from {low:.2f} to {high:.2f}; ranks of {n} items go from 1 to {n}"
    if not claim.printed.startswith("1-"):
        return recomputed(claim, "1", how, "the definition of a rank")
    return Judgement("consistent", how, f"{low:.2f}…{high:.2f}")


@check("03_delphi_round_one", "Shares are counts")
def not_normal(claim: Claim, evidence: Evidence) -> Judgement:
    """Normality: Shapiro and Wilk's test of Table 2, the only figures of single experts."""
    shares = evidence.equal_counts.div(pd.Series(evidence.lengths))
    ps = {column: shapiro(shares[column]).pvalue for column in SHARE_COLUMNS}
    how = (
        "Shapiro–Wilk on the shares of Table 2: "
        + ", ".join(f"{c} p = {p:.3f}" for c, p in ps.items())
        + "; the judgements themselves are not printed"
    )
    below = sum(p < ALPHA for p in ps.values())
    return Judgement("consistent", how, f"{below} of {len(ps)} columns below {ALPHA}")


@check("03_delphi_round_one", "Shares are counts")
def independence(claim: Claim, evidence: Evidence) -> Judgement:
    """Independence: within an expert it fails visibly; between experts nothing bears on it."""
    shares = evidence.equal_counts.div(pd.Series(evidence.lengths))
    rho = shares["E1"].corr(shares["E2"], method="spearman")
    how = (
        f"an expert's columns go together (E1 with E2: Spearman's rho = {rho:.2f}), which"
        " judgements independent within an expert would not lead one to expect; independence"
        " between experts would need the protocol of the study"
    )
    return Judgement("not_checkable", how, f"{rho:.2f}")
