"""Figures: the plotted numbers are the tables' numbers, and every word is in the catalogue."""

import ast
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba

from smartgov.article import rounds
from smartgov.article.published import INNER_COMPARISONS, claims, table
from smartgov.files.layout import FIGURES, ROOT
from smartgov.model import questionnaire
from smartgov.present import round_figures, style, table_figures, verdict_figures
from smartgov.present.model_figures import draw_model_matrix


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def points(axes) -> np.ndarray:
    return np.vstack([c.get_offsets() for c in axes.collections if isinstance(c, PathCollection)])


def test_equal_shares_are_table2(evidence):
    shares = rounds.printed_shares(evidence)
    figure = round_figures.draw_equal_shares(shares, evidence.model)
    for axes, column in zip(figure.axes, ("E1", "E2", "E3", "Q27"), strict=True):
        drawn = sorted(np.round(points(axes)[:, 0], 2))
        printed = sorted(
            float(text.replace(" ", "").replace(",", ".")) for text in table(2)[column][:13]
        )
        assert drawn == pytest.approx(printed)
    assert ((shares["low"] <= shares["share"]) & (shares["share"] <= shares["high"])).all()


def many_experts(m: int) -> pd.DataFrame:
    rows = [(f"expert_{n:03d}", c, n % 37, 36) for c in ("E1", "E2") for n in range(m)]
    shares = pd.DataFrame(rows, columns=["expert", "column", "count", "n"])
    return shares.assign(share=shares["count"] / 36, low=0.1, high=0.9)


@pytest.mark.parametrize("m", [3, 40, 300])
def test_equal_shares_of_any_panel_fit_a_page_and_no_names_overlap(evidence, m):
    shares = many_experts(m)
    figure = round_figures.draw_equal_shares(shares, evidence.model, "synthetic")
    figure.draw_without_rendering()
    assert figure.get_figheight() <= 11.7, "inches of A4"
    names = [tick.get_window_extent() for tick in figure.axes[0].get_yticklabels()]
    assert len(names) == (m if m <= 40 else 0)
    assert not any(lower.y1 > upper.y0 for upper, lower in zip(names, names[1:], strict=False))
    assert len(points(figure.axes[0])) == m, "every expert is there, named or not"


def test_a_figure_for_print_is_sharp_and_vector_and_the_same_bytes_each_time(evidence, tmp_path):
    written = []
    for _ in range(2):
        figure = round_figures.draw_equal_shares(many_experts(4), evidence.model, "synthetic")
        width = figure.get_figwidth()
        style.save_figure(figure, "x", many_experts(4), tmp_path, for_print=True)
        written.append({path.name: path.read_bytes() for path in tmp_path.iterdir()})
    assert written[0] == written[1] and set(written[0]) == {"x.png", "x.svg", "x.pdf", "x.csv"}
    assert plt.imread(tmp_path / "x.png").shape[1] == pytest.approx(300 * width, abs=1)
    assert written[0]["x.pdf"].startswith(b"%PDF") and b"CreationDate" not in written[0]["x.pdf"]


def test_p_over_the_p_of_w_is_table4_and_red_means_no_fit(evidence):
    cells = pd.read_csv(FIGURES / "03_p_from_w.csv", dtype={"W": str, "p": str})
    printed = table(4).drop(columns=["place", "label_printed"]).stack()
    for cell in cells.itertuples():
        place = evidence.dimension_cells[cell.row, cell.dimension]
        assert (cell.n, cell.fits) == (place.n, place.feasible())
        for name in ("W", "p"):
            assert getattr(cell, name) == printed[cell.row, f"{cell.dimension}.{name}"]
    figure = table_figures.draw_p_from_w(cells.assign(label=cells["row"]), evidence.panel_size)
    dots = {
        (round(x, 6), y, tuple(collection.get_facecolor()[0]))
        for collection in figure.axes[0].collections
        for x, y in collection.get_offsets()
        if collection.get_zorder() == 3
    }
    red = to_rgba(style.VERMILLION)
    misfits = cells[~cells["fits"]]
    assert {x for x, _, colour in dots if colour == red} == {
        round(x, 6) for x in misfits["value"] / misfits["p_from_w"]
    }
    assert {y for _, y, colour in dots if colour == red} == set(range(len(misfits)))
    assert len(dots) == len(cells) == 21


def test_ruler_of_mean_ranks_is_table3_and_lines_run_through_hits_only(evidence):
    ranks = pd.read_csv(FIGURES / "03_mean_rank_ruler.csv", dtype={"printed": str})
    assert list(ranks["printed"]) == list(table(3)[list(INNER_COMPARISONS)].to_numpy().ravel())
    axes = table_figures.draw_mean_rank_ruler(ranks.assign(label=ranks["row"]), 13)
    assert [text.get_text() for text in axes.texts] == list(ranks["printed"])
    boxes = [(box.get_x(), box.get_x() + box.get_width()) for box in axes.patches]
    _, *inside = (c.get_segments() for c in axes.collections)
    for cell, (low, high), lines in zip(ranks.itertuples(), boxes, inside, strict=True):
        at = evidence.inner_ring[cell.row]
        place = INNER_COMPARISONS.index(cell.comparison) + 1
        assert cell.hit == (frozenset({f"mean_ranks[{place}]"}) not in at.conflicts)
        assert bool(lines) == cell.hit
        assert all(low <= line[0, 0] <= high for line in lines)


def test_title_of_equal_shares_is_its_finding(evidence):
    figure = round_figures.draw_equal_shares(rounds.printed_shares(evidence), evidence.model)
    counts = evidence.equal_counts.sum(axis=1)
    numbers = re.findall(r"\d+", figure.get_suptitle())
    assert numbers == [str(n) for n in (0, 13, (counts > 69).sum(), (counts == 0).sum())]


def test_verdict_overview_has_a_square_a_claim(verdicts):
    axes = verdict_figures.draw_verdicts(verdicts)
    assert len(axes.patches) == len(claims())


def test_model_matrix_names_every_component_and_adds_up(evidence):
    axes = draw_model_matrix(evidence.model)
    drawn = [text.get_text().replace("\n", " ") for text in axes.texts]
    ticks = [text.get_text() for text in axes.get_yticklabels()]
    assert {*evidence.model.components["en"], *evidence.model.dimensions["en"]} <= {*drawn, *ticks}
    numbers = [int(text) for text in drawn if text.isdigit()]
    feet = [int(text.split()[0]) for text in drawn if text.endswith(" questions")]
    assert sum(numbers) == sum(feet) == len(questionnaire(evidence.model))


def test_opposite_panels_show_all_numbers_on_the_diagonal_and_both_scores():
    scores = pd.DataFrame(
        {"label": ["ICT", "data", "tech"], "first": [2.5, -1, -1.5], "second": [-0.5, 0.25, 0.25]}
    )
    cells = pd.DataFrame({"kind": ["W", "p", "equal"], "first": [0.1, 0.2, 0.3]})
    cells["second"] = cells["first"]
    figure = verdict_figures.draw_opposite_pair(scores, cells, 13)
    left, right = figure.axes
    assert sorted(points(left).tolist()) == [[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]]
    widths = [bar.get_width() for bar in right.patches]
    assert widths == [*scores["first"], *scores["second"]]
    drawn = [text.get_text() for text in right.texts]
    assert {"2.50 (1)", "−0.50 (3)", "0.25 (1)"} <= set(drawn)
    assert "3 printed numbers; ICT is rank 1 in panel A, 3 in panel B" in figure.get_suptitle()


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
    for name in (
        "model_figures",
        "round_figures",
        "table_figures",
        "verdict_figures",
        "panel_figures",
    ):
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
