"""The printable questionnaire and the feedback sheets, read back from the files that are
written."""

from __future__ import annotations

import csv
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from smartgov.instruments.feedback import expert_priorities, group_answers, least_consistent
from smartgov.instruments.names import asked_questions
from smartgov.instruments.orders import drawn_copy, fixed_copy
from smartgov.instruments.settled import Settled
from smartgov.model import Model, questionnaire, read_model
from smartgov.present.feedback_page import write_feedback
from smartgov.present.instrument_page import questionnaire_page, write_instrument
from smartgov.words import LANGUAGES, say

COLUMNS = ["expert", "round", "context", "left", "right", "favours", "intensity"]
EXPERTS = ("xq1", "xr2", "xu3", "xv4")


class Page(HTMLParser):
    """Tags with their attributes, and the text outside the style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag):
        self._open = "" if tag == self._open else self._open

    def handle_data(self, data):
        self.text += "" if self._open == "style" else data

    def radios(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for tag, attributes in self.tags:
            if tag == "input" and attributes["type"] == "radio":
                found.setdefault(attributes["name"], []).append(attributes["value"])
        return found


@pytest.fixture(scope="module")
def model() -> Model:
    whole = read_model()
    kept = whole.ring("middle")[:4] + whole.ring("inner")
    return replace(
        whole, dimensions=whole.dimensions.iloc[:2], components=whole.components.loc[kept]
    )


@pytest.fixture(scope="module")
def panel(model) -> pd.DataFrame:
    rows = [
        (
            expert,
            1,
            q.context,
            q.left,
            q.right,
            "left" if (i + k) % 3 else "right",
            2 + (i + k * k) % 8,
        )
        for k, expert in enumerate(EXPERTS)
        for i, q in enumerate(questionnaire(model).itertuples())
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def page_of(model: Model, language: str = "en", **options) -> Page:
    asked = asked_questions(model, LANGUAGES)
    return Page(
        questionnaire_page(
            options.pop("copy", fixed_copy(asked)), model, language, 1, {}, **options
        )
    )


def test_files_of_a_round(model, tmp_path):
    drawn = write_instrument(model, tmp_path / "a", copies=2, fixed_order=False)
    names = [path.name for path in drawn]
    tables = ["questionnaire_round_1.xlsx", "questions_round_1.csv", "data_entry_round_1.xlsx"]
    assert names[:3] == tables
    assert names[3:] == [
        f"questionnaire_round_1_{language}_copy_{copy}.html"
        for copy in ("01", "02")
        for language in ("en", "kk", "ru")
    ]
    fixed = [path.name for path in write_instrument(model, tmp_path / "b", languages=["kk"])]
    assert fixed == [*tables, "questionnaire_round_1_kk.html"]


def test_the_same_call_writes_the_same_bytes(model, tmp_path):
    first, second = (write_instrument(model, tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_a_page_asks_every_question_once_and_stands_alone(language, model):
    page = page_of(model, language, contact="the office")
    radios = page.radios()
    expected = {
        f"{field}{part}"
        for field in asked_questions(model, ["en"])["field"]
        for part in ("__side", "__intensity")
    }
    assert set(radios) == expected | {"consent"}
    assert all(
        values == [str(v) for v in range(2, 10)]
        for name, values in radios.items()
        if name.endswith("__intensity")
    )
    assert all(
        values == ["left", "equal", "right"]
        for name, values in radios.items()
        if name.endswith("__side")
    )
    loaded = [
        (tag, key)
        for tag, attributes in page.tags
        for key in attributes
        if key in ("src", "href", "srcset")
    ]
    assert loaded == [] and not {"link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert "the office" in page.text and say("question.equal", language) in page.text
    for name in (*model.dimensions[language], *model.components[language]):
        assert name in page.text


def test_a_drawn_copy_is_a_reordering_and_its_number_fixes_it(model):
    asked = asked_questions(model, LANGUAGES)
    first, again, other = drawn_copy(asked, 1, 5), drawn_copy(asked, 1, 5), drawn_copy(asked, 2, 5)
    assert first.questions.equals(again.questions) and not first.questions.equals(other.questions)
    assert sorted(first.questions["field"]) == sorted(asked["field"])
    assert first.questions["exchanged"].nunique() == 2
    changes = (first.questions["context"] != first.questions["context"].shift()).sum()
    assert changes == asked["context"].nunique(), "a context stays in one piece"


def test_every_question_can_stand_anywhere_in_its_context(model):
    asked = asked_questions(model, LANGUAGES)
    places = {
        (q.field, place)
        for n in range(1, 120)
        for place, q in enumerate(drawn_copy(asked, n, 0).questions.itertuples())
        if q.context == "E1"
    }
    assert len(places) == 6 * 12, (
        "six pairs of E1, on any of the twelve places of the two dimensions"
    )


def test_exchanged_sides_keep_their_values(model):
    asked = asked_questions(model, LANGUAGES)
    copy = fixed_copy(asked)
    exchanged = replace(copy, questions=copy.questions.assign(exchanged=True), number=7)
    page = page_of(model, copy=exchanged)
    assert {tuple(values) for name, values in page.radios().items() if name.endswith("__side")} == {
        ("right", "equal", "left")
    }
    assert page.text.index("Policy making") < page.text.index("Economic growth")
    assert "no. 7" in page.text


def test_names_are_escaped(model, panel, tmp_path):
    odd = replace(model, components=model.components.replace("Data", "<i>R&D</i>"))
    sheet = write_feedback(panel, odd, tmp_path).files[0].read_text(encoding="utf-8")
    for page in (page_of(odd), Page(sheet)):
        assert "<i>R&D</i>" in page.text


def test_round_two_tells_the_group_beside_each_question(model, panel, tmp_path):
    group = group_answers(panel, model)
    written = write_instrument(
        model, tmp_path, round=2, feedback=group, fixed_order=True, languages=["en"]
    )
    page = Page(written[-1].read_text(encoding="utf-8"))
    assert page.text.count("Round 1, experts: 4. Group's median:") == len(group)


def test_the_list_of_questions_leads_from_number_to_fields(model, tmp_path):
    path = write_instrument(model, tmp_path)[1]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == [
        str(n) for n in range(1, len(questionnaire(model)) + 1)
    ]
    assert rows[0]["side_field"] == "E1__economic_growth__policy_making__side"
    assert (rows[0]["left_kk"], rows[0]["context_ru"]) == ("Экономикалық өсу", "Умный город")


def test_a_name_that_looks_like_a_formula_is_neutral_in_every_table(model, panel, tmp_path):
    formula = '=HYPERLINK("x")'
    odd = replace(model, components=model.components.replace("Policy making", formula))
    listed = write_instrument(odd, tmp_path)[1].read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in listed and ",=HYPERLINK" not in listed and ',"=HYPERLINK' not in listed
    sheets = write_feedback(panel, odd, tmp_path).files[1]
    cells = [cell for sheet in openpyxl.load_workbook(sheets) for row in sheet for cell in row]
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.data_type == "f" or str(cell.value).startswith("=") for cell in cells)


@pytest.mark.parametrize("copies", [0, 1000, True, 1.5])
def test_a_wrong_number_of_copies_is_refused(copies, model, tmp_path):
    with pytest.raises(ValueError, match="accepted is a whole number from 1 to 999"):
        write_instrument(model, tmp_path / "x", copies=copies)
    assert not (tmp_path / "x").exists()


def test_an_unknown_language_is_refused(model, tmp_path):
    with pytest.raises(ValueError, match="found 'de'; accepted is one of en, kk, ru"):
        write_instrument(model, tmp_path, languages=["en", "de"])


def test_one_sheet_an_expert_with_nothing_of_the_others(model, panel, tmp_path):
    found = write_feedback(panel, model, tmp_path, language="kk")
    assert [path.name for path in found.files] == [
        f"feedback_round_1_{expert}.{kind}" for expert in EXPERTS for kind in ("html", "xlsx")
    ]
    assert found.warnings == []
    for path in found.files:
        own = path.stem.rsplit("_", 1)[1]
        content = path.read_text(encoding="utf-8") if path.suffix == ".html" else _all_text(path)
        assert own in content
        assert not any(other in content for other in set(EXPERTS) - {own})


def _all_text(path: Path) -> str:
    return " ".join(
        str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row
    )


def test_a_sheet_says_the_answer_the_group_and_the_place(model, panel, tmp_path):
    path = write_feedback(panel, model, tmp_path).files[1]
    sheet = openpyxl.load_workbook(path)["feedback"]
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    # the four on the first question: right 2, left 3, left 6, right 3, signed -1, 2, 5, -2
    assert row["Your answer"] == "Policy making, 2"
    assert row["Group's median"] == "Economic growth, 1.5"
    assert row["Middle half of the group"] == "Economic growth, 3.75 to Policy making, 2.25"
    assert row["Where you stand"] == "within the middle half" and row["Experts"] == 4
    assert row["Your answer (−8 right, 0 equal, 8 left)"] == -1
    page = Page(path.with_suffix(".html").read_text(encoding="utf-8"))
    assert (
        "Policy making, 2" in page.text
        and "Economic growth, 3.75 to Policy making, 2.25" in page.text
    )
    assert sum(tag == "circle" for tag, _ in page.tags) == len(questionnaire(model)) + 1, (
        "one mark a question, one in the key"
    )


@pytest.mark.parametrize(
    ("language", "said"), [("en", "consistency"), ("kk", "үйлесімділік"), ("ru", "согласованности")]
)
def test_a_sheet_names_the_experts_own_contradictions(language, said, model, panel, tmp_path):
    expert = EXPERTS[0]
    equal = panel.assign(favours="equal", intensity=1)
    mixed = pd.concat([panel[panel["expert"] == expert], equal[equal["expert"] != expert]])
    page, book, *others = write_feedback(mixed, model, tmp_path, language=language).files
    expected = least_consistent(panel, model, expert)
    assert len(expected) > 2
    html = page.read_text(encoding="utf-8")
    assert html.count(said) == _all_text(book).count(said) == len(expected)
    for other in others[::2]:
        assert said not in other.read_text(encoding="utf-8"), "equal answers contradict nothing"


def test_a_sheet_says_what_is_settled_and_what_follows_from_the_answers(model, panel, tmp_path):
    judged = questionnaire(model)[["context", "left", "right"]]
    settled = Settled(judged.assign(agreed=judged.index < 2, stable=judged.index == 2), 2.0, 0.15)
    page, path, *_ = write_feedback(panel, model, tmp_path, settled, language="en").files
    text = Page(page.read_text(encoding="utf-8")).text
    assert (
        text.count("settled, the experts agree") == 2 and "In 2 questions the experts agree" in text
    )
    assert text.count("settled, the answers no longer change") == 1 and "at most 15 %" in text
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["feedback", "priorities", "about"]
    rows = list(book["priorities"].iter_rows(values_only=True))
    assert rows[0] == ("Context", "Component", "Yours", "The group's")
    expected = expert_priorities(panel, model, EXPERTS[0])
    assert [f"{100 * share:.0f} %" for share in expected["own"]] == [row[2] for row in rows[1:]]
    assert text.count("Component") == expected["context"].nunique()


def test_what_a_round_did_not_ask_is_not_fed_back(model, panel, tmp_path):
    again = panel[panel["context"] == "E1"].assign(round=2)
    both = pd.concat([panel, again], ignore_index=True)
    page = write_feedback(both, model, tmp_path, round=2).files[0].read_text(encoding="utf-8")
    assert Page(page).text.count("Your answer:") == again["left"].size // len(EXPERTS)


def test_pages_and_workbook_of_a_later_round_ask_what_is_open(model, panel, tmp_path):
    judged = questionnaire(model)[["context", "left", "right"]]
    settled = Settled(judged.assign(agreed=judged.index % 2 == 0, stable=False), 2.0, 0.15)
    files = write_instrument(
        model, tmp_path, round=2, feedback=group_answers(panel, model), settled=settled
    )
    page = Page(files[3].read_text(encoding="utf-8"))
    open_questions = len(judged) // 2
    assert sum(tag == "legend" for tag, _ in page.tags) == open_questions + 1  # and the consent's
    assert "are listed at the end" in page.text and "Economic growth – Policy making" in page.text
    sheet = openpyxl.load_workbook(files[2]).worksheets[0]
    assert sheet.max_row - 7 == open_questions and sheet["F6"].value == "2"


def test_a_small_group_is_warned_of(model, panel, tmp_path):
    found = write_feedback(panel[panel["expert"].isin(EXPERTS[:3])], model, tmp_path)
    assert len(found.warnings) == 1 and "fewer than 4 experts" in found.warnings[0]


def test_nothing_is_written_when_a_code_names_no_file(model, panel, tmp_path):
    with pytest.raises(ValueError, match="no file can be named so"):
        write_feedback(panel.replace({"expert": {"xv4": "../xv4"}}), model, tmp_path / "x")
    assert not (tmp_path / "x").exists()
