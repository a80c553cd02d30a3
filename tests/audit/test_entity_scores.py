"""Scores of entities, and the values that favour one, against brute force and definitions."""

import itertools

import numpy as np
import pytest
from article_tables import COMPONENTS, INNER_RING, article_questions, article_spec
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.entity_scores import (
    Ranking,
    best_values,
    entity_ranks,
    lead,
    tilted_values,
)
from smartgov.audit.panel_tables import check_panel
from smartgov.audit.reconstruction import Question, reconstruct
from smartgov.stats import rank_deviations

SPEC, QUESTIONS = article_spec(), article_questions()
TRIPLE = [Question("x", "a", "b"), Question("x", "a", "c"), Question("x", "b", "c")]


def test_mean_signed_values_by_hand():
    panel = np.array([[2, -1, 0], [4, 3, -6]])
    # a: (2 - 1 + 4 + 3) / 4, b: (-2 + 0 - 4 - 6) / 4, c: (1 + 0 - 3 + 6) / 4
    np.testing.assert_allclose(Ranking(TRIPLE, ["x"], "abc").scores(panel), [2, -3, 1])


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(0, 10**6))
def test_scores_of_many_panels_are_those_of_each_and_add_up_to_nothing(seed):
    panels = np.random.default_rng(seed).integers(-8, 9, size=(4, 5, 3)).astype(np.int8)
    ranking = Ranking(TRIPLE, ["x"], "abc")
    scores = ranking.scores(panels)
    np.testing.assert_allclose(scores, [ranking.scores(panel) for panel in panels])
    np.testing.assert_allclose(scores.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(ranking.scores(-panels), -scores)


def test_ranks_share_the_better_place():
    assert entity_ranks(np.array([[1.0, 3.0, 1.0, 1.0 + 1e-15]])).tolist() == [[2, 1, 2, 2]]


def test_leads_by_hand():
    two = np.array([True, True, False, False])
    assert lead(np.array([5.0, 4.0, 3.0, 1.0]), two) == 1
    assert lead(np.array([1.0, 2.0, 3.0, 5.0]), ~two) == 1
    assert lead(np.array([5.0, 2.0, 3.0, 1.0]), two) == -1
    assert lead(np.array([5.0, 2.0, 3.0, 1.0]), ~two) == -4


def test_every_component_is_compared_equally_often_without_the_unnamed_question():
    sides = Ranking(QUESTIONS, ["E1"], COMPONENTS).sides
    assert np.abs(sides).sum(axis=1).tolist() == [8] * 9
    assert np.abs(sides).sum() == 2 * 36
    inner = Ranking(QUESTIONS, COMPONENTS, INNER_RING).sides
    assert np.abs(inner).sum(axis=1).tolist() == [18] * 3


def test_unequal_comparisons_are_refused():
    with pytest.raises(ValueError, match="compared equally often"):
        Ranking(TRIPLE[:2], ["x"], "abc")
    with pytest.raises(ValueError, match="{'a': 0, 'z': 0} times"):
        Ranking(TRIPLE, ["x"], "az")


def order_of(values):
    return tuple(rank_deviations(np.array(values)).tolist())


def brute_best(order, zeros, weights, steps):
    best = float("-inf")
    for values in itertools.product(range(-steps, steps + 1), repeat=len(order)):
        if values.count(0) == zeros and order_of(values) == order:
            best = max(best, float(np.dot(weights, values)))
    return best


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=4),
    st.lists(st.integers(-4, 4), min_size=4, max_size=4),
)
def test_best_values_against_all_values(values, weights):
    order, zeros = order_of(values), values.count(0)
    weights = np.array(weights[: len(values)], dtype=float)
    answers = best_values(order, zeros, weights, steps=4)
    assert answers @ weights == pytest.approx(brute_best(order, zeros, weights, steps=4))
    assert order_of(answers) == order
    assert (answers == 0).sum() == zeros
    assert np.abs(answers).max() <= 4


def test_tilting_keeps_orders_zeros_and_all_figures():
    panel = reconstruct(SPEC, seed=5)
    weights = dict.fromkeys(COMPONENTS, -1.0) | {"accountability": 8.0}
    pull = np.array(list(weights.values())) @ Ranking(QUESTIONS, ["E2"], COMPONENTS).sides
    tilted = tilted_values(SPEC, panel, pull)
    check_panel(SPEC, tilted)
    for group, columns in SPEC.columns():
        if not pull[columns].any():
            np.testing.assert_array_equal(tilted[:, columns], panel[:, columns])
        before, after = rank_deviations(panel[:, columns]), rank_deviations(tilted[:, columns])
        np.testing.assert_array_equal(before, after, group.name)
    assert (tilted @ pull).sum() > (panel @ pull).sum()
