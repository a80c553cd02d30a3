"""The workbook in which answers on paper are typed: one sheet an expert, one question a row.

What is typed for a side is the *code* that stands in the box on the page. It belongs to the
component and not to the box's place, and no code is a place or an intensity: whichever order a page
is printed in and whichever sheet it is typed into, an answer cannot be turned round. A hidden
column says what each row asks, so that rows may be sorted; a row that was torn from its hidden id
is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

from smartgov.files.problems import Problem, in_cell
from smartgov.files.sheets import Sheet, read_worksheets
from smartgov.model import Model, questionnaire
from smartgov.panels.codings import whole
from smartgov.panels.forms import Reading, raw_table

MARK = "data_entry"
"""Stands in the hidden column of row 1; below it the ids of what is typed into the row."""
ABOUT = ("expert_code", "consent", "round")
ABOVE = (*ABOUT, "order", "how", "question")
"""Ids of the lines above the questions: what is typed into, and the others."""
NUMBER, CONTEXT, FIRST, MIDDLE, LAST, MARKED, HOW_MUCH, ID = range(8)
"""Places of the columns, A to H; what is typed stands in MARKED and HOW_MUCH."""
EQUAL = "0"
AGREES, REFUSES = "1", "0"
_FIRST_CODE = 11  # neither a place (1 to 3) nor an intensity (1 to 9)
_AS_WRITTEN = "the sheet as it was written: type into columns F and G only, and move whole rows"


def box_codes(model: Model) -> dict[str, str]:
    """What is typed for each component, wherever its box stands.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> codes = box_codes(read_model())
    >>> codes["economic_growth"], codes["data"]
    ('11', '22')
    """
    return {name: str(code) for code, name in enumerate(model.components.index, start=_FIRST_CODE)}


def boxed(code: str, name: str) -> str:
    """A box in words, its code first; :func:`read_data_entry` finds the code there."""
    return f"{code} · {name}"


def is_data_entry(sheet: Sheet) -> bool:
    """Whether it is a sheet of such a workbook."""
    return MARK in sheet.header


def read_data_entry(
    path: Path, first: Sheet, model: Model, round: int = 1
) -> tuple[Reading, list[str]]:
    """Read all filled sheets of a workbook.

    Parameters
    ----------
    path : Path
    first : Sheet
        Its first sheet, whose `file` is its name in messages.
    model : Model
    round : int
        That of a sheet whose own was emptied.

    Returns
    -------
    reading : Reading
    notes : list of str
        Which sheets were left out, and why.
    """
    rows, problems = [], []
    left_out: dict[str, list[str]] = {}
    for title, sheet in read_worksheets(path).items():
        why = _left_out(sheet)
        if why:
            left_out.setdefault(why, []).append(title)
            continue
        found, wrong = _read_sheet(sheet, f"{first.file}, sheet {title!r}", model, round)
        rows += found
        problems += wrong
    notes = [
        f"{first.file}: left out, as {why}: sheet {', '.join(titles)}."
        for why, titles in left_out.items()
    ]
    return Reading(raw_table(rows), problems, set(first.header)), notes


def _left_out(sheet: Sheet) -> str:
    """Why a sheet is not read, or an empty string."""
    if not is_data_entry(sheet):
        return "not made for data entry"
    if sheet.header.index(MARK) != ID:
        return ""
    by_id = {cells[ID]: cells for cells in sheet.rows}
    written = ("round", "question")  # in every sheet, also in one that nobody used
    typed = (cells for name, cells in by_id.items() if name not in written)
    if not any(cells[MARKED] or cells[HOW_MUCH] for cells in typed):
        return "nothing was typed"
    consent = by_id.get("consent")
    return "consent was refused" if consent and whole(consent[MARKED]) == REFUSES else ""


def _read_sheet(
    sheet: Sheet, label: str, model: Model, round: int
) -> tuple[list[tuple], list[Problem]]:
    """Raw judgements of one expert; `label` names the sheet in messages."""
    if sheet.header.index(MARK) != ID:
        return [], [Problem(label, 1, "", "columns added, removed or moved", _AS_WRITTEN)]
    numbered = list(zip(sheet.numbers, sheet.rows, strict=True))
    about = {cells[ID]: (row, cells[MARKED]) for row, cells in numbered if cells[ID] in ABOUT}
    problems = _about_problems(about, label)
    expert, round_ = (about.get(name, (1, ""))[1] for name in ("expert_code", "round"))
    asked, codes, rows, seen = _asked(model), box_codes(model), [], {}
    for number, cells in numbered:
        if cells[ID] in ABOVE:
            continue
        wrong = _torn(cells, asked, codes, seen.setdefault(cells[ID], number) != number)
        if wrong:
            problems.append(Problem(label, number, "", *wrong))
            continue
        _, *question = asked[cells[ID]]
        sides = {codes[question[1]]: "left", EQUAL: "equal", codes[question[2]]: "right"}
        marked, size = whole(cells[MARKED]), whole(cells[HOW_MUCH])
        if marked and marked not in sides:
            in_order = (_code(cells[FIRST]), EQUAL, _code(cells[LAST]))
            accepted = f"the code in the box that was marked: {', '.join(in_order)}"
            problems.append(Problem(label, number, "F", in_cell(marked), accepted))
            marked = size = ""
        favours = sides.get(marked, "")
        size = size or ("1" if favours == "equal" else "")
        answer = expert, round_ or str(round), *question, favours, size
        rows.append((*answer, label, number, "F", "", "F", "G"))
    return (rows if expert else []), problems


def _about_problems(about: dict[str, tuple[int, str]], label: str) -> list[Problem]:
    """What is wrong with the lines above the questions."""
    row, expert = about.get("expert_code", (1, ""))
    found = [] if expert else [Problem(label, row, "F", "no code", "the expert's code")]
    row, consent = about.get("consent", (1, ""))
    if whole(consent) != AGREES:
        accepted = f"{AGREES} if the expert agreed to take part, {REFUSES} if not"
        found.append(Problem(label, row, "F", f"{in_cell(consent)} for the consent", accepted))
    return found


def _asked(model: Model) -> dict[str, tuple[int, str, str, str]]:
    """Every question by its id: number, context, left and right."""
    asked = questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    return {"__".join(question): (n, *question) for n, question in enumerate(asked, start=1)}


def _torn(cells: list[str], asked: dict, codes: dict, again: bool) -> tuple[str, str] | None:
    """What was found and is accepted where a row and its hidden id do not belong together."""
    if not cells[ID]:
        return "a row without its hidden id (column H)", _AS_WRITTEN
    if cells[ID] not in asked:
        found = f"the hidden id {in_cell(cells[ID])}, no question of the model"
        return found, "a workbook written for this model (MODEL=file if it is another)"
    if again:
        return f"the hidden id {in_cell(cells[ID])} again", _AS_WRITTEN
    number, _, *pair = asked[cells[ID]]
    shown = whole(cells[NUMBER]), {_code(cells[FIRST]), _code(cells[LAST])}
    if shown != (str(number), {codes[name] for name in pair}):
        found = f"another question than its hidden id says ({cells[ID]})"
        return found, _AS_WRITTEN + ", for the model it was written for"
    return None


def _code(text: str) -> str:
    """The code that a box begins with."""
    return re.match(r"\d*", text)[0]
