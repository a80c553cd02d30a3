"""Text that a spreadsheet would take for a formula, made plain text."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
