"""Agreement of coders: published examples, laws, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.stats.inter_rater import fleiss_kappa

from smartgov.stats import (
    agreement_interval,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)
NAN = np.nan


def from_table(table):
    """Codes of two coders from their cross table (first coder in rows)."""
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return [np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())]


def from_counts(counts):
    """Codes (coders, units) from counts (units, categories), in any order of coders."""
    return np.array([np.repeat(np.arange(len(row)), row) for row in np.asarray(counts)]).T


ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
SIX_PSYCHIATRISTS = from_counts(
    [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
    ]
)
FOUR_RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, NAN],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
GWET = "Gwet (2014), Handbook of Inter-Rater Reliability, as printed in the irrCAC vignette: "
KRIPPENDORFF = "Krippendorff (2011), Computing Krippendorff's alpha-reliability, "
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]

PUBLISHED = [
    # source, coefficient, codes, options, printed
    (GWET + "two abstractors, three diagnoses", cohen_kappa, ABSTRACTORS, {}, "0.7964094"),
    (
        "Fleiss, Levin & Paik (2003), Table 18.1",
        cohen_kappa,
        from_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]]),
        {},
        "0.68",
    ),
    (
        "Hout, Duncan & Sobel (1987), unweighted, as printed by R's vcd::Kappa",
        cohen_kappa,
        from_table([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]),
        {},
        "0.1293",
    ),
    (
        "Hout, Duncan & Sobel (1987), linear weights, as printed by R's vcd::Kappa",
        cohen_kappa,
        from_table([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]),
        {"weights": "linear"},
        "0.2374",
    ),
    (GWET + "two abstractors", gwet_ac1, ABSTRACTORS, {}, "0.8493305"),
    (GWET + "six psychiatrists (Fleiss, 1971)", gwet_ac1, SIX_PSYCHIATRISTS, {}, "0.4448007"),
    (GWET + "four raters, missing codes", gwet_ac1, FOUR_RATERS, {}, "0.77544"),
    (GWET + "two abstractors", krippendorff_alpha, ABSTRACTORS, {}, "0.7972585"),
    (GWET + "six psychiatrists", krippendorff_alpha, SIX_PSYCHIATRISTS, {}, "0.4204384"),
    (
        KRIPPENDORFF + "A: binary, two observers",
        krippendorff_alpha,
        [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]],
        {},
        "0.095",
    ),
    (
        KRIPPENDORFF + "B: nominal, two observers",
        krippendorff_alpha,
        [list("aabbdcccedda"), list("babbbccceddd")],
        {},
        "0.692",
    ),
    (KRIPPENDORFF + "C: nominal, missing codes", krippendorff_alpha, OBSERVERS, {}, "0.743"),
    *(
        (KRIPPENDORFF + f"C: {name}", krippendorff_alpha, OBSERVERS, {"measurement": name}, alpha)
        for name, alpha in (("ordinal", "0.815"), ("interval", "0.849"), ("ratio", "0.797"))
    ),
    (GWET + "two abstractors", percent_agreement, ABSTRACTORS, {}, "0.89"),
    (GWET + "four raters", percent_agreement, FOUR_RATERS, {}, "0.8181818"),
]


@pytest.mark.parametrize("source, coefficient, codes, options, printed", PUBLISHED)
def test_published_examples_to_every_printed_digit(source, coefficient, codes, options, printed):
    digits = len(printed.partition(".")[2])
    assert f"{coefficient(codes, **options):.{digits}f}" == printed, source


codes_of_coders = st.tuples(st.integers(2, 4), st.integers(3, 12)).flatmap(
    lambda shape: hnp.arrays(float, shape, elements=st.sampled_from([1, 2, 3, NAN]))
)
full_codes = st.tuples(st.integers(2, 4), st.integers(3, 12)).flatmap(
    lambda shape: hnp.arrays(float, shape, elements=st.sampled_from([1, 2, 3]))
)


def differ(codes):
    return len(set(codes[~np.isnan(codes)].tolist())) > 1


@LAW
@given(full_codes.filter(differ), st.permutations([1, 2, 3]))
def test_relabelling_coders_units_and_categories_changes_nothing(codes, names):
    renamed = np.array([0, *names])[codes.astype(int)][::-1, ::-1]
    assert gwet_ac1(renamed) == pytest.approx(gwet_ac1(codes))
    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(codes))
    assert percent_agreement(renamed) == pytest.approx(percent_agreement(codes))
    if len(codes) == 2:
        assert cohen_kappa(renamed) == pytest.approx(cohen_kappa(codes))


@LAW
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=9), st.integers(2, 4))
def test_full_agreement_is_1(row, coders):
    codes = [row] * coders
    assert percent_agreement(codes) == 1
    assert gwet_ac1(codes, categories="abc") == pytest.approx(1)
    if len(set(row)) > 1:
        assert krippendorff_alpha(codes) == pytest.approx(1)
        assert cohen_kappa(codes[:2]) == pytest.approx(1)


@LAW
@given(full_codes.filter(differ))
def test_alpha_for_complete_codes_is_fleiss_kappa_with_the_small_sample_term(codes):
    # Krippendorff (2004), ch. 11: alpha = 1 - (1 - kappa) (N - 1) / N with N codes in all
    counts = np.stack([(codes == k).sum(axis=0) for k in (1, 2, 3)], axis=1)
    kappa = fleiss_kappa(counts[:, counts.any(axis=0)])
    total = codes.size
    assert krippendorff_alpha(codes) == pytest.approx(1 - (1 - kappa) * (total - 1) / total)


def test_ac1_by_hand():
    # agreement 3 of 4; shares of a: (2 + 1) / 8 = 3/8; chance 2 * 3/8 * 5/8 = 15/32
    assert gwet_ac1([list("aabb"), list("abbb")]) == pytest.approx((3 / 4 - 15 / 32) / (17 / 32))


def test_ac1_stays_high_where_kappa_falls_with_prevalence():
    # 118 units, nearly all "yes": the paradox Gwet (2008) opens with
    codes = from_table([[118, 5], [2, 0]])
    assert cohen_kappa(codes) < 0 < 0.9 < gwet_ac1(codes)


@LAW
@given(*[hnp.arrays(float, 8, elements=st.integers(1, 4))] * 2)
def test_quadratic_weighted_kappa_by_its_moment_formula(before, after):
    # Fleiss & Cohen (1973): 1 - mean squared difference over what chance would give
    expected = 1 - ((before - after) ** 2).mean() / (
        before.var() + after.var() + (before.mean() - after.mean()) ** 2 or NAN
    )
    if np.isnan(expected):
        with pytest.raises(ValueError, match="undefined"):
            cohen_kappa([before, after], weights="quadratic", categories=range(1, 5))
    else:
        kappa = cohen_kappa([before, after], weights="quadratic", categories=range(1, 5))
        assert kappa == pytest.approx(expected)


def test_missing_codes_are_nan_or_none_and_text_may_carry_them():
    assert gwet_ac1([["a", None, "b"], ["a", "b", "b"]]) == gwet_ac1(
        [["a", float("nan"), "b"], ["a", "b", "b"]]
    )


def test_interval_is_seeded_names_its_unit_and_holds_the_value():
    for name in ("gwet_ac1", "krippendorff_alpha", "percent_agreement"):
        result = agreement_interval(FOUR_RATERS, name, unit="definition", draws=300, seed=2)
        again = agreement_interval(FOUR_RATERS, name, unit="definition", draws=300, seed=2)
        assert result == again
        assert result.low <= result.value <= result.high
        assert (result.coders, result.units, result.pairable) == (4, 12, 11)
        assert result.unit == "definition" and result.categories == (1, 2, 3, 4, 5)


def test_kappa_interval_is_near_its_large_sample_interval():
    # irrCAC prints .68 to .913 for the two abstractors (standard error .0589)
    result = agreement_interval(ABSTRACTORS, "cohen_kappa", unit="patient", draws=999)
    assert result.low == pytest.approx(0.68, abs=0.02)
    assert result.high == pytest.approx(0.913, abs=0.02)


def test_interval_counts_samples_without_a_value():
    result = agreement_interval(
        [[1, 1, 1, 2], [1, 1, 1, 2]], "krippendorff_alpha", unit="definition", draws=200
    )
    assert 0 < result.undefined < 200 and result.value == 1


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: cohen_kappa([[1, 2], [1, 2], [1, 2]]), "3 coders.*krippendorff_alpha"),
        (lambda: cohen_kappa([[1, 1], [1, 1]]), r"undefined \(0/0\)"),
        (lambda: cohen_kappa([[1, NAN], [NAN, 1]]), r"undefined \(0/0\)"),
        (lambda: cohen_kappa([[1, 2], [1, 2]], weights="cubic"), "'linear', 'quadratic'"),
        (lambda: cohen_kappa([[1, 6], [1, 2]], categories=range(1, 6)), r"6 at \[0, 1\]"),
        (lambda: krippendorff_alpha([[1, 1], [1, 1]]), r"undefined \(0/0\)"),
        (lambda: krippendorff_alpha([["a", "b"], ["a", "b"]], measurement="interval"), "text"),
        (lambda: krippendorff_alpha([[1, 2], [1, 2]], measurement="binary"), "'nominal'"),
        (lambda: gwet_ac1([[1, 1], [1, 1]]), "1 category"),
        (lambda: gwet_ac1([[1, NAN], [NAN, 2]]), "no unit coded by two"),
        (lambda: gwet_ac1([[1, 2]]), r"shape \(1, 2\).*at least two coders"),
        (lambda: gwet_ac1([[1, 2], [1]]), "equal length"),
        (lambda: gwet_ac1([["a", 1], ["a", "b"]]), "one kind"),
        (lambda: gwet_ac1([["a", "c"], ["a", "b"]], categories="ab"), r"'c' at \[0, 1\]"),
        (lambda: gwet_ac1([[NAN, NAN], [NAN, NAN]]), "every code is missing"),
        (lambda: agreement_interval(FOUR_RATERS, "kappa", unit="x"), "'gwet_ac1'"),
        (lambda: agreement_interval(FOUR_RATERS, unit=" "), "unit"),
        (lambda: agreement_interval(FOUR_RATERS, unit="x", confidence=0), "between 0 and 1"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


# Ordered codes -----------------------------------------------------------------------------------

TEXT = [["1", "2", "10", "10", "2", None], ["1", "10", "10", "2", "2", "1"]]
NUMBERS = [[None if code is None else int(code) for code in row] for row in TEXT]


@pytest.mark.parametrize(
    "coefficient",
    [
        lambda codes: krippendorff_alpha(codes, measurement="ordinal"),
        lambda codes: krippendorff_alpha(codes, measurement="interval"),
        lambda codes: krippendorff_alpha(codes, measurement="ratio"),
        lambda codes: cohen_kappa(codes, weights="linear"),
        lambda codes: cohen_kappa(codes, weights="quadratic"),
        lambda codes: agreement_interval(codes, "cohen_kappa", unit="x", weights="linear").value,
    ],
)
def test_text_of_numbers_is_in_the_order_of_the_numbers(coefficient):
    assert coefficient(TEXT) == coefficient(NUMBERS)
    masked = np.ma.array(
        [[code or 7 for code in row] for row in NUMBERS],
        mask=[[code is None for code in row] for row in NUMBERS],
    )
    assert coefficient(masked) == coefficient(NUMBERS)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda codes: krippendorff_alpha(codes, measurement="ordinal"), "'high', 'low', 'medium'"),
        (lambda codes: cohen_kappa(codes, weights="linear"), "name the `categories` in order"),
        (
            lambda codes: agreement_interval(
                codes, "krippendorff_alpha", unit="x", measurement="ordinal"
            ),
            "codes without an order",
        ),
    ],
)
def test_words_have_no_order_until_it_is_named(call, sentence):
    words = [["low", "high", "medium", "low"], ["low", "medium", "medium", "low"]]
    with pytest.raises(ValueError, match=sentence):
        call(words)
    order = ["low", "medium", "high"]
    ranks = [[order.index(word) for word in row] for row in words]
    assert krippendorff_alpha(words, measurement="ordinal", categories=order) == krippendorff_alpha(
        ranks, measurement="ordinal"
    )


def test_levels_refuse_what_has_no_place_on_them():
    with pytest.raises(ValueError, match="'ratio' with the code -1"):
        krippendorff_alpha([[-1, 2, 2], [1, 2, 2]], measurement="ratio")
    assert krippendorff_alpha([[-1, 2, 2], [1, 2, 2]], measurement="interval") < 1
    with pytest.raises(ValueError, match="same number written twice, '1', '1.0'"):
        krippendorff_alpha([["1", "2"], ["1.0", "2"]], measurement="ordinal")
    for level in ("ordinal", "interval", "ratio"):
        with pytest.raises(ValueError, match="accepted are"):
            krippendorff_alpha([[1, np.inf], [1, 2]], measurement=level)
