"""Signed ranks and the comparison of paired dimensions."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from smartgov.stats import adjust_pvalues, kendall_w, paired_dimensions, wilcoxon_signed_rank

LAW = settings(derandomize=True, max_examples=30, deadline=None)
NAN = np.nan

PUBLISHED = {
    "Siegel (1956), ch. 5: twins at home and at nursery school, T = 4, n = 8": (
        [63, 42, 74, 37, 51, 43, 80, 62],
        [82, 69, 73, 43, 58, 56, 76, 65],
        4,
        8,
        "0.055",
    ),
    "Hollander & Wolfe (1973), p. 29, as printed by R's wilcox.test: depression, V = 40": (
        [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29],
        [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30],
        5,
        9,
        "0.03906",
    ),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_published_examples(source):
    first, second, smaller, moved, p = PUBLISHED[source]
    result = wilcoxon_signed_rank(first, second)
    assert min(result.rank_sum_up, result.rank_sum_down) == smaller
    assert result.moved == moved and result.method == "exact"
    assert f"{result.p:.{len(p) - 2}f}" == p


@LAW
@given(hnp.arrays(float, st.integers(1, 7), elements=st.integers(-3, 3)))
def test_exact_p_lists_all_signs(steps):
    moved = steps[steps != 0]
    result = wilcoxon_signed_rank(np.zeros(len(steps)), steps)
    if not len(moved):
        assert (result.p, result.z, result.moved) == (1.0, 0.0, 0)
        return
    doubled = (2 * stats.rankdata(np.abs(moved))).astype(int)
    observed = abs((doubled * np.sign(moved)).sum())
    sums = [
        abs(sum(d * s for d, s in zip(doubled, signs, strict=False)))
        for signs in product((-1, 1), repeat=len(moved))
    ]
    assert result.p == pytest.approx(np.mean([total >= observed for total in sums]))


@LAW
@given(hnp.arrays(float, (9, 2), elements=st.integers(1, 5)))
def test_turning_the_pair_round_turns_the_sign(scores):
    there, back = wilcoxon_signed_rank(*scores.T), wilcoxon_signed_rank(*scores.T[::-1])
    assert back.z == -there.z and back.p == pytest.approx(there.p)
    assert (back.rank_sum_up, back.rank_sum_down) == (there.rank_sum_down, there.rank_sum_up)


def test_many_movers_get_the_normal_approximation():
    rng = np.random.default_rng(0)
    first, second = rng.integers(1, 8, (2, 60))
    result = wilcoxon_signed_rank(first, second)
    assert result.method == "normal"
    assert result.p == pytest.approx(2 * stats.norm.sf(abs(result.z)))


def test_three_dimensions_together_and_in_pairs():
    scores = np.random.default_rng(5).integers(1, 6, (13, 3)).astype(float)
    scores[4, 1] = np.nan
    result = paired_dimensions(scores, names=["city", "open", "digital"])
    complete = np.delete(scores, 4, axis=0)
    friedman = stats.friedmanchisquare(*complete.T)
    assert result.m == 12 and result.w == kendall_w(scores).w
    assert (result.chi2, result.p) == pytest.approx((friedman.statistic, friedman.pvalue))
    assert result.pairs == (("city", "open"), ("city", "digital"), ("open", "digital"))
    for (a, b), p, up, down in zip(
        [(0, 1), (0, 2), (1, 2)],
        result.pair_p,
        result.favours_first,
        result.favours_second,
        strict=False,
    ):
        assert p == wilcoxon_signed_rank(complete[:, b], complete[:, a]).p
        assert up == (complete[:, a] > complete[:, b]).sum()
        assert down == (complete[:, a] < complete[:, b]).sum()
    assert paired_dimensions([[3, 1, 1], [5, 2, 2], [4, 3, 3]]).pair_p.tolist() == [0.25, 0.25, 1]
    assert result.adjusted_p.tolist() == adjust_pvalues(result.pair_p, "holm").tolist()


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: wilcoxon_signed_rank([1, 2], [1, 2], method="t"), "'auto', 'exact', 'normal'"),
        (lambda: wilcoxon_signed_rank([1, 2], [1, np.inf]), r"inf at \[1\]"),
        (lambda: wilcoxon_signed_rank([[1, 2]], [[1, 2]]), r"\(1, 2\)"),
        (lambda: wilcoxon_signed_rank([1, 2], [1]), "same length"),
        (lambda: wilcoxon_signed_rank([NAN, 1], [1, NAN]), "no expert with both"),
        (lambda: paired_dimensions(np.ones((2, 3, 3))), "3 dimension"),
        (lambda: paired_dimensions([[1, 2], [2, 1]], names=["a"]), "1 for 2 columns"),
        (lambda: paired_dimensions([[1, 2], [2, 1]], correction="none"), "'holm'"),
        (lambda: paired_dimensions([[1, 1, 1], [2, 2, 2]]), "undefined"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
