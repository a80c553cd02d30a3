"""Which of the known formats a sheet is in, told by its headings."""

from __future__ import annotations

from smartgov.files.personal import heading_shown
from smartgov.files.problems import Problem
from smartgov.files.sheets import Sheet
from smartgov.model import Model
from smartgov.panels.data_entry import is_data_entry
from smartgov.panels.forms import is_tidy, wide_columns
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


def unknown_form(sheet: Sheet) -> Problem:
    """What to say of a sheet that is in no known form."""
    accepted = (
        f"an export of KoboToolbox, ODK or LimeSurvey, the headings {', '.join(FIELDS)}, columns"
        " named <context>__<left>__<right>, or any headings with a mapping file"
        " (see data/README.md); headings stand in row 1"
    )
    return Problem(sheet.file, 1, "", unknown_headings(sheet), accepted)


def unknown_headings(sheet: Sheet) -> str:
    """The first headings, and in which sheet of a workbook: another may have been meant."""
    first, *others = sheet.sheets or ("",)
    where = f" in {first!r}, the first of {len(sheet.sheets)} sheets" if others else ""
    return f"headings of no known form{where}: " + ", ".join(map(heading_shown, sheet.header[:8]))
