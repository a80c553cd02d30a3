"""Panel sizes from W, chi2, df and p."""

from decimal import ROUND_DOWN, Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import figures_of, random_ratings
from scipy import stats

from smartgov.audit.concordance import (
    ConcordanceRow,
    feasible_sizes_from_row,
    implied_table_size,
    misfit,
    misfits,
    p_interval,
)
from smartgov.audit.printed import could_print, parse_printed, print_value


def row(**printed):
    return ConcordanceRow(
        **{
            name: parse_printed(value) if isinstance(value, str) else value
            for name, value in printed.items()
        }
    )


# One row -----------------------------------------------------------------------------------------


@given(
    m=st.integers(2, 30),
    n=st.integers(2, 12),
    numerator=st.integers(0, 1000),
    places=st.integers(1, 4),
    rule=st.sampled_from(["half_up", "half_even", "truncate"]),
    printed=st.sets(st.sampled_from(["W", "chi2", "p", "df"]), min_size=1),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_a_w_prints_is_never_a_misfit(m, n, numerator, places, rule, printed):
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
    assert misfit(shown, m, n, rule) is None
    # what a program prints that rounds is covered by 'either' too
    assert rule == "truncate" or misfit(shown, m, n, "either") is None


@pytest.mark.parametrize(
    ("printed", "m", "n", "failing"),
    [
        # hand-worked: 13 * 7 * 0.125 = 11.375, and P(chi2_7 > 11.375) = 0.123
        ({"W": "0.125", "p": "0.123"}, 13, 8, None),
        ({"W": "0.125", "p": "0.213"}, 13, 8, "p"),
        ({"W": "0.125", "chi2": "11.4"}, 13, 8, None),
        ({"W": "0.125", "chi2": "14.1"}, 13, 8, "chi2"),
        ({"W": "0.125", "df": 8}, 13, 8, "df"),
        ({"W": "0.125", "n": 7}, 13, 8, "n"),
        ({"W": "0.125", "m": 12}, 13, 8, "m"),
        ({"W": "1.02"}, 13, 8, "W"),
        ({"chi2": "95"}, 13, 8, "chi2"),  # more than 13 * 7, where W is 1
        ({"W": "1.00", "chi2": "91.0", "p": "< .001"}, 13, 8, None),
        ({"W": "0.00", "p": "1.000"}, 13, 8, None),
        ({"W": "0.125", "p": "> .05"}, 13, 8, None),
        ({"W": "0.125", "p": "< .05"}, 13, 8, "p"),
        # hand-worked: exp(-150) = 7.175e-66
        ({"chi2": "300.00", "p": "7.2e-66"}, 200, 3, None),
        ({"chi2": "300.00", "p": "7.3e-66"}, 200, 3, "p"),
    ],
)
def test_hand_worked_rows(printed, m, n, failing):
    assert misfit(row(**printed), m, n) == failing


@pytest.mark.parametrize(
    ("w", "chi2", "rule", "failing"),
    [
        # chi2 = 5 W for 5 raters of 2 items; the intervals touch at W = 0.25 and nowhere else.
        ("0.2", "1.3", "half_up", "chi2"),  # [0.15, 0.25) and [0.25, 0.27)
        ("0.2", "1.3", "half_even", "chi2"),  # [0.15, 0.25] and (0.25, 0.27)
        ("0.2", "1.3", "either", None),  # [0.15, 0.25] and [0.25, 0.27]
        ("0.3", "1.2", "half_up", "chi2"),  # [0.25, 0.35) and [0.23, 0.25)
        ("0.2", "1.2", "half_even", None),  # [0.15, 0.25] and [0.23, 0.25]
    ],
)
def test_touching_intervals_are_decided_exactly(w, chi2, rule, failing):
    assert misfit(row(W=w, chi2=chi2), 5, 2, rule) == failing
    assert misfits([row(W=w, chi2=chi2)], [5], [2], rule) == [failing]


def test_p_next_to_a_rounding_boundary_is_decided_by_forty_decimals():
    # With 3 items p = exp(-m W), so W = -ln(0.055) / m prints a p at the end of "0.06".  Cut off
    # after 20 decimals it gives a p a little above 0.055, one unit more a p a little below; as
    # floats the two are the same number.
    getcontext().prec = 40
    w = (-Decimal("0.055").ln() / 13).quantize(Decimal("1e-20"), ROUND_DOWN)
    above, below = row(W=str(w), p="0.06"), row(W=str(w + Decimal("1e-20") * 2), p="0.06")
    assert float(above.W.value) == float(below.W.value)
    assert misfits([above, below], [13, 13], [3, 3]) == [None, "p"]


def test_many_rows_and_one_row_agree():
    rng = np.random.default_rng(3)
    rows, sizes = [], []
    for _ in range(400):
        m, n = int(rng.integers(2, 20)), int(rng.integers(2, 9))
        w, chi2, p = rng.random(), rng.random() * m * (n - 1), rng.random()
        printed = {"W": f"{w:.2f}", "chi2": f"{chi2:.1f}", "p": f"{p:.2f}"}
        kept = rng.random(3) < 0.6
        rows.append(
            row(**{k: v for (k, v), keep in zip(printed.items(), kept, strict=True) if keep})
        )
        sizes.append((m, n))
    for methods in (("chi2",), ("chi2", "F"), ("chi2", "F", "exact"), ("permutation",)):
        together = misfits(rows, *zip(*sizes, strict=True), "half_up", methods)
        alone = [misfit(r, m, n, "half_up", methods) for r, (m, n) in zip(rows, sizes, strict=True)]
        assert together == alone
    assert {None, "chi2", "p"} <= set(alone) | set(together)


def test_f_exact_and_permutation_are_let_pass_when_allowed():
    # hand-worked: W = 0.5, m = n = 3, Iman-Davenport F p = 0.25 (Beta(1, 2) at 0.5)
    shown = row(W="0.500", p="0.250")
    assert misfit(shown, 3, 3, p_methods=("chi2",)) == "p"
    assert misfit(shown, 3, 3, p_methods=("chi2", "F")) is None
    # two raters who agree on three items: exact p = 1/6
    agree = row(W="1.000", p="0.167")
    assert misfit(agree, 2, 3, p_methods=("chi2", "F")) == "p"
    assert misfit(agree, 2, 3, p_methods=("chi2", "exact")) is None
    # larger panels have no customary exact p, but a Monte-Carlo p may be off
    drawn = row(W="0.227", p="0.005")
    assert misfit(drawn, 13, 8, p_methods=("chi2", "F", "exact")) == "p"
    assert misfit(drawn, 13, 8, p_methods=("permutation",)) is None
    # gross errors are excluded whatever the method
    assert misfit(row(W="0.800", p="0.400"), 13, 8, p_methods=("permutation",)) == "p"
    # the smallest p of 999 draws stands beside any smaller chi-square p, and no larger one
    assert misfit(row(W="0.800", p="0.001"), 13, 8, p_methods=("chi2", "exact")) is None
    assert misfit(row(W="0.125", p="0.001"), 13, 8, p_methods=("chi2", "exact")) == "p"


def test_sizes_of_a_row_with_the_figure_that_excludes_each_other():
    sizes = feasible_sizes_from_row(
        row(W="0.300", chi2="27.3", p="0.000"), range(2, 31), range(2, 13)
    )
    # hand-worked: m (n - 1) lies between 27.25/0.3005 and 27.35/0.2995, so it is 91 = 13 * 7
    assert sizes.pairs == ((13, 8),)
    assert sizes.misfits[12, 8] == "chi2"
    assert len(sizes.misfits) == 29 * 11 - 1


def test_errors_are_sentences():
    with pytest.raises(ValueError, match="at least 2 raters"):
        misfit(row(W="0.5"), 1, 3)
    with pytest.raises(ValueError, match="accepted are chi2, F, exact, permutation"):
        misfit(row(W="0.5", p="0.1"), 5, 3, p_methods=("asymptotic",))


# A whole table -----------------------------------------------------------------------------------


def random_table(seed, m, spoiled=()):
    rng = np.random.default_rng(seed)
    table = {}
    for group, n in (("a", 8), ("b", 6), ("c", 5), ("d", 4)):
        table[group] = {}
        for cell in ("x", "y", "z"):
            figures = figures_of(random_ratings(rng, m, n, 9))
            w, p = print_value(figures["W"], 3), print_value(figures["p"], 3)
            if (group, cell) in spoiled:
                p = print_value(figures["p"] + 0.03, 3)
            table[group][cell] = row(W=w, p=p)
    return table


@pytest.mark.parametrize(("seed", "m"), [(0, 13), (1, 9), (2, 17)])
def test_a_table_implies_its_panel(seed, m):
    found = implied_table_size(random_table(seed, m), range(2, 31), range(2, 13))
    assert found.m == m
    assert found.support[m] == 12
    assert not found.misfitting
    assert [
        8 in found.items["a"],
        6 in found.items["b"],
        5 in found.items["c"],
        4 in found.items["d"],
    ] == [True] * 4


def test_spoiled_cells_are_named():
    spoiled = {("b", "y"), ("d", "x")}
    found = implied_table_size(random_table(5, 13, spoiled), range(2, 31), range(2, 13))
    assert found.m == 13
    assert set(found.misfitting) == spoiled
    assert len(found.fitting) == 10


def test_a_draw_names_no_size():
    # only one cell, which fits 5 raters of 3 items and 10 of 2 alike
    found = implied_table_size({"a": {"x": row(W="0.40", chi2="4.0")}}, range(2, 31), range(2, 13))
    assert found.m is None
    assert found.support[5] == found.support[10] == 1


@pytest.mark.parametrize("seed", range(5))
def test_interval_of_p_contains_the_panels_own(seed):
    rng = np.random.default_rng(seed)
    figures = figures_of(random_ratings(rng, 7, 5, 7))
    printed = parse_printed(print_value(figures["W"], 3))
    p = p_interval(printed.interval(), 7, 5)
    assert float(p.low) - 1e-12 <= figures["p"] <= float(p.high) + 1e-12
    assert could_print(figures["W"], printed)
