"""Which sheet of a file holds the answers, and in which of the known formats they are."""

from __future__ import annotations

import os
from pathlib import Path

from smartgov.files.personal import heading_shown
from smartgov.files.problems import LETTERS_LOST, PanelProblems, Problem, lost_letters, stop_at
from smartgov.files.sheets import Sheet, as_sheet, read_grids, read_sheet
from smartgov.model import Model
from smartgov.panels.data_entry import is_data_entry
from smartgov.panels.forms import is_tidy, wide_columns
from smartgov.panels.headings import with_joined_headings
from smartgov.panels.matrices import has_matrices
from smartgov.panels.schema import FIELDS
from smartgov.panels.survey_tools import is_kobo, is_limesurvey, labelled_questions


def recognised_format(sheet: Sheet, model: Model) -> str:
    """The format a sheet is in, a key of ``understood.FORMATS``; empty if in none that is known."""
    if is_data_entry(sheet):
        return "entry"
    if is_tidy(sheet):
        return "tidy"
    if is_limesurvey(sheet):
        return "limesurvey"
    if is_kobo(sheet, model) or labelled_questions(sheet, model):
        return "kobo"
    return "wide" if wide_columns(sheet).questions else ""


def open_answers(
    path: Path, model: Model, format: str, title: str = ""
) -> tuple[Sheet, str, list[str]]:
    """The sheet of a file that holds the answers, its format, and sentences on how it was found.

    Of a workbook it is the sheet of that title, else the first; where nothing is asked for and the
    first is in no known format (a cover), the only other sheet that is. Matrices may fill a whole
    workbook: then there is no such sheet, and an empty one stands for it.

    Raises
    ------
    PanelProblems
        If there is no such sheet, or none or several of a known format.
    """
    if format == "matrices":
        return Sheet(path.name, (), [], []), format, []
    if title or format != "auto" or os.path.isdir(path):
        sheet, notes = with_joined_headings(read_sheet(path, title))
        form = recognised_format(sheet, model) if format == "auto" else format
        stop_at([] if form else [unknown_form(sheet)])
        return sheet, form, notes
    known, first, refused = [], None, []
    for number, grid in enumerate(read_grids(path)):
        try:
            sheet, notes = with_joined_headings(as_sheet(grid))
        except PanelProblems as error:
            refused += error.problems if number == 0 else []
            continue
        first = first or sheet
        if form := recognised_format(sheet, model):
            if number == 0 or form == "entry":  # of such a workbook all sheets are read
                return sheet, form, notes
            known.append((sheet, form, notes, grid.title))
    if len(known) == 1:
        ((sheet, form, notes, title),) = known
        only = f"{sheet.file}: read was the sheet {title!r}, the only one in a known form."
        return sheet, form, [only, *notes]
    if not known and has_matrices(read_grids(path), model):
        return Sheet(path.name, (), [], []), "matrices", []
    titles = ", ".join(title for *_, title in known)
    several = f"answers in several sheets ({titles})"
    accepted = "one sheet of answers, as the first of the workbook"
    stop_at([Problem(path.name, None, "", several, accepted)] if known else refused)
    raise PanelProblems([unknown_form(first)])


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
    lost = LETTERS_LOST if any(map(lost_letters, sheet.header)) else ""
    shown = ", ".join(map(heading_shown, sheet.header[:8]))
    return f"headings of no known form{where}: {shown}{lost}"
