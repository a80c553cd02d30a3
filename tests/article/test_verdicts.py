"""Every claim judged once, by a check that would judge otherwise if the figure were another."""

import nbformat
import pandas as pd
import pytest

from smartgov.article.checks import CHECKS, VERDICTS, Claim, Judgement
from smartgov.article.evidence import Evidence
from smartgov.article.opposites import opposites_of
from smartgov.article.published import claims
from smartgov.article.verdicts import COLUMNS, judge_claims, summary
from smartgov.files.layout import NOTEBOOKS


def judge(claim_id: str, evidence, **changed) -> Judgement:
    claim = Claim(*claims().loc[claim_id])._replace(**changed)
    return CHECKS[claim.kind].judge(claim, evidence)


def test_judging_again_finds_what_is_committed(verdicts):
    """The one test that judges every claim; the others read the committed verdicts."""
    evidence = Evidence()
    judged = judge_claims(evidence)
    pd.testing.assert_frame_equal(judged, verdicts.reset_index())
    assert (judged["verdict"] == "unsupported").sum() > 0
    for pair in opposites_of(evidence)._pairs.values():
        assert pair.prints_the_same
        assert (pair.carries != pair.opposes).any()


def test_exactly_one_verdict_a_claim(verdicts):
    assert list(verdicts.index) == list(claims().index)
    assert [*verdicts.reset_index().columns] == COLUMNS
    assert set(verdicts["verdict"]) == set(VERDICTS)


def test_every_kind_of_claim_has_its_check_and_no_check_is_idle():
    assert set(claims()["kind"]) == set(CHECKS)


def test_a_contradiction_names_what_it_clashes_with_and_the_smallest_change(verdicts):
    rows = verdicts[verdicts["verdict"] == "contradicted"]
    assert ((rows["against"] != "") | (rows["because"] != "")).all()
    assert (rows["nearest"] != "").all() and (rows["worked"] != "").all()


def test_against_names_existing_claims(verdicts):
    known = set(claims().index)
    prefixes = tuple({claim.split(".")[0] + "." for claim in known})
    for claim_id, against in verdicts["against"].items():
        named = [name for name in against.split("; ") if name.startswith(prefixes)]
        assert set(named) <= known, claim_id


def test_every_verdict_leads_to_a_section_of_a_notebook(verdicts):
    places = verdicts[["notebook", "section"]].drop_duplicates()
    for notebook, section in places.itertuples(index=False):
        cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
        headings = [
            line
            for cell in cells
            if cell.cell_type == "markdown"
            for line in cell.source.split("\n")
        ]
        assert f"## {section}" in headings, (notebook, section)


def test_no_sentence_is_told_to_turn_its_finding_round(verdicts):
    stances = verdicts[verdicts["method"].str.startswith("stance")]
    assert not stances["nearest"].str.contains("→").any()


def test_not_checkable_says_what_would_be_needed(verdicts):
    rows = verdicts[verdicts["verdict"] == "not_checkable"]
    assert rows["method"].str.contains("would need").all()


@pytest.mark.parametrize(
    ("claim_id", "verdict"),
    [
        ("results.experts", "consistent"),
        ("abstract_en.dimensions", "reproduced"),
        ("methods.objects", "consistent"),
        ("conclusion.ref_table2", "contradicted"),
        ("results.ref_table3", "reproduced"),
        ("results.E1_p_min", "reproduced"),
        ("results.E2_p_min", "contradicted"),
        ("results.E2_p_exception", "contradicted"),
        ("results.E3_none_rejected", "reproduced"),
        ("table2.expert_01.overall", "reproduced"),
        ("table2.share_above_half.Q27", "reproduced"),
        ("table4.policy_making.E2.W", "contradicted"),
        ("table4.economic_growth.E1.W", "reproduced"),
        ("table3.interoperability.p", "contradicted"),
        ("table3.interoperability.W", "consistent"),
        ("conclusion.ict_first", "unsupported"),
        ("results.E2_growth_matters", "unsupported"),
        ("results.E1_p_min_at", "consistent"),
        ("results.E1_disagreement", "consistent"),
        ("results.delphi_end", "consistent"),
        ("methods.search_end_1", "consistent"),
        ("results.cities", "consistent"),
        ("conclusion.part_of", "consistent"),
        ("conclusion.local_government", "consistent"),
        ("conclusion.area_of_itself", "consistent"),
        ("abstract_en.shortcomings", "consistent"),
        ("conclusion.shortcomings", "reproduced"),
        ("table1.definition_3.term", "contradicted"),
        ("table4.smart_services.E1.p", "reproduced"),
        ("table4.smart_services.E2.W", "consistent"),
        ("table4.smart_services.E2.p", "contradicted"),
        ("results.inner_significant", "reproduced"),
        ("results.ict_vs_middle", "not_checkable"),
        ("abstract_en.top_three", "not_checkable"),
        ("results.table3_smart_city_government", "contradicted"),
        ("conclusion.october_term", "consistent"),
        ("conclusion.round_two_confirmed", "not_checkable"),
        ("abstract_kk.proposed_definition", "not_checkable"),
        ("table3.smart_city_government.p.star", "contradicted"),
        ("table3.citizen_engagement.p.star", "consistent"),
    ],
)
def test_verdicts_worked_out_by_hand(verdicts, claim_id, verdict):
    assert verdicts.at[claim_id, "verdict"] == verdict


@pytest.mark.parametrize(
    ("claim_id", "changed", "verdict"),
    [
        ("results.experts", {"printed": "13"}, "reproduced"),
        ("results.inner_comparisons", {"printed": "28"}, "contradicted"),
        ("abstract_en.dimensions", {"printed": "four"}, "raises"),
        ("results.middle_ring", {"printed": "алты"}, "contradicted"),
        ("results.E1_p_min", {"printed": "0,094"}, "contradicted"),
        ("results.E2_p_min", {"printed": "0,185"}, "reproduced"),
        ("conclusion.ref_table2", {"printed": "1-кестеде"}, "reproduced"),
        ("results.ref_table2", {"printed": "3-кестеде"}, "contradicted"),
        ("results.caption_table4", {"printed": "Кесте 9"}, "contradicted"),
        ("results.w_zero", {"printed": "W = 1"}, "contradicted"),
        ("results.E1_null", {"printed": "W = 1"}, "contradicted"),
        ("results.low_mean_rank", {"printed": "2-ге жақын"}, "contradicted"),
        ("results.one_comparison", {"printed": "екі ғана"}, "contradicted"),
        ("abstract_en.components", {"printed": "14"}, "contradicted"),
        ("methods.objects", {"printed": "14"}, "contradicted"),
        ("results.experts", {"printed": "14"}, "contradicted"),
        ("results.E1_none_rejected", {"row": "E2"}, "contradicted"),
        ("results.limitations", {"printed": "үш"}, "contradicted"),
        ("results.table3_accountability", {"row": "policy_making"}, "contradicted"),
        ("table2.expert_01.overall", {"printed": "0,61", "row": "expert_02"}, "reproduced"),
        ("table2.count_above_half.E1", {"printed": "5"}, "contradicted"),
        ("results.E1_p_min_at", {"column": "key_enablers"}, "reproduced"),
        ("results.one_comparison", {"row": "smart_services"}, "contradicted"),
        ("table1.definition_2.undefined_term", {"row": "definition_1"}, "unsupported"),
    ],
)
def test_a_changed_claim_is_judged_otherwise(evidence, claim_id, changed, verdict):
    if verdict == "raises":
        with pytest.raises(ValueError, match="no count known"):
            judge(claim_id, evidence, **changed)
    else:
        assert judge(claim_id, evidence, **changed).verdict == verdict


@pytest.mark.parametrize(
    ("row", "column", "printed", "claim_id", "verdict"),
    [
        ("policy_making", "E2.p", "0,285", "table4.policy_making.E2.p", "consistent"),
        ("economic_growth", "E1.p", "0,555", "table4.economic_growth.E1.p", "contradicted"),
        ("economic_growth", "E2.p", "0,004", "results.E2_p_exception", "reproduced"),
        ("smart_services", "E2.p", "0,180", "results.E2_p_min", "reproduced"),
        ("policy_making", "E2.W", "0,094", "table4.policy_making.E2.W", "contradicted"),
    ],
)
def test_a_changed_cell_of_table4_moves_the_verdicts_tied_to_it(
    monkeypatch, row, column, printed, claim_id, verdict
):
    from smartgov.article import evidence as module
    from smartgov.article import published
    from smartgov.article.checks import sentences

    changed = published.table(4).copy()
    changed.at[row, column] = printed
    for place in (module, sentences):
        monkeypatch.setattr(
            place, "table", lambda number: changed if number == 4 else published.table(number)
        )
    found = Evidence()
    new = claims().at[claim_id, "printed"] if claim_id.startswith("results") else printed
    assert judge(claim_id, found, printed=new).verdict == verdict


def test_both_figures_of_an_exclusion_carry_it(verdicts):
    for row, dimension in (("policy_making", "E2"), ("key_enablers", "E3")):
        assert {verdicts.at[f"table4.{row}.{dimension}.{f}", "verdict"] for f in "Wp"} == {
            "contradicted"
        }


def test_unknown_check_is_an_error(evidence):
    wrong = claims().head(1).assign(kind="guess")
    with pytest.raises(ValueError, match="no check is named 'guess'"):
        judge_claims(evidence, wrong)


def test_summary_names_counts_and_where_to_look(verdicts, evidence):
    text = summary(verdicts.reset_index(), evidence)
    for word in (
        "reproduced",
        "contradicted",
        "13 experts",
        "138 questions",
        "verdicts.csv",
        "24 clashes touch 50 claims",
    ):
        assert word in text
