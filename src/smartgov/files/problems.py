"""What is wrong with a file of answers, said so that its owner can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from smartgov.files.personal import cut, identifying

SHOWN = 40  # lines of a message
SHOWN_OF_A_KIND = 3  # in full; the rest of the kind in one line
# Months as spreadsheets write them: whole, as after a day, or the first three letters or more
MONTHS = (
    " january february march april may june july august september october november december"
    " январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"
    " januar februar märz mai juni juli oktober dezember"
)
# Cyrillic letters and the Latin ones they look like
LOOK_ALIKES = str.maketrans("авекмнорстухі", "abekmhopctyxi")
DAY_AND_MONTH = re.compile(r"(?:\d{1,4}\W*)?([^\W\d]{3,})(?:\W*(?:\d{1,4}(?:\D.*)?)?)", re.DOTALL)
IN_FIGURES = re.compile(
    r"\d{1,4}([./-])\d\d?\1\d{1,4}(?:\D.*)?|[0-3]\d\.[01]\d|(?!1/)\d\d?/\d\d?"
    r"|\d\d?:\d\d(?::\d\d)?",
    re.DOTALL,
)
MADE_A_DATE = "a spreadsheet makes one of 1/5 or 1-5 unless the cells are formatted as text"
NO_VALUE = re.compile(r"#[A-ZА-Я/]+\d?[!?]?")  # #N/A, #REF!, #ССЫЛКА!

LETTERS_LOST = (
    " (letters that became question marks when the file was saved: save it again from where it is"
    " whole, as “CSV UTF-8” or .xlsx)"
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    `row` is counted as a spreadsheet does (the headings are row 1), and ``None`` for the whole
    file; `column` is a heading, or in a file without rows the entry, and empty where all of the
    row or file is meant.

    Examples
    --------
    >>> print(Problem("answers.csv", 7, "intensity", "'12'", "a whole number from 1 to 9"))
    answers.csv, row 7, column intensity: found '12'; accepted: a whole number from 1 to 9.
    """

    file: str
    row: int | None
    column: str
    found: str
    accepted: str

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        column = f", {'at' if self.row is None else 'column'} {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: found {self.found}; accepted: {self.accepted}."


class PanelProblems(ValueError):
    """A file of answers is refused; every problem found in it is listed once, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(_message(self.problems))


def _message(problems: list[Problem]) -> str:
    """The problems by kind, the first few of each in full, so that none hides another."""
    kinds: dict[tuple, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.file, problem.found, problem.accepted), []).append(problem)
    lines, listed = [], 0
    for (file, found, _), kind in kinds.items():
        first = kind if len(kind) == SHOWN_OF_A_KIND + 1 else kind[:SHOWN_OF_A_KIND]
        more = kind[len(first) :]
        if len(lines) + len(first) + bool(more) > SHOWN:
            lines.append(f"  … and {len(problems) - listed} more.")
            break
        lines += [f"  {problem}" for problem in first]
        if more:
            rows = rows_named(problem.row for problem in more)
            lines.append(f"  … {file}: found {found} {len(more)} times more, {rows}.")
        listed += len(kind)
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The answers were refused, nothing was written; {count}:", *lines])


def rows_named(numbers: Iterable[int | None]) -> str:
    """Numbers of rows in words, each once, the first few of many."""
    rows = list(dict.fromkeys(map(str, numbers)))
    more = " …" if len(rows) > 12 else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(rows[:12])}{more}"


def is_date(text: str) -> bool:
    """Whether a spreadsheet program may have made a text out of a date or a time of day.

    Examples
    --------
    >>> all(map(is_date, ("3-May", "5 мар.", "03.май", "5-mам.", "Mar-05", "2026-05-03", "3/5")))
    True
    >>> any(map(is_date, ("3 - moderately", "May be", "3.5", "1/5", "5")))
    False
    """
    named = DAY_AND_MONTH.fullmatch(text)
    a_month = named and re.search(r"\d", text) and _alike(f" {named[1]}") in _alike(MONTHS)
    return bool(a_month or IN_FIGURES.fullmatch(text))


def _alike(text: str) -> str:
    """A text in which letters of two alphabets that look alike, or н and n, are one."""
    return text.casefold().translate(LOOK_ALIKES).replace("n", "h")


def in_cell(text: str) -> str:
    """What stands in a cell, as a message says it: cut, and not repeated if it names a person.

    Examples
    --------
    >>> in_cell("both"), in_cell(""), in_cell("a.serik@example.org")
    ("'both'", 'an empty cell', 'what looks like an e-mail address')
    >>> in_cell("2026-05-01 00:00:00")
    "'2026-05-01 00:00:00' (a date: a spreadsheet makes one of 1/5 or 1-5 unless the cells are
    formatted as text)"
    >>> in_cell("#REF!")
    "'#REF!' (a formula that went wrong: mend it where the table was made)"
    """
    if not text:
        return "an empty cell"
    if kind := identifying(text):
        return f"what looks like {kind}"
    hint = lost_hint([text])
    if is_date(text):
        hint = f" (a date: {MADE_A_DATE})"
    elif NO_VALUE.fullmatch(text):
        hint = " (a formula that went wrong: mend it where the table was made)"
    return repr(cut(text)) + hint


def lost_letters(text: str) -> bool:
    """Whether letters became question marks, as where Cyrillic was saved in a Latin encoding.

    Examples
    --------
    >>> lost_letters("????? ??????"), lost_letters("E1: ???"), lost_letters("How much???")
    (True, True, False)
    """
    return bool(re.search(r"(?<![^\s(\[/:-])\?{3,}", text))


def lost_hint(texts: Iterable[str]) -> str:
    """What to do where letters of headings or of a cell became question marks, else nothing."""
    return LETTERS_LOST if any(map(lost_letters, texts)) else ""


def stop_at(problems: Iterable[Problem]) -> None:
    """Raise :class:`PanelProblems` if there are any."""
    problems = list(problems)
    if problems:
        raise PanelProblems(problems)
