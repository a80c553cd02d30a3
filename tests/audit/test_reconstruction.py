"""Reconstructed panels: what they print, recomputed by another route, and what is refused."""

from itertools import combinations

import numpy as np
import pytest
from article_tables import (
    COMPONENTS,
    DIMENSIONS,
    MEAN_RANKS_W_P,
    SHARE_TABLE,
    W_AND_P,
    article_questions,
    article_spec,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, rankdata

from smartgov.audit.panel_tables import (
    Block,
    Group,
    PanelSpec,
    Target,
    check_panel,
    group_figures,
)
from smartgov.audit.printed import print_value
from smartgov.audit.reconstruction import (
    NoPanel,
    Question,
    reconstruct,
    reconstruct_many,
    to_judgements,
)

SPEC = article_spec()


@pytest.fixture(scope="module")
def panel():
    return reconstruct(SPEC, seed=2022)


@pytest.fixture(scope="module")
def judgements(panel):
    return to_judgements(panel, article_questions())


def test_the_questionnaire_has_the_implied_length(panel):
    assert panel.shape == (13, 138)
    assert [block.n_questions for block in SPEC.blocks] == [37, 37, 37, 27]


def test_every_share_of_table_2_is_printed(judgements):
    block = judgements["context"].where(judgements["context"].isin(DIMENSIONS), "Q27")
    equal = judgements["favours"] == "equal"
    shares = equal.groupby([judgements["expert"], block]).mean().unstack()
    overall = equal.groupby(judgements["expert"]).mean()
    for row, (expert, printed) in enumerate(zip(shares.index, SHARE_TABLE, strict=True)):
        found = [*shares.loc[expert, ["E1", "E2", "E3", "Q27"]], overall.loc[expert]]
        assert [f"{share:.2f}" for share in found] == printed, f"row {row + 1}"


def test_every_w_and_p_of_table_4_is_printed_by_another_program(panel):
    for group, columns in SPEC.columns():
        if group.context not in DIMENSIONS or group.n_items < 3:
            continue
        values = panel[:, columns]
        test = friedmanchisquare(*values.T)
        W = test.statistic / (13 * (group.n_items - 1))
        row = list(COMPONENTS).index(group.name)
        assert f"{W:.3f} {test.pvalue:.3f}" == W_AND_P[group.context].split(";")[row]


def test_every_figure_of_the_nearest_table_3_is_printed_by_another_program(panel):
    for group, columns in SPEC.columns():
        if group.name != "inner_ring":
            continue
        values = panel[:, columns].astype(int)
        ranks = rankdata(values, axis=1).mean(axis=0)
        test = friedmanchisquare(*values.T)
        figures = [*(f"{rank:.2f}" for rank in ranks), f"{test.statistic / 26:.3f}"]
        assert " ".join([*figures, f"{test.pvalue:.3f}"]) == MEAN_RANKS_W_P[group.context]


def test_two_items_are_checked_by_hand(panel):
    # For two items W is (a - b)^2 / (m (a + b)), a and b the numbers favouring each.
    for group, columns in SPEC.columns():
        if group.n_items == 2:
            values = panel[:, columns].astype(int)
            a, b = ((values[:, 0] - values[:, 1]) * side > 0 for side in (1, -1))
            W = (a.sum() - b.sum()) ** 2 / (13 * (a.sum() + b.sum()))
            assert f"{W:.3f}" == W_AND_P[group.context].split(";")[6].split()[0]


def test_a_seed_gives_one_panel_and_another_seed_another(panel):
    np.testing.assert_array_equal(panel, reconstruct(SPEC, seed=2022))
    assert (panel != reconstruct(SPEC, seed=2023)).any()


def test_many_panels_are_distinct_far_apart_and_independent_of_their_number():
    panels = reconstruct_many(SPEC, 12, seed=7)
    for one in panels:
        check_panel(SPEC, one)
    assert len({one.tobytes() for one in panels}) == 12
    np.testing.assert_array_equal(panels[:3], reconstruct_many(SPEC, 3, seed=7))
    np.testing.assert_array_equal(panels[0], reconstruct(SPEC, seed=7))
    pairs = list(combinations(panels, 2))
    # The zeros of experts with 0.8 to 0.9 of them have to coincide; all else is free.
    assert min((one != other).mean() for one, other in pairs) > 0.6
    assert np.median([(np.sign(one) != np.sign(other)).mean() for one, other in pairs]) > 0.4


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6))
def test_what_a_random_panel_prints_is_printed_again(m, seed):
    rng = np.random.default_rng(seed)
    sizes = [3, 2, 4, 1]
    values = rng.integers(-3, 4, size=(m, sum(sizes)))
    blocks, start = [], 0
    for name, part in (("first", sizes[:2]), ("second", sizes[2:])):
        groups, begin = [], start
        for n in part:
            groups.append(Group(name, f"items_{start}", n, printed_target(values, start, n)))
            start += n
        counts = (values[:, begin:start] == 0).sum(axis=1)
        blocks.append(Block(name, tuple(groups), tuple(counts.tolist())))
    spec = PanelSpec(tuple(blocks), scale=4)
    check_panel(spec, values)
    check_panel(spec, reconstruct(spec, seed))


def printed_target(values, start, n):
    figures = group_figures(values[:, start : start + n])
    if figures.W is None:
        return Target()
    ranks = tuple(print_value(rank, 2) for rank in figures.mean_ranks)
    W, p = print_value(figures.W, 3), print_value(figures.p, 3)
    return Target.from_printed(W, p, ranks if n == 3 else None)


def small_spec(target, counts, n=3):
    return PanelSpec((Block("E1", (Group("E1", "growth", n, target),), counts),))


def test_figures_that_exclude_each_other_are_refused_with_a_proof():
    # Printed for 'key enablers' in Table 3; W = 0.6 makes p 0.0004 with 13 experts.
    target = Target.from_printed("0.600", "0.002")
    with pytest.raises(NoPanel, match="'growth' in context 'E1'.*no 13 experts.*proved"):
        reconstruct(small_spec(target, (0,) * 13), seed=1)


def test_figures_that_only_the_equal_judgements_exclude_are_refused_without_one():
    # All three answers of every expert are 'equal', so W is not defined.
    with pytest.raises(NoPanel, match="rules nothing out"):
        reconstruct(small_spec(Target.from_printed("1.000"), (3, 3)), seed=1)


def test_no_more_panels_than_there_are():
    only = small_spec(Target(), (2, 2), n=2)
    assert len(reconstruct_many(only, 1, seed=1)) == 1
    with pytest.raises(NoPanel, match="gave 1 distinct panels, 3 were asked for"):
        reconstruct_many(only, 3, seed=1)


def test_judgements_are_tidy(panel, judgements):
    assert list(judgements.columns) == [
        "expert",
        "round",
        "context",
        "left",
        "right",
        "favours",
        "intensity",
    ]
    assert len(judgements) == 13 * 138
    assert ((judgements["favours"] == "equal") == (judgements["intensity"] == 1)).all()
    assert judgements["intensity"].between(1, 9).all()
    sign = judgements["favours"].map({"left": 1, "equal": 0, "right": -1})
    signed = sign * (judgements["intensity"] - 1)
    np.testing.assert_array_equal(signed.to_numpy().reshape(13, 138), panel)
    assert judgements["expert"].iloc[[0, -1]].tolist() == ["expert_01", "expert_13"]


def test_unnamed_questions_are_carried_as_such(judgements):
    unnamed = judgements[judgements["left"].str.startswith("unnamed")]
    assert len(unnamed) == 13 * 3
    assert unnamed["context"].unique().tolist() == list(DIMENSIONS)
    keys = ["expert", "context", "left", "right"]
    assert not judgements.duplicated(keys).any()


def test_judgements_need_a_name_for_every_column(panel):
    with pytest.raises(ValueError, match="13 experts and 1 questions are named"):
        to_judgements(panel, [Question("E1", "a", "b")])
