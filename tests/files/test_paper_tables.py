"""Result tables as LaTeX, workbook and document: every cell there, the same bytes each time."""

import time
import zipfile

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from smartgov.files.document import Heading, save_document
from smartgov.files.paper_tables import PaperTable, latex, save_tables

FRAME = pd.DataFrame(
    {
        "компонент": ["=1+1", "50 % & более_того", "c"],
        "W": ["0,210", "–", "-1,5"],
        "n": [3, 12, 5],
    }
)
TABLE = PaperTable("agreement", "Согласованность", FRAME, "Примечание: p < 0,05.")
HEADS = ("tables", "sheet", "caption", "note")


def written(tmp_path, name: str) -> bytes:
    path = tmp_path / name
    if name.endswith("docx"):
        save_document("Title", [Heading("One"), "A <b> & c", TABLE], path, "ru")
    else:
        save_tables([TABLE, TABLE._replace(name="x" * 40)], path, HEADS)
    return path.read_bytes()


@pytest.mark.parametrize("name", ["tables.docx", "tables.xlsx"])
def test_the_same_tables_are_the_same_bytes(tmp_path, name):
    first = written(tmp_path, name)
    time.sleep(2.1)  # an archive counts time in steps of two seconds
    assert written(tmp_path, name) == first
    with zipfile.ZipFile(tmp_path / name) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core and "1980-01-01" in core


def test_a_document_holds_caption_cells_and_note_in_order(tmp_path):
    written(tmp_path, "tables.docx")
    document = Document(tmp_path / "tables.docx")
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [list(FRAME), *FRAME.astype(str).values.tolist()]
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts == ["Title", "One", "A <b> & c", TABLE.caption, TABLE.note]


def test_numbers_stand_at_the_right(tmp_path):
    assert TABLE.numbers == [False, True, True]
    written(tmp_path, "tables.docx")
    (table,) = Document(tmp_path / "tables.docx").tables
    sides = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert [str(side).split(" ")[0] for side in sides] == ["LEFT", "RIGHT", "RIGHT"]


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text(tmp_path):
    written(tmp_path, "tables.xlsx")
    book = load_workbook(tmp_path / "tables.xlsx")
    listed, sheet, other = book.worksheets
    assert listed["B2"].value == TABLE.caption and listed["A2"].value == sheet.title
    assert len(other.title) == 31 and other.title.startswith("2 x")
    assert [[cell.value for cell in row] for row in sheet] == [
        list(FRAME),
        ["=1+1", 0.21, 3],
        ["50 % & более_того", "–", 12],
        ["c", -1.5, 5],
    ]
    assert sheet["A2"].data_type == "s" and sheet["B2"].number_format == "0.000"


def test_latex_has_every_row_and_escapes_what_it_would_obey():
    text = latex(TABLE)
    assert r"50 \% \& более\_того & – & 12 \\" in text
    assert r"\begin{longtable}{lrr}" in text and r"p $<$ 0,05" in text
    assert text.count("{") == text.count("}") and text.count("\\\\\n") == 3 + 1 + 1 + 1
    for line in (r"\toprule", r"\midrule", r"\bottomrule", r"\label{tab:agreement}"):
        assert text.count(line) == 1
