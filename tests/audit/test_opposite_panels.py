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

from smartgov.audit.entity_scores import Ranking, lead, tilted_values
from smartgov.audit.opposite_panels import (
    mirrored_panel,
    opposite_pair,
    tilted_towards,
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


MIDDLE = Ranking(QUESTIONS, DIMENSIONS, COMPONENTS)
INNER = Ranking(QUESTIONS, COMPONENTS, INNER_RING)
ICT = ("ict_innovation",)


@pytest.fixture(scope="module")
def panels():
    return reconstruct_many(SPEC, 12, seed=2)


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
    texts = printed_cells(SPEC, panel)
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


@pytest.mark.parametrize("leading", [MATTER_MOST, *((name,) for name in COMPONENTS)])
def test_the_middle_ring_is_turned_round_by_a_minus_sign(leading, panels):
    pair = opposite_pair(SPEC, MIDDLE, leading, panels[:1])
    assert pair.reversed
    assert pair.how == "mirror"
    assert pair.prints_the_same
    for panel in (pair.carries, pair.opposes):
        assert_prints_the_article(panel)
    np.testing.assert_array_equal(pair.opposes[:, :111], -pair.carries[:, :111])
    np.testing.assert_array_equal(pair.opposes[:, 111:], pair.carries[:, 111:])
    ranks = pair.scores.set_index("entity")
    assert set(ranks.index[ranks["rank_carries"] <= len(leading)]) == set(leading)
    assert set(ranks.index[ranks["rank_opposes"] > 9 - len(leading)]) == set(leading)


def test_the_inner_ring_can_be_turned_round_by_moving_values_across_zero(panels):
    pair = opposite_pair(SPEC, INNER, ICT, panels[:3])
    assert pair.reversed
    assert pair.how == "tilt"
    for panel in (pair.carries, pair.opposes):
        assert_prints_the_article(panel)
    ranks = pair.scores.set_index("entity").loc["ict_innovation"]
    assert (ranks["rank_carries"], ranks["rank_opposes"]) == (1, 3)
    assert len(pair.cells) == 13 * 5 + 2 * 7 * 3 + 5 * 9
    assert (pair.cells["carries"] == pair.cells["opposes"]).all()


@pytest.mark.parametrize("leader", INNER_RING)
@pytest.mark.parametrize("contexts", [COMPONENTS, COMPONENTS[2:6]])
def test_a_short_search_comes_near_to_the_most_any_answers_of_the_same_orders_give(
    leader, contexts, panels
):
    ranking = Ranking(QUESTIONS, contexts, INNER_RING)
    behind = np.array([name != leader for name in INNER_RING])
    one, other = np.eye(3)[behind]
    for panel in panels:
        # Both others are ahead by no more than any weighted mean of their leads, and of that a
        # tilt gives the largest there is.
        bounds = []
        for share in np.linspace(0, 1, 11):
            weights = share * one + (1 - share) * other - ~behind
            tilted = tilted_values(SPEC, panel, weights @ ranking.sides)
            bounds.append(ranking.scores(tilted) @ weights)
        found = lead(ranking.scores(tilted_towards(SPEC, panel, ranking, behind)), behind)
        assert found <= min(bounds) + 1e-9
        if found < 0:
            assert found > min(bounds) - 0.2


def test_the_margin_is_the_lead_of_the_panel_nearer_to_a_draw(panels):
    pair = opposite_pair(SPEC, INNER, ICT, panels[:3])
    first, second = (
        pair.scores.set_index("entity")[f"score_{one}"] for one in ("carries", "opposes")
    )
    ahead = first["ict_innovation"] - first.drop("ict_innovation").max()
    last = second.drop("ict_innovation").min() - second["ict_innovation"]
    assert pair.reversed
    assert pair.margin == pytest.approx(min(ahead, last))
    assert 0 < pair.margin < 1  # second, or last by little


def test_a_pair_that_prints_otherwise_would_be_seen(panels):
    pair = opposite_pair(SPEC, INNER, ICT, panels[:1])
    pair.cells.loc[5, "opposes"] = "0.99"
    assert not pair.prints_the_same


def test_where_no_reversal_is_found_another_still_overtakes(panels):
    one_row = Ranking(QUESTIONS, ("key_enablers",), INNER_RING)
    pair = opposite_pair(SPEC, one_row, ICT, panels[:2])
    assert not pair.reversed
    assert pair.margin > 0
    assert_prints_the_article(pair.opposes)
    assert pair.scores.set_index("entity").loc["ict_innovation", "rank_opposes"] == 2


def forced_pair(leader, scale=2, zeros=1):
    """Two experts who agree on the strict order a-b < a-c < b-c of their signed values."""
    target = Target.from_printed(W="1.000", mean_ranks=("1.00", "2.00", "3.00"))
    block = Block("x", (Group("x", "triple", 3, target),), (zeros, zeros))
    questions = (Question("x", "a", "b"), Question("x", "a", "c"), Question("x", "b", "c"))
    spec = PanelSpec((block,), scale)
    panels = [reconstruct(spec, seed) for seed in range(2)]
    return opposite_pair(spec, Ranking(questions, ("x",), "abc"), (leader,), panels)


# With values -1, 0 and 1 nothing is left to choose: a has -1 + 0, b 1 + 1, c 0 - 1, halved.
@pytest.mark.parametrize("leader", "abc")
def test_figures_that_leave_one_panel_have_no_opposite(leader):
    assert forced_pair(leader) is None


def test_a_long_scale_has_no_opposite_either_as_long_as_one_value_is_zero():
    # By hand: 0 < v < w gives a = v, b = w, c = -v - w; -v < 0 < w gives b = v + w and no other
    # above 0; -w < -v < 0 gives a = -v - w, b = w, c = v.  Always b leads.
    assert forced_pair("b", scale=9) is None


def test_without_zeros_the_same_order_settles_nothing():
    # 1 < 2 < 3 gives a = 3, b = 2; -1 < 1 < 2 gives a = 0, b = 3.
    pair = forced_pair("b", scale=9, zeros=0)
    assert pair is not None
    assert not pair.reversed


def test_a_pair_needs_questions_for_every_column(panels):
    few = Ranking(QUESTIONS[-3:], (COMPONENTS[-1],), INNER_RING)
    with pytest.raises(ValueError, match="3 questions are named; the specification has 138"):
        opposite_pair(SPEC, few, ICT, panels[:1])


@pytest.mark.parametrize("leading", [(), INNER_RING, ("z",)])
def test_a_conclusion_sets_some_before_others(leading, panels):
    with pytest.raises(ValueError, match="said to lead"):
        opposite_pair(SPEC, INNER, leading, panels[:1])
