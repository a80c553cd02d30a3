"""p-values of W: the four ways against each other."""

import numpy as np
import pytest
from drawn_panels import panels, random_panels
from hypothesis import given, settings
from scipy import stats

from smartgov.stats import concordance_pvalue, kendall_w

LAW = settings(derandomize=True, max_examples=30, deadline=None)


@LAW
@given(panels(most_raters=5, most_items=4))
def test_exact_p_is_the_tail_at_the_observed_w(panel):
    result = concordance_pvalue(panel, "exact")
    assert 0 < result.p <= 1 and result.low == result.high == result.p
    assert result.p == result.as_large / result.total
    assert result.w == kendall_w(panel).w


def test_the_permutation_interval_holds_the_exact_p_about_as_often_as_it_says():
    held = []
    for seed, panel in enumerate(random_panels(11, 60)):
        exact = concordance_pvalue(panel[:4, :4], "exact").p
        drawn = concordance_pvalue(
            panel[:4, :4], "permutation", permutations=400, seed=seed, level=0.9
        )
        held.append(drawn.low <= exact <= drawn.high)
        assert drawn.p == (drawn.as_large + 1) / 401
    # Clopper-Pearson covers with at least 90 %; 48 of 60 or fewer would have p < .01
    assert sum(held) > 48


def test_permutations_are_seeded():
    panel = random_panels(2, 1)[0]
    first = concordance_pvalue(panel, "permutation", permutations=3000, seed=1)
    assert first == concordance_pvalue(panel, "permutation", permutations=3000, seed=1)
    assert first != concordance_pvalue(panel, "permutation", permutations=3000, seed=2)


def test_auto_counts_what_is_affordable_and_draws_the_rest():
    rng = np.random.default_rng(0)
    assert concordance_pvalue(rng.random((5, 4)), "auto").method == "exact"
    assert concordance_pvalue(rng.random((13, 8)), "auto", permutations=500).method == (
        "permutation"
    )


def test_beta_is_the_f_test_of_kendall_and_babington_smith():
    # Legendre (2005): F = (m - 1) W / (1 - W), df n - 1 - 2/m and (m - 1) times that
    for panel in random_panels(4, 20):
        w, m, n = (getattr(kendall_w(panel), name) for name in ("w", "m", "n"))
        df = n - 1 - 2 / m
        expected = stats.f.sf((m - 1) * w / (1 - w), df, (m - 1) * df)
        assert concordance_pvalue(panel, "beta").p == pytest.approx(expected)


def test_beta_comes_closer_than_chi_square_for_three_raters():
    rng = np.random.default_rng(8)
    errors = {"beta": [], "chi2": []}
    for _ in range(40):
        panel = rng.permuted(np.tile(np.arange(6.0), (3, 1)), axis=1)
        exact = concordance_pvalue(panel, "exact").p
        for method in errors:
            errors[method].append(abs(concordance_pvalue(panel, method).p - exact))
    assert np.mean(errors["beta"]) < np.mean(errors["chi2"]) / 2


def test_full_agreement_is_zero_for_beta_but_not_for_the_others():
    panel = [[1, 2, 3]] * 3
    assert concordance_pvalue(panel, "beta").p == 0
    assert concordance_pvalue(panel, "exact").p == 1 / 36
    assert float(concordance_pvalue(panel, "exact")) == 1 / 36


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: concordance_pvalue([[1, 2], [2, 1]], "f"), "'auto', 'exact'"),
        (lambda: concordance_pvalue([[1, 2], [1, 2]], "beta"), "no degrees of freedom"),
        (lambda: concordance_pvalue(np.ones((2, 3, 3))), "one panel"),
        (lambda: concordance_pvalue([[1, 1], [2, 2]]), "undefined"),
        (
            lambda: concordance_pvalue(np.random.default_rng(0).random((13, 9)), "exact"),
            "permutation",
        ),
        (lambda: concordance_pvalue([[1, 2], [1, 2]], permutations=1e3), "whole number"),
        (lambda: concordance_pvalue([[1, 2], [1, 2]], level=2), "between 0 and 1"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
