"""Every figure says what it was made from; the way back leads to the files that are here."""

import json
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from smartgov.app import passports, trace
from smartgov.app.verbs import main
from smartgov.files.layout import FIGURES, PUBLISHED, ROOT
from smartgov.files.sums import sha256_of
from smartgov.present.exhibits import exhibits
from smartgov.present.style import save_figure

PARAMETERS = {"seed": 8, "name": "a # б"}


@pytest.fixture
def run(tmp_path):
    """What a notebook leaves that drew a figure, and the data it read."""
    cells = [
        new_code_cell('save = "09_of_inner"', metadata={"tags": ["parameters"]}),
        new_markdown_cell("## Elsewhere\n\ntext\n\n## Where “it” is < drawn"),
        new_code_cell('from smartgov.files import sums\nsave_figure(ax, f"09_of_{ring}", table)'),
        new_markdown_cell("## After"),
    ]
    notebook = tmp_path / "notebooks" / "09_small.ipynb"
    notebook.parent.mkdir()
    nbformat.write(new_notebook(cells=cells), notebook)
    (tmp_path / "figures").mkdir()
    table = pd.DataFrame({"x": [1, 2]})
    save_figure(table.plot(), "09_of_inner", table, tmp_path / "figures")
    data = tmp_path / "data" / "panel.csv"
    data.parent.mkdir()
    data.write_text("x\n1\n", encoding="utf-8")
    passports.issue(notebook, tmp_path, PARAMETERS, [data, PUBLISHED / "table2.csv"])
    yield tmp_path
    plt.close("all")


def test_picture_and_file_beside_it_say_what_it_was_made_from(run):
    svg = run / "figures" / "09_of_inner.svg"
    made = passports.passport(svg)
    assert made["section"] == "Where “it” is < drawn"
    assert made["parameters"] == PARAMETERS
    names = ("data/panel.csv", "data/published/table2.csv")
    assert made["data"] == {name: sha256_of(ROOT / name) for name in names[1:]} | {
        names[0]: sha256_of(run / names[0])
    }
    assert made["code"] == passports.code_hash() and made["lock"] == sha256_of(
        ROOT / "requirements.lock"
    )
    (source,) = ElementTree.parse(svg).iter("{http://purl.org/dc/elements/1.1/}source")
    with Image.open(svg.with_suffix(".png")) as picture:
        picture.load()
        assert picture.text["Source"] == source.text
    carried = json.loads(source.text)
    assert carried == {key: made[key] for key in made if key not in ("figures", "code", "lock")}


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_the_way_back_says_what_has_changed_since(run, kind, capsys):
    figure = run / "figures" / f"09_of_inner.{kind}"
    assert main(["trace", "--figure", str(figure)]) == 0
    said = capsys.readouterr().out
    assert "CHANGED" not in said and "seed = 8" in said and "files/sums.py" in said
    assert "data/published/table2.csv, from: the article, Table 2" in said
    (run / "data" / "panel.csv").write_text("x\n2\n", encoding="utf-8")
    assert trace.way_back(figure).count("CHANGED") == 1
    (run / "data" / "panel.csv").unlink()
    assert trace.way_back(figure).count("GONE") == 1


def test_a_stale_figure_is_named_with_what_has_changed(run, monkeypatch):
    monkeypatch.setattr(trace, "FIGURES", run / "figures")
    monkeypatch.setattr(trace, "ROOT", run)
    monkeypatch.setattr(passports, "ROOT", run)
    (found,) = trace.stale()
    changed = "data/published/table2.csv, src/smartgov, requirements.lock"
    assert found == f"figures/09_of_inner.svg was made from another {changed}; make draws it anew"


def test_no_figure_is_refused_in_a_sentence(tmp_path, capsys):
    for name in ("nothing.svg", "06_cells.pdf.png"):
        assert main(["trace", "--figure", str(FIGURES / name)]) == 2
        assert "there: 01_definition_map" in capsys.readouterr().err
    sources = ("", "<dc:source>elsewhere</dc:source>", 2 * "<dc:source>{}</dc:source>", "\udcff")
    for text in sources:
        drawn = tmp_path / "drawn.svg"
        drawn.write_text(f"<svg>{text}</svg>", encoding="utf-8", errors="surrogateescape")
        assert main(["trace", "--figure", str(drawn)]) == 2
        assert "no figure with a passport" in capsys.readouterr().err


@pytest.mark.parametrize("exhibit", exhibits(), ids=lambda e: e.name)
def test_every_figure_of_the_study_is_made_from_what_is_here(exhibit):
    svg = FIGURES / f"{exhibit.name}.svg"
    made = passports.passport(svg)
    assert (made["made_by"], made["section"]) == (
        f"notebooks/{exhibit.notebook.name}",
        exhibit.section,
    )
    assert made["cells"] == passports.cells_hash(exhibit.notebook)
    assert made["data"] == {name: sha256_of(ROOT / name) for name in made["data"]}
    assert any(
        name.startswith(("data/published", "data/sweep", "data/model")) for name in made["data"]
    )
    with Image.open(svg.with_suffix(".png")) as picture:
        picture.load()
        assert json.loads(picture.text["Source"]) == json.loads(
            passports.SOURCE.search(svg.read_text(encoding="utf-8"))[1]
            .replace("&lt;", "<")
            .replace("&amp;", "&")
        )
