"""Printed strings as intervals, and numbers as printed strings."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.printed import (
    RULES,
    Interval,
    as_float,
    could_print,
    parse_printed,
    print_value,
)

DECIMAL_RULES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "truncate": ROUND_DOWN,
}


@pytest.mark.parametrize(
    ("text", "value", "decimals", "relation"),
    [
        ("0,546", "0.546", 3, "="),
        (".004", "0.004", 3, "="),
        ("0.000", "0", 3, "="),
        ("0, 68", "0.68", 2, "="),
        ("< .001", "0.001", 3, "<"),
        ("<.05*", "0.05", 2, "<"),
        ("p < .001", "0.001", 3, "<"),
        ("≤ 0.05", "0.05", 2, "<="),
        ("<= 0.05", "0.05", 2, "<="),
        ("> .05", "0.05", 2, ">"),
        ("1.3e-4", "0.00013", 5, "="),
        ("1.3E-04", "0.00013", 5, "="),
        ("1.3 × 10^-4", "0.00013", 5, "="),
        ("1,3 · 10⁻⁴", "0.00013", 5, "="),
        ("1.3 x 10(-4)", "0.00013", 5, "="),
        ("4.4×10⁻³", "0.0044", 4, "="),
        ("4.4·10^-3", "0.0044", 4, "="),
        ("4.4⋅10^{−3}", "0.0044", 4, "="),
        ("4,4 х 10^-3", "0.0044", 4, "="),  # Cyrillic х
        ("10⁻⁶", "0.000001", 6, "="),
        ("10^{-7}", "0.0000001", 7, "="),
        ("< 10^-3", "0.001", 3, "<"),
        ("1,2E-05", "0.000012", 6, "="),
        ("1.2e−5", "0.000012", 6, "="),
        ("≪ 0.001", "0.001", 3, "<"),
        ("≈ 0.05", "0.05", 2, "~"),
        ("~0.05", "0.05", 2, "~"),
        ("n.s.", "0.05", 2, ">"),
        ("ns", "0.05", 2, ">"),
        ("not significant", "0.05", 2, ">"),
        ("0.27 ns", "0.27", 2, "="),
        (".05 > p", "0.05", 2, "<"),
        ("р < 0,05", "0.05", 2, "<"),  # Cyrillic р
        ("χ² = 11.54", "11.54", 2, "="),
        ("1,234.5", "1234.5", 1, "="),
        ("1 234,5", "1234.5", 1, "="),
        ("1\u202f234,5", "1234.5", 1, "="),
        ("1.234,5", "1234.5", 1, "="),
        ("1'234.5", "1234.5", 1, "="),
        ("1,234,567", "1234567", 0, "="),
        ("12 345", "12345", 0, "="),
        ("1,234", "1.234", 3, "="),
        ("–0.4", "-0.4", 1, "="),
        ("0,001*", "0.001", 3, "="),
        ("0.05**", "0.05", 2, "="),
        ("62%", "0.62", 2, "="),
        ("61.5 %", "0.615", 3, "="),
        ("13", "13", 0, "="),
        ("−0.4", "-0.4", 1, "="),
        ("\u00a00.25 ", "0.25", 2, "="),
    ],
)
def test_strings_as_tables_print_them(text, value, decimals, relation):
    printed = parse_printed(text)
    assert printed.value == Fraction(value)
    assert (printed.decimals, printed.relation) == (decimals, relation)


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "0.5.1", "1 2", "1,23,456", "01,234.5", "< ", "1e-1000", "0.05²", "10-6", "p"]
    + ["4.4 × 00^-3", ".01 < p > .05", ".05 < p < .01", ".01 = p = .05", "**", None, 0.5],
)
def test_what_is_no_figure_says_what_would_be(text):
    with pytest.raises(ValueError, match="printed figure"):
        parse_printed(text)


@given(
    st.fractions(min_value=-30, max_value=30, max_denominator=400),
    st.integers(0, 4),
    st.sampled_from(sorted(DECIMAL_RULES)),
    st.sampled_from(".,"),
)
@settings(max_examples=300, derandomize=True)
def test_print_and_read_back(x, places, rule, mark):
    text = print_value(x, places, mark, rule)
    printed = parse_printed(text)
    # Python's decimal module is the independent program; the quotient below is exact enough for
    # fractions of this size, except for halves, which it represents exactly.
    quotient = Decimal(x.numerator) / Decimal(x.denominator)
    expected = quotient.quantize(Decimal(1).scaleb(-places), DECIMAL_RULES[rule])
    assert printed.value == Fraction(expected)
    assert printed.decimals == places
    assert could_print(x, printed, rule)
    assert rule == "truncate" or could_print(x, printed, "either")


@given(
    st.fractions(min_value=-2, max_value=2, max_denominator=2000),
    st.integers(-200, 200),
    st.sampled_from(sorted(DECIMAL_RULES)),
)
@settings(max_examples=300, derandomize=True)
def test_the_interval_holds_exactly_what_prints_so(x, hundredths, rule):
    printed = parse_printed(print_value(Fraction(hundredths, 100), 2))
    same = parse_printed(print_value(x, 2, rule=rule)).value == printed.value
    assert could_print(x, printed, rule) == same


@pytest.mark.parametrize(
    ("text", "rule", "low", "high"),
    [
        # at the ends themselves: 0.125 lies halfway between 0.12 and 0.13
        ("0.13", "half_up", True, False),
        ("0.12", "half_up", True, False),
        ("0.13", "half_even", False, False),
        ("0.12", "half_even", True, True),
        ("0.12", "either", True, True),
        ("0.13", "either", True, True),
        ("0.00", "half_up", False, False),
        ("-0.13", "half_up", False, True),
    ],
)
def test_halves(text, rule, low, high):
    interval = parse_printed(text).interval(rule)
    assert (interval.low in interval, interval.high in interval) == (low, high)


def test_truncation_keeps_the_figure_and_loses_the_rest():
    interval = parse_printed("0.13").interval("truncate")
    assert Fraction("0.13") in interval
    assert Fraction("0.1399") in interval
    assert Fraction("0.14") not in interval
    assert Fraction("0.129") not in interval


def test_bounds_taken_at_their_word_unless_they_may_be_rounded():
    below = parse_printed("< .001").interval()
    assert Fraction("0.00099") in below
    assert Fraction("0.001") not in below
    at_most = parse_printed("≤ 0.05").interval()
    assert Fraction("0.054") in at_most  # prints as 0.05
    assert Fraction("0.056") not in at_most


@pytest.mark.parametrize("text", [".01 < p < .05", "0,01<p<0,05", ".05 > p > .01"])
def test_a_p_between_two_bounds(text):
    inside = parse_printed(text).interval()
    assert [Fraction(k, 100) in inside for k in (1, 2, 5)] == [False, True, False]
    assert Fraction(1, 20) in parse_printed(".01 < p ≤ .05").interval()


def test_about_is_less_sure_than_rounded():
    about = parse_printed("≈ 0.05").interval("half_up")
    assert [Fraction(k, 1000) in about for k in (39, 40, 59, 60, 61)] == [False, *[True] * 3, False]


@pytest.mark.parametrize("text", ["0.05", "≈ 0.05", "< .05", "≥ 0.05", ".01 < p < .05", "n.s."])
@pytest.mark.parametrize("relation", ["<=", ">="])
def test_a_bound_holds_all_that_the_figure_holds(text, relation):
    figure = parse_printed(text)
    bound = figure.as_bound(relation)
    for k in range(101):
        if bound is not None and Fraction(k, 1000) in figure.interval():
            assert Fraction(k, 1000) in bound.interval()
    one_sided = {"<=": ("≥ 0.05", "n.s."), ">=": ("< .05",)}[relation]
    assert (bound is None) == (text in one_sided)


def test_digits_of_a_long_string_are_not_counted_by_python():
    with pytest.raises(ValueError, match="found 4400 characters; accepted are up to 200"):
        parse_printed("1" * 4400)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("5e-18", Fraction(43, 10**19), "4e-18"),
        ("5.1E-18", Fraction(1, 3 * 10**6), "3.3E-7"),
        ("4.4 × 10^-3", Fraction(45, 10**5), "4.5 × 10^-4"),
        ("10⁻⁶", Fraction(4, 10**6), "4 × 10^-6"),
        ("1e309", Fraction(1), "1"),
        ("1e-400", Fraction(0), "0e-400"),
    ],
)
def test_powers_of_ten_are_printed_as_such(text, value, shown):
    assert parse_printed(text).restyle(value) == shown
    assert parse_printed(shown).value == parse_printed(parse_printed(text).restyle(value)).value


def test_dropped_zeros_are_put_back_on_request():
    two = parse_printed("2")
    assert Fraction("1.96") not in two.interval(decimals=2)
    assert could_print(Fraction("1.96"), two)
    with pytest.raises(ValueError, match="shows 2 decimals"):
        parse_printed("1.86").interval(decimals=1)


def test_numbers_beyond_all_floats():
    ends = [Fraction(10) ** 400, -(Fraction(10) ** 400), Fraction(1, 10**400)]
    assert [as_float(end) for end in ends] == [float("inf"), float("-inf"), 0.0]
    assert Interval(ends[1], ends[0]).floats() == (float("-inf"), float("inf"))


def test_numbers_that_cannot_be_printed():
    with pytest.raises(ValueError, match="half_up, half_even or truncate"):
        print_value(Fraction(1, 8), 2, rule="either")
    with pytest.raises(ValueError, match="0 or more"):
        print_value(Fraction(1, 8), -1)
    with pytest.raises(ValueError, match=", ".join(RULES)):
        parse_printed("0.1").interval("up")


def test_restyle_keeps_mark_and_leading_zero():
    assert parse_printed(".227*").restyle(Fraction("0.0905")) == ".091"
    assert parse_printed("0,21").restyle(Fraction(1, 3), 3) == "0,333"
    assert parse_printed("< .001").restyle(Fraction(1, 2)) == ".500"


def fractions(largest):
    """Fractions from -3 to 3 with denominators up to `largest`, few enough that ends are met."""
    denominators = range(1, largest + 1)
    every = {Fraction(k, d) for d in denominators for k in range(-3 * d, 3 * d + 1)}
    return st.sampled_from(sorted(every))


ENDS = st.one_of(st.none(), fractions(4))
INTERVALS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans())


@given(INTERVALS, INTERVALS, fractions(8))
@settings(max_examples=300, derandomize=True)
def test_interval_arithmetic(a, b, x):
    assert (x in a & b) == (x in a and x in b)
    assert (x * Fraction(3, 2) in a * Fraction(3, 2)) == (x in a)
    if x in a:
        assert bool(a)
        assert x in Interval(*a.floats())
    whole = [k for k in range(-5, 6) if k in a]
    assert list(a.whole_numbers(-5, 5)) == whole


@given(INTERVALS, INTERVALS, fractions(8), fractions(8))
@settings(max_examples=200, derandomize=True)
def test_sums_of_members_are_members_of_the_sum(a, b, x, y):
    if x in a and y in b:
        assert x + y in a + b
