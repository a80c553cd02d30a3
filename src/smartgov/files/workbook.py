"""Workbooks written so that the same content always gives the same bytes."""

from __future__ import annotations

import errno
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill

from smartgov.files.archives import without_times
from smartgov.files.spreadsheet_safety import FORMULA_STARTS


def save_sheets(
    sheets: Mapping[str, Sequence[dict]], path: Path, widths: Mapping[str, float] | None = None
) -> Path:
    """Write tables as the sheets of a workbook, headings in row 1.

    Parameters
    ----------
    sheets : mapping of str to list of dict
        Rows of each sheet; its headings are the keys in the order in which they first occur.
    path : Path
    widths : mapping of str to float, optional
        Widths of columns by heading, in characters; 24 where none is given.
    """
    widths = widths or {}
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        headings = list(dict.fromkeys(key for row in rows for key in row))
        for column, heading in enumerate(headings, start=1):
            top = sheet.cell(1, column)
            write_cell(top, heading)
            top.font, top.fill = Font(bold=True), PatternFill("solid", start_color="E8EDF3")
            sheet.column_dimensions[top.column_letter].width = widths.get(heading, 24)
            for number, row in enumerate(rows, start=2):
                write_cell(sheet.cell(number, column), row.get(heading, ""))
        sheet.freeze_panes = "A2"
    return save_workbook(workbook, path)


def save_workbook(workbook: Workbook, path: Path) -> Path:
    """Write a workbook without the time of writing."""
    written = io.BytesIO()
    try:
        workbook.save(written)
    except LxmlError as error:  # openpyxl writes sheets to the disk first
        raise OSError(errno.EIO, f"could not be written whole ({error})") from None
    path.write_bytes(without_times(written.getvalue()))
    return path


def write_cell(cell: Cell, value: object) -> None:
    """Write a value; a text is a text, even where a spreadsheet would see a formula in it, and a
    decimal number shows all its digits."""
    cell.value = None if value == "" else value
    if isinstance(value, Decimal):
        cell.number_format = f"{Decimal(0).quantize(value):f}"
    if isinstance(value, str) and value:
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
