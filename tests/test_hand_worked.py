"""The steps worked by hand in the notebooks, worked again here with fractions and integers."""

from fractions import Fraction
from itertools import compress, permutations, product
from math import comb, erfc, exp, factorial, sqrt

import nbformat

from smartgov.files.layout import NOTEBOOKS


def outputs(number: str) -> str:
    """Everything a notebook shows as text."""
    notebook = nbformat.read(next(NOTEBOOKS.glob(f"{number}_*.ipynb")), as_version=4)
    shown = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return "\n".join(
        o.get("text", "") or o.data.get("text/markdown", "") or o.data.get("text/plain", "")
        for o in shown
    )


def w_without_ties(panel) -> Fraction:
    m, n = len(panel), len(panel[0])
    sums = [sum(column) for column in zip(*panel, strict=True)]
    spread = sum((s - Fraction(m * (n + 1), 2)) ** 2 for s in sums)
    return 12 * spread / (m**2 * (n**3 - n))


def test_kappa_of_two_coders():
    both, only_rule, only_article, neither = 5, 2, 0, 11
    total = both + only_rule + only_article + neither
    p_o = Fraction(both + neither, total)
    p_e = Fraction(
        (both + only_article) * (both + only_rule)
        + (neither + only_rule) * (neither + only_article),
        total**2,
    )
    assert f"kappa = {float((p_o - p_e) / (1 - p_e)):.4f}" in outputs("01")


def test_number_of_pairs():
    shown = outputs("02")
    assert f"3 × 2 / 2 = {comb(3, 2)} pairs; middle ring: 9 × 8 / 2 = {comb(9, 2)}" in shown
    assert f"3 × 36 + 9 × 3 = {3 * comb(9, 2) + 9 * comb(3, 2)} questions" in shown


def test_no_count_of_36_rounds_to_0_43():
    def counts(n):
        fits = Fraction(85, 200), Fraction(87, 200)
        return [k for k in range(n + 1) if fits[0] <= Fraction(k, n) <= fits[1]]

    assert str({n: counts(n) for n in (35, 36, 37)}) in outputs("02")


def test_w_of_three_raters():
    w = w_without_ties([[1, 2, 3], [1, 3, 2], [2, 1, 3]])
    assert w == Fraction(4, 9)
    assert outputs("03").count(f"W = {float(w):.4f}") == 2


def test_w_of_tied_raters_and_of_a_printed_row():
    """With ties, W is the squared sums over what m raters with the same ties could reach."""
    doubled = [[-2, 0, 2], [-2, 1, 1], [0, -2, 2]]
    sums = [sum(column) for column in zip(*doubled, strict=True)]
    w = Fraction(sum(s**2 for s in sums), 3 * sum(d**2 for row in doubled for d in row))
    assert w == Fraction(126, 198)
    assert f"126 / 198 = {float(w):.4f}; by the function W = {float(w):.4f}" in outputs("03")
    without = sum((Fraction(k, 100) - 2) ** 2 for k in (158, 178, 265)) / 2
    assert f"(0.42² + 0.22² + 0.65²) / 2 = {float(without):.3f}; printed 0,505" in outputs("03")


def test_p_of_policy_making():
    """Six degrees of freedom: the tail of chi-square is a Poisson sum of three terms."""
    half = 13 * 6 * 0.095 / 2
    p = sum(exp(-half) * half**k / factorial(k) for k in range(3))
    assert f"13 × 6 × 0,095 = {2 * half:.2f}" in outputs("03") and f"²/2) = {p:.3f}" in outputs(
        "03"
    )


def test_two_items_are_a_sign_test():
    ends = {Fraction((a - b) ** 2, a + b) for a in range(1, 14) for b in range(14 - a)}
    (fits,) = {x for x in ends if abs(x / 13 - Fraction(138, 1000)) <= Fraction(1, 2000)}
    assert fits == Fraction(9, 5)
    p = erfc(sqrt(fits / 2))
    assert f"(4 − 1)² / (4 + 1) = {float(fits):.2f}, p = {p:.4f}; the text says 0,180" in outputs(
        "03"
    )


def test_half_ranks_of_13_experts():
    printed = [Fraction(k, 26) for k in range(26, 79)]
    assert not [x for x in printed if abs(x - Fraction(186, 100)) <= Fraction(1, 200)]
    assert f"1,86 × 26 = {1.86 * 26:.2f}" in outputs("03") and "fitting k: []" in outputs("03")


def test_exact_distribution_of_three_raters():
    orders = list(permutations((1, 2, 3)))
    panels = [w_without_ties([orders[0], b, c]) for b in orders for c in orders]
    reaching = sum(w >= Fraction(4, 9) for w in panels)
    assert f"{len(panels)} panels, of which {reaching} reach" in outputs("03")


def test_ahp_of_three_things():
    rows = [1 * 2 * 6, Fraction(1, 2) * 4, Fraction(1, 6) * Fraction(1, 4)]
    means = [float(row) ** (1 / 3) for row in rows]
    priorities = [round(mean / sum(means), 3) for mean in means]
    assert f"priorities {priorities}" in outputs("03")
    weighted = [
        means[0] + 2 * means[1] + 6 * means[2],
        means[0] / 2 + means[1] + 4 * means[2],
        means[0] / 6 + means[1] / 4 + means[2],
    ]
    lambda_max = sum(w / mean for w, mean in zip(weighted, means, strict=True)) / 3
    assert (
        f"lambda max {lambda_max:.4f}, CI {(lambda_max - 3) / 2:.4f},"
        f" CR {(lambda_max - 3) / 2 / 0.58:.4f}"
    ) in outputs("03")


def test_three_unanimous_experts():
    assert f"3: '{0.05 ** (1 / 3):.3f}'" in outputs("04")


def test_turned_round_judgements_keep_w():
    w = w_without_ties([[3, 2, 1], [3, 2, 1], [2, 3, 1]])
    assert w == w_without_ties([[1, 2, 3], [1, 2, 3], [2, 1, 3]]) == Fraction(7, 9)
    assert f"W = {float(w):.4f}, all turned round: W = {float(w):.4f}" in outputs("05")


def test_signed_ranks():
    """Every pattern of signs of the ranks 3, 1, 2; and of the differences between E1 and E3."""

    def p(ranks, positive):
        sums = [sum(compress(ranks, signs)) for signs in product((0, 1), repeat=len(ranks))]
        seen = abs(2 * positive - sum(ranks))
        return Fraction(sum(abs(2 * s - sum(ranks)) >= seen for s in sums), len(sums))

    assert f"3, 1, −2: p = {float(p([3, 1, 2], 4)):.2f}" in outputs("05")
    doubled = [9, 16, 9, 4, 6, 12, 2, 14]  # of 9, 18, 9, 2, 3, 11, 1, 12 equal judgements
    assert f"E1 : E3 on counts p = {float(p(doubled, 16 + 6 + 2)):.4f}" in outputs("05")


def test_p_of_policy_making_in_e2():
    """With 6 degrees of freedom the upper tail is exp(-x/2) (1 + x/2 + x²/8)."""

    def p(w):
        half = 13 * 6 * w / 2
        return exp(-half) * (1 + half + half**2 / 2)

    assert f"p from {p(0.0955):.4f} to {p(0.0945):.4f}; printed 0,346" in outputs("06")
