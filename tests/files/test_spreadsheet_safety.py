"""No text that anyone gives can run as a formula, in whatever table this project writes."""

import ast
import csv
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.table import run_audit_table
from smartgov.files.layout import ROOT
from smartgov.files.spreadsheet_safety import FORMULA_STARTS, csv_text, neutral
from smartgov.files.workbook import save_sheets

SOURCE = ROOT / "src" / "smartgov"
HOSTILE = st.builds(
    "".join, st.tuples(st.sampled_from(FORMULA_STARTS), st.text("=a\r\n\"',;é", max_size=8))
)
WRITERS = {
    "to_csv": {"files/spreadsheet_safety.py"},
    # each cell through `csv_cell`, here and in tests/present/test_instrument_page.py
    "writer": {"present/instrument_page.py"},
    "DictWriter": {"audit/table.py"},
    # both with `write_cell`, here and in tests/instruments/test_data_entry.py
    "Workbook": {"files/workbook.py", "instruments/data_entry.py"},
    "to_excel": set(),
}
"""Calls that write a CSV or a workbook, and the modules that may make them."""


def runs(text):
    return text.startswith(FORMULA_STARTS)


@pytest.mark.parametrize("call", WRITERS)
def test_tables_are_written_in_these_places_only(call):
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                found |= {path.relative_to(SOURCE).as_posix()} if name == call else set()
    assert found == WRITERS[call]


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=60, derandomize=True)
def test_a_table_as_csv(text, heading, place):
    table = pd.DataFrame({heading: [text, "plain"], "number": [-3.5, -2.0]}, index=[place, "b"])
    shown = csv_text(table.rename_axis(heading + "!"), index=True)
    rows = list(csv.reader(io.StringIO(shown, newline="")))
    assert not [cell for row in rows for cell in row if runs(cell) and cell not in ("-3.5", "-2.0")]
    assert [row[2] for row in rows[1:]] == ["-3.5", "-2.0"]  # numbers stay numbers


@given(HOSTILE)
@settings(max_examples=30, derandomize=True)
def test_a_workbook(tmp_path_factory, text):
    text = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)
    path = save_sheets({"a": [{text: text}]}, tmp_path_factory.mktemp("book") / "a.xlsx")
    cells = [cell for row in openpyxl.load_workbook(path)["a"].iter_rows() for cell in row]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", runs(text))] * 2


@given(HOSTILE)
@settings(max_examples=30, derandomize=True)
def test_an_audit(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("audit")
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "m", "n", "W"], [text, 5, 3, text], [text, 5, 3, 0.5]])
    run_audit_table(folder / "table.csv", folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if runs(cell)]


@pytest.mark.parametrize("path", sorted({*ROOT.glob("data/**/*.csv"), *ROOT.glob("figures/*.csv")}))
def test_the_tables_of_the_study(path):
    # notebooks write these themselves, and nothing anyone gives is in them
    with path.open(encoding="utf-8", newline="") as file:
        for cell in (cell for row in csv.reader(file) for cell in row if runs(cell)):
            assert float(cell) < 0


def test_only_texts_are_touched():
    assert [neutral(value) for value in (-3, None, "a-b", "-3")] == [-3, None, "a-b", "'-3"]
