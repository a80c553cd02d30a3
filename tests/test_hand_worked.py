"""The steps worked by hand in the notebooks, worked again here with fractions and integers."""

from fractions import Fraction
from itertools import permutations
from math import comb

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
    assert f"({comb(9, 2)}, {comb(3, 2)})" in outputs("02")


def test_w_of_three_raters():
    w = w_without_ties([[1, 2, 3], [1, 3, 2], [2, 1, 3]])
    assert w == Fraction(4, 9)
    assert outputs("03").count(f"W = {float(w):.4f}") >= 3


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
    assert f"lambda max {lambda_max:.4f}, CR {(lambda_max - 3) / 2 / 0.58:.4f}" in outputs("03")


def test_three_unanimous_experts():
    assert f"{0.05 ** (1 / 3):.3f}; by the library {0.05 ** (1 / 3):.3f}" in outputs("04")


def test_mirrored_judgements_keep_w():
    w, mirrored = w_without_ties([[3, 2, 1], [2, 3, 1]]), w_without_ties([[1, 2, 3], [2, 1, 3]])
    assert w == mirrored
    assert f"W = {float(w):.3f}, all turned round: W = {float(w):.3f}" in outputs("05")


def test_four_of_thirteen():
    assert f"13: '{Fraction(4, 13).__float__():.4f}'" in outputs("06")
