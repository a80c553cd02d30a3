"""A mapping file to fill in, made from a table: what its headings and cells tell, and what is open.

Whatever names a context and two components is a question already; the rest stands as comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from smartgov.files.sheets import Sheet, read_grids, read_sheet
from smartgov.model import Model, questionnaire
from smartgov.panels.codings import CODINGS, NOT_ANSWERED, Names, side
from smartgov.panels.forms import Columns, is_tidy, wide_columns
from smartgov.panels.headings import with_joined_headings
from smartgov.panels.matrices import has_matrices
from smartgov.panels.names import SIDES, folded, identifiers
from smartgov.panels.recognition import recognised_format
from smartgov.panels.rules import QUESTION
from smartgov.panels.survey_tools import kobo_columns, limesurvey_columns

MOSTLY = 0.8  # of a column's cells
SOME = 6  # values shown in a comment
HEAD = """\
# How {file} is read. Fill in every ???, take away the # before lines that shall count, and then:
#   make rerun PANEL={file} MAPPING={mapping} NAME=…
# Contexts: {contexts}
# Components: {components}
"""


def mapping_skeleton(path: Path, model: Model, mapping: str) -> str:
    """The text of a mapping file for a table; `mapping` is the name that it will have.

    Raises
    ------
    PanelProblems
        If the table cannot be read.
    ValueError
        If it is read without a mapping file.
    """
    head = HEAD.format(
        file=path.name,
        mapping=mapping,
        contexts=", ".join(dict.fromkeys(group.context for group in model.groups())),
        components=", ".join(model.components.index),
    )
    first = next(read_grids(path))
    if len(first.rows) > 1 and has_matrices(read_grids(path), model):
        return head + "# the context of matrices that name none in title or cell\ncontext: ???\n"
    sheet, _ = with_joined_headings(read_sheet(path))
    if is_tidy(sheet) or wide_columns(sheet).questions:
        raise ValueError(f"{path.name} needs no mapping file: make rerun PANEL={path.name} NAME=…")
    lime = recognised_format(sheet, model) == "limesurvey"
    columns = (limesurvey_columns if lime else kobo_columns)(sheet, model)
    lines = [] if columns.questions else _long(sheet, model)
    return head + "\n".join(lines or _wide(sheet, model, columns)) + "\n"


def _column(sheet: Sheet, heading: str) -> list[str]:
    """What is given in a column."""
    place = sheet.header.index(heading)
    cells = (cells[place] for cells in sheet.rows)
    return [cell for cell in cells if folded(cell) not in NOT_ANSWERED]


def _share(cells: list[str], holds) -> float:
    return sum(map(bool, map(holds, cells))) / len(cells) if cells else 0


def _coding(cells: Iterable[list[str]]) -> list[str]:
    """The codings that read every cell of some columns."""
    given = {cell for column in cells for cell in column}
    none = Names("", "", {})
    return [name for name, read in CODINGS.items() if given and all(read(c, none) for c in given)]


def _coding_line(cells: Iterable[list[str]]) -> str:
    codings = _coding(cells)
    if len(codings) == 1:
        return f"coding: {codings[0]}"
    return f"coding: ???  # {' or '.join(codings) or 'one of ' + ', '.join(CODINGS)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flow(**entries: str) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in entries.items()) + "}"


def _expert_line(sheet: Sheet, expert: str | None, others: list[str]) -> str:
    perhaps = ", ".join(map(_quoted, others[:SOME])) or "the heading of the experts' codes"
    return f"expert: {_quoted(expert)}" if expert else f"expert: ???  # {perhaps}"


# One judgement a row.


def _long(sheet: Sheet, model: Model) -> list[str]:
    """Lines for a table in which two or three columns hold names; none for another table."""
    known, none = identifiers(model), Names("", "", {})
    cells = {heading: _column(sheet, heading) for heading in dict.fromkeys(sheet.header)}
    named = [h for h in cells if _share(cells[h], lambda cell: folded(cell) in known) >= MOSTLY]
    others = [heading for heading in cells if heading not in named]
    if len(named) not in (2, 3) or not others:
        return []
    *context, left, right = map(_quoted, named)
    sides = [h for h in others if _share(cells[h], lambda c: side(c, none) in SIDES) >= MOSTLY]
    expert = wide_columns(sheet).expert
    values = [h for h in others if h not in (expert, *sides) and _coding([cells[h]])]
    value = _quoted(values[-1]) if values else "???"
    lines = [
        _expert_line(sheet, expert, [h for h in others if h not in (*values, *sides)]),
        f"context: {context[0] if context else '???  # a heading, or the one context of all rows'}",
        f"left: {left}",
        f"right: {right}",
    ]
    if sides:
        return [*lines, f"side: {_quoted(sides[0])}", f"intensity: {value}"]
    return [*lines, f"value: {value}", _coding_line(cells[h] for h in values[-1:])]


# One expert a row.


def _wide(sheet: Sheet, model: Model, columns: Columns) -> list[str]:
    """Lines for a table with one expert a row, of whose columns some questions may be known."""
    parts: dict[tuple, dict[str, str]] = {}
    for heading, (*question, part) in columns.questions.items():
        key = part if part in ("favours", "intensity") else "column"
        parts.setdefault(tuple(question), {})[key.replace("favours", "side")] = heading
    used = {columns.expert, *columns.questions}
    others = [h for h in dict.fromkeys(sheet.header) if h and h not in used]
    open_ = [] if parts else [h for h in others if _coding([_column(sheet, h)])]
    lines = [_expert_line(sheet, columns.expert, [h for h in others if h not in open_])]
    single = [held["column"] for held in parts.values() if "column" in held] or open_
    lines += [_coding_line(_column(sheet, h) for h in single)] if single else []
    lines += _words(sheet, [h["side"] for h in parts.values() if "side" in h], model)
    lines.append("questions:")
    for question, held in parts.items():
        quoted = {key: _quoted(heading) for key, heading in held.items()}
        lines.append("  - " + _flow(**quoted, **dict(zip(QUESTION, question, strict=True))))
    asked = questionnaire(model)[list(QUESTION)].itertuples(index=False, name=None)
    in_order = list(asked) if len(questionnaire(model)) == len(open_) else []
    if open_:
        order = "in the questionnaire's order, if that is theirs" if in_order else "to be filled in"
        lines.append(f"# columns that may hold answers, {order}:")
    for place, heading in enumerate(open_):
        question = in_order[place] if in_order else ("???", "???", "???")
        entry = _flow(column=_quoted(heading), **dict(zip(QUESTION, question, strict=True)))
        lines.append(f"#  - {entry}")
    rest = [h for h in others if h not in open_]
    return [
        *lines,
        *(["# columns that are dropped:"] if rest else []),
        *(f"#  {_quoted(h)}" for h in rest),
    ]


def _words(sheet: Sheet, sides: list[str], model: Model) -> list[str]:
    """Words for the sides that nobody knows yet, as a comment."""
    known = identifiers(model)
    said = dict.fromkeys(cell for heading in sides for cell in _column(sheet, heading))
    odd = (each for each in said if side(each, Names("", "", known)) not in SIDES)
    found = [_quoted(each) for each in islice((o for o in odd if folded(o) not in known), SOME)]
    return [f"words: {{left: [], right: [], equal: []}}  # found: {', '.join(found)}"] * bool(found)
