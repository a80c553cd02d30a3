"""What is wrong with a file of answers, said so that its owner can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    row : int or None
        Row as a spreadsheet counts it (the headings are row 1); ``None`` for the whole file.
    column : str
        Heading of the column; empty where the whole row or file is meant.
    found, accepted : str
        What stands there, and what could stand there.

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
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: found {self.found}; accepted: {self.accepted}."


class PanelProblems(ValueError):
    """A file of answers is refused; every problem found in it is listed.

    Attributes
    ----------
    problems : list of Problem
        Each once, in the order of files and rows.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(_message(self.problems))


def _message(problems: list[Problem]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"The answers were refused, nothing was written; {count}:"]
    lines += [f"  {problem}" for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"  … and {len(problems) - SHOWN} more.")
    return "\n".join(lines)


def stop_at(problems: Iterable[Problem]) -> None:
    """Raise :class:`PanelProblems` if there are any."""
    problems = list(problems)
    if problems:
        raise PanelProblems(problems)
