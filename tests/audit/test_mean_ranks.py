"""Mean ranks: all panels of few items."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import all_summaries, figures_of, midranks, orders, print_row, random_ratings

from smartgov.audit.mean_ranks import PrintedRow, RowAtSize, feasible_rows, nearest_row
from smartgov.audit.printed import could_print, parse_printed, print_value
from smartgov.audit.rank_bounds import can_sum, rank_bounds
from smartgov.audit.states import (
    panel_counts,
    panel_with,
    reachable,
    reachable_squares,
    weak_orders,
)

NAMES = ("a", "b", "c", "d", "e")


def printed_row(mean_ranks, decimals=None, **figures):
    cells = {name: parse_printed(text) for name, text in zip(NAMES, mean_ranks, strict=False)}
    rest = {name: parse_printed(text) for name, text in figures.items()}
    return PrintedRow(cells, decimals=decimals or {}, **rest)


def as_printed_row(row):
    return PrintedRow(dict(zip(NAMES, row.mean_ranks, strict=False)), row.W, row.chi2, row.p)


# What is enumerated ------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 3), (3, 13), (4, 75), (5, 541)])
def test_weak_orders_are_counted_by_the_fubini_numbers(n, count):
    # OEIS A000670
    found = weak_orders(n)
    assert len(found) == count
    assert (found.sum(axis=1) == 0).all()


@pytest.mark.parametrize(("m", "n"), [(1, 3), (2, 3), (3, 3), (2, 4), (4, 2), (2, 5)])
def test_reachable_is_what_brute_force_reaches(m, n):
    panels = reachable(m, n)
    found = {
        (
            Fraction(int(spread), m * int(squares)),
            tuple(Fraction(n + 1, 2) + Fraction(int(d), 2 * m) for d in deviations),
        )
        for spread, squares, deviations in zip(
            panels.spread, panels.squares, panels.deviations, strict=True
        )
    }
    if (m, n) == (2, 5):  # too many panels for fractions: compare the number of states
        deviations = weak_orders(5)
        pairs = (deviations[:, None, :] + deviations[None, :, :]).reshape(-1, 5)
        squares = ((deviations**2).sum(1)[:, None] + (deviations**2).sum(1)[None, :]).ravel()
        states = np.unique(np.column_stack([pairs, squares]), axis=0)
        assert len(panels.squares) == (states[:, -1] > 0).sum()
        return
    brute = {(figures["W"], figures["mean_ranks"]) for figures in all_summaries(m, n)}
    assert found == brute


def test_beyond_the_enumerated_is_said_so():
    with pytest.raises(ValueError, match="3 items with up to 40 raters"):
        reachable(41, 3)


@pytest.mark.parametrize("seed", range(5))
def test_a_panel_for_every_state(seed):
    rng = np.random.default_rng(seed)
    panels = reachable(6, 3)
    k = int(rng.integers(len(panels.squares)))
    ranks = panel_with(panels.deviations[k].tolist(), int(panels.squares[k]), 6)
    assert ranks.shape == (6, 3)
    figures = figures_of(ranks.tolist())
    assert figures["W"] == Fraction(int(panels.spread[k]), 6 * int(panels.squares[k]))
    assert all(midranks(rater) == tuple(rater) for rater in ranks.tolist())
    assert panels.squares[k] in reachable_squares(panels.deviations[k].tolist(), 6)
    with pytest.raises(ValueError, match="no panel of 6 raters"):
        panel_with([0, 0, 0], 4, 6)


@pytest.mark.parametrize(("m", "n"), [(1, 2), (4, 2), (2, 3), (3, 3), (2, 4)])
def test_panels_are_counted_as_multisets(m, n):
    panels, counts = reachable(m, n), panel_counts(m, n)
    brute = Counter()
    for panel in combinations_with_replacement(weak_orders(n).tolist(), m):
        deviations = np.array(panel)
        brute[tuple(deviations.sum(axis=0).tolist()), int((deviations**2).sum())] += 1
    found = {
        (tuple(deviations), int(squares)): int(count)
        for deviations, squares, count in zip(
            panels.deviations.tolist(), panels.squares, counts, strict=True
        )
    }
    assert found == {state: count for state, count in brute.items() if state[1]}
    with pytest.raises(ValueError, match="3 items with up to 16"):
        panel_counts(17, 3)


def test_the_panels_that_print_a_row():
    # hand-worked: without ties 4 raters who agree are one panel only
    row = printed_row(["1.00", "2.00", "3.00"], W="1.000")
    at = RowAtSize(row, 4)
    assert at.count() == 1
    assert at.example().tolist() == [[1, 2, 3]] * 4
    loose = RowAtSize(printed_row(["1.5", "2.0", "2.5"]), 13)
    assert loose.count() > len(loose.states()[1]) > 1
    figures = figures_of(loose.example().tolist())
    assert all(map(could_print, figures["mean_ranks"], loose.row.mean_ranks.values()))
    assert RowAtSize(printed_row(["1.0", "1.0", "4.0"]), 4).example() is None


# Rows against panels -----------------------------------------------------------------------------


def brute_force_prints(row, m, n, ties="corrected"):
    """Every summary of m raters that prints the row (an independent, slow oracle)."""
    return [
        figures
        for figures in all_summaries(m, n, ties == "corrected")
        if all(
            could_print(value, cell)
            for value, cell in zip(figures["mean_ranks"], row.mean_ranks.values(), strict=True)
        )
        and (row.W is None or could_print(figures["W"], row.W))
        and (row.chi2 is None or could_print(figures["chi2"], row.chi2))
        and (row.p is None or could_print(figures["p"], row.p))
    ]


@pytest.mark.parametrize("ties", ["corrected", "uncorrected"])
@pytest.mark.parametrize(("m", "n"), [(2, 3), (3, 3), (3, 2), (2, 4)])
def test_feasible_exactly_when_brute_force_finds_a_panel(m, n, ties):
    rng = np.random.default_rng(m * 10 + n)
    summaries = all_summaries(m, n, ties == "corrected")
    outcomes = []
    for _ in range(60):
        figures = dict(summaries[int(rng.integers(len(summaries)))])
        if rng.random() < 0.6:  # perturb a figure by about a last place
            name = rng.choice(["W", "chi2", "p"])
            figures[name] = max(0, figures[name] + Fraction(int(rng.integers(-3, 4)), 100))
        row = as_printed_row(print_row(figures, m, n, 2))
        at = RowAtSize(row, m, ties=ties)
        brute = brute_force_prints(row, m, n, ties)
        assert at.feasible() == bool(brute)
        assert len(at.states()[1]) >= len({f["W"] for f in brute})
        outcomes.append(bool(brute))
    assert {True, False} <= set(outcomes)


@given(
    st.integers(0, 10**6),
    st.integers(2, 16),
    st.integers(1, 3),
    st.sampled_from(["half_up", "half_even", "truncate"]),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_panels_own_row_is_feasible_at_its_size(seed, m, places, rule):
    figures = figures_of(random_ratings(np.random.default_rng(seed), m, 3, 5))
    if figures is None:
        return
    row = as_printed_row(print_row(figures, m, 3, places, rule=rule))
    assert m in feasible_rows(row, [m], rule).feasible
    nearest = RowAtSize(row, m, rule).nearest()
    assert (nearest.changed, nearest.steps) == ({}, 0)


def test_sizes_that_print_a_row():
    # hand-worked: thirds of a rank need a multiple of 3 raters; with 3 raters D = (-4, 0, 4), and
    # W = 32 / (3 Q) is 4/9 for Q = 24, three raters without ties.
    row = printed_row(["1.33", "2.00", "2.67"], W="0.444")
    assert feasible_rows(row, range(2, 14)).feasible == (3, 6, 9, 12)


def test_uncorrected_w_is_never_larger():
    ranks = [(1, 1, 2), (1, 2, 2), (1, 2, 3)]
    corrected, plain = figures_of(ranks), figures_of(ranks, ties=False)
    row = as_printed_row(print_row(plain, 3, 3, 3))
    assert plain["W"] < corrected["W"]
    assert RowAtSize(row, 3, ties="uncorrected").feasible()
    assert not RowAtSize(row, 3, ties="corrected").feasible()
    with pytest.raises(ValueError, match="corrected, uncorrected"):
        RowAtSize(row, 3, ties="none").feasible()


def test_dropped_zeros_say_which_precision_was_needed():
    # 1.6 beside 2.00: sixteen tenths are printed by 5 raters at both precisions, by 7 only coarsely
    row = printed_row(["1.6", "2.00", "2.4"], decimals={"a": 2, "b": 2, "c": 2})
    found = feasible_rows(row, [5, 7])
    assert found.feasible == (5, 7)
    assert found.coarse == (7,)


# The nearest row ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_nearest_row_is_the_best_brute_force_finds(seed):
    rng = np.random.default_rng(seed)
    m, n = [(2, 3), (3, 3), (2, 4)][seed % 3]
    figures = dict(all_summaries(m, n)[seed * 3])
    figures["W"] = max(Fraction(0), figures["W"] + Fraction(int(rng.integers(-40, 41)), 100))
    figures["p"] = min(1.0, abs(figures["p"] + rng.normal() / 20))
    row = as_printed_row(print_row(figures, m, n, 2))
    nearest = RowAtSize(row, m, rule="half_up").nearest()

    def cost(candidate):
        values = dict(zip(NAMES, candidate["mean_ranks"], strict=False))
        values |= {name: candidate[name] for name in ("W", "chi2", "p")}
        shown = {
            name: parse_printed(print_value(Fraction(values[name]), 2)).value
            for name in row.figures
        }
        apart = [
            abs(shown[name] - cell.value) * 100
            for name, cell in row.figures.items()
            if shown[name] != cell.value
        ]
        return len(apart), sum(apart)

    assert (len(nearest.changed), nearest.steps) == min(map(cost, all_summaries(m, n)))
    mended = {name: parse_printed(text) for name, text in nearest.figures.items()}
    changed = PrintedRow(
        {name: mended[name] for name in row.mean_ranks}, mended["W"], mended["chi2"], mended["p"]
    )
    assert RowAtSize(changed, m, rule="half_up").feasible()


def test_nearest_over_sizes_takes_the_best_size():
    row = printed_row(["1.33", "2.00", "2.67"], W="0.443")
    nearest = nearest_row(row, range(2, 8))
    assert (nearest.m, nearest.changed, nearest.steps) == (3, {"W": "0.444"}, 1)
    assert nearest.figures == {"a": "1.33", "b": "2.00", "c": "2.67", "W": "0.444"}


def test_what_the_other_figures_leave_open():
    row = printed_row(["1.00", "2.00", "3.00"], W="0.90")
    at = RowAtSize(row, 4)
    assert at.printings(["a", "b", "c"], "W") == {"1.00"}
    assert not at.determines(["a", "b", "c"], "W")
    assert at.determines(["a", "b"], "c")


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
    possible = {tuple(d) for d in reachable(m, n).deviations.tolist()} | {(0,) * n}
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


def test_orders_of_the_oracle_are_all_weak_orders():
    assert len(orders(3)) == 13
