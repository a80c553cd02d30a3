"""Opposite panels: what they share, what they reverse, and when there are none."""

import numpy as np
import pytest
from article_tables import (
    COMPONENTS,
    DIMENSIONS,
    INNER_RING,
    MEAN_RANKS_W_P,
    SHARE_TABLE,
    W_AND_P,
    article_questions,
    article_spec,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.entity_scores import SCORINGS, Conclusion
from smartgov.audit.opposite_panels import (
    Case,
    mirrored_panel,
    opposite_pair,
    rank_ranges,
)
from smartgov.audit.panel_tables import (
    Block,
    Group,
    PanelSpec,
    Target,
    check_panel,
    group_figures,
    printed_cells,
)
from smartgov.audit.reconstruction import Question, reconstruct, reconstruct_many

SPEC, QUESTIONS = article_spec(), article_questions()
MATTER_MOST = ("citizen_engagement", "economic_growth", "accountability")


def inner_case(contexts, scoring="mean_signed_value"):
    leads = Conclusion("ICT leads", contexts, INNER_RING, ("ict_innovation",))
    return Case(SPEC, QUESTIONS, leads, scoring)


def middle_case(scoring="mean_signed_value"):
    three = Conclusion("three matter most", DIMENSIONS, COMPONENTS, MATTER_MOST)
    return Case(SPEC, QUESTIONS, three, scoring)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(2, 12), st.integers(2, 7), st.integers(0, 10**6))
def test_mirroring_keeps_w_p_and_zeros_and_turns_mean_ranks(m, n, seed):
    values = np.random.default_rng(seed).integers(-4, 5, size=(m, n))
    questions = [Question("E1", None, None)] * n
    mirror = mirrored_panel(values, questions, ["E1"])
    before, after = group_figures(values), group_figures(mirror)
    assert (after.W, after.p) == (before.W, before.p)
    assert after.mean_ranks == tuple(n + 1 - rank for rank in before.mean_ranks)
    np.testing.assert_array_equal(mirror == 0, values == 0)


def test_mirroring_cannot_keep_table_3():
    panel = reconstruct(SPEC, seed=1)
    mirror = mirrored_panel(panel, QUESTIONS, COMPONENTS)
    with pytest.raises(ValueError, match="mean rank"):
        check_panel(SPEC, mirror)
    check_panel(SPEC, mirrored_panel(panel, QUESTIONS, DIMENSIONS))


def assert_prints_the_article(panel):
    """All cells, looked up by name: the strings the specification was made from."""
    check_panel(SPEC, panel)
    texts = {(cell.block, cell.row, cell.column): cell.text for cell in printed_cells(SPEC, panel)}
    for row, printed in enumerate(SHARE_TABLE, start=1):
        blocks = ("E1", "E2", "E3", "Q27", "overall")
        assert [texts[block, f"expert_{row:02d}", "equal"] for block in blocks] == printed
    for dimension, line in W_AND_P.items():
        for name, pair in zip(COMPONENTS, line.split(";"), strict=False):
            row = f"{dimension}.{name}"
            assert " ".join(texts[dimension, row, figure] for figure in ("W", "p")) == pair
    figures = ("mean_rank_1", "mean_rank_2", "mean_rank_3", "W", "p")
    for name, line in MEAN_RANKS_W_P.items():
        row = f"{name}.inner_ring"
        assert " ".join(texts["Q27", row, figure] for figure in figures) == line


@pytest.mark.parametrize("scoring", SCORINGS)
def test_the_middle_ring_can_be_turned_round(scoring):
    pair = opposite_pair(middle_case(scoring), seed=1, tries=2)
    assert (pair.kind, pair.how) == ("reversed", "mirror")
    assert pair.prints_the_same
    for panel in (pair.carries, pair.opposes):
        assert_prints_the_article(panel)
    ranks = pair.scores.set_index("entity")
    assert set(ranks.index[ranks["rank_carries"] <= 3]) == set(MATTER_MOST)
    assert set(ranks.index[ranks["rank_opposes"] >= 7]) == set(MATTER_MOST)


def test_the_inner_ring_can_be_turned_round_by_moving_values_across_zero():
    pair = opposite_pair(inner_case(COMPONENTS), seed=1, tries=2)
    assert pair.kind == "reversed"
    assert pair.margin > 0
    for panel in (pair.carries, pair.opposes):
        assert_prints_the_article(panel)
    ranks = pair.scores.set_index("entity").loc["ict_innovation"]
    assert (ranks["rank_carries"], ranks["rank_opposes"]) == (1, 3)
    assert len(pair.cells) == 13 * 5 + 2 * 7 * 3 + 5 * 9
    assert (pair.cells["carries"] == pair.cells["opposes"]).all()


def test_a_pair_that_prints_otherwise_would_be_seen():
    pair = opposite_pair(inner_case(("key_enablers",)), seed=1, tries=1)
    pair.cells.loc[5, "opposes"] = "0.99"
    assert not pair.prints_the_same


def test_where_no_reversal_is_found_another_still_overtakes():
    pair = opposite_pair(inner_case(("key_enablers",)), seed=1, tries=2)
    assert pair.kind == "overtaken"
    assert_prints_the_article(pair.opposes)


def forced_case(leader, scale=2, zeros=1):
    """Two experts who agree on the strict order a-b < a-c < b-c of their signed values."""
    target = Target.from_printed(W="1.000", mean_ranks=("1.00", "2.00", "3.00"))
    block = Block("x", (Group("x", "triple", 3, target),), (zeros, zeros))
    questions = (Question("x", "a", "b"), Question("x", "a", "c"), Question("x", "b", "c"))
    leads = Conclusion("forced", ("x",), tuple("abc"), (leader,))
    return Case(PanelSpec((block,), scale), questions, leads)


# With values -1, 0 and 1 nothing is left to choose: a has -1 + 0, b 1 + 1, c 0 - 1, halved.
@pytest.mark.parametrize("leader", "abc")
def test_figures_that_leave_one_panel_have_no_opposite(leader):
    assert opposite_pair(forced_case(leader), seed=0, tries=2) is None


def test_a_long_scale_has_no_opposite_either_as_long_as_one_value_is_zero():
    # By hand: 0 < v < w gives a = v, b = w, c = -v - w; -v < 0 < w gives b = v + w and no other
    # above 0; -w < -v < 0 gives a = -v - w, b = w, c = v.  Always b leads.
    assert opposite_pair(forced_case("b", scale=9), seed=0, tries=2) is None


def test_without_zeros_the_same_order_settles_nothing():
    # 1 < 2 < 3 gives a = 3, b = 2; -1 < 1 < 2 gives a = 0, b = 3.
    pair = opposite_pair(forced_case("b", scale=9, zeros=0), seed=0, tries=2)
    assert pair.kind == "overtaken"


def test_rank_ranges_cover_what_occurs_and_what_steering_finds():
    panels = reconstruct_many(SPEC, 12, seed=2)
    case = inner_case(COMPONENTS)
    table = rank_ranges(case, panels, steered=1).set_index("entity")
    assert (table["best_found"] <= table["best"]).all()
    assert (table["best"] <= table["median"]).all()
    assert (table["worst"] <= table["worst_found"]).all()
    assert table["best_found"].tolist() == [1, 1, 1]


def test_rank_ranges_without_steering_are_the_panels_own():
    panels = reconstruct_many(SPEC, 4, seed=2)
    case = middle_case()
    table = rank_ranges(case, panels, steered=0)
    assert (table["best"] == table["best_found"]).all()
    assert (table["worst"] == table["worst_found"]).all()
    scores = case.scores(panels)
    first = [(row == row.max()).astype(int) for row in scores]
    assert table["share_first"].tolist() == (sum(first) / 4).tolist()


def test_a_case_needs_questions_for_every_column():
    with pytest.raises(ValueError, match="3 questions are named; the specification has 138"):
        Case(SPEC, QUESTIONS[:3], middle_case().conclusion)
