"""Exact distributions of W: brute force, published tables, and sizes that outgrow 64 bits."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from math import comb, factorial

import numpy as np
import pytest
from drawn_panels import panels
from hypothesis import given, settings
from scipy.stats import binomtest

from smartgov.stats import concordance_pvalue, kendall_w, w_distribution
from smartgov.stats import exact as exact_module

LAW = settings(derandomize=True, max_examples=40, deadline=None)


def enumerated(panel):
    """All values of W with their probabilities, by shuffling every rater in every way."""
    shuffles = [list(permutations(rater)) for rater in np.asarray(panel).tolist()[1:]]
    arranged = np.array([[panel[0], *rest] for rest in product(*shuffles)], dtype=float)
    w = kendall_w(arranged).w.round(12)
    return {value: Fraction(count, len(w)) for value, count in Counter(w.tolist()).items()}


@LAW
@given(panels(most_raters=3, most_items=4, values=3))
def test_equals_brute_force_given_the_ties(panel):
    distribution = w_distribution(panel)
    exact = {
        round(float(w), 12): Fraction(count, distribution.total)
        for w, count in zip(distribution.w, distribution.counts, strict=False)
    }
    assert exact == enumerated(panel)


@pytest.mark.parametrize("m, n", [(2, 5), (2, 6), (3, 5), (4, 4), (5, 2), (5, 3), (6, 3)])
def test_equals_brute_force_without_ties(m, n):
    distribution = w_distribution((m, n))
    expected = enumerated([list(range(n))] * m)
    assert distribution.total == factorial(n) ** (m - 1)
    assert {
        round(float(w), 12): Fraction(count, distribution.total)
        for w, count in zip(distribution.w, distribution.counts, strict=False)
    } == expected


def tie_patterns(n):
    """Every way n items can be tied, as ratings: (1, 1, 2) ties the two lowest of three."""
    return [tuple(np.cumsum([1, *steps]).tolist()) for steps in product((0, 1), repeat=n - 1)]


@pytest.mark.parametrize("m, n", [(2, 2), (3, 2), (4, 2), (2, 3), (3, 3), (4, 3), (2, 4), (3, 4)])
def test_every_small_case_equals_brute_force(m, n):
    # the distribution depends on nothing but each rater's pattern of ties, so these are all
    for patterns in combinations_with_replacement(tie_patterns(n), m):
        if any(len(set(pattern)) > 1 for pattern in patterns):
            distribution = w_distribution(np.array(patterns))
            assert {
                round(float(w), 12): Fraction(count, distribution.total)
                for w, count in zip(distribution.w, distribution.counts, strict=False)
            } == enumerated(patterns)


@LAW
@given(panels(most_raters=5, most_items=5))
def test_both_ways_of_counting_agree(panel):
    deviations = exact_module._cheap_order(exact_module._panel_deviations(panel))
    assert exact_module._item_by_item(deviations) == exact_module._rater_by_rater(deviations)


@LAW
@given(panels(most_raters=5, most_items=4))
def test_relabelling_raters_and_items_keeps_even_the_counts(panel):
    before, after = w_distribution(panel), w_distribution(panel[::-1, ::-1])
    assert before.counts == after.counts
    assert before.statistic.tolist() == after.statistic.tolist()


@LAW
@given(panels(most_raters=6, most_items=4))
def test_the_mean_of_w_under_chance_is_one_over_m(panel):
    # Kendall (1970), ch. 6: E(W) = 1/m, also given the ties
    distribution = w_distribution(panel)
    mean = (
        sum(
            Fraction(int(s)) * count
            for s, count in zip(distribution.statistic, distribution.counts, strict=False)
        )
        / distribution.total
    )
    assert mean / distribution.most == Fraction(1, len(panel))


# Friedman (1937), Tables V and VI, reprinted in Siegel (1956), Table N: chi2 and its exact p.
# One cell is corrected: 20/24 is printed there as .834.
PRINTED_TAILS = {
    (3, 3): "0 1.000, .667 .944, 2.000 .528, 2.667 .361, 4.667 .194, 6.000 .028",
    (4, 3): "0 1.000, .5 .931, 1.5 .653, 2.0 .431, 3.5 .273, 4.5 .125, 6.0 .069, 6.5 .042, "
    "8.0 .0046",
    (2, 4): "0 1.000, .6 .958, 1.2 .833, 1.8 .792, 2.4 .625, 3.0 .542, 3.6 .458, 4.2 .375, "
    "4.8 .208, 5.4 .167, 6.0 .042",
    (3, 4): ".2 1.000, .6 .958, 1.0 .910, 1.8 .727, 2.2 .608, 2.6 .524, 3.4 .446, 3.8 .342, "
    "4.2 .300, 5.0 .207, 5.4 .175, 5.8 .148, 6.6 .075, 7.0 .054, 7.4 .033, 8.2 .017, "
    "9.0 .0017",
}


@pytest.mark.parametrize("m, n", PRINTED_TAILS)
def test_friedmans_printed_tails(m, n):
    distribution = w_distribution((m, n))
    rows = [row.split() for row in PRINTED_TAILS[m, n].split(", ")]
    assert len(rows) == len(distribution.w)
    for (chi2, p), w, tail in zip(rows, distribution.w, distribution.tail, strict=False):
        assert m * (n - 1) * w == pytest.approx(float(chi2), abs=5e-4)
        digits = len(p.partition(".")[2])
        assert f"{tail:.{digits}f}".removeprefix("0") == p


# Critical values of Friedman's chi2 at 5 % and 1 % for n items and m raters, as printed in the
# widely reprinted table of exact values (Neave, Elementary Statistics Tables; "Critical values
# for the Friedman test"). None: cannot be reached.
CRITICAL = {
    (2, 4): (6.000, None),
    (2, 5): (7.600, 8.000),
    (2, 6): (9.143, 9.714),
    (3, 3): (6.000, None),
    (3, 4): (7.400, 9.000),
    (3, 5): (8.533, 10.13),
    (3, 6): (9.857, 11.76),
    (4, 3): (6.500, 8.000),
    (4, 4): (7.800, 9.600),
    (4, 5): (8.800, 11.20),
    (4, 6): (10.29, 12.71),
    (5, 3): (6.400, 8.400),
    (5, 4): (7.800, 9.960),
    (5, 5): (8.960, 11.68),
    (5, 6): (10.49, 13.23),
    (6, 3): (7.000, 9.000),
    (6, 4): (7.600, 10.20),
    (6, 5): (9.067, 11.87),
    (7, 3): (7.143, 8.857),
    (7, 4): (7.800, 10.54),
    (7, 5): (9.143, 12.11),
    (8, 3): (6.250, 9.000),
    (8, 4): (7.650, 10.50),
    (9, 3): (6.222, 9.556),
    (9, 4): (7.667, 10.73),
    (9, 5): (9.244, 12.44),
    (10, 3): (6.200, 9.600),
    (10, 4): (7.680, 10.68),
    (10, 5): (9.280, 12.48),
    (11, 3): (6.545, 9.455),
    (11, 4): (7.691, 10.75),
    (12, 3): (6.500, 9.500),
    (12, 4): (7.700, 10.80),
    (13, 3): (6.615, 9.385),
    (13, 4): (7.800, 10.85),
    (14, 3): (6.143, 9.143),
    (14, 4): (7.714, 10.89),
    (15, 3): (6.400, 8.933),
    (15, 4): (7.720, 10.92),
    (16, 3): (6.500, 9.375),
    (17, 3): (6.118, 9.294),
    (18, 3): (6.333, 9.000),
    (19, 3): (6.421, 9.579),
    (20, 3): (6.300, 9.300),
}


@pytest.mark.parametrize("m, n", CRITICAL)
def test_printed_critical_values(m, n):
    distribution = w_distribution((m, n))
    for alpha, printed in zip((0.05, 0.01), CRITICAL[m, n], strict=True):
        w = distribution.critical_w(alpha)
        if printed is None:
            assert w is None
        else:
            digits = 3 if printed < 10 else 2
            assert round(m * (n - 1) * w, digits) == pytest.approx(printed, abs=6 * 10**-digits)


# Tiny panels where the exact p and chi-square fall on different sides of .05 --------------------
TINY = {
    "two raters agree on 4 items: 1 of 24 = .042 (Friedman, Table VI)": (
        [[1, 2, 3, 4], [1, 2, 3, 4]],
        Fraction(1, 24),
        "0.1116",
    ),
    "three raters, 4 items, rank sums 4 5 10 11, chi2 = 7.4: .033 (Friedman, Table VI)": (
        [[1, 2, 3, 4], [1, 2, 3, 4], [2, 1, 4, 3]],
        Fraction(19, 576),
        "0.0602",
    ),
    "four raters, 3 items, rank sums 6 6 12, chi2 = 6: .069 (Friedman, Table V)": (
        [[1, 2, 3], [1, 2, 3], [2, 1, 3], [2, 1, 3]],
        Fraction(15, 216),
        "0.0498",
    ),
    "five raters agree on 2 items, a sign test by hand: 2 of 32": (
        [[1, 2]] * 5,
        Fraction(2, 32),
        "0.0253",
    ),
    "three raters with the same tie agree, by hand: 1 of 3 * 3": (
        [[1, 2, 2]] * 3,
        Fraction(1, 9),
        "0.0498",
    ),
}


@pytest.mark.parametrize("source", TINY)
def test_tiny_panels_cross_05(source):
    panel, p, chi2_p = TINY[source]
    exact, chi2 = concordance_pvalue(panel, "exact"), kendall_w(panel)
    assert Fraction(exact.as_large, exact.total) == p
    assert f"{chi2.p:.4f}" == chi2_p
    assert (exact.p < 0.05) != (chi2.p < 0.05)


# Sizes -----------------------------------------------------------------------------------------


def test_counts_that_outgrow_64_bits_are_exact():
    # 13 raters, 5 items: 120**12 arrangements, about 2**83
    distribution = w_distribution((13, 5))
    assert distribution.total == 120**12
    # full agreement: the other twelve must all follow the first
    assert distribution.counts[-1] == 1 and distribution.w[-1] == 1
    mean = sum(
        int(s) * count
        for s, count in zip(distribution.statistic, distribution.counts, strict=False)
    )
    assert Fraction(mean, distribution.total * distribution.most) == Fraction(1, 13)


@pytest.mark.parametrize("at_once", [24, 100, 24 * 7])
def test_shuffles_in_blocks_count_the_same(monkeypatch, at_once):
    """As many as a block holds, one state, four or seven, and what is left over."""
    tied = [[1, 2, 2, 4], [1, 1, 3, 4], [1, 2, 3, 4], [4, 3, 2, 1], [2, 1, 4, 3]]
    for case in ((5, 4), tied):
        deviations = exact_module._panel_deviations(case)
        at_a_time = exact_module._rater_by_rater(deviations)
        with monkeypatch.context() as small:
            small.setattr(exact_module, "AT_ONCE", at_once)
            assert exact_module._rater_by_rater(deviations) == at_a_time


def test_the_critical_value_is_that_of_05_unless_another_is_asked_for():
    distribution = w_distribution((5, 4))
    assert (
        distribution.critical_w() == distribution.critical_w(0.05) < distribution.critical_w(0.01)
    )


def test_two_items_are_the_binomial_distribution():
    # S = (2 k - m)^2 * 2 with k of m raters one way
    distribution = w_distribution((9, 2))
    expected = {2 * (2 * k - 9) ** 2: 2 * comb(9, k) for k in range(5)}
    counts = dict(zip(distribution.statistic.tolist(), distribution.counts, strict=False))
    assert {s: Fraction(c, distribution.total) for s, c in counts.items()} == {
        s: Fraction(c, 2**9) for s, c in expected.items()
    }


def test_two_items_and_thousands_of_raters_are_not_counted():
    """A table of counts a prime would take gigabytes where chi-square is right to four places."""
    panel = np.random.default_rng(0).integers(1, 9, (3000, 2))
    found = concordance_pvalue(panel)
    assert found.method == "chi-square"
    sides = np.sign(panel[:, 0] - panel[:, 1])
    of_signs = binomtest(int((sides > 0).sum()), int((sides != 0).sum())).pvalue
    assert found.p == pytest.approx(of_signs, rel=0.05)
    with pytest.raises(ValueError, match="exact distribution for 3000 raters and 2 items"):
        w_distribution(panel)


def test_probabilities_add_up_and_tails_descend():
    distribution = w_distribution((6, 4))
    assert distribution.probability.sum() == pytest.approx(1)
    assert (np.diff(distribution.tail) < 0).all() and distribution.tail[0] == 1
    assert distribution.p_at_least(distribution.statistic[0]) == 1
    assert distribution.p_at_least(distribution.statistic[-1] + 1) == 0


def test_panels_with_gaps_lose_those_raters_and_a_rater_with_all_ties_counts():
    panel = np.array([[1, 2, 3], [1, 2, 3], [np.nan, 1, 2], [2, 2, 2]])
    distribution = w_distribution(panel)
    assert distribution.m == 3 and distribution.total == 6


@pytest.mark.parametrize(
    "argument, sentence",
    [
        ((1, 5), r"\(1, 5\)"),
        ((3.5, 4), "whole numbers"),
        ((13, 9), "permutation"),
        (np.ones((2, 2, 2)), "3 dimension"),
        ([[1, 1], [2, 2]], "undefined"),
        ([["x", 1], [2, 2]], "'x'"),
        ((100, 40), "permutation"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(argument, sentence):
    with pytest.raises(ValueError, match=sentence):
        w_distribution(argument)
