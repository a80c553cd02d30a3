"""Power and false alarms against what can be counted without simulation."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from smartgov import stats
from smartgov.design.draws import true_places
from smartgov.design.order import orders_found, typical_consistency
from smartgov.design.power import critical_w, significant
from smartgov.design.sweep import error_of

PANELS = 60_000


def share(counts, test):
    return counts[test] / counts["panels"]


def close(found, expected):
    return abs(found - expected) < 5 * error_of(expected, PANELS)


@pytest.mark.parametrize(("m", "n"), [(3, 3), (5, 3), (4, 4), (13, 2)])
@pytest.mark.parametrize("test", ["chi2", "F", "exact"])
def test_false_alarms_are_those_of_the_exact_distribution(m, n, test):
    if np.isnan(critical_w(test, m, n, 0.05)):
        pytest.skip("no degrees of freedom")
    exact = stats.w_distribution((m, n))
    reached = exact.w >= critical_w(test, m, n, 0.05) - 1e-9
    counts = significant(np.random.default_rng(1), PANELS, m, n, rho=0.0)
    assert close(share(counts, f"{test}_0.05"), float(exact.probability[reached].sum()))


def test_power_with_two_items_is_binomial():
    """With two items each rater says which is better, and W is a function of how many say so."""
    m, rho = 13, 0.3
    first_lower = norm.cdf(-np.sqrt(rho) * np.diff(true_places(2))[0] / np.sqrt(2 * (1 - rho)))
    k = np.arange(m + 1)
    w = ((2 * k - m) / m) ** 2
    expected = binom.pmf(k, m, first_lower)[w >= critical_w("chi2", m, 2, 0.05)].sum()
    counts = significant(np.random.default_rng(2), PANELS, m, 2, rho)
    assert close(share(counts, "chi2_0.05"), expected)


def test_a_test_that_cannot_be_is_not_counted():
    counts = significant(np.random.default_rng(1), 100, 60, 12, 0.0)
    assert "exact_0.05" not in counts and "chi2_0.05" in counts
    tied = significant(np.random.default_rng(1), 100, 3, 3, 0.0, (0.5,))
    assert not [name for name in tied if name.startswith("exact")]


def test_panels_without_a_w_are_counted_and_never_significant():
    counts = significant(np.random.default_rng(1), 5000, 2, 2, 0.0, (0.9,))
    assert counts["undefined"] > 1000
    assert counts["chi2_0.05"] == 0


def test_two_components_are_in_order_as_often_as_the_majority_of_logs_says():
    """One rater, no rounding to speak of: the sign of one normal judgement."""
    found = orders_found(np.random.default_rng(1), PANELS, 1, 2, range_=4, noise=1.2)
    # a ratio below 1.5 either way rounds to 1, a tie, which is not the true order
    expected = norm.sf((np.log(1.5) - np.log(4)) / 1.2)
    assert close(found["order"] / PANELS, expected)
    assert found["order"] == found["first"]


def test_more_raters_and_less_noise_find_more():
    def order(m, noise):
        found = orders_found(np.random.default_rng(3), 4000, m, 5, 4, noise)
        return found["order"]

    assert order(3, 0.8) < order(13, 0.8) < order(60, 0.8)
    assert order(13, 1.2) < order(13, 0.8) < order(13, 0.4)


def test_noise_shows_in_the_consistency_ratio():
    careful, typical, careless = (typical_consistency(9, 4, noise) for noise in (0.4, 0.8, 1.2))
    assert careful < 0.1 < typical < careless
