"""p-values of W: precise chi-square, F, and the permutation distribution."""

from decimal import Decimal, getcontext
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from printed_panels import figures_of, orders
from scipy import stats

from smartgov.audit.exact_p import (
    exact_pairs,
    is_customary,
    monte_carlo_bounds,
    permutation_bounds,
)
from smartgov.audit.p_values import chi2_p, chi2_p_exact, f_p, p_interval
from smartgov.audit.printed import Interval
from smartgov.stats.significance import concordance_pvalue


@pytest.mark.parametrize("df", [1, 2, 3, 7, 12, 45])
@pytest.mark.parametrize("chi2", ["0.001", "1", "2.7055", "12.25", "80"])
def test_precise_and_float_chi_square_agree(df, chi2):
    exact = chi2_p_exact(Fraction(chi2), df)
    assert float(exact) == pytest.approx(stats.chi2.sf(float(chi2), df), rel=1e-10, abs=1e-300)
    assert float(chi2_p(float(chi2), df)) == pytest.approx(float(exact), rel=1e-10)


def test_forty_decimals_where_the_tail_is_elementary():
    # With 2 degrees of freedom the tail is exp(-x/2), with 4 it is (1 + x/2) exp(-x/2).
    getcontext().prec = 60
    tail = (Decimal(-7) / 4).exp()
    assert abs(chi2_p_exact(Fraction(7, 2), 2) - Fraction(tail)) < Fraction(1, 10**42)
    four = (1 + Decimal(7) / 4) * tail
    assert abs(chi2_p_exact(Fraction(7, 2), 4) - Fraction(four)) < Fraction(1, 10**42)
    assert chi2_p_exact(0, 5) == 1


@pytest.mark.parametrize("chi2", [3, 30, 300, 3000])
def test_forty_digits_however_small_the_tail(chi2):
    getcontext().prec = 60
    x = Decimal(chi2) / 2
    exact = chi2_p_exact(chi2, 6) / Fraction((-x).exp() * (1 + x + x * x / 2))
    assert abs(exact - 1) < Fraction(1, 10**40)


@pytest.mark.parametrize("df", [1, 2, 5, 8, 31])
def test_series_and_fraction_agree_where_one_takes_over(df):
    step = Fraction(1, 10**30)
    below, above = chi2_p_exact(df + 2 - step, df), chi2_p_exact(df + 2, df)
    assert 0 < below - above < Fraction(1, 10**30)


def test_odd_degrees_of_freedom_to_forty_decimals():
    # P(chi2_3 > x) = P(chi2_1 > x) + sqrt(2x/pi) exp(-x/2): two series against each other.
    getcontext().prec = 60
    x = Decimal(5)
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
    difference = (2 * x / pi).sqrt() * (-x / 2).exp()
    found = chi2_p_exact(5, 3) - chi2_p_exact(5, 1)
    assert abs(found - Fraction(difference)) < Fraction(1, 10**42)


def test_p_of_an_interval_runs_the_other_way():
    # 4 raters of 3 items: chi2 = 8 W, and the tail of 2 degrees of freedom is exp(-4 W)
    p = p_interval(Interval(Fraction(0), Fraction(1, 2), True, False), 4, 3)
    assert p.high == 1 and p.high_closed
    assert float(p.low) == pytest.approx(np.exp(-2)) and not p.low_closed
    every = p_interval(Interval(None, None), 4, 3)
    assert (every.low, every.high) == (0, 1) and every.high_closed and not every.low_closed
    beyond = p_interval(Interval(Fraction(-1, 2), Fraction(1, 4), False), 4, 3)
    assert beyond.high == 1 and beyond.high_closed and beyond.low_closed


def test_p_of_very_large_panels_is_bounded_at_once():
    # chi2 up to 99,900,000: the tails have millions of digits that no figure shows
    p = p_interval(Interval(Fraction(1, 2), Fraction(1)), 100_000, 1000)
    assert p.low == 0 and not p.low_closed
    assert 0 < p.high < Fraction(1, 10**1000)


def test_what_has_no_p():
    with pytest.raises(ValueError, match="accepted are chi2 >= 0"):
        chi2_p_exact(Fraction(-1), 3)
    with pytest.raises(ValueError, match="iman-davenport"):
        f_p(0.5, 5, 5, "friedman")


@pytest.mark.parametrize(("m", "n", "w"), [(13, 8, 0.3), (4, 10, 0.4416), (3, 3, 0.9)])
def test_f_against_scipy(m, n, w):
    f = (m - 1) * w / (1 - w)
    first = n - 1 - 2 / m
    assert f_p(w, m, n, "kendall") == pytest.approx(stats.f.sf(f, first, (m - 1) * first))
    assert f_p(w, m, n, "iman-davenport") == pytest.approx(stats.f.sf(f, n - 1, (m - 1) * (n - 1)))


def test_f_at_the_ends():
    assert f_p(1.0, 5, 4, "kendall") == 0
    assert f_p(0.0, 5, 4, "kendall") == 1
    assert np.isnan(f_p(0.5, 2, 2, "kendall"))  # no degree of freedom is left


# Permutation p ---------------------------------------------------------------------------------


def brute_force_pairs(m, n):
    """W and its permutation p for every panel, by relabelling every rater in every way."""
    pairs = set()
    relabellings = list(permutations(range(n)))
    for panel in product(orders(n), repeat=m):
        figures = figures_of(panel)
        if figures is None:
            continue
        as_large, total = 0, 0
        for shuffles in product(relabellings, repeat=m - 1):
            shuffled = [
                panel[0],
                *(
                    [rater[k] for k in shuffle]
                    for rater, shuffle in zip(panel[1:], shuffles, strict=True)
                ),
            ]
            as_large += figures_of(shuffled)["W"] >= figures["W"]
            total += 1
        pairs.add((figures["W"], Fraction(as_large, total)))
    return pairs


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 2), (4, 2), (2, 3)])
def test_listed_pairs_are_all_there_are(m, n):
    w, p = exact_pairs(m, n)
    found = {(round(a, 9), round(b, 9)) for a, b in zip(w.tolist(), p.tolist(), strict=True)}
    brute = {(round(float(a), 9), round(float(b), 9)) for a, b in brute_force_pairs(m, n)}
    assert found == brute


@pytest.mark.parametrize("seed", range(8))
def test_listed_pairs_hold_the_exact_p_of_another_program(seed):
    rng = np.random.default_rng(seed)
    m = int(rng.integers(3, 9))
    ratings = rng.integers(1, 4, (m, 3))
    if figures_of(ratings.tolist()) is None:
        ratings[0] = (1, 2, 3)
    exact = concordance_pvalue(ratings, "exact")
    w, p = exact_pairs(m, 3)
    assert (np.isclose(w, exact.w, atol=1e-10) & np.isclose(p, exact.p, atol=1e-10)).any()


def test_four_raters_who_agree():
    # hand-worked: without ties 6 of the 6^4 arrangements of three items agree throughout.
    w, p = exact_pairs(4, 3)
    assert np.isclose(p[np.isclose(w, 1)], 6 / 6**4).any()


@pytest.mark.parametrize("seed", range(15))
def test_bounds_hold_whatever_the_ties(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(2, 6)), int(rng.integers(2, 6))
    ratings = rng.integers(0, rng.integers(2, 5), (m, n)) + rng.integers(0, 3) * np.arange(n)
    if figures_of(ratings.tolist()) is None:
        ratings[0] = np.arange(n)
    exact = concordance_pvalue(ratings, "exact")
    low, high = permutation_bounds(exact.w, exact.w, m, n)
    assert low - 1e-12 <= exact.p <= high + 1e-12
    drawn = concordance_pvalue(ratings, "permutation", draws=999, seed=seed)
    low, high = monte_carlo_bounds(low, high)
    assert low <= drawn.p <= high


def test_customary_sizes():
    assert is_customary([15, 16, 8, 9, 4, 5], [3, 3, 4, 4, 9, 9]).tolist() == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    with pytest.raises(ValueError, match="3 items with up to 15"):
        exact_pairs(16, 3)
