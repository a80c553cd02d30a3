"""The states of a panel: all panels of few items, and what mean ranks leave for any number."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import all_summaries, figures_of, orders, random_ratings

from smartgov.audit.printed import parse_printed, print_value
from smartgov.audit.rank_bounds import can_sum, rank_bounds
from smartgov.audit.states import states_within, weak_orders


def reachable(m, n):
    """D and Q of all panels."""
    return states_within(m, n, [range(-m * (n - 1), m * (n - 1) + 1)] * n)


# What is enumerated ------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 3), (3, 13), (4, 75), (5, 541)])
def test_weak_orders_are_counted_by_the_fubini_numbers(n, count):
    # OEIS A000670
    found = weak_orders(n)
    assert len(found) == count
    assert (found.sum(axis=1) == 0).all()


def test_orders_of_the_oracle_are_all_weak_orders():
    assert len(orders(3)) == 13


@pytest.mark.parametrize(("m", "n"), [(1, 3), (2, 3), (3, 3), (2, 4), (4, 2)])
def test_reachable_is_what_brute_force_reaches(m, n):
    found = {
        (
            Fraction(sum(d * d for d in deviations), m * squares),
            tuple(Fraction(n + 1, 2) + Fraction(d, 2 * m) for d in deviations),
        )
        for deviations, squares in zip(*map(np.ndarray.tolist, reachable(m, n)), strict=True)
    }
    assert found == {(figures["W"], figures["mean_ranks"]) for figures in all_summaries(m, n)}


def test_reachable_by_two_raters_of_five_items():
    # too many panels for fractions: the sums of every pair of orders
    deviations = weak_orders(5)
    pairs = (deviations[:, None, :] + deviations[None, :, :]).reshape(-1, 5)
    squares = ((deviations**2).sum(1)[:, None] + (deviations**2).sum(1)[None, :]).ravel()
    states = np.unique(np.column_stack([pairs, squares]), axis=0)
    all_found = np.column_stack(reachable(2, 5))
    found = np.unique(all_found, axis=0)
    assert (found == states[states[:, -1] > 0]).all()
    assert len(found) == len(all_found)


@given(st.integers(0, 10**6), st.sampled_from([(5, 2), (6, 3), (3, 4), (1, 5)]))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_states_within_ranges_are_those_of_all_states(seed, size):
    m, n = size
    rng, most = np.random.default_rng(seed), m * (n - 1)
    ends = np.sort(rng.integers(-most, most + 2, (n, 2)), axis=1)
    every, its_squares = reachable(m, n)
    inside = ((every >= ends[:, 0]) & (every < ends[:, 1])).all(axis=1)
    deviations, squares = states_within(m, n, [range(*pair) for pair in ends.tolist()])
    found = sorted(zip(map(tuple, deviations.tolist()), squares.tolist(), strict=True))
    assert found == sorted(
        zip(map(tuple, every[inside].tolist()), its_squares[inside].tolist(), strict=True)
    )


# Necessary conditions for any number of items ----------------------------------------------------


@given(
    st.integers(0, 10**6),
    st.integers(2, 40),
    st.integers(2, 9),
    st.integers(0, 3),
    st.sampled_from(["half_up", "half_even", "truncate"]),
)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_bounds_never_exclude_a_panel(seed, m, n, places, rule):
    figures = figures_of(random_ratings(np.random.default_rng(seed), m, n, 9))
    if figures is None:
        return
    intervals = [
        parse_printed(print_value(rank, places, rule=rule)).interval(rule)
        for rank in figures["mean_ranks"]
    ]
    bounds = rank_bounds(intervals, np.array([m]))
    spread = sum((2 * m * (rank - Fraction(n + 1, 2))) ** 2 for rank in figures["mean_ranks"])
    assert bounds.possible[0]
    assert bounds.spread_low[0] <= spread <= bounds.spread_high[0]
    assert can_sum(intervals)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("m", [2, 3, 5])
def test_bounds_on_exact_mean_ranks_are_sharp_for_two_and_three_items(m, n):
    # With three items every integer point of the permutohedron is a sum of weak orders.
    possible = {tuple(d) for d in reachable(m, n)[0].tolist()} | {(0,) * n}
    most = m * (n - 1)
    grid = np.stack(np.meshgrid(*[np.arange(-most, most + 1)] * n), -1).reshape(-1, n)
    for deviations in grid[grid.sum(axis=1) == 0].tolist():
        means = [Fraction(n + 1, 2) + Fraction(d, 2 * m) for d in deviations]
        printed = [parse_printed(print_value(x, 9)).interval() for x in means]
        assert rank_bounds(printed, np.array([m])).possible[0] == (tuple(deviations) in possible)


def test_first_places_are_taken_once():
    # Two items cannot both be first with every rater, whatever the third is.
    both = [parse_printed(text).interval() for text in ("1.0", "1.0", "4.0")]
    assert can_sum(both)
    assert not rank_bounds(both, np.array([5])).possible[0]


def test_a_bound_leaves_the_last_place_in():
    # all 13 raters put one item last, and its mean rank of 2 is one of "> 1.5"
    bound, rest = (parse_printed(text).interval() for text in ("> 1.5", "1.00"))
    assert rank_bounds([bound, rest], np.array([13])).possible[0]
    assert not rank_bounds([bound, bound], np.array([13])).possible[0]


def test_many_decimals_do_not_overflow():
    text = "1.33333333333333333333"
    rest = ["2." + "0" * 20, "2.66666666666666666667"]
    intervals = [parse_printed(t).interval() for t in (text, *rest)]
    assert rank_bounds(intervals, np.arange(2, 8)).possible.tolist() == [
        False,
        True,
        False,
        False,
        True,
        False,
    ]
