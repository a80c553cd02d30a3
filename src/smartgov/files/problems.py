"""What is wrong with a file of answers, said so that its owner can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from smartgov.files.personal import cut, identifying

SHOWN = 40  # lines of a message
SHOWN_OF_A_KIND = 3  # in full; the rest of the kind in one line
A_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d?[.-][^\W\d]{3,}\.?", re.DOTALL)

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
            lines.append(f"  … {file}: found {found} {len(more)} times more, {_rows(more)}.")
        listed += len(kind)
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The answers were refused, nothing was written; {count}:", *lines])


def _rows(problems: list[Problem], most: int = 12) -> str:
    rows = [str(row) for row in dict.fromkeys(problem.row for problem in problems)]
    more = " …" if len(rows) > most else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(rows[:most])}{more}"


def in_cell(text: str) -> str:
    """What stands in a cell, as a message says it: cut, and not repeated if it names a person.

    Examples
    --------
    >>> in_cell("both"), in_cell(""), in_cell("a.serik@example.org")
    ("'both'", 'an empty cell', 'what looks like an e-mail address')
    >>> in_cell("2026-05-01 00:00:00")
    "'2026-05-01 00:00:00' (a date: a spreadsheet makes one of 1/5 or 1-5 unless the cells are
    formatted as text)"
    """
    if not text:
        return "an empty cell"
    if kind := identifying(text):
        return f"what looks like {kind}"
    date = " (a date: a spreadsheet makes one of 1/5 or 1-5 unless the cells are formatted as text)"
    hint = date if A_DATE.fullmatch(text) else LETTERS_LOST if lost_letters(text) else ""
    return repr(cut(text)) + hint


def lost_letters(text: str) -> bool:
    """Whether letters became question marks, as where Cyrillic was saved in a Latin encoding.

    Examples
    --------
    >>> lost_letters("????? ??????"), lost_letters("E1: ???"), lost_letters("How much???")
    (True, True, False)
    """
    return bool(re.search(r"(?<![^\s(\[/:-])\?{3,}", text))


def stop_at(problems: Iterable[Problem]) -> None:
    """Raise :class:`PanelProblems` if there are any."""
    problems = list(problems)
    if problems:
        raise PanelProblems(problems)
