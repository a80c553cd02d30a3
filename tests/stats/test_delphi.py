"""Delphi rounds: consensus, stability, and what the group's figures hide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from smartgov.stats import (
    attrition,
    bowker_symmetry,
    consensus,
    kendall_w,
    median_interval,
    movement,
    stuart_maxwell,
    w_change,
    weighted_kappa,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)
NAN = np.nan


# One round -----------------------------------------------------------------------------------


def test_consensus_by_hand():
    # ratings 5 4 4 5 3: four of five at 4 or above; quartiles 4 and 5; sd .8367, mean 4.2
    result = consensus(np.array([[5, 4, 4, 5, 3], [1, 2, 3, 4, 5]]).T, agree=4)
    assert result.agreeing.tolist() == [4, 2] and result.answered.tolist() == [5, 5]
    assert result.share.tolist() == [0.8, 0.4]
    assert result.median.tolist() == [4, 3] and result.iqr.tolist() == [1, 2]
    assert result.cv == pytest.approx([np.sqrt(0.7) / 4.2, np.sqrt(2.5) / 3])
    assert result.share_low[0] < 0.8 < result.share_high[0]
    # five experts are too few for a 95 % interval of the median: (1/2)^5 * 2 = .0625
    assert result.median_low.tolist() == [-np.inf, -np.inf]


def test_agreeing_may_be_a_set_and_gaps_are_left_out():
    result = consensus([[1, 3], [5, NAN], [5, 2]], agree={1, 5})
    assert result.agreeing.tolist() == [3, 0] and result.answered.tolist() == [3, 2]


# Order statistics of the distribution-free 95 % interval, by the binomial with p = 1/2:
# the widest k with P(B < k) <= .025 (Conover, 1999)
MEDIAN_RANKS = {
    5: None,
    6: (1, 6),
    8: (1, 8),
    9: (2, 8),
    10: (2, 9),
    12: (3, 10),
    13: (3, 11),
    15: (4, 12),
    20: (6, 15),
    25: (8, 18),
}


@pytest.mark.parametrize("m", MEDIAN_RANKS)
def test_median_interval_takes_the_tabled_order_statistics(m):
    result = median_interval(np.random.default_rng(m).permutation(np.arange(1.0, m + 1)))
    assert result.median == (m + 1) / 2
    assert (result.low, result.high) == (MEDIAN_RANKS[m] or (-np.inf, np.inf))


# Two rounds ----------------------------------------------------------------------------------


def test_attrition_counts_experts_and_items():
    before = [[1, 2], [3, 4], [NAN, NAN], [5, 5], [NAN, NAN]]
    after = [[1, 2], [NAN, NAN], [2, 2], [NAN, 5], [NAN, NAN]]
    result = attrition(before, after)
    assert (result.both, result.only_first, result.only_second, result.neither) == (2, 1, 1, 1)
    assert result.share_lost == 1 / 3
    assert result.item_both.tolist() == [1, 2]
    assert result.item_only_first.tolist() == [2, 1]
    assert result.item_only_second.tolist() == [1, 1]


def test_swapping_experts_are_hidden_from_the_group():
    # thirteen experts; four swap 1 for 5 in pairs; the group's answers stand still
    before = np.array([[1, 1, 5, 5, 3, 3, 3, 3, 3, 2, 4, 2, 4]]).T * [1, 1]
    after = before.copy()
    after[[0, 1, 2, 3], 0] = [5, 5, 1, 1]
    result = movement(before, after)
    assert result.moved == pytest.approx([4 / 13, 0])
    assert result.net == pytest.approx([0, 0])
    assert result.hidden == pytest.approx([4 / 13, 0])
    assert consensus(before, agree=4).share.tolist() == consensus(after, agree=4).share.tolist()


rounds = st.tuples(st.integers(2, 9), st.integers(2, 4)).flatmap(
    lambda shape: st.tuples(*[hnp.arrays(float, shape, elements=st.integers(1, 4))] * 2)
)


@LAW
@given(rounds)
def test_movement_is_at_least_what_the_group_shows(pair):
    result = movement(*pair)
    assert (result.hidden >= 0).all()
    assert result.moved == pytest.approx(result.up + result.down)
    assert result.moved == pytest.approx(result.net + result.hidden)
    back = movement(*pair[::-1])
    assert back.net == pytest.approx(result.net) and back.up == pytest.approx(result.down)


@LAW
@given(rounds)
def test_net_movement_ignores_who_said_what(pair):
    before, after = pair
    assert movement(before, after[::-1]).net == pytest.approx(movement(before, after).net)


def test_w_change_is_the_difference_and_zero_for_equal_rounds():
    rng = np.random.default_rng(0)
    before = rng.permuted(np.tile(np.arange(5.0), (9, 1)), axis=1)
    after = np.vstack([np.tile(np.arange(5.0), (7, 1)), before[7:]])
    change = w_change(before, after, resamples=400)
    assert change.change == pytest.approx(kendall_w(after).w - kendall_w(before).w)
    assert change.low < change.change < change.high and change.m == 9
    same = w_change(before, before, resamples=200)
    assert (same.change, same.low, same.high) == (0, 0, 0)


def test_w_change_uses_experts_complete_in_both_rounds():
    before = np.array([[1, 2, 3], [1, 3, 2], [3, 2, 1], [NAN, 1, 2]])
    after = np.array([[1, 2, 3], [1, 2, 3], [NAN, 2, 1], [1, 2, 3]])
    change = w_change(before, after, resamples=50)
    assert change.m == 2 and change.before == kendall_w(before[:2]).w


# Tests of one item ---------------------------------------------------------------------------


def answers(table):
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


VISION = answers(
    [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
)


def test_stuart_maxwell_on_stuarts_vision_data():
    # Stuart (1955), unaided vision of 7477 women; Agresti, Categorical Data Analysis,
    # prints 11.957 with 3 df
    result = stuart_maxwell(*VISION)
    assert (f"{result.statistic:.3f}", result.df) == ("11.957", 3)
    assert result.pairs == 7477


def test_bowker_on_stuarts_vision_data():
    # Bowker (1948) on the same table; Agresti prints 19.1 with 6 df
    result = bowker_symmetry(*VISION)
    assert (f"{result.statistic:.1f}", result.df) == ("19.1", 6)


@LAW
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))
def test_with_two_answers_both_are_mcnemars_test(up, down, still):
    before, after = answers([[still, up], [down, 1]])
    expected = (up - down) ** 2 / (up + down) if up + down else 0
    for test in (bowker_symmetry, stuart_maxwell):
        result = test(before, after)
        assert result.statistic == pytest.approx(expected)
        assert result.df == (1 if up + down else 0)
        assert result.p == pytest.approx(stats.chi2.sf(expected, 1) if up + down else 1)
        assert result.moved == up + down


def test_answers_nobody_moved_to_or_from_do_not_break_stuart_maxwell():
    # experts move between 1 and 2 and, separately, between 4 and 5; nobody leaves 3
    before = [1, 1, 1, 2, 3, 3, 4, 4, 4, 5]
    after = [2, 2, 1, 1, 3, 3, 5, 5, 5, 4]
    result = stuart_maxwell(before, after)
    assert result.statistic == pytest.approx((2 - 1) ** 2 / 3 + (3 - 1) ** 2 / 4)
    assert result.df == 2
    assert bowker_symmetry(before, after).statistic == pytest.approx(result.statistic)


@LAW
@given(
    hnp.arrays(float, 8, elements=st.integers(1, 4)),
    hnp.arrays(float, 8, elements=st.integers(1, 4)),
)
def test_quadratic_weighted_kappa_by_its_moment_formula(before, after):
    # Fleiss & Cohen (1973): 1 - mean squared difference over what chance would give
    expected = 1 - ((before - after) ** 2).mean() / (
        before.var() + after.var() + (before.mean() - after.mean()) ** 2 or NAN
    )
    if np.isnan(expected):
        with pytest.raises(ValueError, match="undefined"):
            weighted_kappa(before, after, categories=range(1, 5))
    else:
        assert weighted_kappa(before, after, categories=range(1, 5)) == pytest.approx(expected)


GOOD = [[1, 2], [2, 3], [3, 1]]


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: consensus([[1, 2], ["x", 3]], agree=3), "'x'"),
        (lambda: consensus(np.ones((2, 2, 2)), agree=1), "3 dimensions"),
        (lambda: consensus([[1, NAN], [2, NAN], [2, 3]], agree=1), "1 answer.*item 1"),
        (lambda: consensus([[0, -1], [0, -1]], agree=1), "mean 0 for item 0"),
        (lambda: median_interval([NAN, NAN]), "at least one number"),
        (lambda: median_interval([[1, 2]]), r"shape \(1, 2\)"),
        (lambda: attrition(GOOD, GOOD[:2]), r"\(3, 2\) and \(2, 2\)"),
        (lambda: attrition(np.full((3, 2), NAN), GOOD), "first round"),
        (lambda: movement(GOOD, [[1, NAN], [2, NAN], [3, NAN]]), "item 1"),
        (lambda: w_change(GOOD, [[NAN, 1], [NAN, 1], [1, 2]]), "1 expert"),
        (lambda: bowker_symmetry([1, 2], [1]), "same length"),
        (lambda: stuart_maxwell([NAN, 1], [1, NAN]), "no expert with both"),
        (lambda: weighted_kappa([1, 6], [1, 2], categories=range(1, 6)), "6"),
        (lambda: weighted_kappa([1, 2], [1, 2], weights="none"), "'quadratic', 'linear'"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
