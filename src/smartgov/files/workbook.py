"""Workbooks written so that the same content always gives the same bytes."""

from __future__ import annotations

import errno
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill

from smartgov.files.spreadsheet_safety import FORMULA_STARTS

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date an archive can hold; stands in for the time of writing."""


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
    path.write_bytes(_without_times(workbook))
    return path


def write_cell(cell: Cell, value: object) -> None:
    """Write a value; a text is a text, even where a spreadsheet would see a formula in it."""
    cell.value = None if value == "" else value
    if isinstance(value, str) and value:
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _without_times(workbook: Workbook) -> bytes:
    """The workbook's bytes with the times of writing taken out."""
    written, plain = io.BytesIO(), io.BytesIO()
    try:
        workbook.save(written)
    except LxmlError as error:  # openpyxl writes sheets to the disk first
        raise OSError(errno.EIO, f"could not be written whole ({error})") from None
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                time = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
                content = re.sub(time, b"1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(item.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return plain.getvalue()
