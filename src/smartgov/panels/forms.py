"""Sheets as raw tables (see `rules`): the tidy form, and every form with one expert a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from smartgov.files.problems import Problem, in_cell, lost_hint, rows_named
from smartgov.files.sheets import Sheet
from smartgov.model import Model
from smartgov.panels.codings import (
    ACCEPTED,
    CODINGS,
    NOT_ANSWERED,
    Names,
    if_missing,
    intensity,
    one_way,
    ratios,
    side,
    too_short,
    whole,
)
from smartgov.panels.doubts import saaty_numbers
from smartgov.panels.names import SIDE_WORDS, folded, identifiers, question_of, sums_up
from smartgov.panels.rules import QUESTION, RAW
from smartgov.panels.schema import FIELDS

EXPERT_HEADINGS = (
    *("expert_code", "expertcode", "expert", "expert code", "your expert code"),
    *("код эксперта", "ваш код эксперта"),
    *("сарапшы коды", "сарапшының коды", "сарапшы ретіндегі кодыңыз"),
)


@dataclass(frozen=True)
class Reading:
    """A sheet as a raw table; what kept cells from being read; the headings that were used.

    `headings` are those of fields that stand in columns of their own, where they differ; `notes`
    are sentences on what may have been meant in another way.
    """

    raw: pd.DataFrame
    problems: list[Problem]
    read: set[str]
    headings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def raw_table(rows: list[tuple]) -> pd.DataFrame:
    """Raw judgements as a table with the columns of `rules.RAW`, whole numbers written as such."""
    raw = pd.DataFrame(rows, columns=list(RAW))
    raw = raw.assign(round=raw["round"].map(whole), intensity=raw["intensity"].map(whole))
    return raw.astype(dict.fromkeys(set(RAW) - {"row"}, "category"))


def joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Raw tables one below the other."""
    tables = [table for table in tables if len(table)] or tables[:1]
    if len(tables) == 1:
        return tables[0].reset_index(drop=True)
    columns = {
        name: union_categoricals([table[name] for table in tables]) for name in RAW if name != "row"
    }
    row = pd.concat([table["row"] for table in tables], ignore_index=True)
    return pd.DataFrame(columns | {"row": row})[list(RAW)]


def _placed(texts: Iterable[str], place: np.ndarray) -> pd.Categorical:
    """For every place the text there; equal texts are one category."""
    codes, names = pd.factorize(np.array([*texts], dtype=object))
    return pd.Categorical.from_codes(codes[place], pd.Index(names, dtype="str"))


# One judgement a row: the tidy form, and tables with headings of their own.


@dataclass(frozen=True)
class LongColumns:
    """Headings of a table with one judgement a row.

    `question` holds the headings of context, left and right, the first perhaps the context itself;
    `parts` maps ``favours`` and ``intensity``, or a coding, to its heading; `names` holds folded
    names of components and contexts that the model does not know, and their ids; `missing` what
    stands for no answer.
    """

    expert: str
    question: tuple[str, str, str]
    parts: dict[str, str]
    round: str | None = None
    words: dict[str, str] = field(default_factory=lambda: SIDE_WORDS)
    names: dict[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


NEEDED = tuple(name for name in FIELDS if name != "round")


def is_tidy(sheet: Sheet) -> bool:
    """Whether most headings of the tidy form are there."""
    return len({folded(heading) for heading in sheet.header} & set(FIELDS)) >= 5


def read_tidy(sheet: Sheet, model: Model, round: int = 1) -> Reading:
    """Read a sheet in the tidy form; a heading that is missing or stands twice is a problem."""
    headings = [folded(heading) for heading in sheet.header]
    each_once = "each of " + ", ".join(NEEDED) + " once, and perhaps round"
    found = {
        name: "the heading twice" if name in headings else "no such heading" for name in FIELDS
    }
    problems = [
        Problem(sheet.file, 1, name, found[name], each_once)
        for name in FIELDS
        if headings.count(name) != 1 and (name in NEEDED or name in headings)
    ]
    if problems:
        return Reading(raw_table([]), problems, set())
    written = dict(zip(headings, sheet.header, strict=True))
    columns = LongColumns(
        written["expert"],
        tuple(written[name] for name in QUESTION),
        {part: written[part] for part in ("favours", "intensity")},
        written.get("round"),
    )
    return read_long(sheet, model, columns, round)


def read_long(sheet: Sheet, model: Model, columns: LongColumns, round: int = 1) -> Reading:
    """Read a sheet with one judgement a row; `round` is that of a sheet without a column for it."""
    known = identifiers(model) | columns.names
    place = {heading: i for i, heading in reversed(list(enumerate(sheet.header)))}
    parts, expert = columns.parts, columns.expert
    rows, problems = [], _totals(sheet, expert)
    for number, cells in zip(sheet.numbers, sheet.rows, strict=True):
        if sums_up(cells[place[expert]]):
            continue
        named = (cells[place[h]] if h in place else h for h in columns.question)
        question = [known.get(folded(name), name) for name in named]
        texts = {part: cells[place[heading]] for part, heading in parts.items()}
        favours, size, bad = _answer(
            texts, Names(*question[1:], known, columns.words, columns.missing)
        )
        if bad:
            problems.append(_no_value(sheet, number, parts[bad], texts[bad], bad))
        round_ = cells[place[columns.round]] if columns.round else str(round)
        answer = cells[place[expert]], round_, *question, favours, size
        rows.append((*answer, sheet.file, number, expert, "", *_headings(parts)[1:]))
    asked = dict(zip(QUESTION, columns.question, strict=True))
    if columns.round:
        asked["round"] = columns.round
    read = {expert, *asked.values(), *parts.values()} & {*sheet.header}
    raw = raw_table(rows)
    mistaken, notes = saaty_numbers(raw if "signed" in parts else raw[:0])
    return Reading(raw, mistaken + problems, read, asked, notes)


def _no_value(sheet: Sheet, number: int, heading: str, text: str, coding: str) -> Problem:
    """A cell that is none of its coding's values, perhaps one of another's."""
    others = [name for name, read in CODINGS.items() if read(text, Names("", "", {}))]
    others += ["ratio"] if ratios(text) and "ratio" not in (coding, *others) else []
    hint = f" (it is one of the coding {' or '.join(others)})" if others else ""
    accepted = ACCEPTED[coding] + hint + if_missing(text)
    return Problem(sheet.file, number, heading, in_cell(text) + too_short(text), accepted)


def _totals(sheet: Sheet, expert: str) -> list[Problem]:
    """Rows below a table that sum it up; their figures are no answers."""
    place = sheet.header.index(expert)
    accepted = "experts only; take the row out of the file, or give an expert of that code another"
    return [
        Problem(sheet.file, number, expert, f"{code!r}, a row of totals or a test", accepted)
        for number, code in zip(sheet.numbers, (row[place] for row in sheet.rows), strict=True)
        if sums_up(code)
    ]


# One expert a row.


@dataclass(frozen=True)
class Columns:
    """What the columns of a sheet with one expert a row hold.

    `questions` maps headings to (context, left, right, part), the part being ``favours``,
    ``intensity`` or a coding; `words` maps folded words to the sides; `missing` holds what stands
    for no answer.
    """

    expert: str | None
    questions: dict[str, tuple[str, str, str, str]]
    round: str | None = None
    words: dict[str, str] = field(default_factory=lambda: SIDE_WORDS)
    missing: frozenset[str] = frozenset()


def wide_columns(sheet: Sheet, own_name: Callable[[str], str] = str) -> Columns:
    """Columns of the wide form; `own_name` takes from a heading what a tool puts around it."""
    names = {heading: own_name(heading) for heading in sheet.header}
    questions = {h: question for h in sheet.header if (question := question_of(names[h]))}
    by_name = {folded(text): heading for heading, text in sheet.said().items()}
    by_name |= {folded(names[heading]): heading for heading in reversed(sheet.header)}
    expert = next((by_name[name] for name in EXPERT_HEADINGS if name in by_name), None)
    return Columns(expert, questions, by_name.get("round"))


def read_wide(sheet: Sheet, model: Model, columns: Columns, round: int = 1) -> Reading:
    """Read a sheet with one expert a row; `round` is that of a sheet without a column for it."""
    problems = _unusable(sheet, columns)
    if problems:
        return Reading(raw_table([]), problems, set())
    questions, problems = _by_question(sheet, model, columns)
    problems += _totals(sheet, columns.expert)
    place = {heading: i for i, heading in enumerate(sheet.header)}
    rows = [
        (number, cells)
        for number, cells in zip(sheet.numbers, sheet.rows, strict=True)
        if not sums_up(cells[place[columns.expert]])
    ]
    answers, given = _answers(rows, questions, place, columns, identifiers(model))
    for row, column in np.argwhere(np.array([bool(bad) for *_, bad in answers])[given]):
        (number, cells), parts = rows[row], [*questions.values()][column]
        bad = answers[given[row, column]][2]
        text = cells[place[parts[bad]]]
        problems.append(_no_value(sheet, number, parts[bad], text, bad))
    rounds = [cells[place[columns.round]] if columns.round else str(round) for _, cells in rows]
    codes = [cells[place[columns.expert]] for _, cells in rows]
    asked = [(*question, *_headings(parts)) for question, parts in questions.items()]
    by_row = np.repeat(np.arange(len(rows), dtype=np.int32), len(asked))
    by_question = np.tile(np.arange(len(asked), dtype=np.int32), len(rows))
    one = np.zeros(len(by_row), dtype=np.int8)
    in_order = ("context", "left", "right", "at_question", "at_favours", "at_intensity")
    by_column = {
        "expert": _placed(codes, by_row),
        "round": _placed(map(whole, rounds), by_row),
        "favours": _placed((favours for favours, *_ in answers), given.ravel()),
        "intensity": _placed((whole(size) for _, size, _ in answers), given.ravel()),
        "file": _placed([sheet.file], one),
        "row": np.repeat(np.array([number for number, _ in rows], dtype=np.int32), len(asked)),
        "at_expert": _placed([columns.expert], one),
    } | {
        name: _placed(texts, by_question)
        for name, texts in zip(in_order, zip(*asked, strict=True), strict=True)
    }
    read = {columns.expert, *columns.questions} | ({columns.round} if columns.round else set())
    notes = _in_several_rows(sheet.file, zip(codes, rounds, (n for n, _ in rows), strict=True))
    raw = pd.DataFrame(by_column)[list(RAW)]
    signed = {heading for heading, (*_, part) in columns.questions.items() if part == "signed"}
    mistaken, doubts = saaty_numbers(raw, raw["at_question"].isin(signed).to_numpy())
    return Reading(raw, mistaken + problems, read, notes=notes + doubts)


def _in_several_rows(file: str, answers: Iterable[tuple[str, str, int]]) -> list[str]:
    """A sentence for each expert whose answers of a round stand in several rows."""
    rows: defaultdict = defaultdict(list)
    for code, round_, number in answers:
        rows[code, round_].append(number)
    return [
        f"{file}: {rows_named(numbers)} have one code and are read as one expert's; give them two"
        " codes if they are two experts, or leave out what was given up."
        for numbers in rows.values()
        if len(numbers) > 1
    ]


def _answers(
    rows: list, questions: dict, place: dict[str, int], columns: Columns, known: dict[str, str]
) -> tuple[list[tuple[str, str, str]], np.ndarray]:
    """The distinct answers (see :func:`_answer`), and which of them each row gives to each
    question: every text of a column is read once."""
    found: dict[tuple[str, str, str], int] = {}
    given = np.zeros((len(rows), len(questions)), dtype=np.int32)
    all_cells = [cells for _, cells in rows]
    for column, (question, parts) in enumerate(questions.items()):
        names = Names(*question[1:], known, columns.words, columns.missing)
        at = itemgetter(*(place[heading] for heading in parts.values()))
        seen: defaultdict = defaultdict()
        seen.default_factory = seen.__len__
        codes = np.fromiter(map(seen.__getitem__, map(at, all_cells)), np.int32, len(rows))
        of_code = []
        for texts in seen:
            by_part = dict(zip(parts, texts if len(parts) > 1 else (texts,), strict=True))
            of_code.append(found.setdefault(_answer(by_part, names), len(found)))
        given[:, column] = np.array(of_code, dtype=np.int32)[codes]
    return [*found], given


def _headings(parts: dict[str, str]) -> tuple[str, str, str]:
    """The headings of a question, of its side and of its intensity."""
    first, *_, last = *parts.values(), *parts.values()
    return first, parts.get("favours", first), parts.get("intensity", last)


def _unusable(sheet: Sheet, columns: Columns) -> list[Problem]:
    if columns.expert is None:
        accepted = "a column headed expert or expert_code (in LimeSurvey expertcode)"
        found = "no column of experts' codes" + lost_hint(sheet.header)
        return [Problem(sheet.file, 1, "", found, accepted)]
    if not columns.questions:
        accepted = "headings such as <context>__<left>__<right>, or a mapping file"
        found = "no column of a question" + lost_hint(sheet.header)
        return [Problem(sheet.file, 1, "", found, accepted)]
    twice = sorted({h for h in (*columns.questions, columns.expert) if sheet.header.count(h) > 1})
    return [
        Problem(sheet.file, 1, heading, "the heading twice", "every heading once")
        for heading in twice
    ]


def _by_question(sheet: Sheet, model: Model, columns: Columns) -> tuple[dict, list[Problem]]:
    """For every question the heading of each of its parts, which must go together."""
    known = identifiers(model)
    questions: dict[tuple, dict[str, str]] = {}
    problems = []
    once = "every question once: in one column, or in a side and an intensity"
    for heading, (*names, part) in columns.questions.items():
        question = tuple(known.get(folded(name), name) for name in names)
        parts = questions.setdefault(question, {})
        if part in parts:
            found = f"the question of column {parts[part]} again"
            problems.append(Problem(sheet.file, 1, heading, found, once))
        parts[part] = heading
    for question, parts in list(questions.items()):
        if set(parts) == {"favours", "intensity"} or (len(parts) == 1 and {*parts} & {*CODINGS}):
            continue
        del questions[question]
        first, *others = parts.values()
        found = (
            f"the columns {', '.join(parts.values())} for one question"
            if others
            else _INCOMPLETE[next(iter(parts))]
        )
        accepted = (
            f"for {' / '.join(question)} one column with both, or a column of its side and one"
            " of its intensity"
        )
        problems.append(Problem(sheet.file, 1, first, found, accepted))
    return questions, problems


_INCOMPLETE = {
    "favours": "a side without a column of its intensity",
    "intensity": "an intensity without a column of its side",
}


def _answer(texts: dict[str, str], names: Names) -> tuple[str, str, str]:
    """Side, intensity, and the coding that a text is no value of (empty if it is one)."""
    texts = {
        part: "" if folded(text) in NOT_ANSWERED or one_way(text) in names.missing else text
        for part, text in texts.items()
    }
    if "favours" in texts:
        favours = side(texts["favours"], names)
        size = intensity(texts["intensity"])
        return favours, "1" if favours == "equal" and not size else size, ""
    ((coding, text),) = texts.items()
    if not text:
        return "", "", ""
    answer = CODINGS[coding](text, names)
    return (*answer, "") if answer else ("", "", coding)
