"""Figures: the plotted numbers are the tables' numbers, and every word is in the catalogue."""

import ast
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from smartgov.article import rounds
from smartgov.article.published import claims, table
from smartgov.files.layout import FIGURES, ROOT
from smartgov.present import round_figures, style, verdict_figures
from smartgov.present.model_figures import draw_three_rings


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def points(axes) -> np.ndarray:
    return np.vstack([c.get_offsets() for c in axes.collections if isinstance(c, PathCollection)])


def test_equal_shares_are_table2(evidence):
    shares = rounds.printed_shares(evidence)
    figure = round_figures.draw_equal_shares(shares)
    for axes, column in zip(figure.axes, ("E1", "E2", "E3", "Q27"), strict=True):
        drawn = sorted(np.round(points(axes)[:, 0], 2))
        printed = sorted(
            float(text.replace(" ", "").replace(",", ".")) for text in table(2)[column][:13]
        )
        assert drawn == pytest.approx(printed)
    assert ((shares["low"] <= shares["share"]) & (shares["share"] <= shares["high"])).all()


def test_w_and_p_are_table4_and_red_means_no_fit(evidence):
    cells = rounds.printed_concordance(evidence)
    figure = round_figures.draw_w_and_p(cells, evidence.panel_size)
    for axes, dimension in zip(figure.axes, ("E1", "E2", "E3"), strict=True):
        part = cells[cells["dimension"] == dimension]
        assert points(axes).tolist() == part[["W", "p"]].to_numpy().tolist()
    assert set(cells.loc[~cells["fits"], "row"]) == {
        "economic_growth",
        "policy_making",
        "interoperability",
        "key_enablers",
        "smart_services",
    }


def test_mean_ranks_are_table3(evidence):
    rows = rounds.printed_mean_ranks(evidence)
    axes = round_figures.draw_mean_ranks(rows, evidence.panel_size)
    assert sorted(points(axes)[:, 0]) == sorted(
        rows[["emerging_vs_ict", "emerging_vs_data", "ict_vs_data"]].to_numpy().ravel()
    )
    sums = [text.get_text() for text in axes.texts if re.fullmatch(r"\d\.\d\d", text.get_text())]
    assert sums == [f"{total:.2f}" for total in rows["total"]]


def test_verdict_overview_has_a_square_a_claim(verdicts):
    axes = verdict_figures.draw_verdicts(verdicts)
    assert len(axes.patches) == len(claims())


def test_ring_model_names_every_component(evidence):
    axes = draw_three_rings(evidence.model)
    drawn = " ".join(text.get_text().replace("\n", " ") for text in axes.texts)
    assert all(name in drawn for name in evidence.model.components["en"])


def test_committed_numbers_are_the_plotted_ones(evidence):
    committed = pd.read_csv(FIGURES / "03_w_and_p.csv")
    pd.testing.assert_frame_equal(
        committed, rounds.printed_concordance(evidence).round(6), check_dtype=False
    )


@pytest.mark.parametrize("path", sorted(FIGURES.glob("*.svg")), ids=lambda p: p.stem)
def test_figures_carry_no_date_and_no_version(path):
    text = path.read_text(encoding="utf-8")
    assert "<dc:date>" not in text and "Matplotlib v" not in text


def test_unknown_provenance_is_refused():
    figure, _ = style.new_figure(2, 2)
    with pytest.raises(ValueError, match="none of"):
        style.caption(figure, "guessed", "…")


def test_no_drawing_module_holds_words_of_its_own():
    """Titles, labels and annotations come from the catalogue: no literal with two words is
    drawn."""
    for name in ("model_figures", "round_figures", "verdict_figures", "panel_figures"):
        tree = ast.parse(
            (ROOT / "src" / "smartgov" / "present" / f"{name}.py").read_text(encoding="utf-8")
        )
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            method = getattr(call.func, "attr", "")
            if method in (
                "text",
                "annotate",
                "set_title",
                "suptitle",
                "set_xlabel",
                "set_ylabel",
                "set",
            ):
                arguments = [
                    *call.args,
                    *(
                        k.value
                        for k in call.keywords
                        if k.arg in ("title", "xlabel", "ylabel", "s")
                    ),
                ]
                words = [
                    a.value
                    for a in arguments
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                assert not [w for w in words if re.search(r"[A-Za-z]{3,} [A-Za-z]", w)], (
                    name,
                    words,
                )
