"""Worksheets' cells as they are stored, looked through before openpyxl reads them.

openpyxl leaves out a row that is out of place, fills a gap of a billion rows, reads a row of a
million cells in half a minute, and takes a formula that was never computed for an empty cell.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from smartgov.files.problems import Problem, stop_at

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a worksheet, as spreadsheet programs have them
BLOCK = 1 << 16  # bytes
SAVE_AGAIN = "open the workbook in a spreadsheet program and save it again"
IN_ORDER = f"rows and cells in their order, up to row {LAST_ROW} and column XFD: {SAVE_AGAIN}"
UNCOMPUTED = "a formula without a value"
COMPUTED = f"a cell with its value: {SAVE_AGAIN}, which computes it"


@dataclass
class Stored:
    """What was seen in one worksheet: formulas without their value, as (row, address), rows that
    are hidden, and how many texts the workbook's table of texts must hold."""

    formulas: list[tuple[int, str]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    texts: int = 0

    def problems(self, file: str, sheet: str) -> list[Problem]:
        """The formulas as problems; `sheet` is the worksheet's title."""
        return [
            Problem(file, row, f"{address} of sheet {sheet!r}", UNCOMPUTED, COMPUTED)
            for row, address in self.formulas
        ]


def stored_cells(book: zipfile.ZipFile, file: str) -> dict[str, Stored]:
    """What is stored in every worksheet, by the name of its part of the workbook.

    A workbook that asks to be computed when it is opened was written by a program that computes
    nothing: its formulas have no value, or one that was made up.

    Raises
    ------
    PanelProblems
        At the first row or cell that is out of place.
    xml.parsers.expat.ExpatError
        If a part is no XML.
    """
    never_computed = re.search(rb"fullCalcOnLoad\s*=\s*.(?:1|true)", book.read("xl/workbook.xml"))
    sheets = {}
    for part in book.namelist():
        if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part):
            cells = _Cells(file, part.rpartition("/")[2], bool(never_computed))
            with book.open(part) as stream:
                while block := stream.read(BLOCK):
                    cells.parser.Parse(block)
                cells.parser.Parse(b"", True)
            sheets[part.removeprefix("/")] = cells.stored
    return sheets


class _Cells:
    """Takes in a worksheet's XML, one cell after the other."""

    def __init__(self, file: str, part: str, never_computed: bool) -> None:
        self.file, self.part, self.never_computed = file, part, never_computed
        self.stored = Stored()
        self.row = self.column = 0
        self.address = self.kind = ""
        self.formula = self.reading = False
        self.value: str | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            written = attributes.get("r", str(self.row + 1))
            number = int(written) if re.fullmatch(r"\d{1,7}", written) else 0
            self._must(self.row < number <= LAST_ROW, f"a row numbered {written[:20]}")
            self.row, self.column = number, 0
            if attributes.get("hidden") in ("1", "true"):
                self.stored.hidden.add(number)
        elif name == "c":
            self._start_cell(attributes.get("r", ""), attributes.get("t", "n"))
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.value, self.reading = "", True

    def _start_cell(self, address: str, kind: str) -> None:
        self.address = address or f"cell {self.column + 1} of row {self.row}"
        place = re.fullmatch(rf"([A-Z]{{1,3}}){self.row}", address)
        self._must(place or not address, f"a cell named {address[:20]} in row {self.row}")
        column = _column(place[1]) if place else self.column + 1
        self._must(self.column < column <= LAST_COLUMN, f"a cell in column {column}")
        self.column, self.kind, self.formula, self.value = column, kind, False, None

    def _text(self, text: str) -> None:
        if self.reading:
            self.value += text

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "v":
            self.reading = False
        elif name == "c":
            stored = self.value or (self.value == "" and self.kind == "str")  # an empty text
            if self.formula and (self.never_computed or not stored):
                self.stored.formulas.append((self.row, self.address))
            if self.kind == "s" and self.value:
                number = self.value.strip()
                known = re.fullmatch(r"\d{1,9}", number)
                self._must(known, f"text number {number[:20]} in {self.address}")
                self.stored.texts = max(self.stored.texts, int(number) + 1)

    def _must(self, holds: object, found: str) -> None:
        if not holds:
            found = f"{found} ({self.part})"
            stop_at([Problem(self.file, self.row or None, "", found, IN_ORDER)])


def _column(letters: str) -> int:
    """The number of a column.

    Examples
    --------
    >>> _column("A"), _column("AB"), _column("XFD")
    (1, 28, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
