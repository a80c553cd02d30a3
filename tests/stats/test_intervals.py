"""Shares, "all k of k", and corrections for several tests."""

import numpy as np
import pytest

from smartgov.stats import adjust_pvalues, all_confirmed, share_interval

SHARES = [
    # k, n, method, low, high, source
    (15, 148, "wilson", 0.0624, 0.1605, "Newcombe (1998), Stat. Med. 17, 857-872, Table I"),
    (15, 148, "clopper-pearson", 0.0578, 0.1617, "Newcombe (1998), Table I"),
    (15, 148, "wald", 0.0527, 0.1500, "Newcombe (1998), Table I"),
    (81, 263, "wilson", 0.2553, 0.3662, "Newcombe (1998), Table I"),
    (0, 20, "wilson", 0.0000, 0.1611, "Newcombe (1998), Table I"),
    (1, 29, "clopper-pearson", 0.0009, 0.1776, "Newcombe (1998), Table I"),
]


@pytest.mark.parametrize("k, n, method, low, high, source", SHARES)
def test_share_intervals_as_published(k, n, method, low, high, source):
    result = share_interval(k, n, method=method)
    assert (round(result.low, 4), round(result.high, 4)) == (low, high), source


def test_all_confirmed_is_the_share_under_which_all_k_still_happen_one_time_in_twenty():
    for k in (1, 3, 13, 100):
        assert all_confirmed(k).low ** k == pytest.approx(0.05, rel=1e-12)
    assert all_confirmed(3, confidence=0.4).low ** 3 == pytest.approx(0.6)


def test_adjustments_by_hand():
    p = [0.01, 0.04, 0.03]
    assert adjust_pvalues(p, "bonferroni") == pytest.approx([0.03, 0.12, 0.09])
    assert adjust_pvalues(p, "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert adjust_pvalues(p, "fdr_bh") == pytest.approx([0.03, 0.04, 0.04])


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: share_interval(5, 4), "k = 5 of n = 4"),
        (lambda: share_interval(0, 0), "n >= 1"),
        (lambda: share_interval(1.5, 4), "whole number"),
        (lambda: share_interval("3", 4), "whole number"),
        (lambda: share_interval(1, 4, confidence=95), "between 0 and 1"),
        (lambda: share_interval(1, 4, method="exact"), "clopper-pearson"),
        (lambda: all_confirmed(0), "n >= 1"),
        (lambda: adjust_pvalues([0.1, 1.2]), r"1\.2 at \[1\]"),
        (lambda: adjust_pvalues([0.1, np.nan]), r"nan at \[1\]"),
        (lambda: adjust_pvalues([]), "list of p-values"),
        (lambda: adjust_pvalues([0.1], "tukey"), "bonferroni"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
