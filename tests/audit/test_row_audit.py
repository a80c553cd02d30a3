"""Verdicts on rows: true ones are never contradicted, impossible ones never called consistent."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import (
    all_summaries,
    figures_of,
    panels_printing,
    print_row,
    random_ratings,
    row,
)
from scipy import stats

from smartgov.audit.p_methods import P_METHODS
from smartgov.audit.p_values import f_p
from smartgov.audit.printed import RULES, is_printed, print_value
from smartgov.audit.row import TIES, Reading, Row
from smartgov.audit.row_audit import is_checkable, judge_row
from smartgov.audit.slips import misreadings
from smartgov.stats.significance import concordance_pvalue

ALL = ("m", "n", "W", "chi2", "df", "p", "mean_ranks")
CHI2 = Reading(p=("chi2",))


# Round trips -------------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 10**6),
    m=st.integers(2, 30),
    n=st.integers(2, 9),
    levels=st.sampled_from([2, 3, 9, 1000]),
    places=st.integers(1, 4),
    ties=st.booleans(),
    shown=st.sets(st.sampled_from(ALL)),
    rule=st.sampled_from(["half_up", "half_even", "truncate"]),
    exactly=st.booleans(),
)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_a_panels_own_row_is_never_contradicted(
    seed, m, n, levels, places, ties, shown, rule, exactly
):
    figures = figures_of(random_ratings(np.random.default_rng(seed), m, n, levels), ties)
    if figures is None:
        return
    printed = print_row(figures, m, n, places, tuple(shown), rule)
    audited_rule = "truncate" if rule == "truncate" else rule if exactly else "either"
    reading = Reading(m_sizes=range(2, 41), rule=audited_rule, p=("chi2",))
    verdict = judge_row(printed, reading)
    assert verdict.verdict == ("consistent" if is_checkable(printed) else "not_checkable")
    if verdict.verdict == "consistent":
        assert m in verdict.feasible_m


@given(
    seed=st.integers(0, 10**6),
    m=st.integers(2, 14),
    n=st.integers(2, 6),
    places=st.integers(2, 4),
    method=st.sampled_from(["kendall", "iman-davenport", "exact"]),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_another_legitimate_p_is_no_contradiction(seed, m, n, places, method):
    ratings = random_ratings(np.random.default_rng(seed), m, n, 4)
    figures = figures_of(ratings)
    if figures is None:
        return
    if method == "exact":
        if (n > 3 and m > 4) or m > 14:
            return
        figures["p"] = float(concordance_pvalue(ratings, "exact"))
    else:
        figures["p"] = float(f_p(float(figures["W"]), m, n, method))
        if np.isnan(figures["p"]):
            return
    verdict = judge_row(print_row(figures, m, n, places))
    assert verdict.verdict == "consistent"
    assert m in verdict.feasible_m


@pytest.mark.parametrize("seed", range(10))
def test_a_monte_carlo_p_passes_when_allowed(seed):
    rng = np.random.default_rng(seed)
    ratings = random_ratings(rng, 12, 6, 7)
    figures = figures_of(ratings)
    figures["p"] = float(concordance_pvalue(ratings, "permutation", draws=999, seed=seed))
    reading = Reading(p=("chi2", "F", "exact", "permutation"))
    assert judge_row(print_row(figures, 12, 6, 4), reading).verdict == "consistent"


# Brute force over all small panels ---------------------------------------------------------------

SIZES = [(2, 2), (3, 2), (2, 3), (3, 3), (2, 4)]


def misprinted(rng, m, n, places, shown, chance):
    """A row some panel prints, corrected for ties or not, with figures misread by chance."""
    summaries = all_summaries(m, n, bool(rng.random() < 0.5))
    printed = print_row(summaries[int(rng.integers(len(summaries)))], m, n, places, shown)
    for name in ("W", "chi2", "p"):
        if name in printed.figures and rng.random() < chance:
            texts = [text for _, _, text in misreadings(printed.figures[name].text)]
            printed = printed.with_figure(name, str(rng.choice(texts)))
    return printed


@pytest.mark.parametrize("methods", [("chi2",), ("chi2", "F")])
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_perturbed_rows_against_brute_force(m, n, methods):
    rng = np.random.default_rng(100 * m + 10 * n + len(methods) - 1)
    reading, outcomes = Reading(p=methods), set()
    for _ in range(120):
        names = rng.choice(["W", "chi2", "p", "mean_ranks"], int(rng.integers(2, 5)), replace=False)
        shown = misprinted(rng, m, n, int(rng.integers(1, 4)), ("m", "n", *names), 0.4)
        found = judge_row(shown, reading)
        outcomes.add(found.verdict)
        brute = panels_printing(shown, m, n, reading)
        assert found.verdict == ("consistent" if brute else "contradicted")
    assert outcomes == {"consistent", "contradicted"}


NOTATIONS = ["{}", "≈ {}", "~{}", "≪ {}", "≤ {}", "> {}", "p < {}", "{} > p", ".05 < p < {}"]
NOTATIONS += [
    "{} ≤ p ≤ .9",
    "n.s.",
    "{} × 10^0",
    "{}·10⁰",
    "{}e-1",
    "{} × 10⁻¹",
    "10⁻¹",
    "10^{{-2}}",
]


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize(("m", "n"), [(3, 2), (2, 3), (3, 3)])
def test_every_notation_of_p_against_brute_force(m, n, notation):
    rng, outcomes = np.random.default_rng(m * n), set()
    for _ in range(40):
        shown = misprinted(rng, m, n, 2, ("m", "n", "W", "p"), 0.3)
        text = notation.format(shown.p.text)
        if is_printed(text):
            shown = shown.with_figure("p", text)
            found = judge_row(shown, CHI2)
            outcomes.add(found.verdict)
            brute = panels_printing(shown, m, n, CHI2)
            assert found.verdict == ("consistent" if brute else "contradicted")
            for name, changed in (found.nearest or {}).items():
                shown = shown.with_figure(name, changed)
            assert judge_row(shown, CHI2).verdict != "contradicted"
    assert outcomes


@pytest.mark.parametrize("ties", ["either", "corrected", "uncorrected"])
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_conflicts_named_and_nearest_rows_hold_against_brute_force(m, n, ties):
    rng, reading, tried = np.random.default_rng(m + n), Reading(p=("chi2",), ties=ties), 0
    while tried < 15:
        shown = misprinted(rng, m, n, 2, ALL, 0.5)
        if panels_printing(shown, m, n, reading):
            continue
        tried += 1
        found = judge_row(shown, reading)
        assert found.against
        for names in found.against:
            kept = figures_named(shown, names)
            assert not panels_printing(shown, m, n, reading, kept)
            for left_out in kept:
                rest = [name for name in kept if name != left_out]
                assert names == ("mean_ranks",) or panels_printing(shown, m, n, reading, rest)
        against = [set(figures_named(shown, names)) for names in found.against]
        for _ in range(10):
            some = [name for name in shown.figures if rng.random() < 0.5]
            told = any(names <= set(some) for names in against)
            assert bool(panels_printing(shown, m, n, reading, some)) != told
        for name, text in found.nearest.items():
            shown = shown.with_figure(name, text)
        assert panels_printing(shown, m, n, reading)


def figures_named(shown, names):
    """The figures of a conflict; mean ranks that cannot add up are named together."""
    return [
        name
        for name in shown.figures
        if name in names or ("mean_ranks" in names and name.startswith("mean_ranks"))
    ]


# Single rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "verdict", "against", "nearest"),
    [
        # hand-worked: 91 * 0.227 = 20.66, p = 0.0043; 12 raters give 0.008, 14 give 0.002
        (dict(m=13, n=8, W=".227", p=".005"), "contradicted", (("n", "W", "p"),), {"p": ".004"}),
        (dict(m=13, n=8, W=".227", p=".004"), "consistent", (), None),
        (dict(n=8, W=".227", p=".004"), "consistent", (), None),
        (dict(n=3, df=3, chi2="5.1"), "contradicted", (("n", "df"),), {"df": "2"}),
        (dict(n=3, W="1.20"), "contradicted", (("W",),), {}),
        # one figure says nothing, but where all panels are listed: chi2 of 6 raters and 2 items is
        # (a - b)²/(a + b), or a sixth of (a - b)² without correction for ties, and never 3.5
        (dict(m=30, n=4, chi2="15.4"), "not_checkable", (), None),
        (dict(m=5, n=4, chi2="15.4"), "contradicted", (("m", "n", "chi2"),), {"chi2": "15.0"}),
        (dict(m=6, n=2, chi2="3.5"), "contradicted", (("m", "n", "chi2"),), None),
        (dict(m=6, n=2, chi2="6.0"), "consistent", (), None),
        (dict(m=5, n=4, W=".90", chi2="15.4"), "contradicted", (("n", "chi2", "m"),), None),
        (dict(p="1.2", W=".3"), "contradicted", (("p",),), {}),
        (dict(W=".3", p=".01"), "not_checkable", (), None),
        (dict(n=4, W=".3"), "not_checkable", (), None),
        (dict(mean_ranks="1.33 2.00 2.67"), "consistent", (), None),
        (
            dict(mean_ranks="1.33 2.00 2.87"),
            "contradicted",
            (("mean_ranks",),),
            {"mean_ranks[1]": "1.14"},
        ),
        # 4 raters have eighths, 10 twentieths; where all panels are listed each mean rank is named
        (
            dict(m=4, mean_ranks="1.33 2.00 2.67"),
            "contradicted",
            (("m", "mean_ranks[1]"), ("m", "mean_ranks[3]")),
            None,
        ),
        (
            dict(m=10, mean_ranks="1.33 2.00 3.00 3.67"),
            "contradicted",
            (("m", "mean_ranks"),),
            None,
        ),
        # 40 * 8 * 0.30 = 96; the panel is larger than the bound, which is not the row's fault
        (dict(n=9, W=".30", chi2="720.0"), "not_checkable", (), None),
        (dict(m=300, n=9, W=".30", chi2="720.0"), "consistent", (), None),
        # with m unknown chi2 = 8 m W: 0.30 and 12.0 lie between 4.97 and 5.04 raters
        (dict(n=9, W=".300", chi2="12.0"), "consistent", (), None),
        (dict(n=9, W=".300", chi2="13.0"), "contradicted", (("n", "W", "chi2"),), None),
        # the tail of chi-square says something without any size but df
        (dict(df=4, chi2="12.50", p=".014"), "consistent", (), None),
        (dict(df=4, chi2="12.50", p=".041"), "contradicted", (("chi2", "df", "p"),), {"p": ".014"}),
    ],
)
def test_hand_worked_rows(printed, verdict, against, nearest):
    found = judge_row(row(**printed), CHI2)
    assert found.verdict == verdict
    assert {frozenset(names) for names in found.against} == {frozenset(a) for a in against}
    if nearest:
        assert found.nearest == nearest


@pytest.mark.parametrize(
    ("printed", "nearest"),
    [
        # 4 raters: chi2 = 8 W is 4.625 with D = (-7, 3, 4), W uncorrected for ties 74/128
        (dict(m=4, n=3, df=2, chi2="4.65", mean_ranks="1.125 2.375 2.5"), {"chi2": "4.63"}),
        (dict(m=4, n=3, df=2, chi2="4.65"), {"chi2": "4.63"}),
        # no m: 8 m W at W = 0.30 is 12.0 for 5 raters
        (dict(n=9, W=".300", chi2="13.0"), {"chi2": "12.0"}),
        # only m is off, far: 13 raters print the rest, or W would be .098
        (dict(m=30, n=8, W=".227", chi2="20.66", p=".004"), {"m": "13"}),
        # the same where panels are listed: mean ranks of 5 raters, all three off for 4
        (dict(m=4, n=3, mean_ranks="1.30 2.10 2.60"), {"m": "5"}),
        # 10 × 2 × 0.70 = 14.0, and exp(-7) = 0.0009
        (dict(m=9, n=3, W="0.70", chi2="14.0", p="0.0009"), {"m": "10"}),
    ],
)
@pytest.mark.parametrize("ties", ["either", "uncorrected"])
def test_the_smallest_change(printed, nearest, ties):
    reading = replace(CHI2, ties=ties)
    shown = row(**printed)
    found = judge_row(shown, reading)
    assert (found.verdict, found.nearest) == ("contradicted", nearest)
    for name, text in nearest.items():
        shown = shown.with_figure(name, text)
    assert judge_row(shown, reading).verdict == "consistent"


def test_mean_ranks_beyond_all_ranks():
    found = judge_row(row(mean_ranks="-1 2 5"))
    assert (found.verdict, found.against) == ("contradicted", (("mean_ranks",),))
    assert "lie between 1 and 3; -1 is printed" in found.explanation


def test_what_was_not_tried_is_said():
    # an exact p of 40 raters is possible, but not customary
    large = judge_row(row(m=40, n=3, W="0.99", p="0.01")).explanation
    assert "exact p-values not tried" in large and "or an exact p" not in large
    assert "or an exact p" in judge_row(row(m=4, n=3, W="0.95", p="0.90")).explanation
    assert "p n.s. (read as > .05)" in judge_row(row(m=13, n=8, W=".227", p="n.s.")).explanation


@pytest.mark.parametrize("p", ["5e-18", "1e-26", "1e-400"])
@pytest.mark.parametrize("ranks", ["1.0003 2.0031 2.9966", "1.00 2.00 3.00", ""])
def test_tiny_p_values_of_listed_panels_take_no_minutes(p, ranks):
    start = time.process_time()
    found = judge_row(row(ranks, m=40, n=3, W="0.500", p=p), CHI2)
    assert found.verdict == "contradicted" and found.nearest
    assert time.process_time() - start < 10


def test_feasible_sizes_leave_the_printed_one_out():
    found = judge_row(row(m=12, n=8, W=".227", p=".004"), CHI2)
    assert found.verdict == "contradicted"
    assert found.feasible_m == (13,)


def test_what_p_was_read_as_is_said():
    p = print_value(float(f_p(0.3, 13, 5, "kendall")), 4)
    assert "an F p" in judge_row(row(m=13, n=5, W="0.3000", p=p)).explanation
    assert judge_row(row(m=13, n=5, W="0.3000", p=p), CHI2).verdict == "contradicted"
    chi2 = print_value(float(stats.chi2.sf(13 * 4 * 0.3, 4)), 4)
    assert judge_row(row(m=13, n=5, W="0.3000", p=chi2)).explanation == ""


def test_the_kind_of_proof_is_said():
    explanations = [
        judge_row(shown).explanation
        for shown in (
            row(m=13, n=8, W=".227", p=".005"),
            row(m=4, mean_ranks="1.33 2.00 2.67"),
            row(m=2, n=3, W="0.60", chi2="2.4"),
            row(n=3, df=3),
            row(mean_ranks="1.33 2.00 2.87"),
        )
    ]
    proofs = [
        "interval arithmetic",
        "whole rank sums",
        "listing all panels",
        "disagree on the number of items",
        "add up to 6.2",
    ]
    assert all(proof in text for proof, text in zip(proofs, explanations, strict=True))


def test_dropped_zeros_of_mean_ranks():
    # 7 raters have 1.57 or 1.64 but no 1.60, so 1.6 must have been rounded to one decimal
    found = judge_row(row(m=7, mean_ranks="1.6 2.00 2.36"))
    assert found.verdict == "consistent"
    assert "rounded to 2 decimals" in found.explanation
    assert judge_row(row(m=5, mean_ranks="1.6 2.00 2.40")).explanation == ""


def test_one_conflict_does_not_hide_another():
    found = judge_row(row(m=13, n=8, df=6, W="1.3", p="2.0"))
    assert {frozenset(names) for names in found.against} == {
        frozenset({"n", "df"}),
        frozenset({"W"}),
        frozenset({"p"}),
    }


@pytest.mark.parametrize(
    ("printed", "alone"),
    [
        # without n nothing ties chi2 = 22.4 and p, and with 300 raters 8 m * 0.30 is 720
        (dict(m=6, W="4.3", chi2="22.4", p="0.094"), "W"),
        (dict(n=9, W=".30", chi2="720.0", p="1.2"), "p"),
    ],
)
def test_an_impossible_figure_lends_no_proof_to_others(printed, alone):
    assert judge_row(row(**printed), CHI2).against == ((alone,),)


def test_no_row_at_all():
    assert judge_row(Row()).verdict == "not_checkable"


# Rows of any kind --------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.builds("{:.{}f}".format, st.floats(0, 1), st.integers(0, 18)),
    st.builds("{:.{}f}".format, st.floats(-3, 60), st.integers(0, 3)),
    st.builds("{}e{}".format, st.integers(0, 99), st.sampled_from([-400, -300, -9, 2, 309, 999])),
    st.sampled_from(["0", "1", "1.000", "0.000", "50%", "1,0*"]),
)
CELLS = st.builds("{}{}".format, st.sampled_from(["", "", "", "<", ">", "≤", "≥"]), NUMBERS)
READINGS = st.builds(
    Reading,
    p=st.lists(st.sampled_from(P_METHODS), min_size=1, unique=True).map(tuple),
    rule=st.sampled_from(RULES),
    ties=st.sampled_from(TIES),
    as_shown=st.booleans(),
)


@st.composite
def any_rows(draw):
    """A panel's own row with figures left out or replaced, and sizes that may be others."""
    m, n = draw(st.integers(2, 45)), draw(st.sampled_from([2, 2, 3, 3, 4, 5, 6, 9, 12]))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    figures = figures_of(random_ratings(rng, m, n, 99), draw(st.booleans()))
    own = print_row(figures, m, n, draw(st.integers(0, 4)))
    for name in draw(st.lists(st.sampled_from(list(own.figures)), max_size=2, unique=True)):
        own = own.with_figure(name, draw(CELLS))
    kept = draw(st.lists(st.sampled_from(["W", "chi2", "p"]), unique=True))
    if draw(st.booleans()):
        kept += draw(st.lists(st.sampled_from(list(own.figures)), max_size=4))
        kept += own.figures if draw(st.booleans()) else []
    own = own.keep(kept)
    others = {"m": [None, 2, m + 1, 100_000], "n": [None, 2, n + 1, 1000], "df": [n - 1, n, 999]}
    changed = draw(st.lists(st.sampled_from(list(others)), max_size=2, unique=True))
    own = replace(own, **{name: draw(st.sampled_from(others[name])) for name in changed})
    return own if any(own.mean_ranks) else replace(own, mean_ranks=())


@given(any_rows(), READINGS)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_every_row_ends_in_a_verdict_that_stands_by_itself(shown, reading):
    start = time.process_time()
    found = judge_row(shown, reading)
    assert time.process_time() - start < 10  # a second where nothing else runs
    assert found.verdict in ("consistent", "contradicted", "not_checkable")
    assert bool(found.against) == (found.verdict == "contradicted")
    assert not re.search(r"None|\bnan\b", found.explanation)
    for names in found.against:
        part = shown.keep(figures_named(shown, names))
        sizes = {name: getattr(shown, name) if name in names else None for name in ("m", "n", "df")}
        if not any(name.startswith("mean_ranks") for name in names):
            part = replace(part, mean_ranks=())
        # what is left says nothing of its own where the panels of its size are not listed
        assert judge_row(replace(part, **sizes), reading).verdict != "consistent"
    if found.nearest:
        for name, text in found.nearest.items():
            shown = shown.with_figure(name, text)
        assert judge_row(shown, reading).verdict != "contradicted"


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ({"W": "0.50", "chi2": "20.00"}, "W and chi2 come to a chi-square p of 0.0005."),
        ({"W": "0.50"}, "W comes to a chi-square p of 0.0005."),
        ({"chi2": "20.00"}, "chi2 comes to a chi-square p of 0.0005."),
    ],
)
def test_what_a_misprinted_p_should_have_been_names_where_it_comes_from(printed, words):
    assert words in judge_row(row(m=10, n=5, p="0.4000", **printed)).explanation
