"""Kendall's W: published examples, laws, gaps, bad input, bootstrap."""

import numpy as np
import pytest
from drawn_panels import panels, random_panels
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smartgov.stats import kendall_w, rank_deviations, schmidt_band, w_interval, w_without_each
from smartgov.stats.bootstrap import drawn_rows, drawn_sums

LAW = settings(derandomize=True, max_examples=60, deadline=None)
NAN = np.nan

# Published worked examples: ratings, ties corrected?, W, chi2, df, p, each as printed -----------
EXAMPLES = {
    "Kendall (1970), ch. 6: four rankings of six objects, S = 64": (
        [[5, 4, 1, 6, 3, 2], [2, 3, 1, 5, 6, 4], [4, 1, 6, 3, 2, 5], [4, 3, 2, 5, 1, 6]],
        True,
        {"w": "0.229"},
    ),
    "Siegel (1956), ch. 9: three executives rank six applicants": (
        [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]],
        True,
        {"w": "0.16"},
    ),
    "NAG library, g08da example (data of Siegel, 1956): ties in every ranking": (
        [
            [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
            [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
            [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
        ],
        True,
        {"w": "0.828", "p": "0.0078", "df": "9"},
    ),
    "Zar (2010), ex. 20.5: wing, tail and bill of twelve birds, ties": (
        [
            [10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4],
            [7.4, 7.6, 7.9, 7.2, 7.4, 7.1, 7.4, 7.2, 7.8, 7.7, 7.8, 8.3],
            [17, 17, 20, 14.5, 15.5, 13, 19.5, 16, 21, 20, 18, 22],
        ],
        True,
        {"w": "0.9241", "df": "11"},
    ),
    "Hollander & Wolfe (1973), p. 140, as printed by R's friedman.test: rounding first base": (
        [
            [5.40, 5.50, 5.55],
            [5.85, 5.70, 5.75],
            [5.20, 5.60, 5.50],
            [5.55, 5.50, 5.40],
            [5.90, 5.85, 5.70],
            [5.45, 5.55, 5.60],
            [5.40, 5.40, 5.35],
            [5.45, 5.50, 5.35],
            [5.25, 5.15, 5.00],
            [5.85, 5.80, 5.70],
            [5.25, 5.20, 5.10],
            [5.65, 5.55, 5.45],
            [5.60, 5.35, 5.45],
            [5.05, 5.00, 4.95],
            [5.50, 5.50, 5.40],
            [5.45, 5.55, 5.50],
            [5.55, 5.55, 5.35],
            [5.45, 5.50, 5.55],
            [5.50, 5.45, 5.25],
            [5.65, 5.60, 5.40],
            [5.70, 5.65, 5.55],
            [6.30, 6.30, 6.25],
        ],
        True,
        {"chi2": "11.143", "df": "2", "p": "0.003805"},
    ),
}


@pytest.mark.parametrize("source", EXAMPLES)
def test_published_examples_to_every_printed_digit(source):
    ratings, ties, printed = EXAMPLES[source]
    result = kendall_w(ratings, ties=ties)
    for name, text in printed.items():
        digits = len(text.partition(".")[2])
        assert f"{getattr(result, name):.{digits}f}" == text, (source, name)


def test_rank_sums_of_zars_birds_as_printed_by_unistat():
    ratings = EXAMPLES["Zar (2010), ex. 20.5: wing, tail and bill of twelve birds, ties"][0]
    sums = 3 * kendall_w(ratings).mean_ranks
    assert sums == pytest.approx([14.5, 21, 30.5, 6, 11, 3.5, 20, 11.5, 29, 28.5, 22.5, 36])


def test_three_raters_and_three_items_by_hand():
    # ranks 1 2 3 / 1 2 3 / 2 2 2; sums 4 6 8, mean 6, S = 8; T = 24 in the third ranking
    # W = 12 * 8 / (9 * 24 - 3 * 24) = 96 / 144; without the correction 96 / 216
    panel = [[1, 2, 3], [1, 2, 3], [2, 2, 2]]
    assert kendall_w(panel).w == pytest.approx(96 / 144)
    assert kendall_w(panel, ties=False).w == pytest.approx(96 / 216)
    assert kendall_w(panel).chi2 == pytest.approx(3 * 2 * 96 / 144)
    assert kendall_w(panel).mean_ranks == pytest.approx([4 / 3, 6 / 3, 8 / 3])


# Laws ----------------------------------------------------------------------------------------


@LAW
@given(panels(), st.randoms(use_true_random=False))
def test_relabelling_raters_or_items_changes_nothing(panel, random):
    raters, items = list(range(len(panel))), list(range(panel.shape[1]))
    random.shuffle(raters)
    random.shuffle(items)
    before, after = kendall_w(panel), kendall_w(panel[raters][:, items])
    assert after.w == pytest.approx(before.w)
    assert after.mean_ranks == pytest.approx(before.mean_ranks[items])


@LAW
@given(panels(), st.integers(0, 5), st.sampled_from([np.exp, np.cbrt, lambda x: 7 * x - 100]))
def test_a_monotone_transform_of_one_raters_scale_changes_nothing(panel, rater, transform):
    changed = panel.copy()
    changed[rater % len(panel)] = transform(panel[rater % len(panel)])
    assert kendall_w(changed).w == kendall_w(panel).w


@LAW
@given(panels())
def test_w_lies_between_0_and_1_and_the_chi_square_identity_holds(panel):
    result = kendall_w(panel)
    assert 0 <= result.w <= 1 + 1e-12
    assert result.chi2 == pytest.approx(result.m * (result.n - 1) * result.w)
    assert result.p == pytest.approx(stats.chi2.sf(result.chi2, result.n - 1))
    assert kendall_w(panel, ties=False).w <= result.w + 1e-12


@LAW
@given(panels())
def test_a_duplicated_panel_keeps_w_and_doubles_chi_square(panel):
    once, twice = kendall_w(panel), kendall_w(np.vstack([panel, panel]))
    assert twice.w == pytest.approx(once.w)
    assert twice.chi2 == pytest.approx(2 * once.chi2)
    assert twice.mean_ranks == pytest.approx(once.mean_ranks)


@LAW
@given(panels(least_raters=2))
def test_reversing_everyone_keeps_w_and_mirrors_the_mean_ranks(panel):
    before, after = kendall_w(panel), kendall_w(-panel)
    assert after.w == pytest.approx(before.w)
    assert after.mean_ranks == pytest.approx(panel.shape[1] + 1 - before.mean_ranks)


@LAW
@given(panels(most_raters=2))
def test_two_raters_without_ties_give_the_mean_of_1_and_spearman(panel):
    ranks = np.argsort(np.argsort(panel, axis=1, kind="stable"), axis=1)
    spearman = stats.spearmanr(*ranks).statistic
    assert kendall_w(ranks).w == pytest.approx((1 + spearman) / 2)


def test_a_rater_turned_round_against_a_full_panel():
    assert kendall_w([[1, 2, 3, 4]] * 5).w == 1
    assert kendall_w([[1, 2, 3, 4], [4, 3, 2, 1]]).w == 0


def test_agrees_with_scipy_on_panels_with_ties():
    for panel in random_panels(1, 30):
        if panel.shape[1] > 2:
            expected = stats.friedmanchisquare(*panel.T)
            assert kendall_w(panel).chi2 == pytest.approx(expected.statistic)
            assert kendall_w(panel).p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("n", [2, 5, 64, 65, 140])
def test_rank_deviations_agree_with_scipys_midranks_for_few_and_many_items(n):
    ratings = np.random.default_rng(n).integers(1, 30, (3, n)).astype(float)
    assert (rank_deviations(ratings) == 2 * stats.rankdata(ratings, axis=1) - (n + 1)).all()
    assert kendall_w(ratings).w == pytest.approx(
        stats.friedmanchisquare(*ratings.T).statistic / (3 * (n - 1))
        if n > 2
        else kendall_w(ratings).chi2 / 3
    )


# Batches and gaps ----------------------------------------------------------------------------


def test_a_batch_gives_what_its_panels_give_one_by_one():
    batch = np.random.default_rng(3).integers(1, 5, (2, 7, 5, 4)).astype(float)
    batch[0, 0, 0, 0] = batch[1, 3, 4, 2] = NAN
    together = kendall_w(batch)
    assert together.w.shape == together.m.shape == (2, 7)
    assert together.mean_ranks.shape == (2, 7, 4)
    for place in np.ndindex(2, 7):
        alone = kendall_w(batch[place])
        assert isinstance(alone.w, float) and isinstance(alone.m, int)
        assert together.w[place] == alone.w
        assert together.p[place] == alone.p
        assert together.m[place] == alone.m
        assert together.mean_ranks[place] == pytest.approx(alone.mean_ranks)


def test_an_empty_batch_gives_empty_results():
    assert kendall_w(np.empty((0, 3, 4))).w.shape == (0,)


def test_raters_with_a_gap_are_left_out():
    panel = np.array([[1, 2, 3], [2, 1, 3], [NAN, 1, 2], [1, 3, 2]])
    result = kendall_w(panel)
    assert result.m == 3
    assert result.w == kendall_w(panel[[0, 1, 3]]).w


# Bootstrap and words -------------------------------------------------------------------------


def test_drawing_raters_raises_w_by_the_line_in_the_docstring():
    panel = np.array([np.random.default_rng(i).permutation(5) for i in range(6)], dtype=float)
    w, m = kendall_w(panel).w, len(panel)
    every = np.stack(np.meshgrid(*[np.arange(m)] * m), axis=-1).reshape(-1, m)  # all 6^6 draws
    assert kendall_w(panel[every]).w.mean() == pytest.approx(1 / m + (1 - 1 / m) * w)


def test_interval_is_seeded_and_removes_copies():
    panel = random_panels(5, 1)[0]
    first = w_interval(panel, draws=500, seed=3)
    assert first == w_interval(panel, draws=500, seed=3)
    assert first.low <= first.w <= first.high
    assert w_interval(panel, draws=500, seed=4) != first
    # the plain percentile interval of the same draws, before the line is inverted
    m = len(panel)
    rows = np.random.default_rng(3).integers(m, size=(500, m))
    ends = np.quantile(kendall_w(panel[rows]).w, [0.025, 0.975])
    assert [first.low, first.high] == pytest.approx(((ends - 1 / m) / (1 - 1 / m)).clip(0, 1))


def test_interval_counts_draws_without_w():
    interval = w_interval([[1, 1], [1, 1], [1, 2]], draws=300, seed=0)
    assert 0 < interval.undefined < 300


def test_schmidts_points_get_schmidts_words():
    # Schmidt (1997)
    words = ["very weak", "weak", "moderate", "strong", "unusually strong"]
    for point, word in zip([0.1, 0.3, 0.5, 0.7, 0.9], words, strict=False):
        assert schmidt_band(point) == f"{word} agreement"
    assert [schmidt_band(w) for w in (0, 0.2, 1)] == [
        "very weak agreement",
        "weak agreement",
        "unusually strong agreement",
    ]


# Bad input -----------------------------------------------------------------------------------

BAD = [
    ([["a", 1], [2, 3]], r"'a' at \[0, 0\].*numbers"),
    ([[1, 2j], [2, 3]], r"2j.* at \[0, 1\]"),
    ([[1, 2], [2]], "different lengths"),
    ([1, 2, 3], r"1 dimension.*\(m, n\)"),
    ([[1, 2, 3]], "1 rater.*at least two"),
    ([[1], [2]], "1 item.*at least two"),
    ([[1, np.inf], [2, 3]], r"inf at \[0, 1\].*finite"),
    ([[1, 1], [2, 2]], r"undefined \(0/0\): every rater ties all items"),
    ([[1, 2], [NAN, 1]], "1 can be used.*two complete raters"),
]


@pytest.mark.parametrize("ratings, sentence", BAD)
def test_bad_ratings_are_answered_with_a_sentence(ratings, sentence):
    with pytest.raises(ValueError, match=sentence):
        kendall_w(ratings)


def test_an_all_tied_panel_of_a_batch_is_named_or_nan_on_request():
    batch = np.array([[[1, 2], [1, 2]], [[1, 1], [2, 2]], [[3, 3], [2, 2]]], dtype=float)
    with pytest.raises(ValueError, match=r"2 of 3 panels, the first at \[1\]"):
        kendall_w(batch)
    assert np.isnan(kendall_w(batch, undefined="nan").w).tolist() == [False, True, True]
    with pytest.raises(ValueError, match="undefined"):
        kendall_w(batch[1], ties=False)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: kendall_w([[1, 2], [1, 2]], undefined="skip"), "'raise', 'nan'"),
        (lambda: w_interval(np.ones((2, 3, 3))), "one panel"),
        (lambda: w_interval([[1, 2], [1, 2]], confidence=95), "between 0 and 1"),
        (lambda: w_interval([[1, 2], [1, 2]], draws=0), "0; accepted is a whole number"),
        (lambda: w_interval([[1, 1], [1, 1], [1, 2]], draws=1, seed=6), "all 1 draws"),
        (lambda: schmidt_band(1.2), "between 0 and 1"),
        (lambda: schmidt_band(NAN), "between 0 and 1"),
    ],
)
def test_bad_options_are_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@LAW
@given(panels(least_raters=3, most_raters=6, most_items=5))
def test_w_without_each_is_w_of_the_others(panel):
    found = w_without_each(panel)
    others = np.array([np.delete(panel, place, axis=0) for place in range(len(panel))])
    np.testing.assert_array_equal(found, kendall_w(others, undefined="nan").w)


@pytest.mark.parametrize("at_once", [1, 50, 10_000])
def test_drawn_sums_are_those_of_the_drawn_rows_in_blocks_of_any_size(monkeypatch, at_once):
    monkeypatch.setattr("smartgov.stats.bootstrap.AT_ONCE", at_once)
    rows = np.random.default_rng(0).integers(-9, 10, (13, 4))
    drawn = rows[drawn_rows(len(rows), 40, 5)].sum(axis=1)
    np.testing.assert_array_equal(drawn_sums(rows, 40, 5), drawn)
