"""Files as sheets of strings: CSV, XLSX and Parquet, with the size checked before reading.

Nothing is turned into a number or a date here, and rows keep the number a spreadsheet shows.
"""

from __future__ import annotations

import csv
import glob
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from smartgov.files.problems import PanelProblems, Problem, in_cell, rows_named, stop_at
from smartgov.files.xlsx_cells import Stored, stored_cells

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

# 100 000 experts with 138 questions in wide form are 37 MB and 14 million cells
MAX_BYTES = 80_000_000
MAX_UNPACKED = 100_000_000  # XLSX is a packed format: what its parts say they unpack to
MAX_CELLS = 30_000_000
MAX_TEXTS = 300_000  # in a workbook's table of texts; openpyxl reads a million in seven seconds
TEXTS = "sharedStrings.xml"
BLOCK = 10_000  # rows of Parquet that are held as DuckDB gives them
# Types of Parquet columns that are taken as they are
AS_IT_IS = re.compile("VARCHAR|FLOAT|DOUBLE|U?(?:TINY|SMALL|BIG)?INT(?:EGER)?")
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
ENCODINGS = "UTF-8, UTF-8 with BOM, or Windows-1251"
# What a packed file that is none, or not whole, ends in
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, ParseError, ExpatError),
    *(KeyError, IndexError, OSError, TypeError, ValueError),
)
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # what locked workbooks and .xls begin with
RUNS_ON = "a cell that runs over several lines"
ANSWERS_BELOW = "headings in row 1 and one row or more of answers below"
WORKBOOK = "a workbook that a spreadsheet program opens, saved as .xlsx"
SMALLER = (
    "keep the experts' codes and answers alone, one expert a row (.parquet is smallest), or run"
    " groups of experts one by one and set the runs side by side (make compare)"
)
# Control characters but for ends of lines and tabs, zero-width blanks, marks of direction
UNSEEN = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNCLOSED = "(is a quotation mark never closed?)"
# UTF-8 bytes of Cyrillic that were read as Latin or as Windows-1251, and the mark of a lost letter
MISREAD = re.compile(
    "(?:[ÐÑÒÓ][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]){2}"
    "|(?:[РСТУ][Ђ-џ\u2013-\u2122\u00a0-\u00bb]){3}|\ufffd"
)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, every cell a string without surrounding blanks.

    `rows` are those that are not blank, each as long as the header, `numbers` what a spreadsheet
    calls them (the headings are row 1); `problems` speak of rows that could not be cut into cells.
    `sheets` names all sheets of a workbook that are not hidden, of which the first is read; `texts`
    are what further heading rows say of each column, if there are any; `places` are the file and
    row of each row of a folder; `notes` are those of the grid.
    """

    file: str
    header: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    encoding: str = ""
    separator: str = ""
    problems: tuple[Problem, ...] = ()
    sheets: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    def said(self) -> dict[str, str]:
        """What each heading says: itself, or the text that a further heading row gives it."""
        return dict(zip(self.header, self.texts or self.header, strict=True))


@dataclass(frozen=True)
class Grid:
    """A sheet before its headings are looked for: the cells of each row, with its number.

    `title` and `sheets` are the name of a workbook's sheet and of all that are not hidden; `notes`
    are sentences on what a reader of the workbook does not see.
    """

    file: str
    rows: list[tuple[int, list[str]]]
    encoding: str = ""
    separator: str = ""
    title: str = ""
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_sheet(path: Path | str, title: str = "") -> Sheet:
    """Read a sheet of a file as strings, the first unless one is named by its title.

    Of a folder all CSV files are read as one sheet.

    Raises
    ------
    PanelProblems
        As :func:`read_grids`; if there is no such sheet, if it holds no rows below its headings,
        or if the files of a folder differ in their headings.
    """
    path = Path(path)
    if os.path.isdir(path):
        return _read_folder(path)
    grids = read_grids(path)
    grid = first = next(grids)
    while title and grid.title != title:
        grid = next(grids, None)
        if grid is None:
            accepted = "one of " + ", ".join(first.sheets) if first.sheets else "a workbook"
            _refuse(path, f"no sheet {title!r}", accepted)
    return as_sheet(grid)


def read_grids(path: Path | str) -> Iterator[Grid]:
    """Read the sheets of a file as strings, or the CSV files of a folder, one after the other.

    Raises
    ------
    PanelProblems
        If the file is missing, larger than ``MAX_BYTES``, empty, of another kind, or if its
        encoding, separator or number of cells cannot be right.
    """
    path = Path(path)
    if os.path.isdir(path):
        for each in files_of(path):
            yield from (replace(grid, title=each.stem) for grid in read_grids(each))
        return
    stop_at(unreadable(path, "a file of answers"))
    if path.suffix.lower() not in READERS:
        others = "a spreadsheet program saves others as .xlsx or .csv"
        accepted = f"a file ending in {', '.join(READERS)}; {others}"
        _refuse(path, f"a file ending in {path.suffix or 'nothing'!r}", accepted)
    size = path.stat().st_size
    if size > MAX_BYTES:
        _refuse(path, f"{size / 1e6:.0f} MB", f"up to {MAX_BYTES / 1e6:.0f} MB; {SMALLER}")
    if size == 0:
        _refuse(path, "an empty file", ANSWERS_BELOW)
    yield from READERS[path.suffix.lower()](path)


def _read_folder(folder: Path) -> Sheet:
    """The CSV files of a folder as one sheet, row 2 from the first of them by name."""
    paths = files_of(folder)
    if not paths:
        _refuse(folder, "a folder without .csv files", "the files that the experts saved")
    sheets = [read_sheet(path) for path in paths]
    accepted = f"the headings of {sheets[0].file}: files that one questionnaire saved"
    stop_at(
        Problem(sheet.file, 1, "", "other headings", accepted)
        for sheet in sheets
        if sheet.header != sheets[0].header
    )
    rows = [row for sheet in sheets for row in sheet.rows]
    problems = tuple(problem for sheet in sheets for problem in sheet.problems)
    numbers = list(range(2, len(rows) + 2))
    places = tuple((sheet.file, number) for sheet in sheets for number in sheet.numbers)
    whole = replace(sheets[0], file=folder.name, rows=rows, numbers=numbers, problems=problems)
    return replace(whole, places=places)


def files_of(path: Path) -> list[Path]:
    """The file of answers itself; of a folder the CSV files in it, by name."""
    if not os.path.isdir(path):  # unlike Path's, it takes any name
        return [path]
    return sorted(each for each in path.iterdir() if each.suffix.lower() == ".csv")


def unreadable(path: Path, what: str) -> list[Problem]:
    """Why a file cannot be read at all: it is not there, or may not be opened."""
    if not os.path.isfile(path):
        return [Problem(path.name, None, "", "no such file", f"the path of {what}")]
    may_read = os.access(path, os.R_OK)
    found, accepted = "a file that may not be read", f"{what} that you have the right to read"
    return [] if may_read else [Problem(path.name, None, "", found, accepted)]


def _refuse(path: Path, found: str, accepted: str, row: int | None = None) -> None:
    raise PanelProblems([Problem(path.name, row, "", found, accepted)])


# Text files.


def _read_text(path: Path) -> Iterator[Grid]:
    yield _text_grid(path, *decoded(path))


def _text_grid(path: Path, text: str, encoding: str) -> Grid:
    # a line for Excel only, which does not count it as a row
    text = re.sub(r"\Asep=.\r?\n", "", text)
    separator = _separator(text)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return Grid(path.name, list(_bounded(path, records)), encoding, SEPARATORS[separator])


def decoded(path: Path, raw: bytes | None = None) -> tuple[str, str]:
    """The text of a file, or of bytes that were packed in it, and the encoding it was found in.

    Raises
    ------
    PanelProblems
        If it is in none of ``ENCODINGS``, or its letters were spoilt before.
    """
    raw = path.read_bytes() if raw is None else raw
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse(path, "the encoding UTF-16", f"{ENCODINGS}; save the file as “CSV UTF-8”")
    if b"\x00" in raw:
        _refuse(path, "bytes that are no text", f"a text file in {ENCODINGS}")
    # KZ-1048 is Windows-1251 with the Kazakh letters in the places of Serbian and Ukrainian ones
    for codec, name in (("utf-8", "UTF-8"), ("kz1048", "Windows-1251")):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.startswith("\ufeff"):
            text, name = text[1:], "UTF-8 with BOM"
        _refuse_misread(path, text)
        return text, name
    return _refuse(path, "bytes of no encoding that is read", ENCODINGS)


def _refuse_misread(path: Path, text: str) -> None:
    odd = None if text.isascii() else MISREAD.search(text)
    if odd:
        row = text.count("\n", 0, odd.start()) + 1
        around = text[max(odd.start() - 8, 0) : odd.end() + 8].split("\n")[0]
        as_saved = "the file as the survey tool saved it"
        accepted = f"{as_saved}, in {ENCODINGS}, in one encoding throughout"
        _refuse(path, f"letters that lost their encoding ({around!r})", accepted, row)


def _separator(text: str) -> str:
    """The separator that cuts the headings into most columns, or what stands below a title."""
    widths = {}
    for separator in SEPARATORS:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        columns = []
        with suppress(csv.Error):  # a cell that does not end; it is told when rows are read
            columns.extend(map(len, islice(lines, 10)))
        widths[separator] = columns[:1] > [1], max(columns, default=0)
    return max(widths, key=widths.get)


# Packed files.


def read_worksheets(path: Path) -> dict[str, Sheet]:
    """Every sheet of a workbook that is not hidden, empty ones too, by its title."""
    return {grid.title: as_sheet(grid, may_be_empty=True) for grid in read_grids(path)}


def _read_xlsx(path: Path) -> Iterator[Grid]:
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            accepted = f"a workbook of up to {MAX_UNPACKED / 1e6:.0f} MB unpacked; save it as .csv"
            _refuse(path, f"a workbook of {unpacked / 1e6:.0f} MB unpacked", accepted)
        yield from _worksheets(path)
    except PanelProblems:
        raise
    except DAMAGED:
        with path.open("rb") as file:
            old = file.read(8) == OLD_OFFICE
        found = "a workbook with a password, or an .xls" if old else "a damaged workbook"
        _refuse(path, found, WORKBOOK + " without a password" * old)


def _worksheets(path: Path) -> Iterator[Grid]:
    # Half a second to import, and needed for XLSX files only.
    import openpyxl

    with zipfile.ZipFile(path) as parts:
        stored = stored_cells(parts, path.name)
        texts = sum(parts.read(n).count(b"</si>") for n in parts.namelist() if n.endswith(TEXTS))
        if texts > MAX_TEXTS:
            _refuse(path, f"a workbook of {texts} texts", f"up to {MAX_TEXTS}; {WORKBOOK}")
        named = len(re.findall(rb"<(?:\w+:)?sheet\s", parts.read("xl/workbook.xml")))
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if len(book.sheetnames) < named:  # openpyxl leaves out a sheet whose part is not there
            lost = f"{len(book.sheetnames)} of its {named} sheets are there"
            _refuse(path, f"a damaged workbook ({lost})", WORKBOOK)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            _refuse(path, "a workbook without a sheet that is shown", "the answers in a sheet")
        titles = tuple(each.title for each in shown)
        unseen = len(book.worksheets) - len(shown)
        for place, worksheet in enumerate(shown, start=1):
            rows = list(_bounded(path, _cells(path, worksheet, stored)))
            # openpyxl keeps to itself where a sheet lies
            hidden = stored.get(worksheet._worksheet_path, Stored()).hidden
            filtered = [number for number, cells in rows if number in hidden and any(cells)]
            notes = _unseen(path, unseen, place, filtered)
            yield Grid(path.name, rows, title=worksheet.title, sheets=titles, notes=notes)
            unseen = 0
    finally:
        book.close()


def _unseen(path: Path, sheets: int, place: int, rows: list[int]) -> tuple[str, ...]:
    """What is hidden in a workbook: sheets, which are not read, and rows, which are.

    No title is told: it may be an expert's code or name.
    """
    not_read = f"{path.name}: hidden sheets are not read; there are {sheets}."
    counted = (
        f"{path.name}, sheet {place}: {rows_named(rows)}, hidden or filtered out, count like the"
        " others; delete what should not."
    )
    return (not_read,) * (sheets > 0) + (counted,) * bool(rows)


def _cells(
    path: Path, worksheet: ReadOnlyWorksheet, stored: dict[str, Stored]
) -> Iterator[Iterator[str]]:
    """The rows of a worksheet, unless a formula of it has no value."""
    # openpyxl keeps to itself where a sheet lies and which texts the workbook holds
    seen = stored.get(worksheet._worksheet_path, Stored())
    stop_at(seen.problems(path.name, worksheet.title))
    if seen.texts > len(worksheet._shared_strings):
        found = f"{worksheet.title!r} names text {seen.texts} of {len(worksheet._shared_strings)}"
        _refuse(path, f"a damaged workbook ({found})", WORKBOOK)
    worksheet.reset_dimensions()  # some tools write a wrong size of the sheet
    return (map(_cell_text, row) for row in worksheet.values)


def _read_zip(path: Path) -> Iterator[Grid]:
    """The one table in what ODK Central packs; attachments beside it are left where they are."""
    one = (
        "a packed file with one table: download the main data table alone, as .csv, or give one of"
        " these files"
    )
    try:
        with zipfile.ZipFile(path) as parts:
            names = [name for name in parts.namelist() if name.lower().endswith(".csv")]
            names = [name for name in names if not name.startswith(("media/", "__MACOSX/"))]
            if len(names) != 1:
                _refuse(path, f"{len(names)} tables: {', '.join(names[:6]) or 'no .csv'}", one)
            with parts.open(names[0]) as packed:
                raw = packed.read(MAX_BYTES + 1)
    except PanelProblems:
        raise
    except (*DAMAGED, RuntimeError):  # the last where it is locked
        _refuse(path, "a packed file that is damaged or locked", one)
    if len(raw) > MAX_BYTES:
        _refuse(path, f"{names[0]} of more than {MAX_BYTES / 1e6:.0f} MB", one)
    yield _text_grid(path, *decoded(path, raw))


def _read_parquet(path: Path) -> Iterator[Grid]:
    # A quarter of a second to import, and needed for Parquet files only.
    import duckdb

    place = glob.escape(str(path.resolve()))  # DuckDB takes *, ? and [ in a name for a pattern
    nothing_fetched = {"autoinstall_known_extensions": False}
    counting = "SELECT num_rows FROM parquet_file_metadata(?)"
    try:
        with duckdb.connect(config=nothing_fetched) as engine:
            engine.execute("SET TimeZone = 'UTC'")
            table = engine.read_parquet(place, hive_partitioning=False)
            header, kinds = list(table.columns), list(table.types)
            ((rows,),) = engine.execute(counting, [place]).fetchall()
            if rows * len(header) > MAX_CELLS:
                accepted = f"up to {MAX_CELLS} cells; {SMALLER}"
                _refuse(path, f"{rows * len(header)} cells", accepted)
            columns = ", ".join(map(_selected, header, kinds))
            query = f"SELECT {columns} FROM read_parquet(?, hive_partitioning = false)"
            blocks = iter(partial(engine.execute(query, [place]).fetchmany, BLOCK), [])
            cells = (map(_cell_text, row) for block in blocks for row in block)
            rows = list(_bounded(path, chain([header], cells)))
    except (duckdb.Error, RuntimeError, UnicodeDecodeError):  # the last two where bytes are no text
        accepted = "a Parquet file as it was written, or the same table as .csv or .xlsx"
        _refuse(path, "a damaged Parquet file", accepted)
    yield Grid(path.name, rows)


def _selected(name: str, kind: object) -> str:
    """A column for a query: numbers and texts as they are, anything else as DuckDB writes it."""
    quoted = '"' + name.replace('"', '""') + '"'
    return quoted if AS_IT_IS.fullmatch(str(kind)) else f"{quoted}::VARCHAR"


READERS = dict.fromkeys((".csv", ".tsv", ".txt"), _read_text)
READERS |= {".xlsx": _read_xlsx, ".parquet": _read_parquet, ".zip": _read_zip}
"""Endings of files that are read, and by what."""


def _cell_text(value: object) -> str:
    if value is None or value != value:  # NaN is the one value that differs from itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# Rows, whatever they came from.


def as_sheet(grid: Grid, may_be_empty: bool = False) -> Sheet:
    """The rows of a grid as headings and answers.

    Raises
    ------
    PanelProblems
        If there is no row below the headings, or a text file has one column only.
    """
    path, numbered, separator = Path(grid.file), iter(grid.rows), grid.separator
    header = list(next(numbered, (1, []))[1])
    if separator and len(header) < 2:
        heading = in_cell(header[0] if header else "")
        accepted = "cells separated by comma, semicolon or tab, headings in row 1"
        _refuse(path, f"one single column, headed {heading}", accepted, row=1)
    wide = len(header) if separator else MAX_CELLS
    while header and not header[-1]:
        header.pop()
    rows, numbers, problems = [], [], []
    for number, cells in numbered:
        if not any(cells):
            continue
        if len(cells) > len(header):
            cells = list(cells)
            while len(cells) > len(header) and not cells[-1]:
                cells.pop()
        if not rows and header:  # a second row of headings may name columns that the first does not
            header += [""] * (min(len(cells), wide) - len(header))
        if len(cells) != len(header) and separator:
            problems.append(_ragged(path, number, cells, len(header), separator))
            continue
        missing = len(header) - len(cells)
        rows.append(cells + [""] * missing if missing > 0 else cells)
        numbers.append(number)
    if not rows and not may_be_empty:
        stop_at(problems)
        found = "headings only" if any(header) else "no cells"
        _refuse(path, found, ANSWERS_BELOW)
    about = grid.encoding, separator, tuple(problems), grid.sheets
    return Sheet(grid.file, tuple(header), rows, numbers, *about, notes=grid.notes)


class _Seen(dict):
    """Texts of cells without blanks around them and marks that show nothing; equal ones once."""

    def __missing__(self, cell: str) -> str:
        seen = (cell if cell.isprintable() else UNSEEN.sub("", cell)).strip()
        self[cell] = seen = self.setdefault(seen, seen)
        return seen


def _bounded(path: Path, records: Iterable[Iterable[str]]) -> Iterator[tuple[int, list[str]]]:
    """Records with their numbers, until they are too many or a cell does not end."""
    seen = number = 0
    held = _Seen()
    try:
        for number, record in enumerate(records, start=1):
            cells = [held[cell] for cell in record]
            seen += len(cells) or 30  # an empty row takes as much time as thirty cells
            if seen > MAX_CELLS:
                accepted = f"up to {MAX_CELLS} cells; delete empty rows and columns; {SMALLER}"
                _refuse(path, f"more than {MAX_CELLS} cells", accepted)
            yield number, cells
    except csv.Error:  # a cell beyond the length that the csv module takes
        _refuse(path, RUNS_ON, f"cells that end in their row {UNCLOSED}", number + 1)


def _ragged(path: Path, number: int, cells: list[str], wanted: int, separator: str) -> Problem:
    found, hint = f"{len(cells)} cells separated by {separator}", ""
    if any("\n" in cell for cell in cells):
        found, hint = f"{RUNS_ON}, {found}", f" {UNCLOSED}"
    elif separator == "comma":
        hint = " (a decimal comma or a comma inside a text must stand in quotes)"
    accepted = f"{wanted} cells, as many as there are headings{hint}"
    return Problem(path.name, number, "", found, accepted)
