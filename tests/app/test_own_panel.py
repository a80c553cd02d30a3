"""A run says nothing of the researcher's disk; a second coder's table may come from anywhere."""

import json

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from smartgov.app.notebooks import _forget_places
from smartgov.article.definitions import article_codes, read_coder


def test_notebooks_forget_where_a_file_lay(tmp_path):
    place = tmp_path / "Документы Айгүл" / "coder.csv"
    path = tmp_path / "01.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"second_coder = {str(place)!r}")]), path)
    _forget_places(
        path,
        {"second_coder": str(place), "seed": 3, "panel": "data/panels/reconstructed.csv"},
        tmp_path,
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
