"""Text that a spreadsheet would take for a formula, made plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: object) -> object:
    """A text with an apostrophe before it if a spreadsheet might run it; anything else unchanged.

    Only texts are touched: write numbers as numbers, so that -3 stays -3.

    References
    ----------
    OWASP, CSV Injection (the characters that start a formula).

    Examples
    --------
    >>> neutral("=1+1"), neutral("data"), neutral(-3)
    ("'=1+1", 'data', -3)
    """
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def csv_cell(value: object) -> object:
    """A value as a cell of a CSV: neutral, and its line ends those that are put in quotes.

    A carriage return is not, so that what follows would begin a row, and perhaps a formula.

    Examples
    --------
    >>> csv_cell("a\\r=1+1")
    'a\\n=1+1'
    """
    safe = neutral(value)
    return safe.replace("\r\n", "\n").replace("\r", "\n") if isinstance(safe, str) else safe


def csv_text(table: pd.DataFrame, index: bool = False, **how) -> str:
    """A table as CSV in which no text, heading or name of the index can run as a formula.

    `how` goes to :meth:`pandas.DataFrame.to_csv`.
    """
    safe = (table.reset_index() if index else table).map(csv_cell).rename(columns=csv_cell)
    return safe.to_csv(index=False, lineterminator="\n", **how)
