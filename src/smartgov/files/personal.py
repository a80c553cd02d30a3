"""What a text may tell of a person, and how it may then stand in a message."""

from __future__ import annotations

import re

PATTERNS = {
    "an e-mail address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "an IP address": re.compile(
        r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}", re.IGNORECASE
    ),
    "a place on the map": re.compile(r"-?\d{1,3}\.\d{3,}[ ,;]+-?\d{1,3}\.\d{3,}.*"),
    "a telephone or identity number": re.compile(r"\+?(?:[\s()-]*\d){10,14}(?![\d:])"),
    "a free text": re.compile(r".{41,}", re.DOTALL),
}
# Wherever in a text they stand; names and long texts are ordinary headings
IDENTIFYING = list(PATTERNS)[:4]
SHARE = re.compile(r"-?(?:0?[.,]\d+|\d[.,]0+)")  # as formulas and LimeSurvey write numbers
LONGEST = 60
LOOKED_AT = 1000  # letters of a text; the patterns take the square of its length


def identifying(text: str) -> str:
    """What stands in a text that leads to a person: an address, a place or a number; else empty.

    Examples
    --------
    >>> identifying("write to a.serik@example.org"), identifying("Full name")
    ('an e-mail address', '')
    >>> identifying("0.7826086956521738"), identifying("+7.7015550102")
    ('', 'a telephone or identity number')
    """
    start = "" if SHARE.fullmatch(text) else text[:LOOKED_AT]
    return next((kind for kind in IDENTIFYING if PATTERNS[kind].search(start)), "")


def cut(text: str) -> str:
    """A text of at most 60 characters."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def heading_shown(heading: str) -> str:
    """A heading as it may stand in a message, a notebook or a page.

    Examples
    --------
    >>> heading_shown("Full name"), heading_shown("+7 701 555 01 02"), heading_shown("")
    ('Full name', 'a heading that looks like a telephone or identity number', 'no heading')
    """
    kind = identifying(heading)
    return f"a heading that looks like {kind}" if kind else cut(heading) or "no heading"
