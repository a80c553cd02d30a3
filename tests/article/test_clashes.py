"""Clashes: every contradicted claim in exactly one, each with a line that a reader can redo."""

import re

import pytest

from smartgov.article.clashes import NAMES, SURE, gather_clashes
from smartgov.article.published import claims
from smartgov.article.why import why


@pytest.fixture(scope="module")
def clashes(verdicts):
    return gather_clashes(verdicts.reset_index())


def test_every_contradicted_claim_is_in_exactly_one_clash(verdicts, clashes):
    hard = clashes[clashes["sure"] != SURE[2]]
    members = [claim for names in hard["claims"] for claim in names.split("; ")]
    assert sorted(members) == sorted(verdicts.index[verdicts["verdict"] == "contradicted"])
    for row in clashes.itertuples():
        assert set(verdicts.loc[row.claims.split("; "), "clash"]) == {row.clash}


def test_what_depends_on_a_reading_is_no_contradiction_and_says_the_reading(verdicts, clashes):
    soft = clashes[clashes["sure"] == SURE[2]]
    assert (soft["readings"] != "").all()
    for names in soft["claims"]:
        assert set(verdicts.loc[names.split("; "), "verdict"]) == {"consistent"}


def test_every_clash_has_a_name_and_a_worked_line(clashes):
    ledger = claims()
    cells = set(ledger.index[ledger["kind"].isin(["inner_ring_cell", "dimension_cell", "star"])])
    for members in map(set, clashes["claims"].str.split("; ")):
        assert members <= cells or members & set(NAMES), members
    assert clashes["name"].is_unique and clashes["clash"].is_unique
    assert (clashes["worked"] != "").all()


def test_divisions_in_worked_lines_are_right(clashes):
    """k/26 on either side of a mean rank, worked again with integers."""
    found = re.findall(r"(\d,\d+) × 26 = .*?; (\d+)/26 = (\d,\d\d)", " ".join(clashes["worked"]))
    assert len(found) >= 13
    for printed, k, shown in found:
        assert f"{int(k) / 26:.2f}".replace(".", ",") == shown
        assert int(float(printed.replace(",", ".")) * 26) == int(k)


def test_what_texts_and_w_say_together_is_one_clash(verdicts):
    witnesses = ["results.E2_p_exception", "table4.economic_growth.E2.p"]
    assert verdicts.loc[witnesses, "clash"].nunique() == 1
    witnesses = ["results.E2_p_min", "table4.smart_services.E2.p"]
    assert verdicts.loc[witnesses, "clash"].nunique() == 1


def test_why_shows_what_a_reviewer_needs():
    text = why("table3.accountability.emerging_vs_data")
    for words in ("1,86", "row accountability", "1,86 × 26 = 48,36", "13 rows of experts", "03_"):
        assert words in text
    assert len(text.splitlines()) <= 12


def test_why_of_a_wrong_id_names_the_nearest():
    with pytest.raises(ValueError, match=r"nearest ids are .*table4\.policy_making\.E2\.p"):
        why("table4.policy_makng.E2.p")
