"""One Delphi round: consensus measures and the interval of a median."""

import numpy as np
import pytest

from smartgov.stats import consensus, median_interval, quartiles

NAN = np.nan


def test_consensus_by_hand():
    # ratings 5 4 4 5 3: four of five at 4 or above; quartiles 4 and 5; sd .8367, mean 4.2
    result = consensus(np.array([[5, 4, 4, 5, 3], [1, 2, 3, 4, 5]]).T, agree=4)
    assert result.agreeing.tolist() == [4, 2] and result.answered.tolist() == [5, 5]
    assert result.share.tolist() == [0.8, 0.4]
    assert result.median.tolist() == [4, 3] and result.iqr.tolist() == [1, 2]
    assert result.cv == pytest.approx([np.sqrt(0.7) / 4.2, np.sqrt(2.5) / 3])
    assert result.share_low[0] < 0.8 < result.share_high[0]
    # five experts are too few for a 95 % interval of the median: (1/2)^5 * 2 = .0625
    assert result.median_low.tolist() == [-np.inf, -np.inf]


def test_agreeing_may_be_a_set_and_gaps_are_left_out():
    result = consensus([[1, 3], [5, NAN], [5, 2]], agree={1, 5})
    assert result.agreeing.tolist() == [3, 0] and result.answered.tolist() == [3, 2]


# Order statistics of the distribution-free 95 % interval, by the binomial with p = 1/2:
# the widest k with P(B < k) <= .025 (Conover, 1999)
MEDIAN_RANKS = {
    5: None,
    6: (1, 6),
    8: (1, 8),
    9: (2, 8),
    10: (2, 9),
    12: (3, 10),
    13: (3, 11),
    15: (4, 12),
    20: (6, 15),
    25: (8, 18),
}


@pytest.mark.parametrize("m", MEDIAN_RANKS)
def test_median_interval_takes_the_tabled_order_statistics(m):
    result = median_interval(np.random.default_rng(m).permutation(np.arange(1.0, m + 1)))
    assert result.median == (m + 1) / 2
    assert (result.low, result.high) == (MEDIAN_RANKS[m] or (-np.inf, np.inf))


def test_quartiles_leave_gaps_out_and_are_nan_without_answers():
    rounds = np.array([[5, 1, NAN], [NAN, 2, NAN], [4, 3, NAN], [1, 8, NAN]])
    found = quartiles(rounds)
    assert found[:, 0].tolist() == np.percentile([5, 4, 1], (25, 50, 75)).tolist()
    assert found[:, 1].tolist() == [1.75, 2.5, 4.25]
    assert np.isnan(found[:, 2]).all()


def test_signed_judgements_have_no_coefficient_of_variation():
    result = consensus([[0, -1, 2], [0, -3, 4]], agree={-1, 4})
    assert np.isnan(result.cv).tolist() == [True, True, False]
    assert result.iqr.tolist() == [0, 1, 1] and result.agreeing.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: consensus([[1, 2], ["x", 3]], agree=3), "'x'"),
        (lambda: consensus(np.ones((2, 2, 2)), agree=1), "3 dimension"),
        (lambda: consensus([[1, NAN], [2, NAN], [2, 3]], agree=1), "1 answer.*item 1"),
        (lambda: consensus([[1, 2], [2, 3]], agree=1, confidence=2), "between 0 and 1"),
        (lambda: median_interval([NAN, NAN]), "at least one number"),
        (lambda: median_interval([[1, 2]]), r"shape \(1, 2\)"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
