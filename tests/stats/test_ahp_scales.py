"""Judgement scales: values of the literature, and what a scale must keep."""

import numpy as np
import pytest

from smartgov.stats import SCALES, comparison_matrix, priorities, rescaled

STEPS = np.arange(1, 10.0)
PUBLISHED = {
    # Salo & Hämäläinen (1997): weights 0.5, 0.55, ... 0.9 of two items
    "balanced": "1 1.22 1.5 1.86 2.33 3 4 5.67 9",
    # Ishizaka & Labib (2011), base and exponent 2
    "logarithmic": "1 1.58 2 2.32 2.58 2.81 3 3.17 3.32",
    "power": "1 4 9 16 25 36 49 64 81",
    "linear": "1 2 3 4 5 6 7 8 9",
}


@pytest.mark.parametrize("scale", SCALES)
def test_every_step_is_worth_what_the_literature_says(scale):
    found = rescaled([[[1, x], [1 / x, 1]] for x in STEPS], scale)
    assert found[:, 0, 1].round(2).tolist() == [float(x) for x in PUBLISHED[scale].split()]
    assert found[:, 0, 1] * found[:, 1, 0] == pytest.approx(1)


@pytest.mark.parametrize("scale", SCALES)
def test_gaps_stay_gaps_and_equal_stays_equal(scale):
    matrix = comparison_matrix([np.nan, 1, 1 / 7])
    found = rescaled(matrix, scale)
    assert (np.isnan(found) == np.isnan(matrix)).all()
    assert found[0, 2] == 1 and found[1, 2] < 1 < found[2, 1]


def test_balanced_steps_spread_the_priorities_of_two_evenly():
    two = priorities(rescaled([[[1, x], [1 / x, 1]] for x in STEPS], "balanced"))
    assert np.diff(two[:, 0]) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("matrix", "scale", "said"),
    [([[1, 2], [0.5, 1]], "square", "'square'"), ([[1, 10], [0.1, 1]], "power", "ratio 10")],
)
def test_what_is_no_scale_or_no_judgement_is_refused(matrix, scale, said):
    with pytest.raises(ValueError, match=said):
        rescaled(matrix, scale)
