"""The article's reporting checklist: every item once, each score with what bears it out."""

import pandas as pd
import pytest
from docx import Document

from smartgov.article.published import read_printed
from smartgov.files.layout import STANDARDS
from smartgov.present.reporting import DOCS, article_checklist, article_page
from smartgov.words import LANGUAGES

SCORED = read_printed(STANDARDS / "article_reporting.csv")
ITEMS = read_printed(STANDARDS / "reporting_items.csv")


def test_every_item_of_every_standard_is_scored_once_and_in_its_order():
    keys = ["standard", "item"]
    assert SCORED[keys].equals(ITEMS[keys]) and not SCORED.duplicated(keys).any()


def test_a_score_has_its_place_and_what_is_open_its_note():
    shown = SCORED["score"] != "not_reported"
    for column in ("place", "phrase"):
        assert ((SCORED[column] != "") == shown).all()
    assert (SCORED.loc[SCORED["score"] == "partly", "note"] != "").all()
    assert (SCORED.loc[SCORED["score"] == "reported", "note"] == "").all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_document_are_the_form(language):
    form = article_checklist(language).frame
    page = DOCS / f"reporting_{language}.html"
    assert page.read_text(encoding="utf-8") == article_page(language)
    (shown,) = pd.read_html(page, keep_default_na=False)
    assert shown.astype(str).to_numpy().tolist() == form.to_numpy().tolist()
    (written,) = Document(page.with_suffix(".docx")).tables
    cells = [[cell.text for cell in row.cells] for row in written.rows]
    assert cells == [list(form), *form.to_numpy().tolist()]
