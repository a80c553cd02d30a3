"""What was understood of a file of answers, in numbers and as the text that is printed back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from smartgov.files.sheets import Sheet
from smartgov.model import Model, questionnaire
from smartgov.panels.rules import answers_given, asked_in, question_keys
from smartgov.panels.survey_tools import dates_sent_off

FORMATS = {
    "tidy": "tidy form, one judgement a row",
    "wide": "wide form, one expert a row",
    "kobo": "file of KoboToolbox, ODK or another form",
    "limesurvey": "LimeSurvey export",
    "entry": "data-entry workbook, one expert a sheet",
    "matrices": "set of matrices, one for every expert and context",
    "mapping": "spreadsheet with a mapping file",
}


@dataclass(frozen=True)
class Understood:
    """What was understood of one file; its text is what a reader is shown.

    `format` is a key of ``FORMATS``; `missing` counts judgements that experts of the file did not
    give; `dates` are the first and last day on which answers were sent off.
    """

    file: str
    format: str
    encoding: str
    separator: str
    rounds: tuple[int, ...]
    experts: int
    questions_found: int
    questions_expected: int
    missing: int
    dates: tuple[date, date] | None

    def __str__(self) -> str:
        separated = f"separated by {self.separator}" if self.separator else ""
        text = ", ".join(filter(None, [self.encoding, separated]))
        sent_off = "\n  sent off from {} to {}".format(*self.dates) if self.dates else ""
        return (
            f"{self.file}: {FORMATS[self.format]}" + (f" ({text})" if text else "") + "\n"
            f"  round {', '.join(map(str, self.rounds))}: {self.experts} experts,"
            f" {self.questions_found} of {self.questions_expected} questions, {self.missing}"
            f" judgements missing{sent_off}"
        )


def understood(sheet: Sheet, format: str, raw: pd.DataFrame, model: Model) -> Understood:
    """Count what a file holds: `sheet` without rows that were left out, `raw` its judgements."""
    question, counts = ["context", "a", "b"], answers_given(raw)
    expected = questionnaire(model)[["context", "left", "right"]].assign(expert="", round="")
    wanted, found = (
        pd.MultiIndex.from_frame(keys[question].astype("str")).unique()
        for keys in (question_keys(expected), asked_in(raw))
    )
    return Understood(
        file=sheet.file,
        format=format,
        encoding=sheet.encoding,
        separator=sheet.separator,
        rounds=tuple(sorted(int(number) for number in counts["round"].unique())),
        experts=counts["expert"].nunique(),
        questions_found=len(wanted.intersection(found)),
        questions_expected=len(wanted),
        missing=int((counts["asked"] - counts["answered"]).sum()),
        dates=dates_sent_off(sheet),
    )
