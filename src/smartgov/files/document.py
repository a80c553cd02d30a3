"""Text documents (DOCX) with tables as journals print them, the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from smartgov.files.archives import without_times
from smartgov.files.paper_tables import PaperTable

WIDTH = 15100
"""Of a table, in twentieths of a point: A4 across without its margins."""


class Heading(NamedTuple):
    """A heading of the document."""

    words: str


def save_document(
    title: str, blocks: Iterable[Heading | PaperTable | str], path: Path, language: str
) -> Path:
    """Write headings, paragraphs and tables as a document on A4 across.

    Parameters
    ----------
    title : str
    blocks : iterable of Heading, PaperTable or str
        A text is a paragraph.
    path : Path
    language : str
        Of the words, for the spelling checker: ``en``, ``kk`` or ``ru``.
    """
    document = Document()
    about = document.core_properties
    about.title, about.author, about.comments, about.language = title, "", "", language
    _set_page(document, language)
    document.add_heading(title, 0)
    for block in blocks:
        if isinstance(block, PaperTable):
            document.add_paragraph(block.caption, "Caption").paragraph_format.keep_with_next = True
            last = document.add_paragraph(block.note)
            last._p.addprevious(_table(block))
        elif isinstance(block, Heading):
            document.add_heading(block.words, 1)
        else:
            document.add_paragraph(block)
    written = io.BytesIO()
    document.save(written)
    path.write_bytes(without_times(written.getvalue()))
    return path


def _set_page(document, language: str) -> None:
    """Paper, margins, and one plain black type for everything."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(15)
    for name, size in (("Normal", 9.5), ("Caption", 9.5), ("Heading 1", 13), ("Title", 16)):
        font = document.styles[name].font
        font.size, font.color.rgb, font.name = Pt(size), RGBColor(0, 0, 0), "Times New Roman"
        fonts = font.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    place = {"en": "en-GB", "kk": "kk-KZ", "ru": "ru-RU"}[language]
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), place)


def _table(table: PaperTable):
    """A table with three lines: above, below, and under its headings, which every page repeats."""
    columns = list(zip(_widths(table.frame), table.numbers, strict=True))
    properties = _element(
        "tblPr",
        _element("tblW", w=WIDTH, type="dxa"),
        _element("tblBorders", _line("top", 12), _line("bottom", 12)),
        _element("tblLayout", type="fixed"),
    )
    grid = _element("tblGrid", *(_element("gridCol", w=width) for width, _ in columns))
    rows = [_row(row, columns) for row in table.frame.itertuples(index=False, name=None)]
    return _element("tbl", properties, grid, _row(list(table.frame), columns, head=True), *rows)


def _element(name: str, *children, **attributes: object):
    """An element of the document's own vocabulary."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    element.extend(children)
    return element


def _line(side: str, size: int):
    return _element(side, val="single", sz=size, space=0, color="000000")


def _widths(frame: pd.DataFrame) -> list[int]:
    """Of the columns, after their longest cell: it may take two or three lines, not ten."""
    texts = ([str(name), *map(str, frame.iloc[:, n])] for n, name in enumerate(frame))
    letters = [min(max(*map(len, cells), 6), 45) ** 0.6 for cells in texts]
    return [round(WIDTH * each / sum(letters)) for each in letters]


def _row(cells: Sequence[str], columns: Sequence[tuple[int, bool]], head: bool = False):
    """A row that no page break divides; one of headings is bold and has a line below."""
    kind = [_element("cantSplit"), *([_element("tblHeader")] if head else [])]
    written = (
        _cell(str(cell), width, number, head)
        for cell, (width, number) in zip(cells, columns, strict=True)
    )
    return _element("tr", _element("trPr", *kind), *written)


def _cell(words: str, width: int, number: bool, head: bool):
    border = [_element("tcBorders", _line("bottom", 6))] if head else []
    paragraph = _element(
        "pPr",
        _element("spacing", after=0, line=240, lineRule="auto"),
        _element("jc", val="right" if number else "left"),
    )
    text = _element("t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    look = _element("rPr", *([_element("b")] if head else []), _element("sz", val=17))
    place = _element("tcPr", _element("tcW", w=width, type="dxa"), *border)
    return _element("tc", place, _element("p", paragraph, _element("r", look, text)))
