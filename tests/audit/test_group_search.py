"""The search for one group's answers against brute force over all answers."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.group_goals import Goal, goal_of, meeting_places
from smartgov.audit.group_search import (
    find_orders,
    signed_values,
    target_is_excluded,
    zero_splits,
)
from smartgov.audit.panel_tables import Target, group_figures, misses
from smartgov.audit.printed import print_value
from smartgov.audit.states import weak_orders
from smartgov.stats import rank_deviations


def order_of(values):
    return tuple(rank_deviations(np.array(values)).tolist())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_zero_splits_against_all_answers_on_a_short_scale(n):
    steps = 2
    found = {}
    for values in itertools.product(range(-steps, steps + 1), repeat=n):
        order = order_of(values)
        split = len({v for v in values if v < 0}), len({v for v in values if v > 0})
        found.setdefault((order, values.count(0)), set()).add(split)
    for order in map(tuple, weak_orders(n).tolist()):
        for zeros in range(n + 1):
            assert set(zero_splits(order, zeros, steps)) == found.get((order, zeros), set())


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.integers(-8, 8), min_size=1, max_size=9), st.floats(0.01, 0.99), st.integers())
def test_signed_values_keep_order_and_zeros(values, lean, seed):
    order = order_of(values)
    answers = signed_values(order, values.count(0), 8, lean, random.Random(seed))
    assert order_of(answers) == order
    assert answers.count(0) == values.count(0)
    assert max(map(abs, answers)) <= 8


def figures_of_all_panels(m, n, steps):
    """What every panel on a short scale prints, with its experts' zeros: brute force."""
    sheets = list(itertools.product(range(-steps, steps + 1), repeat=n))
    printed = {}
    for panel in itertools.combinations_with_replacement(sheets, m):
        values = np.array(panel)
        figures = group_figures(values)
        if figures.W is not None:
            ranks = tuple(print_value(rank, 2) for rank in figures.mean_ranks)
            key = (print_value(figures.W, 2), ranks)
            printed.setdefault(key, set()).add(tuple(sorted((values == 0).sum(axis=1).tolist())))
    return printed


@pytest.mark.parametrize(("m", "n"), [(3, 2), (2, 3)])
def test_enumeration_agrees_with_brute_force(m, n):
    printed = figures_of_all_panels(m, n, steps=2)
    every_w = {f"{w / 100:.2f}" for w in range(101)}
    possible = {W for W, _ in printed}
    open_ = {W for W in every_w if not target_is_excluded(m, n, Target.from_printed(W))}
    assert open_ == possible
    profiles = list(itertools.combinations_with_replacement(range(n + 1), m))
    for (W, ranks), zero_profiles in printed.items():
        target = Target.from_printed(W, mean_ranks=ranks)
        goal = goal_of(m, n, target)
        for zeros in profiles:
            found = find_orders(goal, zeros, 2, random.Random(1))
            assert (found is not None) == (zeros in zero_profiles)


@pytest.mark.parametrize(("m", "n"), [(3, 2), (4, 3)])
@pytest.mark.parametrize("ranks", [False, True])
def test_states_that_meet_a_goal_are_those_whose_figures_are_inside(m, n, ranks):
    middle = (f"{(n + 1) / 2}", *[None] * (n - 1)) if ranks else None
    target = Target.from_printed(W="0.4", p="0.2", mean_ranks=middle)
    goal = goal_of(m, n, target)
    meeting = set(map(tuple, meeting_places(goal).tolist()))
    rng, met = np.random.default_rng(3), 0
    for _ in range(300):
        values = rng.integers(-2, 3, size=(m, n))
        orders = rank_deviations(values)
        sums, half_squares = orders.sum(axis=0), (orders**2).sum() // 2
        prints = not misses(group_figures(values), target)
        assert ((half_squares, *(sums[:-1] + m * (n - 1))) in meeting) == prints
        assert (goal.gap(sums, half_squares) == 0) == prints
        met += prints
    assert bool(met) == bool(meeting)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(3, 16), st.integers(2, 8), st.sampled_from([0, 2, 8]), st.integers(0, 10**6))
def test_w_and_p_of_random_panels_are_found_again(m, n, noise, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(-6, 7, size=n) + rng.integers(-noise, noise + 1, size=(m, n))
    values = values.clip(-8, 8)
    figures = group_figures(values)
    if figures.W is None:
        return
    target = Target.from_printed(print_value(figures.W, 3), print_value(figures.p, 3))
    assert not target_is_excluded(m, n, target)
    zeros = (values == 0).sum(axis=1).tolist()
    orders = find_orders(goal_of(m, n, target), zeros, 8, random.Random(seed))
    assert orders is not None
    answers = [
        signed_values(tuple(order), count, 8, 0.5, random.Random(seed))
        for order, count in zip(orders.tolist(), zeros, strict=True)
    ]
    assert not misses(group_figures(np.array(answers)), target)
    assert (np.array(answers) == 0).sum(axis=1).tolist() == zeros


def test_mean_ranks_of_more_items_than_are_enumerated_are_often_found_again():
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        values = (rng.integers(-6, 7, size=4) + rng.integers(-4, 5, size=(5, 4))).clip(-8, 8)
        figures = group_figures(values)
        ranks = tuple(print_value(rank, 2) for rank in figures.mean_ranks)
        target = Target.from_printed(print_value(figures.W, 3), mean_ranks=ranks)
        zeros = (values == 0).sum(axis=1).tolist()
        orders = find_orders(goal_of(5, 4, target), zeros, 8, random.Random(seed))
        if orders is not None:
            found += 1
            assert not misses(group_figures(orders), target)
    assert found >= 10


@pytest.mark.parametrize(
    ("w", "p", "n"), [("0.074", "0.455", 8), ("0.014", "0.971", 6), ("0.119", "0.185", 5)]
)
def test_a_search_that_sees_where_it_stands_needs_few_steps(monkeypatch, w, p, n):
    """A walk that starts from a wrong sum, or takes what is not nearest, needs many times more."""
    steps, gap = [], Goal.gap
    monkeypatch.setattr(Goal, "gap", lambda goal, *sums: steps.append(1) or gap(goal, *sums))
    zeros = [0, 1, 2, n, 0, 1, 1, n, n, 0, 0, n, 1]
    for seed in range(12):
        goal = goal_of(13, n, Target.from_printed(w, p))
        assert find_orders(goal, zeros, 8, random.Random(seed)) is not None
    assert len(steps) <= 12 * 16


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.integers(3, 30), st.integers(2, 8), st.integers(0, 10**6))
def test_figures_of_a_panel_are_never_excluded(m, n, seed):
    values = np.random.default_rng(seed).integers(-8, 9, size=(m, n))
    figures = group_figures(values)
    target = Target.from_printed(
        print_value(figures.W, 3),
        print_value(figures.p, 3),
        tuple(print_value(rank, 2) for rank in figures.mean_ranks),
    )
    assert not target_is_excluded(m, n, target)


def test_what_the_article_prints_for_key_enablers_needs_four_items():
    # Table 4, W and p of 'key enablers' in E1: three pairs follow it, four items fit.
    target = Target.from_printed("0.163", "0.095")
    fits = [n for n in range(2, 9) if not target_is_excluded(13, n, target)]
    assert fits == [4]


def test_impossible_p_values_are_excluded_and_do_not_fail():
    for p in ("1.2", "< 0"):
        assert target_is_excluded(5, 3, Target.from_printed(p=p))
    # Five experts who agree fully: chi2 = 10, p = exp(-5) = 0.0067; with eight it is 0.0003.
    assert target_is_excluded(5, 3, Target.from_printed(p="< .001"))
    assert not target_is_excluded(8, 3, Target.from_printed(p="< .001"))
    assert not target_is_excluded(5, 3, Target.from_printed(W="0.000", p="1.000"))
