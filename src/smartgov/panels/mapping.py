"""A plain spreadsheet with a mapping file that says what its columns hold.

The mapping file is YAML with the entries `KEYS`: the heading of the column of experts' codes; the
round, a number or the heading of a column; the coding of single columns; other words for the
sides; and the questions, each in one column or in a side and an intensity. ``data/README.md`` has
a worked example.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import yaml

from smartgov.files.personal import heading_shown
from smartgov.files.problems import Problem, in_cell, stop_at
from smartgov.files.sheets import Sheet, decoded, unreadable
from smartgov.model import Model
from smartgov.panels.codings import CODINGS
from smartgov.panels.forms import Columns, raw_table
from smartgov.panels.names import SIDE_WORDS, SIDES, folded, identifiers, nearest
from smartgov.panels.rules import QUESTION, question_problems

KEYS = ("expert", "round", "coding", "words", "questions")
ONE_COLUMN = {"column", *QUESTION}
TWO_COLUMNS = {"side", "intensity", *QUESTION}


def read_mapping(path: Path | str, model: Model) -> dict:
    """Read a mapping file; every value in it is a text.

    Raises
    ------
    PanelProblems
        If it is no YAML, lacks `expert` or `questions`, or has an entry that cannot be read or
        asks what is no question of the model.
    """
    path = Path(path)
    stop_at(unreadable(path, "a mapping file"))
    try:
        # Texts only: to YAML, a heading such as No or 1.10 is a truth value or a number.
        mapping = yaml.load(decoded(path)[0], Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        accepted = "a mapping file in YAML (a heading with a colon or a comma stands in quotes)"
        line = mark and mark.line + 1
        stop_at([Problem(path.name, line, "", "text that is no YAML", accepted)])
    if not isinstance(mapping, dict):
        stop_at([Problem(path.name, None, "", "no entries", "the entries " + ", ".join(KEYS))])
    problems = [*_entry_problems(mapping, path.name), *_word_problems(mapping, path.name)]
    stop_at(problems or _question_problems(mapping["questions"], path.name, model))
    return mapping


def _entry_problems(mapping: dict, file: str) -> list[Problem]:
    """Entries that are missing, of another name or of another kind."""
    entries = "the entries " + ", ".join(KEYS)
    problems = [
        Problem(file, None, heading_shown(key), "an entry of another name", entries)
        for key in mapping
        if key not in KEYS
    ]
    problems += [
        Problem(file, None, key, "no such entry", entries)
        for key in ("expert", "questions")
        if not mapping.get(key)
    ]
    problems += [
        Problem(file, None, key, "a list or several entries", "one text")
        for key in ("expert", "round", "coding")
        if not isinstance(mapping.get(key, ""), str)
    ]
    questions = mapping.get("questions") or []
    if not isinstance(questions, list):
        accepted = "one line a question, such as - {column: A1, context: …}"
        return [*problems, Problem(file, None, "questions", "no list", accepted)]
    for number, entry in enumerate(questions, start=1):
        problems += _one_question_problems(entry, file, f"questions, entry {number}")
    codings = [
        each.get("coding") or "signed" for each in (mapping, *questions) if isinstance(each, dict)
    ]
    return problems + [
        Problem(file, None, "coding", repr(each), "one of " + ", ".join(CODINGS))
        for each in codings
        if str(each) not in CODINGS
    ]


def _one_question_problems(entry: object, file: str, at: str) -> list[Problem]:
    if not isinstance(entry, dict) or set(entry) - {"coding"} not in (ONE_COLUMN, TWO_COLUMNS):
        found = ", ".join(entry) if isinstance(entry, dict) else "no entries"
        accepted = "context, left, right, and either column or side and intensity"
        return [Problem(file, None, at, found, accepted)]
    return [
        Problem(file, None, at, f"no text for {key}", "one text")
        for key in entry
        if not _is_text(entry[key])
    ]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _word_problems(mapping: dict, file: str) -> list[Problem]:
    words = mapping.get("words") or {}
    accepted = "lists of words for left, right and equal, such as {left: [first], right: [second]}"
    if not isinstance(words, dict):
        return [Problem(file, None, "words", "no sides", accepted)]
    odd = [
        side
        for side, said in words.items()
        if side not in SIDES or not isinstance(said, list) or not all(map(_is_text, said))
    ]
    return [Problem(file, None, "words", in_cell(side), accepted) for side in odd]


def _question_problems(questions: list[dict], file: str, model: Model) -> list[Problem]:
    """Contexts and components that the model has not, and columns that are named twice."""
    known = identifiers(model)
    asked = [[known.get(folded(entry[key]), entry[key]) for key in QUESTION] for entry in questions]
    at = [
        f"questions, entry {n} ({entry.get('column') or entry['side']})"
        for n, entry in enumerate(questions, start=1)
    ]
    rows = [
        ("", "1", *question, "", "", file, None, "", entry, "", "")
        for question, entry in zip(asked, at, strict=True)
    ]
    problems = [
        replace(problem, row=None) for problem in question_problems(raw_table(rows), model)[0]
    ]
    named = Counter(
        entry[key] for entry in questions for key in ("column", "side", "intensity") if key in entry
    )
    return problems + [
        Problem(file, None, "questions", f"the column {heading!r} {n} times", "every column once")
        for heading, n in named.items()
        if n > 1
    ]


def mapped_columns(sheet: Sheet, mapping: dict) -> tuple[Columns, int | None]:
    """Columns of a sheet as the mapping says, and the round if it is a number.

    Raises
    ------
    PanelProblems
        If the sheet lacks a heading that the mapping names.
    """
    questions = {}
    for entry in mapping["questions"]:
        question = tuple(entry[key] for key in QUESTION)
        if "column" in entry:
            coding = entry.get("coding") or mapping.get("coding") or "signed"
            questions[entry["column"]] = (*question, coding)
        else:
            questions[entry["side"]] = (*question, "favours")
            questions[entry["intensity"]] = (*question, "intensity")
    round_ = mapping.get("round") or ""
    number = int(round_) if round_ in [str(n) for n in range(1, 10)] else None
    heading = round_ if round_ and number is None else None
    named = [mapping["expert"], *questions] + ([heading] if heading else [])
    stop_at([_no_such_heading(sheet, each) for each in named if each not in sheet.header])
    own_words = (mapping.get("words") or {}).items()
    words = SIDE_WORDS | {folded(word): side for side, said in own_words for word in said}
    return Columns(mapping["expert"], questions, heading, words), number


def _no_such_heading(sheet: Sheet, heading: str) -> Problem:
    by_folded = {folded(each): heading_shown(each) for each in reversed(sheet.header)}
    found = f"no such heading, though the mapping file names it{nearest(heading, by_folded)}"
    more = " …" if len(sheet.header) > 12 else ""
    accepted = f"one of {', '.join(map(heading_shown, sheet.header[:12]))}{more}"
    return Problem(sheet.file, 1, heading, found, accepted)
