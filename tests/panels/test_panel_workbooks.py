"""Workbooks whose cells are not what they show, or not where they say: refused with their place."""

import io
import os
import re
import struct
import time
import zipfile

import openpyxl
import pytest

from smartgov.files.sheets import read_sheet
from smartgov.model import read_model
from smartgov.panels import PanelProblems, read_answers
from smartgov.panels.mapping import read_mapping

XML = '<?xml version="1.0"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADINGS = '<row r="1"><c t="inlineStr"><is><t>expert</t></is></c><c><v>7</v></c></row>'


def with_parts(path, **parts):
    """A small workbook in which these parts stand instead of its own: worksheets by `sheet1`."""
    names = {
        "sheet1": "xl/worksheets/sheet1.xml",
        "workbook": "xl/workbook.xml",
        "strings": "xl/sharedStrings.xml",
    }
    own, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["expert", 7])
    book.save(own)
    new = {names[name]: text for name, text in parts.items()}
    with zipfile.ZipFile(own) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            text = old.read(name).decode().replace('fullCalcOnLoad="1"', "")
            if name == "[Content_Types].xml" and "strings" in parts:
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings"
                own_part = f'<Override PartName="/{names["strings"]}" ContentType="{kind}+xml"/>'
                text = text.replace("</Types>", f"{own_part}</Types>")
            made.writestr(name, new.pop(name, text))
        for name, text in new.items():
            made.writestr(name, text)
    return path


def sheet(rows: str) -> str:
    return f"{XML}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def problem_of(path):
    with pytest.raises(PanelProblems) as refused:
        read_sheet(path)
    return refused.value.problems[0]


ODD = {
    '<row r="-3"><c><v>1</v></c></row>': "a row numbered -3",
    '<row r="1000000000"><c><v>1</v></c></row>': "a row numbered 1000000000",
    '<row r="1"><c><v>1</v></c></row>': "a row numbered 1",
    '<row r="2,5"><c><v>1</v></c></row>': "a row numbered 2,5",
    '<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>': "a row numbered 2",
    '<row r="2"><c r="A3"><v>1</v></c></row>': "a cell named A3 in row 2",
    '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>': "a cell in column 1",
    '<row r="2"><c r="B2"><v>1</v></c><c r="B2"><v>2</v></c></row>': "a cell in column 2",
    '<row r="2"><c r="ZZZ2"><v>1</v></c></row>': "a cell in column 18278",
    '<row r="2"><c t="s"><v>-1</v></c></row>': "text number -1 in cell 1 of row 2",
}


@pytest.mark.parametrize("rows", ODD)
def test_a_row_or_a_cell_out_of_place(rows, tmp_path):
    problem = problem_of(with_parts(tmp_path / "odd.xlsx", sheet1=sheet(HEADINGS + rows)))
    assert problem.found == f"{ODD[rows]} (sheet1.xml)" and "row 1048576" in problem.accepted


def test_rows_and_cells_without_numbers_are_counted(tmp_path):
    bare = "<row><c t='inlineStr'><is><t>x</t></is></c><c><v>1</v></c></row>"
    path = with_parts(tmp_path / "bare.xlsx", sheet1=sheet(HEADINGS + bare * 2))
    assert read_sheet(path).rows == [["x", "1"]] * 2 and read_sheet(path).numbers == [2, 3]


def test_a_row_of_a_million_cells_is_refused_at_once(tmp_path):
    path = with_parts(
        tmp_path / "long.xlsx", sheet1=sheet(f"{HEADINGS}<row>{'<c><v>1</v></c>' * 10**6}</row>")
    )
    before = time.process_time()
    assert problem_of(path).found == "a cell in column 16385 (sheet1.xml)"
    assert time.process_time() - before < 2


FORMULAS = {
    "<f>1/5</f>": "",
    "<f>1/5</f><v></v>": "",
    "<f>1/5</f><v/>": "",
    "<f>1/5</f><v>0.2</v>": "0.2",
}


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_counts_with_its_stored_value_only(cell, tmp_path):
    rows = f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c><c r="B2">{cell}</c></row>'
    path = with_parts(tmp_path / "f.xlsx", sheet1=sheet(rows))
    if FORMULAS[cell]:
        assert read_sheet(path).rows == [["1", FORMULAS[cell]]]
    else:
        problem = problem_of(path)
        assert (problem.row, problem.column) == (2, "B2 of sheet 'Sheet'")
        assert problem.found == "a formula without a value"
        assert "in a spreadsheet program and save it again" in problem.accepted


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path):
    cell = '<c r="B2" t="str"><f>IF(A2=0,5,"")</f><v></v></c>'
    rows = f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c>{cell}</row>'
    assert read_sheet(with_parts(tmp_path / "f.xlsx", sheet1=sheet(rows))).rows == [["1", ""]]


def test_values_of_formulas_that_a_program_made_up(tmp_path):
    """XlsxWriter stores 0 for every formula and asks to compute them when opened."""
    book = openpyxl.Workbook()
    book.active.append(["expert", 7])
    book.active.append(["x", "=1/5"])
    made = io.BytesIO()
    book.save(made)
    path = tmp_path / "zeros.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, re.sub(r"<v ?/>|<v></v>", "<v>0</v>", text))
    assert problem_of(path).column == "B2 of sheet 'Sheet'"


def strings(*texts: str) -> str:
    return f"{XML}<sst {MAIN}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"


def test_a_text_that_is_not_in_the_table_of_texts(tmp_path):
    rows = HEADINGS + '<row r="2"><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row>'
    path = with_parts(tmp_path / "s.xlsx", sheet1=sheet(rows), strings=strings("a", "b"))
    assert problem_of(path).found == "a damaged workbook ('Sheet' names text 3 of 2)"
    with_parts(path, sheet1=sheet(rows), strings=strings("a", "b", "c"))
    assert read_sheet(path).rows == [["a", "c"]]


def test_a_table_of_texts_is_read_no_further_than_it_says(tmp_path):
    """The size in the archive's directory is a claim; what is unpacked ends there."""
    rows = HEADINGS + '<row r="2"><c t="s"><v>0</v></c></row>'
    path = with_parts(
        tmp_path / "bomb.xlsx", sheet1=sheet(rows), strings=strings("a" * 150_000_000)
    )
    assert problem_of(path).found == "a workbook of 150 MB unpacked"
    raw = path.read_bytes()
    size = struct.pack("<I", len(strings("a" * 150_000_000)))
    path.write_bytes(raw.replace(size, struct.pack("<I", 5000)))
    before = time.process_time()
    assert problem_of(path).found == "a damaged workbook"
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("first", "read"), [("visible", "a"), ("hidden", "b"), ("veryHidden", "b")]
)
def test_the_first_sheet_is_the_first_that_is_shown(first, read, tmp_path):
    book = openpyxl.Workbook()
    book.active.sheet_state = first
    for name, worksheet in zip("ab", (book.active, book.create_sheet("two")), strict=True):
        worksheet.append(["expert", name])
        worksheet.append(["x", 1])
    book.active = 1
    book.save(tmp_path / "hidden.xlsx")
    assert read_sheet(tmp_path / "hidden.xlsx").header == ("expert", read)


@pytest.mark.parametrize("state", ["", '<sheet name="a" sheetId="1" state="hidden" r:id="rId1"/>'])
def test_a_workbook_without_a_sheet_to_read(state, tmp_path):
    links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    workbook = f"{XML}<workbook {MAIN} {links}><sheets>{state}</sheets></workbook>"
    path = with_parts(tmp_path / "none.xlsx", workbook=workbook)
    assert problem_of(path).found == "a workbook without a sheet that is shown"


def test_a_number_of_thousands_of_digits(tmp_path, by_hand, asked, values, model):
    rows = f'{HEADINGS}<row r="2"><c><v>1</v></c><c><v>{"9" * 4400}</v></c></row>'
    path = with_parts(tmp_path / "n.xlsx", sheet1=sheet(rows))
    assert problem_of(path).found == "a damaged workbook"
    header, cells = by_hand["wide"](values, asked)
    cells[2][5] = "9" * 4400
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "n.csv", header, cells), model)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (4, header[5])


@pytest.mark.parametrize("read", [read_sheet, lambda path: read_mapping(path, read_model())])
def test_a_file_that_may_not_be_read_is_not_called_damaged(read, tmp_path, monkeypatch):
    kept = tmp_path / "kept.xlsx"
    kept.write_text("x")
    monkeypatch.setattr(os, "access", lambda path, right: path != kept)  # root may read any file
    with pytest.raises(PanelProblems, match="found a file that may not be read; accepted"):
        read(kept)


@pytest.mark.parametrize("name", ["a" * 300 + ".csv", "a\0.csv"])
def test_a_name_that_no_file_can_have(name, tmp_path):
    assert problem_of(tmp_path / name).found == "no such file"


def test_what_is_hidden_is_said(values, asked, by_hand, tmp_path, model, same_answers):
    """A filter hides rows, which count all the same; sheets that are hidden do not."""
    path = by_hand["xlsx"](tmp_path / "a.xlsx", *by_hand["wide"](values, asked))
    book = openpyxl.load_workbook(path)
    for row in (4, 9, 40):  # the last below the table
        book.active.row_dimensions[row].hidden = True
    book.create_sheet("Aigerim").sheet_state = "hidden"
    book.save(path)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.warnings == (
        "a.xlsx: hidden sheets are not read; there are 1.",
        "a.xlsx, sheet 1: rows 4, 9, hidden or filtered out, count like the others; delete"
        " what should not.",
    )


def test_a_workbook_with_a_password_is_not_called_damaged(tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(3000))
    assert problem_of(path).found == "a workbook with a password, or an .xls"
