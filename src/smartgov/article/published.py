"""Typed readers of what the article prints (`data/published`): strings in, strings out.

Nothing is turned into a number here. A printed string becomes a number only where a check
parses it on purpose, with :func:`smartgov.audit.parse_printed`. What the data package does not
describe is refused, and so are two files that print one cell differently.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from smartgov.files.layout import PUBLISHED, ROOT
from smartgov.files.problems import Problem, in_cell
from smartgov.model import Model, questionnaire, read_model

DIMENSIONS = ("E1", "E2", "E3")
INNER_COMPARISONS = ("emerging_vs_ict", "emerging_vs_data", "ict_vs_data")
CONCLUSION_NAMES = ("citizen_engagement", "economic_growth", "accountability")
"""The components that the article's conclusion says matter more; it prints no ranking."""
CLOSING_ROWS = ("count_above_half", "share_above_half")


def read_printed(path: Path) -> pd.DataFrame:
    """Read a CSV of printed strings; every cell stays a string, an empty cell stays empty.

    Raises
    ------
    ValueError
        If there is no such file, or anything in it that the data package does not describe: a
        column, a value, a value twice, a row of another length, a sign that no keyboard types.
    """
    name = "/".join(path.parts[-2:])
    read: list[list[str]] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            read.extend(csv.reader(file, strict=True))
    except (FileNotFoundError, IsADirectoryError):
        raise ValueError(
            f"{path}: no such file; data/README.md lists the files there are."
        ) from None
    except UnicodeDecodeError:
        _refuse(Problem(f"data/{name}", None, "", "bytes that are not UTF-8", "CSV in UTF-8"))
    except csv.Error as error:
        _refuse(Problem(f"data/{name}", len(read) + 1, "", f"no row ({error})", "CSV in UTF-8"))
    header, *rows = read or [[]]
    for problem in _problems(name, header, rows):
        _refuse(problem)
    return pd.DataFrame(rows, columns=header, dtype=str)


def _refuse(problem: Problem) -> None:
    raise ValueError(f"{problem} The file as it was published: git restore {problem.file}")


def _problems(name: str, header: list[str], rows: list[list[str]]) -> Iterator[Problem]:
    """What is wrong with a table, row by row, by the data package and as text."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = (found for found in package["resources"] if found["path"] == name)
    fields, file = resource["schema"]["fields"], f"data/{name}"
    names = [field["name"] for field in fields]
    if header != names:
        yield Problem(file, 1, "", f"the columns {header}"[:400], f"the columns {names}")
    if not rows:
        yield Problem(file, None, "", "headings only", "a row or more below them")
    seen = {field["name"]: set() for field in fields if _rules(field).get("unique")}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(fields):
            yield Problem(file, number, "", f"{len(row)} cells", f"{len(fields)} cells")
        for field, cell in zip(fields, row, strict=True):
            accepted = _accepted(cell, _rules(field)) or (
                cell in seen.get(field["name"], ()) and "a value that no other row has"
            )
            if accepted:
                yield Problem(file, number, field["name"], in_cell(cell), accepted)
            seen.get(field["name"], set()).add(cell)


def _rules(field: dict) -> dict:
    return field.get("constraints", {})


def _accepted(cell: str, rules: dict) -> str:
    """What would be accepted in the place of a cell; empty where the cell itself is."""
    if any(map(_odd, cell)) or cell != " ".join(cell.split()):
        return "text with single blanks between its words, without control or unseen characters"
    if not cell:
        return "a value" if rules.get("required") else ""
    if cell not in rules.get("enum", [cell]):
        return f"one of {', '.join(rules['enum'])}"
    if not re.fullmatch(rules.get("pattern", ".*"), cell, re.ASCII):
        return f"what matches {rules['pattern']}"
    return ""


def _odd(letter: str) -> bool:
    """Control, format and unassigned characters, and every blank but the common one."""
    kind = unicodedata.category(letter)
    return letter != " " and kind[0] in "CZ" or letter == "\ufffd"


@cache
def table(number: int) -> pd.DataFrame:
    """Table 1–4 of the article, one printed row a row, indexed by row id."""
    rows = read_printed(PUBLISHED / f"table{number}.csv")
    for at, place in enumerate(rows["place"], start=1):
        closing = at - (~rows["row"].isin(CLOSING_ROWS)).sum()
        wanted = f"Table {number}, " + (f"closing row {closing}" if closing > 0 else f"row {at}")
        if place != wanted:
            file = f"data/published/table{number}.csv"
            _refuse(Problem(file, at + 1, "place", in_cell(place), wanted))
    return rows.set_index("row")


@cache
def claims() -> pd.DataFrame:
    """The ledger of claims, in the order of the file, indexed by claim id.

    A cell of Tables 2–4 is printed in its table and in the ledger; both must say the same.
    """
    ledger = read_printed(PUBLISHED / "claims.csv").set_index("claim_id", drop=False)
    file, cells, places = "data/published/claims.csv", dict(_cells()), claim_places().index
    for row, (name, printed) in enumerate(ledger["printed"].items(), start=2):
        if name not in cells and name not in places:
            accepted = "a cell of table2.csv to table4.csv, or an id of claim_places.csv"
            _refuse(Problem(file, row, "claim_id", in_cell(name), accepted))
        if printed != cells.get(name, printed):
            accepted = f"{cells[name]!r}, as in {name.split('.')[0]}.csv"
            _refuse(Problem(file, row, "printed", in_cell(printed), accepted))
    for name in [name for name in (*cells, *places) if name not in ledger.index]:
        _refuse(Problem(file, None, "", f"no claim {name}", "one for each cell and each place"))
    return ledger


def _cells() -> Iterator[tuple[str, str]]:
    """Claim and printed string of each cell of Tables 2–4, and of each star."""
    for number in (2, 3, 4):
        figures = table(number).drop(columns=["place", "label_printed"], errors="ignore")
        for (row, column), cell in figures.stack().items():
            yield f"table{number}.{row}.{column}", cell
            if cell.endswith("*"):
                yield f"table{number}.{row}.{column}.star", "*"


@cache
def claim_places() -> pd.DataFrame:
    """The words of the article at which each claim outside Tables 2–4 stands."""
    return read_printed(PUBLISHED / "claim_places.csv").set_index("claim_id")


@cache
def _questions() -> list[str]:
    return list(questionnaire(read_model())["question_id"])


def asks_as_the_article(model: Model) -> bool:
    """Whether a model asks the article's questions, so that its figures can be set beside."""
    return list(questionnaire(model)["question_id"]) == _questions()


def experts() -> list[str]:
    """Row ids of Table 2 that are experts, in printed order."""
    return [row for row in table(2).index if row not in CLOSING_ROWS]
