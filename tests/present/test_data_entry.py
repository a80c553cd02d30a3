"""Answers on paper, from the page that was ticked to the panel that is read: nothing is turned
round, whoever types and whatever the order of the copy."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from smartgov.files.problems import PanelProblems
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import read_answers
from smartgov.present.instrument_page import write_instrument
from smartgov.words import LANGUAGES

FIRST, LAST, MARKED, HOW_MUCH, ID = (ord(letter) - 64 for letter in "CEFGH")
EXPERTS = ("KZ-01", "007", "E_3")


class Boxes(HTMLParser):
    """The page as it is printed: under each number the boxes, each with its name and its code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.questions: dict[str, list[tuple[str, str]]] = {}
        self._tag, self._name, self._number = "", "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._tag = tag

    def handle_data(self, data):
        if self._tag == "legend":
            self._number = data
        elif self._tag == "span":
            self._name = data
        elif self._tag == "small":
            self.questions.setdefault(self._number, []).append((self._name, data))
        self._tag = ""


@pytest.fixture(scope="module")
def model() -> Model:
    whole = read_model()
    kept = whole.ring("middle")[:4] + whole.ring("inner")
    return replace(whole, components=whole.components.loc[kept])


def truth(model: Model) -> dict[str, dict[tuple, tuple[str, int]]]:
    """What every expert thinks: the component that matters more, and how much (1: equal)."""
    panel = {}
    for k, expert in enumerate(EXPERTS):
        rows = questionnaire(model)[["context", "left", "right"]].itertuples(index=False)
        panel[expert] = {
            tuple(q): (
                (q.left, "", q.right)[(i + k) % 3],
                (2 + (i * 5 + k) % 8, 1)[(i + k) % 3 == 1],
            )
            for i, q in enumerate(rows)
        }
    return panel


def read_back(path: Path, model: Model) -> dict[str, dict[tuple, tuple[str, int]]]:
    answers = read_answers(path, model)
    given = {new: old for old, new in answers.key.items()}
    found: dict[str, dict] = {}
    for row in answers.panel.itertuples():
        more = {"left": row.left, "right": row.right, "equal": ""}[row.favours]
        question = row.context, row.left, row.right
        found.setdefault(given[row.expert], {})[question] = more, row.intensity
    return found


def opened(sheet, expert: str, consent: str = "1") -> list[int]:
    """Type what stands above the questions; the rows of the questions."""
    ids = {sheet.cell(row, ID).value: row for row in range(1, sheet.max_row + 1)}
    sheet.cell(ids["expert_code"], MARKED).value = expert
    sheet.cell(ids["consent"], MARKED).value = consent
    return [row for name, row in ids.items() if name and name.count("__") == 2]


@pytest.mark.parametrize(("fixed", "language"), [*product([True, False], LANGUAGES)])
def test_a_typist_who_follows_the_page_turns_nothing_round(fixed, language, model, tmp_path):
    written = write_instrument(
        model, tmp_path, copies=4, fixed_order=fixed, seed=7, languages=[language]
    )
    entry, pages = written[2], written[3:]
    book, truly = openpyxl.load_workbook(entry), truth(model)
    asked = [
        tuple(row[1:]) for row in questionnaire(model)[["context", "left", "right"]].itertuples()
    ]
    for k, (expert, thinks) in enumerate(truly.items()):
        page = Boxes(pages[k % len(pages)].read_text(encoding="utf-8")).questions
        sheet = book.worksheets[(k + 1) % 4]  # any sheet will do: a code has no place
        rows = {str(sheet.cell(row, 1).value): row for row in opened(sheet, expert)}
        for number, question in enumerate(asked, start=1):
            more, size = thinks[question]
            boxes = page[str(number)]
            assert len(boxes) == 3
            names = {model.label(name, language): name for name in question[1:]}
            code = next(code for name, code in boxes if names.get(name, "") == more)
            sheet.cell(rows[str(number)], MARKED).value = int(code)
            sheet.cell(rows[str(number)], HOW_MUCH).value = size if more else None
    book.save(entry)
    assert read_back(entry, model) == truly


@pytest.mark.parametrize("fixed", [True, False])
def test_typed_by_the_place_of_the_box_nothing_is_turned_round(fixed, model, tmp_path):
    written = write_instrument(
        model, tmp_path, copies=3, fixed_order=fixed, seed=7, languages=["en"]
    )
    book, truly, names = openpyxl.load_workbook(written[2]), truth(model), {}
    for name in model.components.index:
        names[model.label(name, "en")] = name
    for k, (expert, thinks) in enumerate(truly.items()):
        text = written[3 if fixed else 3 + k].read_text(encoding="utf-8")
        assert f"sheet {book.worksheets[k].title}." in text or fixed
        page = Boxes(text).questions
        sheet = book.worksheets[k]
        lists = {
            cell: offered.formula1.strip('"').split(",")
            for offered in sheet.data_validations.dataValidation
            for area in offered.sqref.ranges
            for cell in area.cells
        }
        for row in opened(sheet, expert):
            question = tuple(sheet.cell(row, ID).value.split("__"))
            more, size = thinks[question]
            boxes = [names.get(name, "") for name, _ in page[str(sheet.cell(row, 1).value)]]
            place = boxes.index(more)
            sheet.cell(row, MARKED).value = lists[row, MARKED][place]
            assert str(size) in lists[row, HOW_MUCH] or size == 1
            sheet.cell(row, HOW_MUCH).value = size if more else None
    book.save(written[2])
    assert read_back(written[2], model) == truly


# What a workbook comes back with -----------------------------------------------------------------


@pytest.fixture
def filled(model, tmp_path):
    """A workbook with three experts, and a function that saves and reads it."""
    path = write_instrument(model, tmp_path, copies=5, languages=["ru", "en"])[2]
    book = openpyxl.load_workbook(path)
    for sheet, (expert, thinks) in zip(book.worksheets, truth(model).items(), strict=False):
        for row in opened(sheet, expert):
            more, size = thinks[tuple(sheet.cell(row, ID).value.split("__"))]
            codes = {"": "0", **_codes(sheet, row)}
            sheet.cell(row, MARKED).value = codes[more]
            sheet.cell(row, HOW_MUCH).value = size if more else None

    def read():
        book.save(path)
        return read_answers(path, model)

    return book, read, path


def _codes(sheet, row: int) -> dict[str, str]:
    left, right = sheet.cell(row, ID).value.split("__")[1:]
    boxes = (str(sheet.cell(row, place).value).split(" · ")[0] for place in (FIRST, LAST))
    return dict(zip((left, right), boxes, strict=True))


def test_what_was_read_and_left_out_is_said(filled, model):
    _, read, path = filled
    answers = read()
    assert "data-entry workbook, one expert a sheet" in answers.report()
    assert f"{path.name}: left out, as nothing was typed: sheet 04, 05." in answers.warnings
    assert read_back(path, model) == truth(model)


def test_sorted_rows_copied_and_renamed_sheets_are_read_as_before(filled, model):
    book, read, path = filled
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row[:ID]] for row in sheet.iter_rows(min_row=8)]
    for number, row in enumerate(sorted(rows, key=lambda cells: str(cells[4])), start=8):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    book.copy_worksheet(book.worksheets[1]).title = "ещё один"
    del book[book.worksheets[1].title]
    book.create_sheet("notes", 0)["A1"] = "typed by hand"
    book["notes"]["A2"] = "in June"
    answers = read()
    assert read_back(path, model) == truth(model)
    assert any("not made for data entry: sheet notes" in each for each in answers.warnings)


def test_refused_consent_is_left_out(filled, model):
    book, read, path = filled
    opened(book.worksheets[2], EXPERTS[2], consent="0")
    assert any("consent was refused: sheet 03" in each for each in read().warnings)
    assert set(read_back(path, model)) == set(EXPERTS[:2])


DAMAGE = {
    "sorted without the hidden column": (
        lambda sheet: [_swap(sheet, 8, 9, column) for column in range(1, 8)],
        r"row 8: found another question than its hidden id says \(E1__\w+\)",
    ),
    "the boxes alone moved": (
        lambda sheet: [_swap(sheet, 8, 13, column) for column in (FIRST, LAST)],
        "row 13: found another question than its hidden id says",
    ),
    "id lost": (lambda sheet: _put(sheet, 9, ID, None), "row 9: found a row without its hidden id"),
    "id twice": (
        lambda sheet: _put(sheet, 9, ID, sheet.cell(8, ID).value),
        "row 9: found the hidden id '.+' again",
    ),
    "another model's": (
        lambda sheet: _put(sheet, 9, ID, "E1__trust__law"),
        "'E1__trust__law', no question of the model; accepted: a workbook written for this model",
    ),
    "a column added": (lambda sheet: sheet.insert_cols(2), "row 1: found columns added"),
    "by place": (
        lambda sheet: _put(sheet, 9, MARKED, 1),
        "row 9, column F: found '1'; .* 11, 0, 13",
    ),
    "a word": (lambda sheet: _put(sheet, 9, MARKED, "left"), "found 'left'; accepted: the code"),
    "equal and more": (
        lambda sheet: _put(sheet, 9, MARKED, 0) or _put(sheet, 9, HOW_MUCH, 5),
        "row 9, column G: found 5 with equal",
    ),
    "no size": (
        lambda sheet: _put(sheet, 9, MARKED, 11) or _put(sheet, 9, HOW_MUCH, None),
        "row 9, column G: found an empty cell",
    ),
    "a date": (
        lambda sheet: _put(sheet, 9, MARKED, 11) or _put(sheet, 9, HOW_MUCH, "3-May"),
        "row 9, column G: found '3-May'",
    ),
    "no code": (lambda sheet: _put(sheet, 4, MARKED, None), "row 4, column F: found no code"),
    "no consent": (
        lambda sheet: _put(sheet, 5, MARKED, None),
        "row 5, column F: found an empty cell for the consent; accepted: 1 if",
    ),
    "another's code": (lambda sheet: _put(sheet, 4, MARKED, "007"), "again in round 1"),
}


def _put(sheet, row: int, column: int, value) -> None:
    sheet.cell(row, column).value = value


def _swap(sheet, row: int, other: int, column: int) -> None:
    one, two = sheet.cell(row, column), sheet.cell(other, column)
    one.value, two.value = two.value, one.value


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_sheet_is_refused_in_a_sentence(damage, said, filled):
    book, read, path = filled
    damage(book.worksheets[0])
    with pytest.raises(PanelProblems) as refused:
        read()
    assert re.search(said, str(refused.value)), str(refused.value)
    assert path.name in str(refused.value)


def test_a_workbook_is_the_same_bytes_and_locks_all_but_what_is_typed(model, tmp_path):
    one, two = (write_instrument(model, tmp_path / name)[2] for name in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    book = openpyxl.load_workbook(one)
    assert len(book.worksheets) == 20
    sheet = book.worksheets[0]
    assert sheet.protection.sheet and sheet.column_dimensions["H"].hidden
    unlocked = {c.coordinate for row in sheet for c in row if not c.protection.locked}
    questions = range(8, 8 + len(questionnaire(model)))
    assert unlocked == {"F4", "F5", "F6"} | {f"{x}{row}" for x in "FG" for row in questions}
