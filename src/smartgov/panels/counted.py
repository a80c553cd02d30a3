"""Which rows count: consent given, sent off, not set aside afterwards, no preview.

Whichever tool saved the file, a column is known by its name. What stands in it counts, leaves the
row out, which is said, or is a problem of the row; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import compress
from typing import NamedTuple

from smartgov.files.problems import Problem, in_cell, rows_named, stop_at
from smartgov.files.sheets import Sheet
from smartgov.panels.names import LANGUAGES, folded
from smartgov.panels.survey_tools import heading_names, is_qualtrics, submitted_at
from smartgov.words import say


class Rule(NamedTuple):
    """A column that decides whether a row counts; patterns are of a whole folded cell."""

    names: set[str]
    counts: str
    leaves_out: str
    why: str
    accepted: str


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(re.escape(folded(text)) for text in texts)


def _consent(answer: str, *others: str) -> str:
    """The form's answer to the question of consent: its value, its labels, and as tools save it."""
    labels = [say(f"consent.{answer}", language) for language in LANGUAGES]
    return _any_of([answer, *others, *labels])


CONSENT = Rule(
    {"consent", *(folded(say("consent.question", language)) for language in LANGUAGES)},
    _consent("yes", "да", "иә", "y", "true", "1"),
    _consent("no", "нет", "жоқ", "false", "0"),
    "consent was refused",
    "the form's own yes, which counts, or its no, which leaves the row out: "
    + ", ".join(f"“{say(f'consent.{a}', 'en')}”" for a in ("yes", "no")),
)
REVIEWED = (
    Rule(
        {"_validation_status"},
        r"(?:validation_status_)?approved|\{\}|",
        "(?:validation_status_)?(?:not_approved|on_hold)|not approved|on hold",
        "not approved in KoboToolbox",
        "Approved or nothing, which count, or Not Approved or On Hold, which do not",
    ),
    Rule(
        {"reviewstate"},
        "approved|edited|received|null|",
        "rejected|has ?issues",
        "rejected or with issues in ODK Central",
        "approved, edited or nothing, which count, or rejected or hasIssues, which do not",
    ),
)
QUALTRICS = (
    Rule(
        {"status", "response type"},
        r"0|4|16|32|48|ip.address|ip-адрес|imported|импортирован\w*|offline|ex|ex offline",
        r"1|2|8|9|12|17|40|.*(?:preview|test|spam|просмотр|тест|спам|алдын ала|vorschau).*",
        "a preview, a test or spam in Qualtrics",
        "a kind of response by its English name or number (0 IP Address, 1 Survey Preview)",
    ),
    Rule(
        {"distributionchannel", "distribution channel"},
        "(?!.*(?:preview|test)).*",
        ".*(?:preview|test).*",
        "a preview or a test in Qualtrics",
        "a channel",
    ),
    Rule(
        {"finished"},
        "true|1|истина|да|wahr|шындық",
        "false|0|ложь|нет|falsch|жалған",
        "never finished in Qualtrics",
        "True or False",
    ),
)
NEVER_SENT = "(?:n/a|null|0000-00-00.*)?"
SENT = Rule(set(), f"(?!{NEVER_SENT}$).+", NEVER_SENT, "never sent off", "a date or nothing")


def counted(sheet: Sheet) -> tuple[Sheet, list[str], list[Problem]]:
    """The rows that count, sentences about those that do not, and rows that cannot be told."""
    notes, problems = [], []
    for rule, column in _rules(sheet):
        texts = [folded(cells[column]) for cells in sheet.rows]
        out = [bool(re.fullmatch(rule.leaves_out, text)) for text in texts]
        problems += [
            Problem(sheet.file, number, sheet.header[column], in_cell(cells[column]), rule.accepted)
            for number, cells, text, gone in zip(sheet.numbers, sheet.rows, texts, out, strict=True)
            if not gone and not re.fullmatch(rule.counts, text)
        ]
        if any(out):
            rows = rows_named(compress(sheet.numbers, out))
            notes.append(f"{sheet.file}: left out, as {rule.why}: {rows}.")
            kept = [not gone for gone in out]
            left = {key: list(compress(getattr(sheet, key), kept)) for key in ("rows", "numbers")}
            sheet = replace(sheet, **left)
    if not sheet.rows:
        found = "no row that counts; " + "; ".join(note.split(": ", 1)[1] for note in notes)
        accepted = "one row or more of answers that were sent off, with consent"
        stop_at([Problem(sheet.file, None, "", found.rstrip("."), accepted)])
    return sheet, notes, problems


def _rules(sheet: Sheet) -> Iterable[tuple[Rule, int]]:
    """The rules that this sheet has a column for, and the first such column."""
    sent = submitted_at(sheet)
    if sent is not None:
        yield SENT, sent
    names = [heading_names(heading) for heading in sheet.header]
    for rule in (*REVIEWED, *(QUALTRICS if is_qualtrics(sheet) else ()), CONSENT):
        column = next((i for i, known in enumerate(names) if known & rule.names), None)
        if column is not None:
            yield rule, column
