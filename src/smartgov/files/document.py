"""Text documents (DOCX) with tables as journals print them, the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
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
    line = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'.format
    edges = line(side="top", size=12) + line(side="bottom", size=12)
    under = f"<w:tcBorders>{line(side='bottom', size=6)}</w:tcBorders>"
    columns = list(zip(_widths(table.frame), table.numbers, strict=True))
    head = _row(list(table.frame), columns, "<w:tblHeader/>", under, "<w:b/>")
    rows = "".join(_row(row, columns) for row in table.frame.itertuples(index=False, name=None))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width, _ in columns)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )


def _widths(frame: pd.DataFrame) -> list[int]:
    """Of the columns, after their longest cell: it may take two or three lines, not ten."""
    texts = ([str(name), *map(str, frame.iloc[:, n])] for n, name in enumerate(frame))
    letters = [min(max(*map(len, cells), 6), 45) ** 0.6 for cells in texts]
    return [round(WIDTH * each / sum(letters)) for each in letters]


def _row(
    cells: Sequence[str],
    columns: Sequence[tuple[int, bool]],
    kind: str = "",
    border: str = "",
    look: str = "",
) -> str:
    """A row that no page break divides."""
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}</w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{"right" if number else "left"}"/></w:pPr><w:r><w:rPr>{look}'
        f'<w:sz w:val="17"/></w:rPr><w:t xml:space="preserve">{escape(str(cell))}</w:t></w:r>'
        "</w:p></w:tc>"
        for cell, (width, number) in zip(cells, columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{kind}</w:trPr>{written}</w:tr>"
