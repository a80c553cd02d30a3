"""Two Delphi rounds: who left, who moved, and what the group's figures hide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smartgov.stats import attrition, consensus, kendall_w, movement, w_change

LAW = settings(derandomize=True, max_examples=40, deadline=None)
NAN = np.nan


def test_attrition_counts_experts():
    before = [[1, 2], [3, 4], [NAN, NAN], [5, 5], [NAN, NAN]]
    after = [[1, 2], [NAN, NAN], [2, 2], [NAN, 5], [NAN, NAN]]
    result = attrition(before, after)
    assert (result.both, result.only_first, result.only_second) == (2, 1, 1)
    assert result.share_lost == 1 / 3


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
    assert result.moved == pytest.approx(result.net + result.hidden)
    back = movement(*pair[::-1])
    assert back.net == pytest.approx(result.net) and back.moved == pytest.approx(result.moved)


@LAW
@given(rounds)
def test_net_movement_ignores_who_said_what(pair):
    before, after = pair
    assert movement(before, after[::-1]).net == pytest.approx(movement(before, after).net)


def test_w_change_is_the_difference_and_zero_for_equal_rounds():
    rng = np.random.default_rng(0)
    before = rng.permuted(np.tile(np.arange(5.0), (9, 1)), axis=1)
    after = np.vstack([np.tile(np.arange(5.0), (7, 1)), before[7:]])
    change = w_change(before, after, draws=400)
    assert change.change == pytest.approx(kendall_w(after).w - kendall_w(before).w)
    assert change.low < change.change < change.high and change.m == 9
    same = w_change(before, before, draws=200)
    assert (same.change, same.low, same.high) == (0, 0, 0)


def test_w_change_uses_experts_complete_in_both_rounds():
    before = np.array([[1, 2, 3], [1, 3, 2], [3, 2, 1], [NAN, 1, 2]])
    after = np.array([[1, 2, 3], [1, 2, 3], [NAN, 2, 1], [1, 2, 3]])
    change = w_change(before, after, draws=50)
    assert change.m == 2 and change.before == kendall_w(before[:2]).w


GOOD = [[1, 2], [2, 3], [3, 1]]


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: attrition(GOOD, GOOD[:2]), r"\(3, 2\) and \(2, 2\)"),
        (lambda: attrition(np.full((3, 2), NAN), GOOD), "first round"),
        (lambda: movement(GOOD, [[1, NAN], [2, NAN], [3, NAN]]), "item 1"),
        (lambda: w_change(GOOD, [[NAN, 1], [NAN, 1], [1, 2]]), "1 expert"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
