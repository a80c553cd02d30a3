"""The page of notation: linked from every notebook, and its examples have the verdicts it says."""

import re

import nbformat
import pytest

from smartgov.article.checks import VERDICTS
from smartgov.files.layout import NOTEBOOKS

PAGE = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
PATHS = sorted(NOTEBOOKS.glob("0*.ipynb"))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_every_notebook_is_listed_and_links_the_page_from_its_first_cell(path):
    assert f"]({path.name})" in PAGE
    links = re.findall(r"\]\(([^)]+)\)", nbformat.read(path, as_version=4).cells[0].source)
    page = (NOTEBOOKS / "README.md").resolve()
    assert page in [(NOTEBOOKS / link).resolve() for link in links]


def test_every_link_of_the_page_leads_somewhere():
    assert all((NOTEBOOKS / link).exists() for link in re.findall(r"\]\(([^)#]+)\)", PAGE))


def test_each_verdict_has_an_example_that_is_judged_so(verdicts):
    rows = re.findall(r"^\| ([a-z ]+) \| .* \| `([\w.]+)`: .* \|$", PAGE, re.M)
    assert [word.replace(" ", "_") for word, _ in rows] == list(VERDICTS)
    for word, claim in rows:
        assert verdicts.at[claim, "verdict"] == word.replace(" ", "_"), claim


def test_the_worked_example_is_the_ledgers(verdicts):
    worked = verdicts.at["table3.citizen_engagement.emerging_vs_data", "worked"]
    for line in ("1,78 × 26 = 46,28", "46/26 = 1,77 and 47/26 = 1,81"):
        assert line in worked and line in PAGE
