"""LimeSurvey's answer codes: what ``A2`` or ``AO02`` stands for, where the answers leave no doubt.

LimeSurvey numbers the answers of a question and exports the numbers unless full answers are asked
for. Our questionnaire lists the sides as left, equal, right, and a strength for all but the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from smartgov.files.problems import Problem
from smartgov.files.sheets import Sheet
from smartgov.panels.codings import CODINGS
from smartgov.panels.forms import Columns

CODE = re.compile(r"AO?0*([1-9])", re.IGNORECASE)
SIDES = {"1": "left", "2": "equal", "3": "right"}
CURE = (
    "LimeSurvey's “full answers” (Responses, Export), or codes of your own: left, equal, right and"
    " 2 to 9"
)


def without_codes(sheet: Sheet, columns: Columns) -> tuple[Sheet, list[str], list[Problem]]:
    """A sheet with sides and intensities in place of codes, a sentence on it, and open codes.

    Sides are read if the second code, and no other, never goes with a strength; intensities if
    they run to 9, so that the number of a code is the intensity.
    """
    place = {heading: i for i, heading in enumerate(sheet.header)}
    by_part: dict[str, dict[tuple, int]] = {}
    for heading, (*question, part) in columns.questions.items():
        by_part.setdefault(part, {})[tuple(question)] = place[heading]
    sides, sizes = (by_part.get(part, {}) for part in ("favours", "intensity"))
    pairs = [(sides[each], sizes[each]) for each in sides if each in sizes]
    given = [(cells[a], cells[b]) for cells in sheet.rows for a, b in pairs if cells[a]]
    side_codes = {_number(side) for side, _ in given}
    size_codes = {_number(size) for _, size in given if size}
    joined = [i for part, held in by_part.items() if part in CODINGS for i in held.values()]
    if any(_number(cells[i]) for cells in sheet.rows for i in joined):
        return sheet, [], [_open(sheet, "side and intensity in one column")]
    said, problems = [], []
    if any(side_codes):
        strong = {_number(side) for side, size in given if size and _number(size) != "1"}
        if side_codes == {*SIDES} and strong == {"1", "3"}:
            said.append("the side codes 1, 2 and 3 as left, equal and right")
        else:
            problems.append(_open(sheet, f"the sides {_listed(side for side, _ in given)}"))
    if any(size_codes):
        equal = {_number(side) or side for side, size in given if _number(size) == "1"}
        if "9" in size_codes and "" not in size_codes and equal <= {"2", "equal"}:
            said.append("the number of a strength's code as the intensity")
        else:
            problems.append(_open(sheet, f"the strengths {_listed(size for _, size in given)}"))
    if problems or not said:
        return sheet, [], problems
    rows = [list(cells) for cells in sheet.rows]
    for cells in rows:
        for a, b in pairs:
            cells[a] = SIDES.get(_number(cells[a]), cells[a])
            cells[b] = _number(cells[b]) or cells[b]
    return replace(sheet, rows=rows), [f"{sheet.file}: read {' and '.join(said)}."], []


def _number(text: str) -> str:
    code = CODE.fullmatch(text)
    return code[1] if code else ""


def _listed(texts: Iterator[str]) -> str:
    return ", ".join(sorted({text for text in texts if _number(text)}))


def _open(sheet: Sheet, what: str) -> Problem:
    return Problem(sheet.file, None, "", f"answer codes that may mean several things: {what}", CURE)
