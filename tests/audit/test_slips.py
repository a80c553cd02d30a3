"""Small slips that would explain a row."""

from fractions import Fraction

import numpy as np
import pytest
from printed_panels import figures_of, random_ratings, row
from scipy import stats

from smartgov.audit.exact_p import exact_pairs
from smartgov.audit.fitting import fits
from smartgov.audit.p_values import f_p
from smartgov.audit.printed import is_printed, print_value
from smartgov.audit.row import Reading
from smartgov.audit.slips import comes_to, explain, misreadings

CHI2 = Reading(p=("chi2",))


def fit(shown, m, n):
    return bool(fits(shown, [m], n, CHI2)[0])


def kinds(candidates):
    return [candidate.kind for candidate in candidates]


def panel_row(rng, m, n, levels=9):
    figures = figures_of(random_ratings(rng, m, n, levels))
    return figures, row(**{name: print_value(figures[name], 3) for name in ("W", "chi2", "p")})


def test_a_row_that_fits_needs_no_explanation():
    _, fitting = panel_row(np.random.default_rng(0), 11, 6)
    assert explain(fitting, 11, 6) == ()


def test_misreadings_of_a_string():
    found = list(misreadings("0,12*"))
    assert ("digit", 1, "0,13*") in found
    assert ("swap", 2, "0,21*") in found
    assert ("swap", 2, "1,02*") in found
    assert len(found) == 3 * 9 + 2
    assert len({text for _, _, text in found}) == len(found)


def test_misreadings_are_figures():
    # the 10 of a power of ten has no other digits, and a leading group of thousands no leading 0
    assert ("digit", 1, "4.4 × 10^-4") in list(misreadings("4.4 × 10^-3"))
    for text in ("4.4 × 10^-3", "10^{-7}", "1,234.5", "n.s.", ".01 < p < .05"):
        assert all(is_printed(changed) for _, _, changed in misreadings(text))


def test_a_tiny_p_is_not_that_of_f_by_an_absolute_guard():
    # F's p at W = 1 is 0, and 4e-18 by chi-square: neither is 1e-26
    sentences = [slip.sentence for slip in explain(row(W="1.00", p="1e-26"), 40, 3)]
    assert not [sentence for sentence in sentences if " F " in sentence]
    p = float(f_p(0.8, 20, 6, "kendall"))
    shown = row(W="0.8000000", p=f"{p:.3e}")
    assert p < 1e-20 and "F" in kinds(explain(shown, 20, 6))


@pytest.mark.parametrize("tests", [2, 3, 9, 20])
def test_bonferroni_and_holm(tests):
    p = float(stats.chi2.sf(13 * 4 * 0.3, 4))
    shown = row(W="0.3000", p=print_value(min(tests * p, 1), 5))
    (found,) = [c for c in explain(shown, 13, 5) if c.kind == "several tests"]
    assert f"multiplied by {tests}," in found.sentence
    low, *high = found.gives["p"].split("–")
    assert float(low) <= tests * p + 1e-5 and tests * p <= float(high[0] if high else low) + 1e-5


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["W", "chi2", "p"])
def test_one_wrong_digit_is_found_again(seed, name):
    rng = np.random.default_rng(seed)
    m, n = 12, 6
    _, fitting = panel_row(rng, m, n)
    text = getattr(fitting, name).text
    variants = [v for kind, _, v in misreadings(text) if kind == "digit"]
    wrong = fitting.with_figure(name, str(rng.choice(variants)))
    candidates = explain(wrong, m, n)
    if fit(wrong, m, n):  # the changed digit still fits: nothing to explain
        assert candidates == ()
        return
    mended = [c for c in candidates if c.changed == {name: text}]
    assert mended and mended[0].digits == 1
    for candidate in candidates:  # every candidate that changes a figure mends the row
        changed = wrong
        for figure, new in candidate.changed.items():
            changed = changed.with_figure(figure, new)
        assert not candidate.changed or fit(changed, m, n)


def test_swapped_digits():
    # hand-worked: W = 0.300 for 13 raters of 8 items gives chi2 = 27.3, and 0.030 gives 2.73
    candidates = explain(row(W="0.030", chi2="27.30"), 13, 8)
    assert ("swap", {"W": "0.300"}) in [(c.kind, c.changed) for c in candidates]


def test_truncation():
    # hand-worked: W = 0.2559 cut to 0.255, chi2 = 39 * 0.2559 = 9.98 cut to 9.9
    candidates = explain(row(W="0.255", chi2="9.98"), 13, 4)
    assert kinds(candidates)[0] == "truncation"
    assert candidates[0].changed == {}


def test_w_without_correction_beside_a_corrected_test():
    ratings = [(1, 1, 2, 3), (1, 2, 2, 2), (1, 1, 3, 2), (2, 2, 2, 3), (1, 3, 3, 2)]
    plain, corrected = figures_of(ratings, ties=False), figures_of(ratings)
    mixed = row(W=print_value(plain["W"], 3), chi2=print_value(corrected["chi2"], 3))
    found = [c for c in explain(mixed, 5, 4) if c.kind == "no tie correction"]
    assert found and found[0].changed == {}
    low, high = (
        found[0].gives["W"].split("–") if "–" in found[0].gives["W"] else (found[0].gives["W"],) * 2
    )
    assert Fraction(low) <= Fraction(print_value(corrected["W"], 3)) <= Fraction(high)


def test_raters_and_items_exchanged():
    m, n = 13, 5
    w = Fraction(3, 10)
    wrong_chi2 = n * (m - 1) * w
    shown = row(
        W="0.300",
        chi2=print_value(wrong_chi2, 3),
        df=12,
        p=print_value(float(stats.chi2.sf(float(wrong_chi2), 12)), 3),
    )
    candidates = explain(shown, m, n)
    assert "transposed" in kinds(candidates)


def test_other_methods_of_p():
    p = float(f_p(0.3, 13, 5, "kendall"))
    shown = row(W="0.3000", p=print_value(p, 4))
    found = [c for c in explain(shown, 13, 5) if c.kind == "F"]
    assert found and print_value(p, 4) in found[0].gives["p"]
    w, exact = exact_pairs(5, 3)
    k = len(w) // 2
    shown = row(W=print_value(w[k], 4), p=print_value(exact[k], 4))
    assert "exact" in kinds(explain(shown, 5, 3))


def test_wrong_degrees_of_freedom():
    chi2 = 13 * 4 * 0.3
    shown = row(W="0.300", chi2="15.600", p=print_value(float(stats.chi2.sf(chi2, 5)), 3))
    found = [c for c in explain(shown, 13, 5) if c.kind == "df"]
    assert [c.sentence for c in found] == ["p was taken from chi-square with df = 5, not 4"]


def test_candidates_are_ranked_by_how_little_they_change():
    candidates = explain(row(W="0.227", p="0.005"), 13, 8)
    assert len(candidates) > 3
    ranks = [(len(c.changed), c.digits, c.steps) for c in candidates]
    assert ranks == sorted(ranks)


def test_what_w_comes_to():
    # hand-worked: 39 * [0.1565, 0.1575] = 6.10 to 6.14, p with 3 df from 0.1048 to 0.1067
    assert comes_to(row(W="0.157", p="0.108"), 13, 4) == {
        "W": "0.157",
        "chi2": "6.10–6.14",
        "p": "0.105–0.107",
    }
    assert comes_to(row(W="0.157"), 13, 4)["p"] == "0.105–0.107"
    assert comes_to(row(p="0.108"), 13, 4) == {}
    assert comes_to(row(W="0.157", chi2="8.0"), 13, 4) == {}
