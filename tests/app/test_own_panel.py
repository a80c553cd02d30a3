"""A run is all new or as it was, and says nothing of the researcher's disk."""

import json

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from smartgov.app.notebooks import _forget_places
from smartgov.app.rerun import fresh_run
from smartgov.article.definitions import article_codes, read_coder


def contents(folder) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def earlier(tmp_path):
    """A run with an attribute table of its panel, and a file of the researcher's own."""
    folder = tmp_path / "runs" / "almaty"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "attributes.csv").write_text("earlier")
    (folder / "report.txt").write_text("mine")
    return folder


def write_half(folder):
    (folder / "data").mkdir()
    (folder / "data" / "panel.csv").write_text("new")


def test_a_good_run_replaces_all_of_the_earlier_one(earlier):
    with fresh_run(earlier):
        write_half(earlier)
    assert contents(earlier.parent) == {"almaty/data/panel.csv": "new", "almaty/report.txt": "mine"}


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_a_run_that_stops_leaves_the_earlier_one(earlier, stop):
    before = contents(earlier.parent)
    with pytest.raises(stop), fresh_run(earlier):
        write_half(earlier)
        raise stop
    assert contents(earlier.parent) == before


def test_a_first_run_that_stops_leaves_nothing(tmp_path):
    folder = tmp_path / "runs" / "new"
    with pytest.raises(ValueError), fresh_run(folder):
        write_half(folder)
        raise ValueError
    assert list((tmp_path / "runs").iterdir()) == []


def test_notebooks_forget_where_a_file_lay(tmp_path):
    place = tmp_path / "Документы Айгүл" / "coder.csv"
    path = tmp_path / "01.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"second_coder = {str(place)!r}")]), path)
    _forget_places(
        path, {"second_coder": str(place), "seed": 3, "panel": "data/panels/reconstructed.csv"}
    )
    assert "Айгүл" not in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"] == [
        "second_coder = 'coder.csv'"
    ]


@pytest.mark.parametrize(("name", "options"), [("coder.csv", {"sep": ";"}), ("coder.xlsx", {})])
def test_a_second_coders_table_may_come_from_excel(name, options, tmp_path):
    table = pd.DataFrame(
        {"row": [f"definition_{n}" for n in range(1, 7)], "difficulty": [""] * 5 + ["circularity"]}
    )
    write = table.to_excel if name.endswith("xlsx") else table.to_csv
    write(tmp_path / name, index=False, **options)
    codes = read_coder(tmp_path / name)
    assert (
        list(codes.index) == list(article_codes().index)
        and codes.to_numpy().sum() == 1
        and codes.at["definition_6", "circularity"]
    )
