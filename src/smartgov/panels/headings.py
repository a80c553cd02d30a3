"""Headings that take several rows: Qualtrics writes three, SurveyMonkey and 1KA two."""

from __future__ import annotations

import re
from dataclasses import replace

from smartgov.files.sheets import Sheet
from smartgov.panels.codings import NOT_ANSWERED
from smartgov.panels.names import folded

IMPORT_ID = re.compile(r'\{\s*"ImportId"')
NUMBER = re.compile(r"[+-]?\d[\d .,:/T-]*%?")  # or a date
# What SurveyMonkey writes below a heading that says all
SAYS_NOTHING = {
    *("", "response", "open-ended response", "ответ", "открытый ответ", "ответ на открытый вопрос"),
    *("жауап", "ашық жауап"),
}


def with_joined_headings(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """A sheet whose further heading rows became its `texts`, and a sentence if there were any.

    A column without a heading of its own takes the one before it, together with what stands below.
    """
    further = _further_heading_rows(sheet)
    if not further:
        return sheet, []
    below = next((row for row in sheet.rows[:further] if not _are_import_ids(row)), sheet.header)
    header, texts, last = [], [], ""
    for place, (heading, text) in enumerate(zip(sheet.header, below, strict=True)):
        last = heading or last
        alone = heading and (place + 1 == len(sheet.header) or sheet.header[place + 1])
        text = "" if folded(text) in SAYS_NOTHING else text
        header.append(heading if alone or not text else f"{last}: {text}")
        texts.append(text if alone and text else header[-1])
    numbers = " and ".join(map(str, sheet.numbers[:further]))
    rows = f"rows {numbers} hold" if further > 1 else f"row {numbers} holds"
    answers = {"rows": sheet.rows[further:], "numbers": sheet.numbers[further:]}
    sheet = replace(sheet, header=tuple(header), texts=tuple(texts), **answers)
    return sheet, [f"{sheet.file}: {rows} headings too, and no answers."]


def _further_heading_rows(sheet: Sheet) -> int:
    """How many of the first rows hold headings; one row of answers is left."""
    rows = sheet.rows[:3]
    ids = next((place for place, row in enumerate(rows) if _are_import_ids(row)), None)
    if ids is not None:
        return ids + 1
    if len(sheet.rows) < 2:
        return 0
    return int(_are_parts_of_questions(sheet) or _are_texts_above_numbers(sheet))


def _are_import_ids(row: list[str]) -> bool:
    """Whether all cells are the ids that Qualtrics gives its columns."""
    given = [cell for cell in row if cell]
    return bool(given) and all(map(IMPORT_ID.match, given))


def _are_parts_of_questions(sheet: Sheet) -> bool:
    """Whether the first row is blank below the first heading, and names parts of the others."""
    first = sheet.rows[0]
    named = [text for text in first if text]
    parts = sum(
        folded(text) in SAYS_NOTHING or not heading
        for heading, text in zip(sheet.header, first, strict=True)
        if text
    )
    begins_blank = bool(sheet.header[0]) and not first[0] and all(row[0] for row in sheet.rows[1:])
    return begins_blank and parts > 0 and not any(map(NUMBER.fullmatch, named))


def _are_texts_above_numbers(sheet: Sheet) -> bool:
    """Whether the first row holds no number, and different texts above columns of numbers."""
    first, *others = sheet.rows
    if any(map(NUMBER.fullmatch, first)):
        return False
    texts = []
    for place, text in enumerate(first):
        below = [cells[place] for cells in others if cells[place]]
        if text and below and all(map(NUMBER.fullmatch, below)):
            texts.append(folded(text))
    said = {*texts} - NOT_ANSWERED
    return len(said) >= 2 and 2 * len(said) > len(texts)
