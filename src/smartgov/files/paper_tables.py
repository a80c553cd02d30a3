"""Tables of words as a paper takes them: LaTeX with booktabs, or the sheets of a workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from smartgov.files.workbook import save_sheets

PACKAGES = r"% \usepackage{booktabs,longtable}; XeLaTeX or LuaLaTeX for Kazakh and Russian"
SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: "\\" + sign for sign in "&%$#_{}"},
        **{sign: f"${sign}$" for sign in "<>"},
        "≤": r"$\leq$",
        "≈": r"$\approx$",
        "τ": r"$\tau$",
        "−": "$-$",
        "\u00a0": "~",
    }
)
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
LONGEST_TITLE = 31
"""Letters that Excel takes in a sheet's title."""


class PaperTable(NamedTuple):
    """A table as it is to be read: words, and numbers rounded and with their decimal mark."""

    name: str
    caption: str
    frame: pd.DataFrame
    note: str = ""

    @property
    def numbers(self) -> list[bool]:
        """For each column whether it holds numbers alone, which stand at the right."""
        cells = (self.frame.iloc[:, place].astype(str) for place in range(self.frame.shape[1]))
        return [not column.str.contains(r"[^\W\d_]").any() for column in cells]


def latex(table: PaperTable) -> str:
    r"""A table over as many pages as it needs, to be read with ``\input``.

    Examples
    --------
    >>> print(latex(PaperTable("w", "Agreement", pd.DataFrame({"row": ["A & B"], "W": ["0.21"]}))))
    % \usepackage{booktabs,longtable}; XeLaTeX or LuaLaTeX for Kazakh and Russian
    \begin{longtable}{lr}
    \caption{Agreement}\label{tab:w}\\
    \toprule
    row & W \\
    \midrule
    \endhead
    \bottomrule
    \endlastfoot
    A \& B & 0.21 \\
    \end{longtable}
    <BLANKLINE>
    """
    sides = "".join("r" if number else "l" for number in table.numbers)
    rows = [list(table.frame), *table.frame.itertuples(index=False, name=None)]
    head, *body = (f"{' & '.join(map(_escaped, row))} \\\\" for row in rows)
    note = rf"\multicolumn{{{len(sides)}}}{{p{{\linewidth}}}}{{{_escaped(table.note)}}} \\"
    lines = [
        PACKAGES,
        rf"\begin{{longtable}}{{{sides}}}",
        rf"\caption{{{_escaped(table.caption)}}}\label{{tab:{table.name}}}\\",
        *(r"\toprule", head, r"\midrule", r"\endhead"),
        *(r"\bottomrule", *([note] if table.note else []), r"\endlastfoot"),
        *body,
        r"\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: object) -> str:
    """Words as LaTeX prints them."""
    return str(text).translate(SPECIAL)


def save_tables(tables: Sequence[PaperTable], path: Path, heads: Sequence[str]) -> Path:
    """Write tables as the sheets of a workbook, after a first one that lists them.

    A cell that is a number becomes one, with its decimals.

    Parameters
    ----------
    tables : sequence of PaperTable
    path : Path
    heads : sequence of str
        Title of the list, and headings of its three columns: sheet, caption, note.
    """
    title, *columns = heads
    sheets = {
        f"{number} {table.name}"[:LONGEST_TITLE]: table for number, table in enumerate(tables, 1)
    }
    listed = [
        dict(zip(columns, (sheet, table.caption, table.note), strict=True))
        for sheet, table in sheets.items()
    ]
    written = {sheet: table.frame.map(_typed).to_dict("records") for sheet, table in sheets.items()}
    return save_sheets({title: listed, **written}, path, dict.fromkeys(columns[1:], 70))


def _typed(cell: object) -> object:
    """A decimal number instead of its digits."""
    if isinstance(cell, str) and NUMBER.fullmatch(cell):
        return Decimal(cell.replace(",", ".").replace("−", "-"))
    return cell
