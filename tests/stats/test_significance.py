"""p-values of W: counted and drawn."""

import numpy as np
import pytest
from drawn_panels import panels, random_panels
from hypothesis import given, settings
from scipy.stats import chi2

from smartgov.stats import concordance_pvalue, kendall_w, w_distribution
from smartgov.stats.significance import MANY_RATERS

LAW = settings(derandomize=True, max_examples=30, deadline=None)


@LAW
@given(panels(most_raters=5, most_items=4))
def test_exact_p_is_the_tail_at_the_observed_w(panel):
    result = concordance_pvalue(panel, "exact")
    assert 0 < result.p <= 1
    assert result.p == result.as_large / result.total
    assert result.w == kendall_w(panel).w


def test_the_permutation_p_is_near_the_exact_p_and_counts_the_panel_itself():
    # a share of 400 draws is further off than four standard errors once in some 10,000 panels
    for seed, panel in enumerate(random_panels(11, 60)):
        exact = concordance_pvalue(panel[:4, :4], "exact").p
        drawn = concordance_pvalue(panel[:4, :4], "permutation", draws=400, seed=seed)
        assert drawn.p == (drawn.as_large + 1) / 401
        assert abs(drawn.as_large / 400 - exact) <= 4 * np.sqrt(exact * (1 - exact) / 400)


def test_full_agreement_has_the_smallest_p():
    exact = concordance_pvalue([[1, 2, 3]] * 3, "exact")
    assert float(exact) == exact.p == 1 / 36


def test_permutations_are_seeded():
    panel = random_panels(2, 1)[0]
    first = concordance_pvalue(panel, "permutation", draws=3000, seed=1)
    assert first == concordance_pvalue(panel, "permutation", draws=3000, seed=1)
    assert first != concordance_pvalue(panel, "permutation", draws=3000, seed=2)


def test_auto_counts_what_is_affordable_and_draws_the_rest():
    rng = np.random.default_rng(0)
    assert concordance_pvalue(rng.random((5, 4)), "auto").method == "exact"
    assert concordance_pvalue(rng.random((13, 8)), "auto", draws=500).method == ("permutation")


def test_auto_takes_chi_square_where_so_many_raters_tell_the_items_apart():
    rng = np.random.default_rng(1)
    raters = rng.random((MANY_RATERS, 8))
    found = concordance_pvalue(raters, "auto")
    assert (found.method, found.p, found.total) == ("chi-square", kendall_w(raters).p, None)
    with_ties = np.vstack([raters[:60], np.ones((900, 8))])
    assert concordance_pvalue(with_ties, "auto", draws=50).method == "permutation"


def test_chi_square_is_nearer_than_shuffling_where_auto_takes_it():
    # of so many raters and three items every panel can still be listed
    distribution = w_distribution((MANY_RATERS, 3))
    for at in (0.3, 0.1, 0.05, 0.01, 0.001):
        s = 4 * MANY_RATERS * chi2.isf(at, 2)  # S of doubled deviations is 8 m chi2 / 2
        exact = float(distribution.p_at_least(int(np.ceil(s))))
        error_of_20_000_shuffles = np.sqrt(at * (1 - at) / 20_000)
        assert abs(exact - at) < 2 * error_of_20_000_shuffles


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: concordance_pvalue([[1, 2], [2, 1]], "f"), "'auto', 'exact'"),
        (lambda: concordance_pvalue(np.ones((2, 3, 3))), "one panel"),
        (lambda: concordance_pvalue([[1, 1], [2, 2]]), "undefined"),
        (
            lambda: concordance_pvalue(np.random.default_rng(0).random((13, 9)), "exact"),
            "permutation",
        ),
        (lambda: concordance_pvalue([[1, 2], [1, 2]], draws=1e3), "whole number"),
        (lambda: concordance_pvalue([[1, 2], [1, 2]], draws=0), "0; accepted"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
