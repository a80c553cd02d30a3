"""Drawn panels: their W is that of the package, and what is drawn is what was asked for."""

from itertools import product

import numpy as np
import pytest

from smartgov import stats
from smartgov.design.draws import drawn_ratings, drawn_w, equal_threshold, true_places


def generator(seed=1):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("equal", [(0.0,), (0.0, 0.4, 0.9)])
@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 5), (13, 6), (7, 12)])
def test_w_is_that_of_the_package(m, n, equal):
    w = drawn_w(generator(), 200, m, n, 0.3, equal)
    ratings = drawn_ratings(generator(), 200, m, n, 0.3, equal)
    expected = stats.kendall_w(ratings, undefined="nan").w
    np.testing.assert_allclose(w, expected, rtol=1e-12)


def test_any_two_raters_correlate_as_asked():
    ratings = drawn_ratings(generator(), 40_000, 2, 6, rho=0.4)
    both = np.corrcoef(ratings[:, 0].ravel(), ratings[:, 1].ravel())[0, 1]
    assert both == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize(("share", "rho", "n"), [*product((0.2, 0.86), (0, 0.5), (2, 8))])
def test_equal_answers_are_as_frequent_as_asked(share, rho, n):
    ratings = drawn_ratings(generator(), 20_000, 2, n, rho, (share,))
    assert (ratings == 0).mean() == pytest.approx(share, abs=0.01)


def test_no_share_no_ties():
    assert equal_threshold(0.0, 0.5, 4) == 0
    assert (drawn_ratings(generator(), 1000, 3, 4) != 0).all()


def test_w_without_agreement_is_one_over_m_on_average():
    for m in (2, 3, 13):
        assert drawn_w(generator(), 50_000, m, 4).mean() == pytest.approx(1 / m, abs=0.005)


def test_parts_drawn_together_change_nothing_but_the_draws():
    """A large panel is drawn in many parts, a small one in one: as many panels come out."""
    assert len(drawn_w(generator(), 4001, 60, 12)) == 4001


def test_places_are_equally_spaced():
    places = true_places(5)
    assert places.mean() == pytest.approx(0) and places.var() == pytest.approx(1)
    np.testing.assert_allclose(np.diff(places, 2), 0, atol=1e-12)
