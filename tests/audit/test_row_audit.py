"""Verdicts on rows: true ones are never contradicted, impossible ones never called consistent."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_panels import all_summaries, figures_of, print_row, random_ratings
from scipy import stats

from smartgov.audit.explanations import misreadings
from smartgov.audit.p_values import f_p
from smartgov.audit.printed import could_print, parse_printed, print_value
from smartgov.audit.row_audit import is_checkable, judge_rows
from smartgov.audit.row_fit import Limits, TableRow, fits, trials_of
from smartgov.stats.significance import concordance_pvalue

ALL = ("m", "n", "W", "chi2", "df", "p", "mean_ranks")


def row(**printed):
    cells = {
        name: parse_printed(value) if isinstance(value, str) else value
        for name, value in printed.items()
        if name != "mean_ranks"
    }
    ranks = tuple(map(parse_printed, printed.get("mean_ranks", "").split()))
    return TableRow(**cells, mean_ranks=ranks)


def verdict_of(shown, limits=None):
    return next(judge_rows([shown], limits or Limits()))


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
    verdict = verdict_of(
        printed, Limits(m_sizes=range(2, 41), rule=audited_rule, p_methods=("chi2",))
    )
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
    verdict = verdict_of(print_row(figures, m, n, places))
    assert verdict.verdict == "consistent"
    assert m in verdict.feasible_m


@pytest.mark.parametrize("seed", range(10))
def test_a_monte_carlo_p_passes_when_allowed(seed):
    rng = np.random.default_rng(seed)
    ratings = random_ratings(rng, 12, 6, 7)
    figures = figures_of(ratings)
    figures["p"] = float(concordance_pvalue(ratings, "permutation", draws=999, seed=seed))
    limits = Limits(p_methods=("chi2", "F", "exact", "permutation"))
    assert verdict_of(print_row(figures, 12, 6, 4), limits).verdict == "consistent"


# Brute force over all small panels ---------------------------------------------------------------

SMALL = {
    (m, n): [
        {
            **figures,
            "f_values": [
                float(f_p(float(figures["W"]), m, n, degrees))
                for degrees in ("kendall", "iman-davenport")
            ],
        }
        for ties in (True, False)
        for figures in all_summaries(m, n, ties)
    ]
    for m, n in [(2, 2), (3, 2), (2, 3), (3, 3), (2, 4)]
}


def brute_force_prints(shown, m, n, with_f):
    """Whether some panel of m raters prints all of the row, by trying every one."""
    for figures in SMALL[m, n]:
        p_values = [figures["p"], *(figures["f_values"] if with_f else [])]
        if (
            all(
                could_print(figures[name], getattr(shown, name))
                for name in ("W", "chi2")
                if getattr(shown, name)
            )
            and (
                not shown.mean_ranks
                or all(map(could_print, figures["mean_ranks"], shown.mean_ranks))
            )
            and (not shown.p or any(could_print(p, shown.p) for p in p_values if p == p))
        ):
            return True
    return False


@pytest.mark.parametrize("with_f", [False, True])
@pytest.mark.parametrize(("m", "n"), sorted(SMALL))
def test_perturbed_rows_against_brute_force(m, n, with_f):
    rng = np.random.default_rng(100 * m + 10 * n + with_f)
    limits = Limits(p_methods=("chi2", "F") if with_f else ("chi2",))
    rows = []
    for _ in range(120):
        own = SMALL[m, n][int(rng.integers(len(SMALL[m, n])))]
        shown = print_row(
            own,
            m,
            n,
            int(rng.integers(1, 4)),
            (
                "m",
                "n",
                *rng.choice(
                    ["W", "chi2", "p", "mean_ranks"], int(rng.integers(2, 5)), replace=False
                ),
            ),
        )
        for name in ("W", "chi2", "p"):
            cell = getattr(shown, name)
            if cell is not None and rng.random() < 0.4:
                texts = [text for _, _, text in misreadings(cell.text)]
                shown = replace(shown, **{name: parse_printed(str(rng.choice(texts)))})
        rows.append(shown)
    found = [verdict.verdict for verdict in judge_rows(rows, limits)]
    brute = [
        "consistent" if brute_force_prints(shown, m, n, with_f) else "contradicted"
        for shown in rows
    ]
    assert found == brute
    assert {"consistent", "contradicted"} == set(brute)


@pytest.mark.parametrize(("m", "n"), sorted(SMALL))
def test_conflicts_named_and_nearest_rows_hold_against_brute_force(m, n):
    rng = np.random.default_rng(m + n)
    limits = Limits(p_methods=("chi2",))
    rows = []
    while len(rows) < 15:
        own = SMALL[m, n][int(rng.integers(len(SMALL[m, n])))]
        shown = print_row(own, m, n, 2)
        name = str(rng.choice(["W", "chi2", "p"]))
        texts = [text for _, _, text in misreadings(getattr(shown, name).text)]
        shown = replace(shown, **{name: parse_printed(str(rng.choice(texts)))})
        if not brute_force_prints(shown, m, n, False):
            rows.append(shown)
    for shown, verdict in zip(rows, judge_rows(rows, limits), strict=True):
        assert verdict.against
        for names in verdict.against:
            kept = {
                name: getattr(shown, name)
                for name in names
                if name in ("W", "chi2", "p", "mean_ranks")
            }
            assert not brute_force_prints(TableRow(m=m, n=n, **kept), m, n, False)
        assert verdict.nearest
        assert brute_force_prints(mended(shown, verdict.nearest), m, n, False)


def mended(shown, nearest):
    for name, text in nearest.items():
        if name.startswith("mean_ranks["):
            k = int(name[len("mean_ranks[") : -1]) - 1
            ranks = list(shown.mean_ranks)
            ranks[k] = parse_printed(text)
            shown = replace(shown, mean_ranks=tuple(ranks))
        elif name in ("m", "n", "df"):
            shown = replace(shown, **{name: int(text)})
        else:
            shown = replace(shown, **{name: parse_printed(text)})
    return shown


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
        (dict(m=5, n=4, chi2="15.4"), "not_checkable", (), None),
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
        (dict(m=4, mean_ranks="1.33 2.00 2.67"), "contradicted", (("m", "mean_ranks"),), None),
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
    found = verdict_of(row(**printed), Limits(p_methods=("chi2",)))
    assert found.verdict == verdict
    assert {frozenset(names) for names in found.against} == {frozenset(a) for a in against}
    if nearest:
        assert found.nearest == nearest


def test_feasible_sizes_leave_the_printed_one_out():
    found = verdict_of(row(m=12, n=8, W=".227", p=".004"), Limits(p_methods=("chi2",)))
    assert found.verdict == "contradicted"
    assert found.feasible_m == (13,)


def test_what_p_was_read_as_is_said():
    p = print_value(float(f_p(0.3, 13, 5, "kendall")), 4)
    assert "an F p" in verdict_of(row(m=13, n=5, W="0.3000", p=p)).explanation
    assert (
        verdict_of(row(m=13, n=5, W="0.3000", p=p), Limits(p_methods=("chi2",))).verdict
        == "contradicted"
    )
    chi2 = print_value(float(stats.chi2.sf(13 * 4 * 0.3, 4)), 4)
    assert verdict_of(row(m=13, n=5, W="0.3000", p=chi2)).explanation == ""


def test_the_kind_of_proof_is_said():
    explanations = [
        verdict.explanation
        for verdict in judge_rows(
            [
                row(m=13, n=8, W=".227", p=".005"),
                row(m=4, mean_ranks="1.33 2.00 2.67"),
                row(m=2, n=3, W="0.60", chi2="2.4"),
                row(n=3, df=3),
                row(mean_ranks="1.33 2.00 2.87"),
            ]
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
    found = verdict_of(row(m=7, mean_ranks="1.6 2.00 2.36"))
    assert found.verdict == "consistent"
    assert "rounded to 2 decimals" in found.explanation
    assert verdict_of(row(m=5, mean_ranks="1.6 2.00 2.40")).explanation == ""


def test_one_conflict_does_not_hide_another():
    found = verdict_of(row(m=13, n=8, df=6, W="1.3", p="2.0"))
    assert {frozenset(names) for names in found.against} == {
        frozenset({"n", "df"}),
        frozenset({"W"}),
        frozenset({"p"}),
    }


def test_no_row_at_all():
    assert list(judge_rows([])) == []
    assert fits([], trials_of([])).tolist() == []
    assert verdict_of(TableRow()).verdict == "not_checkable"


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_judged_alone_and_together_alike(seed):
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(25):
        m, n = int(rng.integers(2, 15)), int(rng.integers(2, 8))
        figures = figures_of(random_ratings(rng, m, n, 9))
        shown = print_row(figures, m, n, 2, tuple(rng.choice(ALL, 5, replace=False)))
        if shown.p is not None and rng.random() < 0.5:
            shown = replace(
                shown,
                p=parse_printed(print_value(min(Fraction(1), shown.p.value + Fraction(1, 20)), 2)),
            )
        rows.append(shown)
    assert list(judge_rows(rows)) == [verdict_of(shown) for shown in rows]
