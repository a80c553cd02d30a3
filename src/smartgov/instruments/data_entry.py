"""The workbook in which answers on paper are typed: one sheet an expert, in that copy's order.

Drop-downs offer the codes of a row's own boxes, from the first box to the last. All cells but those
that are typed into are locked, without a password; column H, which says what each row asks, is
hidden. :mod:`smartgov.panels.data_entry` reads the workbook and says why answers cannot be turned
round in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from smartgov.files.workbook import save_workbook, write_cell
from smartgov.instruments.names import INTENSITIES
from smartgov.instruments.orders import Copy
from smartgov.model import Model
from smartgov.panels.data_entry import AGREES, EQUAL, MARK, REFUSES, box_codes, boxed
from smartgov.words import say

COLUMNS = {
    "number": 6,
    "context": 24,
    "first": 38,
    "middle": 24,
    "last": 38,
    "marked": 12,
    "how_much": 12,
}
"""Headings and widths of the columns A to G."""
_HEAD = PatternFill("solid", start_color="E8EDF3")
_TYPED, _LINE = PatternFill("solid", start_color="FFF7DF"), Side(style="thin", color="B9C3CF")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_data_entry(
    copies: Iterable[Copy], model: Model, path: Path, *, round: int, language: str
) -> Path:
    """Write the workbook, a sheet for each of `copies`, numbered from 1."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, copy in enumerate(copies, start=1):
        sheet = workbook.create_sheet(sheet_title(number))
        drop_downs = _DropDowns(sheet, language)
        _opening(sheet, copy, round, language, drop_downs)
        _questions(sheet, copy, model, language, drop_downs)
        _lay_out(sheet)
    return save_workbook(workbook, path)


def sheet_title(number: int) -> str:
    """The same in every language, as pages of all name it."""
    return f"{number:02d}"


class _DropDowns:
    """The lists of a sheet: cells that offer the same values share one."""

    def __init__(self, sheet: Worksheet, language: str) -> None:
        self.sheet, self.language, self.lists = sheet, language, {}

    def add(self, cell: Cell, *values: str) -> None:
        """Offer values in a cell, and refuse others."""
        if values not in self.lists:
            offered = DataValidation(
                "list", formula1=f'"{",".join(values)}"', showErrorMessage=True
            )
            offered.error = say("entry.accepted", self.language, values=", ".join(values))
            self.sheet.add_data_validation(offered)
            self.lists[values] = offered
        self.lists[values].add(cell)


def _opening(sheet: Worksheet, copy: Copy, round: int, language: str, lists: _DropDowns) -> None:
    """What stands above the questions: what the workbook is for, and what is typed once."""
    order = say("page.drawn" if copy.number else "page.fixed", language, order=copy.number)
    lines = {
        MARK: say("form.title", language, round=round),
        "order": order,
        "how": say("entry.how", language),
        "expert_code": say("expert_code.label", language),
        "consent": say("entry.consent", language, yes=AGREES, no=REFUSES),
        "round": say("entry.round", language),
    }
    for row, (name, text) in enumerate(lines.items(), start=1):
        write_cell(sheet.cell(row, 1), text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
        write_cell(sheet.cell(row, 8), name)
    sheet["A1"].font, sheet.row_dimensions[3].height = Font(bold=True, size=13), 62
    for row in (4, 5, 6):
        _to_type(sheet.cell(row, 6))
    sheet["F4"].number_format = "@"  # a code such as 007 stays one
    lists.add(sheet["F5"], AGREES, REFUSES)
    sheet["F6"] = str(round)
    for column, key in enumerate(COLUMNS, start=1):
        heading = sheet.cell(7, column)
        write_cell(heading, say(f"entry.{key}", language))
        heading.font, heading.fill = Font(bold=True), _HEAD
    write_cell(sheet["H7"], "question")


def _questions(
    sheet: Worksheet, copy: Copy, model: Model, language: str, lists: _DropDowns
) -> None:
    """A row a question: its boxes as on the page, and the two cells that are typed into."""
    codes = box_codes(model)
    for row, question in enumerate(copy.questions.itertuples(), start=8):
        first, last = question.left, question.right
        if question.exchanged:
            first, last = last, first
        equal = boxed(EQUAL, say("question.equal", language))
        boxes = (boxed(codes[each], model.label(each, language)) for each in (first, last))
        shown = question.number, model.label(question.context, language), *boxes
        for column, value in zip((1, 2, 3, 5, 4, 8), (*shown, equal, question.field), strict=True):
            write_cell(sheet.cell(row, column), value)
        marked, how_much = sheet.cell(row, 6), sheet.cell(row, 7)
        _to_type(marked)
        _to_type(how_much)
        lists.add(marked, codes[first], EQUAL, codes[last])
        lists.add(how_much, *map(str, INTENSITIES))


def _to_type(cell: Cell) -> None:
    cell.fill, cell.border, cell.protection = _TYPED, _BORDER, Protection(locked=False)
    cell.alignment = Alignment(horizontal="center")


def _lay_out(sheet: Worksheet) -> None:
    for letter, width in zip("ABCDEFG", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["H"].hidden = True
    sheet.freeze_panes = "A8"
    sheet.protection.sheet = True  # without a password: it guards against slips only
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
