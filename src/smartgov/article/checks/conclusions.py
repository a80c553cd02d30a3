"""Conclusions: is there a pair of panels that print the same tables and conclude the opposite?"""

from __future__ import annotations

from itertools import product

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.evidence import Evidence
from smartgov.article.opposites import opposites_of
from smartgov.article.published import INNER_COMPARISONS, table
from smartgov.audit.opposite_panels import OppositePair
from smartgov.stats import all_confirmed


def _unsupported(
    evidence: Evidence, pair: OppositePair | None, leader: str, against: str, remark: str
) -> Judgement:
    """Where the leader stands in both panels of a pair, and that both print the same."""
    if pair is None:
        how = "no opposite panel was found in a bounded search, which rules nothing out"
        return Judgement("consistent", how, "", against)
    ranks = pair.scores.set_index("entity").loc[leader, ["rank_carries", "rank_opposes"]]
    first, second = ranks.astype(int)
    how = (
        f"two panels print the same {len(pair.cells)} figures of Tables 2 to 4,"
        f" {evidence.amended_figures} of them the nearest possible where none prints the article's;"
        f" {leader.replace('_', ' ')} is rank {first} of {len(pair.scores)} in one and rank"
        f" {second} in the other, {pair.margin:.2f} scale points from a draw in the nearer one"
    )
    return Judgement("unsupported", how + remark, f"rank {first} or {second}", against)


@check("05_smart_city_vs_smart_government", "The inner ring needs a search")
def inner_leader(claim: Claim, evidence: Evidence) -> Judgement:
    """ICT innovation above emerging technologies and data: do the mean ranks of Table 3 say so?"""
    starred = tuple(row for row, text in table(3)["p"].items() if text.endswith("*"))
    contexts = starred if claim.place == "results" else tuple(evidence.model.ring("middle"))
    pair = opposites_of(evidence).pair(contexts, claim.column, (claim.row,))
    cells = product(contexts, INNER_COMPARISONS)
    against = "; ".join(f"table3.{context}.{name}" for context, name in cells)
    remark = "; mean ranks order the three comparisons, not the three things compared"
    return _unsupported(evidence, pair, claim.row, against, remark)


@check("05_smart_city_vs_smart_government", "Turn every judgement round")
def importance(claim: Claim, evidence: Evidence) -> Judgement:
    """A component that matters more: W and p stay when every judgement is turned round."""
    dimensions = tuple(claim.column.split(";"))
    pair = opposites_of(evidence).pair(dimensions, "middle", (claim.row,))
    against = "; ".join(f"table4.{claim.row}.{dimension}.p" for dimension in dimensions)
    ps = ", ".join(
        f"{dimension} p = {table(4).at[claim.row, dimension + '.p']}" for dimension in dimensions
    )
    remark = f"; W says how alike the experts rank, not what they prefer ({ps})"
    return _unsupported(evidence, pair, claim.row, against, remark)


@check("05_smart_city_vs_smart_government", "Turn every judgement round")
def least_important(claim: Claim, evidence: Evidence) -> Judgement:
    """“Hard to pick the least important”: how many components come last in some drawn panel?"""
    drawn = opposites_of(evidence)
    last = drawn.components_last
    how = (
        f"{len(last)} of {len(evidence.model.ring('middle'))} components come last in at least one"
        f" of {drawn.PANELS} reconstructed panels"
    )
    return Judgement("consistent", how, str(len(last)), "Tables 2 to 4")


@check("04_delphi_round_two", "What “the experts confirmed” can mean")
def round_two(claim: Claim, evidence: Evidence) -> Judgement:
    """“The experts confirmed”: no figure of the second round is printed; what could it have
    shown?"""
    stated, implied = 3, evidence.panel_size
    how = (
        "no answer, number or date of the second round is printed; would need its answers, or at"
        f" least how many of how many confirmed what. Even unanimous, {stated} experts exclude no"
        f" share below {all_confirmed(stated).low:.2f} and {implied} none below"
        f" {all_confirmed(implied).low:.2f} (95 %)"
    )
    return Judgement("not_checkable", how)
