"""Which sheet of a file holds the answers, and in which of the known formats they are."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from smartgov.files.personal import heading_shown
from smartgov.files.problems import PanelProblems, Problem, lost_hint, stop_at
from smartgov.files.sheets import Sheet, as_sheet, read_grids, read_sheet
from smartgov.model import Model
from smartgov.panels.data_entry import is_data_entry
from smartgov.panels.forms import is_tidy, wide_columns
from smartgov.panels.headings import with_joined_headings
from smartgov.panels.mapping import has_headings
from smartgov.panels.matrices import has_matrices
from smartgov.panels.schema import FIELDS
from smartgov.panels.survey_tools import (
    is_kobo,
    is_limesurvey,
    kobo_columns,
    labelled_questions,
    limesurvey_columns,
)

TOOLS = {"kobo": kobo_columns, "limesurvey": limesurvey_columns}
ONE_SHEET = (
    "one sheet of answers in a workbook: save each round as a file of its own (PANEL=, ROUND2=), or"
    " name the sheet as sheet: in a mapping file"
)


def recognised_format(sheet: Sheet, model: Model) -> str:
    """The format a sheet is in, a key of ``understood.FORMATS``; empty if in none that is known."""
    if is_data_entry(sheet):
        return "entry"
    if is_tidy(sheet):
        return "tidy"
    if is_limesurvey(sheet):
        return "limesurvey"
    if is_kobo(sheet, model):
        return "kobo"
    if wide_columns(sheet).questions:
        return "wide"
    return "kobo" if labelled_questions(sheet, model) else ""


def open_answers(
    path: Path, model: Model, format: str = "auto", mapping: dict | None = None
) -> tuple[Sheet, str, list[str]]:
    """The sheet of a file that holds the answers, its format, and sentences on how it was found.

    Of a workbook it is the sheet that the mapping names, else the only one in a known form, or with
    the mapping's headings; where there is none, the first. Matrices may fill a whole workbook: then
    there is no such sheet, and an empty one stands for it. The format is empty if none is known.

    Raises
    ------
    PanelProblems
        If there is no such sheet, or several.
    """
    mapping = mapping or {}
    if format == "matrices":
        return Sheet(path.name, (), [], []), format, []
    if os.path.isdir(path) or "sheet" in mapping:
        opened = [("", partial(read_sheet, path, mapping.get("sheet", "")))]
    else:
        opened = ((grid.title, partial(as_sheet, grid)) for grid in read_grids(path))
    known, first, refused = [], None, []
    for number, (title, read) in enumerate(opened):
        try:
            sheet, notes = with_joined_headings(read())
        except PanelProblems as error:
            refused += error.problems if number == 0 else []
            continue
        form = recognised_format(sheet, model)
        if form == "entry" and not known and format in ("auto", form):
            return sheet, form, notes  # of such a workbook all sheets are read
        first = first or (sheet, format.replace("auto", ""), notes)
        if number and form in TOOLS and not TOOLS[form](sheet, model).questions:
            form = ""  # a tool's further tables, such as a group's repeats
        if has_headings(sheet, mapping, model) if format == "mapping" else form:
            known.append((sheet, form if format == "auto" else format, notes, number, title))
    if len(known) > 1:
        titles = ", ".join(title for *_, title in known)
        stop_at([Problem(path.name, None, "", f"answers in several sheets ({titles})", ONE_SHEET)])
    if known:
        ((sheet, form, notes, number, title),) = known
        only = f"{sheet.file}: read was the sheet {title!r}, the only one in a known form."
        return sheet, form, [only] * (number > 0) + notes
    if format == "auto" and "sheet" not in mapping and has_matrices(read_grids(path), model):
        return Sheet(path.name, (), [], []), "matrices", []
    stop_at(refused)
    return first


def unknown_form(sheet: Sheet) -> Problem:
    """What to say of a sheet that is in no known form."""
    accepted = (
        f"an export of KoboToolbox, ODK or LimeSurvey, the headings {', '.join(FIELDS)}, columns"
        " named <context>__<left>__<right>, or any headings with a mapping file, which make mapping"
        " begins (see data/README.md); headings stand in row 1"
    )
    return Problem(sheet.file, 1, "", unknown_headings(sheet), accepted)


def unknown_headings(sheet: Sheet) -> str:
    """The first headings, and in which sheet of a workbook: another may have been meant."""
    first, *others = sheet.sheets or ("",)
    where = f" in {first!r}, the first of {len(sheet.sheets)} sheets" if others else ""
    shown = ", ".join(map(heading_shown, sheet.header[:8]))
    return f"headings of no known form{where}: {shown}{lost_hint(sheet.header)}"
