"""Is every transcribed figure in the article's text, at its place?

The text is searched as a reader would: white space does not count (an extraction breaks lines
where it likes), and a table's figures must stand in that table, in printed order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from smartgov.article.published import claim_places, claims, read_printed, table
from smartgov.files.layout import STANDARDS

_CAPTIONS = {number: rf"Кесте {number}\s" for number in (1, 2, 3, 4)}
_STARTS = {
    "abstract_kk": "Аңдатпа.",
    "introduction": "Түйін сөздер:",
    "methods": "Зерттеудің әдістері",
    "results": "Талқылау мен нәтижелер",
    "conclusion": " Қорытынды ",
    "abstract_en": " “Smart Government” and",
}
"""The words with which each place of the article begins, in its order; before them is the title."""
NEAR = 40
"""Within how many characters of its words a claim's figure must stand."""
Hit = tuple[str, str, str, bool]


def verify_transcription(article: Path) -> pd.DataFrame:
    """Look up every transcribed string in the article, a file of UTF-8 text.

    One row a string: ``file, row, printed, found``.  A file that is no text, or lacks the caption
    of one of the four tables, is refused with a ValueError.
    """
    text = _read(article)
    hits = [*_definitions(_section(text, 1)), *_claims(text), *_reporting(text)]
    for number in (2, 3, 4):
        hits += _figures_in_order(_section(text, number), number)
    return pd.DataFrame(hits, columns=["file", "row", "printed", "found"])


def _read(article: Path) -> str:
    try:
        text = re.sub(r"\s+", " ", article.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"{article}: no such file; give the article as ARTICLE=path/to/article.txt."
        ) from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{article}: not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    absent = [number for number, caption in _CAPTIONS.items() if not re.search(caption, text)]
    if absent:
        raise ValueError(
            f"{article}: no caption «Кесте {absent[0]}»; this is not the article's text."
        )
    return text


def _section(text: str, number: int) -> str:
    """The text from a table's caption to the note that closes the table."""
    start = re.search(_CAPTIONS[number], text).start()
    return text[start : text.index("Ескертпе", start)]


def _figures_in_order(section: str, number: int) -> Iterator[Hit]:
    """Walk through a table's figures in printed order (Table 4 prints a row's W above its p)."""
    columns = [name for name in table(number).columns if name not in ("place", "label_printed")]
    columns.sort(key=lambda name: name.endswith(".p"))
    at = 0
    for row, cells in table(number).iterrows():
        for column in columns:
            figure = re.compile(rf"(?<![\d,]){re.escape(cells[column])}(?![\d,*])")
            hit = figure.search(section, at)
            at = hit.end() if hit else at
            yield f"table{number}.csv", row, cells[column], hit is not None


def _definitions(section: str) -> Iterator[Hit]:
    for row, cells in table(1).iterrows():
        phrases = [*cells["key_phrases"].split("; "), *cells["difficulty_printed"].split("; ")]
        phrases += [cells["term_printed"], cells["subject_printed"], f"[{cells['sources']}]"]
        yield from (("table1.csv", row, phrase, phrase in section) for phrase in phrases if phrase)


def _claims(text: str) -> Iterator[Hit]:
    """A claim's words must be in the text, and its figure in or right beside them."""
    for claim_id, phrase in claim_places()["phrase"].items():
        yield "claim_places.csv", claim_id, phrase, phrase in text
        beside = [
            text[max(0, at.start() - NEAR) : at.end() + NEAR].lower()
            for at in re.finditer(re.escape(phrase), text)
        ]
        printed = claims().at[claim_id, "printed"].lower()
        if printed:
            word = re.compile(rf"(?<!\w){re.escape(printed)}(?!\w)")
            yield "claims.csv", claim_id, printed, any(map(word.search, beside))


def _reporting(text: str) -> Iterator[Hit]:
    """The words that show what the article reports must be at the place that is named."""
    places = {f"table{number}": _section(text, number) for number in _CAPTIONS}
    for place, start in reversed(_STARTS.items()):
        text, _, places[place] = text.rpartition(start)
    places["title"] = text
    scored = read_printed(STANDARDS / "article_reporting.csv")
    for standard, item, place, phrase in scored[["standard", "item", "place", "phrase"]].values:
        if phrase:
            yield "article_reporting.csv", f"{standard} {item}", phrase, phrase in places[place]
