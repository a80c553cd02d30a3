"""The pages made of the ledger: every claim once, every link somewhere, the same numbers in every
language."""

import re
import sys
from collections import Counter
from html import unescape

import pytest

from smartgov.files.layout import ROOT
from smartgov.words import LANGUAGES

sys.path.insert(0, str(ROOT / "docs"))
import claim_pages
import sentences

NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def pages():
    return dict(claim_pages.pages("kk"))


def test_every_claim_has_one_anchor_and_every_clash_a_page(pages):
    anchors = Counter(
        found
        for text in pages.values()
        for found in re.findall(r'class="claim" id="([^"]+)"', text)
    )
    assert anchors == Counter(sentences.verdicts().index)
    assert {f"clashes/{name}.md" for name in sentences.clashes().index} <= pages.keys()


def test_every_link_between_the_pages_leads_to_an_anchor(pages):
    ids = {
        f"{name.removesuffix('.md')}.html": set(re.findall(r' id="([^"]+)"', text))
        for name, text in pages.items()
    }
    seen = 0
    for name, text in pages.items():
        for address in map(unescape, re.findall(r'href="([^"#:]*\.html(?:#[^"]*)?)"', text)):
            page, _, anchor = address.partition("#")
            folder, up = name.rpartition("/")[0], page.startswith("../")
            page = page.removeprefix("../") if up else f"{folder}/{page}".lstrip("/")
            if page.startswith("notebooks/"):
                assert (ROOT / page).with_suffix(".ipynb").exists()
                continue
            if page in ("checker.html", "en/api.html"):  # beside the trees, and in English alone
                continue
            assert page in ids and (not anchor or anchor in ids[page]), f"{name}: {address}"
            seen += 1
    assert seen > 2000


def test_a_section_that_a_claim_names_is_in_its_notebook():
    for claim in sentences.verdicts()[["notebook", "section"]].drop_duplicates().itertuples():
        path = ROOT / "notebooks" / f"{claim.notebook}.ipynb"
        anchor = f"({claim_pages.anchor(claim.notebook, claim.section)})="
        cells = claim_pages.with_anchors(path).cells
        assert sum(anchor in cell.source for cell in cells) == 1, claim


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("column", ["worked", "nearest", "readings", "method"])
def test_a_finding_has_the_same_numbers_in_every_language(column, language):
    for name, finding in sentences.verdicts()[column].items():
        told = unescape(re.sub(r"<[^>]+>", "", sentences.said(finding, language)))
        assert Counter(NUMBERS.findall(told)) == Counter(NUMBERS.findall(finding)), name
        assert "{" not in told


def test_a_finding_is_taken_apart_and_put_together_again():
    finding = "13 × 2 × 0,21 = 5,46, 2 degrees of freedom: p = 0,065; with W 0,21 and p 0,059 it is"
    first, second = map(sentences.pattern, sentences.clauses(finding))
    assert first[0] == "{1} × {2} × {3} = {4}, {5} degrees of freedom: p = {6}"
    assert second[0] == "with {1} it is"
    assert sentences.said(finding, "en") == finding
    assert sentences.clauses("a (b; c); «d; e»; f") == ["a (b; c)", "«d; e»", "f"]


def test_the_start_page_counts(pages):
    counted = claim_pages.counts()
    found = pages["index.md"]
    assert all(str(counted[name]) in found for name in ("n", "hard", "soft", "touched", "m"))
    assert counted["n"] == len(sentences.verdicts())


def test_every_square_of_both_pictures_leads_to_its_claim(pages):
    squares = re.findall(r'<a id="square-([^"]+)" href="([^"]+)"', pages["figures.md"])
    assert Counter(name for name, _ in squares) == Counter(sentences.verdicts().index)
    assert all(address == claim_pages.claim_page(name) for name, address in squares)


def test_the_pictures_in_their_notebook_lead_to_the_claims_too():
    (path,) = (ROOT / "notebooks").glob("06_*.ipynb")
    notebook = claim_pages.with_anchors(path)
    claim_pages.link_pictures(notebook, "ru")
    html = [
        output.data["text/html"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    cells, squares = (re.findall(r'<a href="\.\./(claims/[^"]+)"', text) for text in html)
    assert len(cells) == 162 and len(squares) == len(sentences.verdicts())
    assert set(cells) < set(squares) == set(map(claim_pages.claim_page, sentences.verdicts().index))
