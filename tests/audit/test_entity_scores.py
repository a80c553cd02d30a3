"""Scores of entities, and the values that favour one, against brute force and definitions."""

import itertools

import numpy as np
import pytest
from article_tables import COMPONENTS, INNER_RING, article_questions, article_spec
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.entity_scores import (
    SCORINGS,
    Conclusion,
    best_values,
    entity_ranks,
    entity_scores,
    reversal,
    score_steps,
    side_matrix,
    support,
    tilted_values,
)
from smartgov.audit.panel_tables import check_panel
from smartgov.audit.reconstruction import Question, reconstruct
from smartgov.audit.states import rank_deviations

SPEC, QUESTIONS = article_spec(), article_questions()
TRIPLE = [Question("x", "a", "b"), Question("x", "a", "c"), Question("x", "b", "c")]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(0, 10**6))
def test_the_priority_score_ranks_like_row_geometric_means(seed):
    values = np.random.default_rng(seed).integers(-8, 9, size=(5, 3)).astype(np.int8)
    ratios = (np.abs(values) + 1.0) ** np.where(values < 0, -1, 1)
    mean_ratio = np.exp(np.log(ratios).mean(axis=0))  # geometric mean over experts
    matrix = np.ones((3, 3))
    for (i, j), ratio in zip(((0, 1), (0, 2), (1, 2)), mean_ratio, strict=True):
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    priorities = matrix.prod(axis=1) ** (1 / 3)
    scores = entity_scores(values, TRIPLE, ["x"], "abc", "geometric_mean_priority")
    np.testing.assert_allclose(scores * 2 / 3, np.log(priorities), atol=1e-12)


def test_mean_signed_values_by_hand():
    panel = np.array([[2, -1, 0], [4, 3, -6]])
    # a: (2 - 1 + 4 + 3) / 4, b: (-2 + 0 - 4 - 6) / 4, c: (1 + 0 - 3 + 6) / 4
    np.testing.assert_allclose(entity_scores(panel, TRIPLE, ["x"], "abc"), [2, -3, 1])
    np.testing.assert_allclose(
        entity_scores(panel, TRIPLE, ["x"], "abc", "net_direction"), [0.5, -0.75, 0.25]
    )


@pytest.mark.parametrize("scoring", SCORINGS)
def test_scorings_are_odd_and_never_decrease(scoring):
    values = np.arange(-8, 9, dtype=np.int8)
    scores = SCORINGS[scoring](values)
    np.testing.assert_array_equal(scores, -scores[::-1])
    assert (np.diff(scores) >= 0).all()
    assert scores.dtype == np.float64


def test_ranks_share_the_better_place():
    assert entity_ranks(np.array([[1.0, 3.0, 1.0, 1.0 + 1e-15]])).tolist() == [[2, 1, 2, 2]]


def test_support_and_reversal_by_hand():
    two = Conclusion("a and b lead", ("x",), ("a", "b", "c", "d"), ("a", "b"))
    assert support(np.array([5.0, 4.0, 3.0, 1.0]), two) == 1
    assert reversal(np.array([1.0, 2.0, 3.0, 5.0]), two) == 1
    assert support(np.array([5.0, 2.0, 3.0, 1.0]), two) < 0
    assert reversal(np.array([5.0, 2.0, 3.0, 1.0]), two) < 0


@pytest.mark.parametrize("leading", [(), ("a", "b"), ("z",)])
def test_a_conclusion_sets_some_before_others(leading):
    with pytest.raises(ValueError, match="said to lead"):
        Conclusion("wrong", ("x",), ("a", "b"), leading)


def test_every_component_is_compared_equally_often_without_the_unnamed_question():
    sides = side_matrix(QUESTIONS, ["E1"], COMPONENTS)
    assert np.abs(sides).sum(axis=1).tolist() == [8] * 9
    assert np.abs(sides).sum() == 2 * 36
    inner = side_matrix(QUESTIONS, COMPONENTS, INNER_RING)
    assert np.abs(inner).sum(axis=1).tolist() == [18] * 3


def test_unequal_comparisons_and_unknown_scorings_are_refused():
    with pytest.raises(ValueError, match="compared equally often"):
        entity_scores(np.zeros((2, 2)), TRIPLE[:2], ["x"], "abc")
    with pytest.raises(ValueError, match="accepted are mean_signed_value"):
        entity_scores(np.zeros((2, 3)), TRIPLE, ["x"], "abc", "borda")


def brute_best(order, zeros, weights, gains):
    steps, best = len(gains), float("-inf")
    score = dict(zip(range(1, steps + 1), gains, strict=True))
    for values in itertools.product(range(-steps, steps + 1), repeat=len(order)):
        if values.count(0) != zeros or tuple(rank_deviations(np.array(values))) != order:
            continue
        signed = [(v > 0) * score.get(v, 0) - (v < 0) * score.get(-v, 0) for v in values]
        best = max(best, sum(w * s for w, s in zip(weights, signed, strict=True)))
    return best


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=3),
    st.lists(st.integers(-4, 4), min_size=3, max_size=3),
    st.sampled_from(sorted(SCORINGS)),
)
def test_best_values_against_all_values(values, weights, scoring):
    order, zeros = tuple(rank_deviations(np.array(values)).tolist()), values.count(0)
    gains, weights = score_steps(4, scoring), tuple(map(float, weights[: len(values)]))
    best, answers = best_values(order, zeros, weights, gains)
    assert best == pytest.approx(brute_best(order, zeros, weights, gains))
    assert tuple(rank_deviations(np.array(answers)).tolist()) == order
    assert answers.count(0) == zeros
    reached = SCORINGS[scoring](np.array(answers)) @ np.array(weights)
    assert reached == pytest.approx(best)


def test_best_values_without_a_place_for_zero():
    assert best_values((-1, 1), 2, (1.0, 1.0), (1.0, 2.0)) == (float("-inf"), ())


def test_tilting_keeps_orders_zeros_and_all_figures():
    panel = reconstruct(SPEC, seed=5)
    weights = dict.fromkeys(COMPONENTS, -1.0) | {"accountability": 8.0}
    pull = np.array(list(weights.values())) @ side_matrix(QUESTIONS, ["E2"], COMPONENTS)
    tilted = tilted_values(SPEC, panel, pull)
    check_panel(SPEC, tilted)
    for group, columns in SPEC.columns():
        if not pull[columns].any():
            np.testing.assert_array_equal(tilted[:, columns], panel[:, columns])
        before, after = panel[:, columns], tilted[:, columns]
        np.testing.assert_array_equal(rank_deviations(before), rank_deviations(after), group.name)
    assert (tilted @ pull).sum() > (panel @ pull).sum()
