"""A printed row against all panels of one size: what clashes, what else fits, what is nearest."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import (
    CORRECTED,
    all_summaries,
    figures_of,
    panels_printing,
    print_row,
    random_ratings,
    row,
    value_of,
)

from smartgov.audit.fitting import feasible_m, fits
from smartgov.audit.printed import print_value
from smartgov.audit.row import Reading
from smartgov.audit.row_at import RowAt, minimal_conflicts, nearest_change

CHI2 = Reading(p=("chi2",))
CORRECTED_CHI2 = Reading(p=("chi2",), ties="corrected")
FIGURES = ["a", "b", "c", "W", "p"]
RULES = ("half_up", "half_even", "truncate", "either")


def subsets(figures):
    sizes = range(len(figures) + 1)
    return map(frozenset, chain.from_iterable(combinations(figures, k) for k in sizes))


def perturbed(rng, reading, m, n, places=2):
    """A row some panel prints, one of its figures moved by a few last places, or not."""
    summaries = [f for ties in CORRECTED[reading.ties] for f in all_summaries(m, n, ties)]
    figures = dict(summaries[int(rng.integers(len(summaries)))])
    ranks = list(figures["mean_ranks"])
    moved = Fraction(int(rng.integers(-3, 4)), 10**places)
    match rng.choice(["W", "chi2", "p", "rank", "none"]):
        case "rank":
            ranks[0] += moved
        case "W" | "chi2" | "p" as name:
            figures[name] = max(Fraction(0), Fraction(figures[name]) + moved)
    rule = "half_up" if reading.rule == "either" else reading.rule
    return print_row(figures | {"mean_ranks": tuple(ranks)}, m, n, places, rule=rule)


def texts_of(value, places, rule):
    """Every string that prints a number; 'either' rounds a half to whichever neighbour."""
    value = Fraction(value)
    if rule != "either":
        return {print_value(value, places, rule=rule)}
    below = max(Fraction(0), value - Fraction(1, 10 ** (places + 9)))
    return {print_value(value, places), print_value(below, places)}


# Smallest conflicts, whatever the question -------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_conflicts_are_minimal_and_complete(seed):
    rng = np.random.default_rng(seed)
    forbidden = [
        frozenset(rng.choice(FIGURES, int(rng.integers(1, 4)), replace=False)) for _ in range(3)
    ]

    def feasible(kept):
        return not any(bad <= set(kept) for bad in forbidden)

    conflicts = minimal_conflicts(FIGURES, feasible)
    for subset in subsets(FIGURES):
        assert feasible(subset) == (not any(conflict <= subset for conflict in conflicts))
    for conflict in conflicts:
        assert not feasible(conflict)
        assert all(feasible(conflict - {name}) for name in conflict)


def test_a_feasible_row_is_asked_about_once():
    asked = []
    assert minimal_conflicts(FIGURES, lambda kept: asked.append(kept) or True) == ()
    assert len(asked) == 1


# Against brute force -----------------------------------------------------------------------------


@pytest.mark.parametrize("ties", CORRECTED)
@pytest.mark.parametrize(("m", "n"), [(2, 3), (3, 3), (3, 2), (2, 4)])
def test_feasible_exactly_when_brute_force_finds_a_panel(m, n, ties):
    rng, reading = np.random.default_rng(m * 10 + n), replace(CHI2, ties=ties)
    outcomes = []
    for _ in range(60):
        shown = perturbed(rng, reading, m, n)
        outcomes.append(bool(panels_printing(shown, m, n, reading)))
        assert RowAt(shown, m, n, reading).feasible() == outcomes[-1]
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ties", CORRECTED)
@pytest.mark.parametrize("seed", range(3))
def test_every_answer_agrees_with_brute_force(seed, ties, rule):
    rng, reading = np.random.default_rng(seed), replace(CHI2, ties=ties, rule=rule)
    m, n = [(3, 3), (3, 2), (2, 3)][seed]
    shown = perturbed(rng, reading, m, n)
    other = perturbed(rng, reading, m, n)
    at = RowAt(replace(shown, W=other.W), m, n, reading)
    assert at.listed

    def possible(kept):
        return bool(panels_printing(at.row, m, n, reading, kept))

    for kept in subsets(at.row.figures):
        assert at.feasible(kept) == possible(kept)
        assert possible(kept) == (not any(conflict <= kept for conflict in at.conflicts))
    for conflict in at.conflicts:
        assert all(possible(conflict - {name}) for name in conflict)
    opposed = {name for conflict in at.conflicts for name in conflict}
    assert at.unopposed == [name for name in at.row.figures if name not in opposed]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ties", CORRECTED)
@pytest.mark.parametrize(("m", "n"), [(3, 3), (4, 2), (2, 3)])
def test_printings_are_what_brute_force_prints(m, n, ties, rule):
    rng, reading = np.random.default_rng(m * n), replace(CHI2, ties=ties, rule=rule)
    shown = perturbed(rng, reading, m, n)
    at = RowAt(shown, m, n, reading)
    names = list(shown.figures)
    for kept in ([], *([name] for name in names), names[:2], ["W", "p"], names):
        panels = panels_printing(shown, m, n, reading, kept)
        for figure in names:
            texts = {t for panel in panels for t in texts_of(value_of(panel, figure), 2, rule)}
            assert at.printings(kept, figure) == sorted(texts, key=float)


@given(
    st.integers(0, 10**6),
    st.integers(2, 16),
    st.integers(1, 3),
    st.sampled_from(["half_up", "half_even", "truncate"]),
    st.sampled_from(sorted(CORRECTED)),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_panels_own_row_is_feasible_at_its_size(seed, m, places, rule, ties):
    ratings = random_ratings(np.random.default_rng(seed), m, 3, 5)
    figures = figures_of(ratings, CORRECTED[ties][-1])
    if figures is None:
        return
    shown = print_row(figures, m, 3, places, rule=rule)
    at = RowAt(shown, m, 3, Reading(p=("chi2",), rule=rule, ties=ties))
    assert at.feasible()
    assert at.conflicts == ()
    assert (at.nearest.changed, at.nearest.steps) == ({}, 0)


@pytest.mark.parametrize("seed", range(10))
def test_a_true_row_of_a_panel_too_large_to_list_has_no_conflict(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(3, 20)), int(rng.integers(6, 9))
    shown = print_row(figures_of(random_ratings(rng, m, n, 9)), m, n, 3)
    at = RowAt(shown.keep(["W", "chi2", "p"]), m, n, CHI2)
    assert not at.listed
    assert at.conflicts == () and at.nearest.changed == {}


def test_uncorrected_w_is_never_larger():
    ranks = [(1, 1, 2), (1, 2, 2), (1, 2, 3)]
    corrected, plain = figures_of(ranks), figures_of(ranks, ties=False)
    shown = print_row(plain, 3, 3, 3)
    assert plain["W"] < corrected["W"]
    assert RowAt(shown, 3, 3, replace(CHI2, ties="uncorrected")).feasible()
    assert RowAt(shown, 3, 3, replace(CHI2, ties="either")).feasible()
    assert not RowAt(shown, 3, 3, replace(CHI2, ties="corrected")).feasible()


# The nearest row ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ties", CORRECTED)
@pytest.mark.parametrize("seed", range(6))
def test_nearest_row_is_the_best_brute_force_finds(seed, ties, rule):
    rng, reading = np.random.default_rng(seed), Reading(p=("chi2",), rule=rule, ties=ties)
    m, n = [(2, 3), (3, 3), (2, 4)][seed % 3]
    figures = dict(all_summaries(m, n)[seed * 3])
    figures["W"] = max(Fraction(0), figures["W"] + Fraction(int(rng.integers(-40, 41)), 100))
    figures["p"] = min(1.0, abs(figures["p"] + rng.normal() / 20))
    shown = print_row(figures, m, n, 2)
    nearest = RowAt(shown, m, n, reading).nearest

    def cost(panel):
        apart = []
        for name, cell in shown.figures.items():
            texts = texts_of(value_of(panel, name), 2, rule)
            apart.append(min(abs(Fraction(text) - cell.value) * 100 for text in texts))
        return sum(steps > 0 for steps in apart), sum(apart)

    panels = [panel for corrected in CORRECTED[ties] for panel in all_summaries(m, n, corrected)]
    assert (len(nearest.changed), nearest.steps) == min(map(cost, panels))
    for name, text in nearest.changed.items():
        shown = shown.with_figure(name, text)
    assert panels_printing(shown, m, n, reading)


def test_of_equal_changes_the_first_figures_stay():
    # two raters of two items: W is 0, 0.5 or 1 with tied raters, chi2 = 2 W; 0.75 is as far from
    # 0.5 as from 1, and W is the figure that then has to change again
    shown = row(m=2, n=2, W="0.8", chi2="2.0")
    assert RowAt(shown, 2, 2, CHI2).nearest.changed == {"W": "1.0"}
    assert RowAt(row(m=2, n=2, W="1.0", chi2="1.5"), 2, 2, CHI2).nearest.changed == {"chi2": "2.0"}


@pytest.mark.parametrize("seed", range(12))
def test_the_nearest_row_of_a_larger_panel_fits_and_is_no_farther_than_the_truth(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(5, 20)), int(rng.integers(6, 9))
    own = print_row(figures_of(random_ratings(rng, m, n, 9)), m, n, 3).keep(["W", "chi2", "p"])
    name = str(rng.choice(["W", "chi2", "p"]))
    wrong = print_value(own.figures[name].value + Fraction(int(rng.integers(20, 90)), 1000), 3)
    at = RowAt(own.with_figure(name, wrong), m, n, CHI2)
    assert not at.listed
    nearest = at.nearest
    changed = at.row
    for figure, text in nearest.changed.items():
        changed = changed.with_figure(figure, text)
    assert fits(changed, [m], n, CHI2)[0]
    assert len(nearest.changed) == (not at.feasible())
    assert nearest.steps <= at.row.steps(name, own.figures[name].text)


# Worked by hand ----------------------------------------------------------------------------------


def test_a_number_of_items_that_stands_alone_is_changed_to_what_the_others_ask_for():
    # chi2 = m (n - 1) W: 20 = 10 × 4 × 0.5 and p of 4 degrees of freedom, so n is 5
    off = row(m=10, n=6, W="0.50", chi2="20.00", p="0.0005")
    assert nearest_change(off, CHI2).changed == {"n": "5"}


def test_where_no_single_figure_can_be_changed_the_nearest_two_are():
    # chi2 = 10 × 4 × 0.60 = 24 with p = 0.00008; W and p are 10 and 30 last places away from that,
    # chi2 and p (20.00, 0.00) 400 and 30, W and chi2 (0.12, 4.88) 38 and 1912
    off = row(m=10, n=5, W="0.50", chi2="24.00", p="0.30")
    assert nearest_change(off, CHI2).changed == {"W": "0.60", "p": "0.00"}


def test_a_p_of_more_digits_than_a_float_has():
    # five raters who agree on three items: chi-square 10, p = exp(-5) = 0.00673794699908546709663…
    right, off = "0.0067379469990854670966", "0.0067379469990854670967"
    assert RowAt(row(W="1.000", p=right), 5, 3, CHI2).feasible()
    assert RowAt(row(W="1.000", p=off), 5, 3, CHI2).nearest.changed == {"p": right}


def test_sizes_that_print_a_row():
    # thirds of a rank need a multiple of 3 raters; with 3 raters D = (-4, 0, 4), and
    # W = 32 / (3 Q) is 4/9 for Q = 24, three raters without ties.
    shown = row("1.33 2.00 2.67", W="0.444")
    reading = replace(CORRECTED_CHI2, m_sizes=range(2, 14))
    assert feasible_m(shown, reading) == (3, 6, 9, 12)
    assert feasible_m(row("1.33 2.00 2.67"), replace(reading, m_sizes=range(2, 8))) == (3, 6)


def test_a_true_row_has_no_conflict_and_its_figures_determine_one_another():
    # without ties 4 raters who agree have mean ranks 1, 2, 3 and W = 1; exp(-4) = 0.018
    at = RowAt(row("1.00 2.00 3.00", W="1.000", p="0.018"), 4, 3, CHI2)
    assert at.conflicts == ()
    for figure in at.row.figures:
        others = [name for name in at.unopposed if name != figure]
        assert at.printings(others, figure) == [at.plain(figure)]


def test_what_the_other_figures_leave_open():
    # one of 4 raters ties two items: D = (-8, 1, 7) or (-7, -1, 8), W = 114 / (4 * 30) = 0.95
    ranks = ["mean_ranks[1]", "mean_ranks[2]", "mean_ranks[3]"]
    at = RowAt(row("1.00 2.00 3.00", W="0.95"), 4, 3, CORRECTED_CHI2)
    assert at.printings(ranks, "W") == ["1.00"]
    assert at.printings(ranks[:2], ranks[2]) == ["3.00"]
    assert at.conflicts == (frozenset({ranks[1], "W"}), frozenset({ranks[0], ranks[2], "W"}))
    assert at.unopposed == []
    assert at.nearest.changed == {"W": "1.00"}


def test_impossible_figures_stand_against_the_size_alone():
    # 4 raters have mean ranks in eighths, and 1.30 is none of them
    at = RowAt(row("1.30 2.00 2.75", W="0.700", p="0.061"), 4, 3, CHI2)
    assert frozenset({"mean_ranks[1]"}) in at.conflicts
    assert 4 not in feasible_m(at.row, CHI2)


def test_dropped_zeros_say_which_precision_was_needed():
    # 1.6 beside 2.00: sixteen tenths are printed by 5 raters at both precisions, by 7 only coarsely
    shown = replace(row("1.6 2.00 2.4"), columns={"mean_ranks": 2})
    for m, finer in ((5, True), (7, False)):
        assert RowAt(shown, m, 3, CHI2).feasible()
        assert RowAt(shown, m, 3, replace(CHI2, as_shown=False)).feasible() == finer
    assert RowAt(shown, 5, 3, CHI2).plain("mean_ranks[1]") == "1.60"


@pytest.mark.parametrize(
    ("w", "p", "m", "n", "conflicts", "p_from_w"),
    [
        # 91 * [0.2265, 0.2275] has p from 0.00426 to 0.00442 with 7 df
        ("0.227", "0.004", 13, 8, (), ["0.004"]),
        ("0.227", "0.005", 13, 8, (frozenset({"W", "p"}),), ["0.004"]),
        # 78 * [0.1365, 0.1375]: p from 0.0973 to 0.0999 with 6 df
        ("0.137", "0.100", 13, 7, (), ["0.097", "0.098", "0.099", "0.100"]),
    ],
)
def test_cells_of_w_and_p(w, p, m, n, conflicts, p_from_w):
    at = RowAt(row(W=w, p=p), m, n, CHI2)
    assert not at.listed
    assert at.conflicts == conflicts
    assert at.printings(["W"], "p") == p_from_w


def test_two_items_by_three_lines_of_arithmetic():
    # a raters put one item first, b the other, 13 - a - b tie them: W = (a - b)²/(13 (a + b)),
    # chi2 = 13 W, and p of one degree of freedom is erfc(sqrt(chi2 / 2))
    from math import erfc, sqrt

    pairs = {(a, b): (a - b) ** 2 / (a + b) for a in range(14) for b in range(14 - a) if a + b}
    brute = {(f"{chi2 / 13:.3f}", f"{erfc(sqrt(chi2 / 2)):.3f}") for chi2 in pairs.values()}
    printed = {w for w, _ in brute}
    assert {p for w, p in brute if w == "0.138"} == {"0.180"}
    assert not {"0.134", "0.187"} & (printed | {p for _, p in brute})

    at = RowAt(row(W="0.138", p="0.187"), 13, 2, CORRECTED_CHI2)
    assert at.listed
    assert at.conflicts == (frozenset({"p"}),)
    assert at.printings([], "W") == sorted(printed)
    assert at.printings(["W"], "p") == ["0.180"]
    assert at.printings([], "p") == sorted({p for _, p in brute})
    assert at.nearest.changed == {"p": "0.180"}
    for w, p in {(w, p) for w in printed for _, p in brute}:
        assert RowAt(row(W=w, p=p), 13, 2, CORRECTED_CHI2).feasible() == ((w, p) in brute)
