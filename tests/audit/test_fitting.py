"""Which sizes of panel could print a row."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import figures_of, print_row, random_ratings, row
from scipy import stats

from smartgov.audit.fitting import feasible_m, fits, may_be_larger, printable
from smartgov.audit.listing import is_listed
from smartgov.audit.p_values import chi2_p_exact, p_interval
from smartgov.audit.printed import RULES, parse_printed, print_value
from smartgov.audit.row import Reading
from smartgov.audit.row_at import RowAt

CHI2 = Reading(p=("chi2",))


def fit(shown, m, n, reading=CHI2, **options):
    return bool(fits(shown, [m], n, reading, **options)[0])


# Intervals ---------------------------------------------------------------------------------------


@given(
    m=st.integers(2, 30),
    n=st.integers(2, 12),
    numerator=st.integers(0, 1000),
    places=st.integers(1, 4),
    rule=st.sampled_from(["half_up", "half_even", "truncate"]),
    printed=st.sets(st.sampled_from(["W", "chi2", "p", "df"]), min_size=1),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_the_figures_of_one_w_always_meet(m, n, numerator, places, rule, printed):
    w = Fraction(numerator, 1000)
    chi2 = m * (n - 1) * w
    p = float(stats.chi2.sf(float(chi2), n - 1))
    figures = {
        "W": print_value(w, places, rule=rule),
        "chi2": print_value(chi2, places, rule=rule),
        "p": print_value(p, places, rule=rule),
        "df": n - 1,
    }
    shown = row(**{name: figures[name] for name in printed})
    # no panel need have this W: the intervals alone are asked about
    assert fit(shown, m, n, replace(CHI2, rule=rule), listing=False)
    # what a program prints that rounds is covered by 'either' too
    assert rule == "truncate" or fit(shown, m, n, listing=False)


@pytest.mark.parametrize(
    ("printed", "m", "n", "conflict"),
    [
        # hand-worked: 13 * 7 * 0.125 = 11.375, and P(chi2_7 > 11.375) = 0.123
        ({"W": "0.125", "p": "0.123"}, 13, 8, ()),
        ({"W": "0.125", "p": "0.213"}, 13, 8, ("W", "p")),
        ({"W": "0.125", "chi2": "11.4"}, 13, 8, ()),
        ({"W": "0.125", "chi2": "14.1"}, 13, 8, ("W", "chi2")),
        ({"W": "1.02"}, 13, 8, ("W",)),
        ({"chi2": "95"}, 13, 8, ("chi2",)),  # more than 13 * 7, where W is 1
        ({"W": "1.00", "chi2": "91.0", "p": "< .001"}, 13, 8, ()),
        ({"W": "0.00", "p": "1.000"}, 13, 8, ()),
        ({"W": "0.125", "p": "> .05"}, 13, 8, ()),
        ({"W": "0.125", "p": "< .05"}, 13, 8, ("W", "p")),
        # hand-worked: exp(-150) = 7.175e-66
        ({"chi2": "300.00", "p": "7.2e-66"}, 200, 3, ()),
        ({"chi2": "300.00", "p": "7.3e-66"}, 200, 3, ("chi2", "p")),
    ],
)
def test_hand_worked_rows(printed, m, n, conflict):
    shown = row(**printed)
    assert fit(shown, m, n) == (not conflict)
    assert RowAt(shown, m, n, CHI2).conflicts == ((frozenset(conflict),) if conflict else ())


@pytest.mark.parametrize("printed", [{"df": 8}, {"n": 7}, {"mean_ranks": "1 2 3"}])
def test_whatever_tells_the_number_of_items_has_to_tell_this_one(printed):
    shown = row(W="0.125", **printed)
    assert not fit(shown, 13, 8)
    assert fit(replace(row(W="0.125"), m=12), 13, 8)  # a printed m is not compared


@pytest.mark.parametrize(
    ("w", "chi2", "rule", "meets"),
    [
        # chi2 = 5 W for 5 raters of 2 items; the intervals touch at W = 0.25 and nowhere else.
        ("0.2", "1.3", "half_up", False),  # [0.15, 0.25) and [0.25, 0.27)
        ("0.2", "1.3", "half_even", False),  # [0.15, 0.25] and (0.25, 0.27)
        ("0.2", "1.3", "either", True),  # [0.15, 0.25] and [0.25, 0.27]
        ("0.3", "1.2", "half_up", False),  # [0.25, 0.35) and [0.23, 0.25)
        ("0.2", "1.2", "half_even", True),  # [0.15, 0.25] and [0.23, 0.25]
    ],
)
def test_touching_intervals_are_decided_exactly(w, chi2, rule, meets):
    assert fit(row(W=w, chi2=chi2), 5, 2, replace(CHI2, rule=rule), listing=False) == meets


@pytest.mark.parametrize(
    ("w", "rules"),
    [("0.2", ("half_even", "truncate", "either")), ("0.3", ("half_up", "either"))],
)
def test_a_w_at_the_end_of_an_interval_is_decided_exactly_where_panels_are_listed(w, rules):
    # 4 raters of 2 items without ties: W = d² / 16, and 0.25 is the only one near
    assert is_listed(row(W=w), 4, 2)
    readings = [replace(CHI2, rule=rule, ties="uncorrected") for rule in RULES]
    assert {reading.rule for reading in readings if fit(row(W=w), 4, 2, reading)} == set(rules)


def test_p_next_to_a_rounding_boundary_is_decided_by_forty_decimals():
    # With 3 items p = exp(-m W), so W = -ln(0.055) / m prints a p at the end of "0.06".  Cut off
    # after 20 decimals it gives a p a little above 0.055, one unit more a p a little below; as
    # floats the two are the same number.
    getcontext().prec = 40
    w = (-Decimal("0.055").ln() / 16).quantize(Decimal("1e-20"), ROUND_DOWN)
    above, below = row(W=str(w), p="0.06"), row(W=str(w + Decimal("1e-20") * 2), p="0.06")
    assert float(above.W.value) == float(below.W.value)
    assert not is_listed(above, 16, 3)
    assert [fit(shown, 16, 3) for shown in (above, below)] == [True, False]


@pytest.mark.parametrize("place", [20, 30])
def test_p_is_decided_by_forty_decimals_where_panels_are_listed(place):
    # 4 raters who agree on 3 items: W = 1 and p = exp(-4), no other panel has a p so near
    p = chi2_p_exact(Fraction(8), 2)
    own = print_value(p, place)
    for step, found in ((-1, False), (0, True), (1, False)):
        text = print_value(Fraction(own) + Fraction(step, 10**place), place)
        shown = row(W="1.00", p=text)
        assert float(shown.p.value) == float(Fraction(own))
        assert is_listed(shown, 4, 3)
        assert fit(shown, 4, 3) == found


@pytest.mark.parametrize("seed", range(5))
def test_interval_of_p_contains_the_panels_own(seed):
    rng = np.random.default_rng(seed)
    figures = figures_of(random_ratings(rng, 7, 5, 7))
    printed = parse_printed(print_value(figures["W"], 3))
    p = p_interval(printed.interval(), 7, 5)
    assert float(p.low) - 1e-12 <= figures["p"] <= float(p.high) + 1e-12


# What a p may be ---------------------------------------------------------------------------------


def test_f_exact_and_permutation_are_let_pass_when_allowed():
    # hand-worked: W = 0.5, m = n = 3, Iman-Davenport F p = 0.25 (Beta(1, 2) at 0.5)
    half = row(W="0.500", p="0.250")
    assert not fit(half, 3, 3, Reading(p=("chi2",)), listing=False)
    assert fit(half, 3, 3, Reading(p=("chi2", "F")), listing=False)
    # two raters who agree on three items: exact p = 1/6
    agree = row(W="1.000", p="0.167")
    assert not fit(agree, 2, 3, Reading(p=("chi2", "F")))
    assert fit(agree, 2, 3, Reading(p=("chi2", "exact")))
    # larger panels have no customary exact p, but a Monte-Carlo p may be off
    drawn = row(W="0.227", p="0.005")
    assert not fit(drawn, 13, 8, Reading(p=("chi2", "F", "exact")))
    assert fit(drawn, 13, 8, Reading(p=("permutation",)))
    # gross errors are excluded whatever the method
    assert not fit(row(W="0.800", p="0.400"), 13, 8, Reading(p=("permutation",)))
    # the smallest p of 999 draws stands beside any smaller chi-square p, and no larger one
    assert fit(row(W="0.800", p="0.001"), 13, 8, Reading(p=("chi2", "exact")))
    assert not fit(row(W="0.125", p="0.001"), 13, 8, Reading(p=("chi2", "exact")))


@pytest.mark.parametrize("methods", [("chi2",), ("chi2", "F"), ("chi2", "F", "exact")])
def test_sizes_tried_together_and_alone_agree(methods):
    rng, outcomes = np.random.default_rng(3), set()
    for _ in range(60):
        n, m_sizes = int(rng.integers(2, 9)), rng.choice(np.arange(2, 40), 6, replace=False)
        w, chi2, p = rng.random(), rng.random() * 15 * (n - 1), rng.random()
        printed = {"W": f"{w:.2f}", "chi2": f"{chi2:.1f}", "p": f"{p:.2f}"}
        kept = rng.choice(list(printed), 2, replace=False)
        shown = row(**{name: printed[name] for name in kept})
        reading = Reading(p=methods, rule="half_up")
        together = fits(shown, m_sizes, n, reading).tolist()
        assert together == [fit(shown, int(m), n, reading) for m in m_sizes]
        outcomes |= set(together)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("options", "accepted"),
    [
        ({"p": ("asymptotic",)}, "chi2, F, exact, permutation"),
        ({"p": ()}, "chi2, F, exact, permutation"),
        ({"rule": "up"}, "half_up, half_even, truncate, either"),
        ({"ties": "none"}, "either, corrected, uncorrected"),
    ],
)
def test_readings_that_are_not_accepted(options, accepted):
    with pytest.raises(ValueError, match=f"accepted are {accepted}"):
        Reading(**options)


# Many sizes --------------------------------------------------------------------------------------


def test_the_sizes_of_a_row():
    # hand-worked: m (n - 1) lies between 27.25/0.3005 and 27.35/0.2995, so it is 91 = 13 * 7
    shown = row(W="0.300", chi2="27.3", p="0.000")
    pairs = [
        (int(m), n)
        for n in range(2, 13)
        for m in np.arange(2, 31)[fits(shown, range(2, 31), n, CHI2)]
    ]
    assert pairs == [(13, 8)]


@pytest.mark.parametrize(
    ("printed", "larger"),
    [
        # 720 = 8 m * 0.30 has 300 raters; with 13.0 it would be 5.4, so no number is left out
        ({"n": 9, "W": ".30", "chi2": "720.0"}, True),
        ({"n": 9, "W": ".30", "chi2": "13.0"}, False),
        # p falls with the number of raters: 0.9 is that of a small panel, 0.000 of any large one
        ({"n": 9, "W": ".30", "p": ".900"}, False),
        ({"n": 9, "W": ".30", "p": ".000"}, True),
        # 12.5 with 4 degrees of freedom has p = 0.014, whatever the panel
        ({"df": 4, "chi2": "12.50", "p": ".041"}, False),
        ({"df": 4, "chi2": "12.50", "p": ".014"}, True),
        # only the sum of mean ranks counts
        ({"mean_ranks": "1.01 1.99"}, True),
        ({"mean_ranks": "1.01 1.97"}, False),
    ],
)
def test_whether_a_panel_beyond_the_largest_tried_may_print_it(printed, larger):
    assert may_be_larger(row(**printed), CHI2) == larger


@given(st.integers(0, 10**6), st.sampled_from([("W", "chi2"), ("W", "p"), ("W", "chi2", "p")]))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_row_of_a_larger_panel_is_never_called_impossible(seed, shown):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(21, 60)), int(rng.integers(2, 9))
    printed = print_row(figures_of(random_ratings(rng, m, n, 9)), m, n, 3, ("n", *shown))
    reading = replace(CHI2, m_sizes=range(2, 21))
    assert printable(printed, reading) or may_be_larger(printed, reading)
    assert m in feasible_m(replace(printed, m=m), reading)
