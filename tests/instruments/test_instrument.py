"""The questionnaire as an XLSForm: converted by pyxform, and read back from what it converts to."""

from __future__ import annotations

import html
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from math import comb

import openpyxl
import pandas as pd
import pytest
import yaml
from pyxform.xls2xform import convert

from smartgov.files.workbook import save_sheets
from smartgov.instruments import questionnaire_sheets, write_xlsform
from smartgov.instruments.feedback import group_answers
from smartgov.instruments.form import heading
from smartgov.instruments.names import INTENSITY, SIDE, asked_questions, question_field
from smartgov.instruments.settled import Settled
from smartgov.instruments.shuffled import decks
from smartgov.model import Model, questionnaire, read_model
from smartgov.words import LANGUAGES

HAS_JAVA = shutil.which("java") is not None
"""With Java, pyxform has ODK Validate check the form as well."""


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


def other_model(path, dimensions: int, middle: int, inner: int) -> Model:
    """A model of another study, read from a file as a user would write it."""

    def things(kind: str, count: int, **fields) -> list[dict]:
        named = [
            {
                "id": f"{kind}{i}",
                "names": {"en": f"{kind} {i}", "kk": f"қ {kind} {i}", "ru": f"р {kind} {i}"},
            }
            for i in range(1, count + 1)
        ]
        return [{**thing, **fields, "evidence": {"place": "t", "phrase": "x"}} for thing in named]

    raw = {
        "rings": things("core", 1) + things("rim", 1),
        "dimensions": things("View", dimensions),
        "components": things("item", middle, ring="rim1") + things("tool", inner, ring="core1"),
        "counted_not_named": [],
        "questionnaire": [
            {"ring": "rim1", "contexts": "dimensions"},
            {"ring": "core1", "contexts": "rim1", "table2_columns": ["B"]},
        ],
    }
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return read_model(path)


def answers(model: Model) -> pd.DataFrame:
    rows = [
        (e, 1, q.context, q.left, q.right, "left", k)
        for k, e in enumerate("abcd", start=2)
        for q in questionnaire(model).itertuples()
    ]
    return pd.DataFrame(
        rows, columns=["expert", "round", "context", "left", "right", "favours", "intensity"]
    )


def fields_of(xform: str) -> list[str]:
    """Paths of all fields of the primary instance, without the form's own name."""
    instance = ET.fromstring(xform).find(".//{http://www.w3.org/2002/xforms}instance/*")

    def walk(node, path):
        children = list(node)
        if not children:
            yield path
        for child in children:
            yield from walk(child, f"{path}/{child.tag.split('}')[1]}".strip("/"))

    return list(walk(instance, ""))


def asked_in(xform: str) -> list[str]:
    return [path for path in fields_of(xform) if path.endswith((SIDE, INTENSITY))]


def expected_in(model: Model) -> set[str]:
    return {
        f"{q.context}/{question_field(q.context, q.left, q.right)}{part}"
        for q in questionnaire(model).itertuples()
        for part in (SIDE, INTENSITY)
    }


@pytest.mark.parametrize("fixed_order", [True, False])
@pytest.mark.parametrize("round", [1, 2])
def test_the_articles_questionnaire_converts_without_a_warning(fixed_order, round, model, tmp_path):
    feedback = group_answers(answers(model), model) if round == 2 else None
    path = write_xlsform(
        model,
        LANGUAGES,
        tmp_path / "form.xlsx",
        round=round,
        fixed_order=fixed_order,
        feedback=feedback,
    )
    found = convert(path, validate=HAS_JAVA and round == 1)
    assert found.warnings == []
    fields = asked_in(found.xform)
    assert len(fields) == len(set(fields)) == 2 * 135, (
        "every question once a context, two fields each"
    )
    assert set(fields) == expected_in(model)


@pytest.mark.parametrize("fixed_order", [True, False])
@pytest.mark.parametrize("sizes", [(1, 2, 2), (2, 5, 4), (4, 3, 2)])
def test_another_model_gives_another_questionnaire(sizes, fixed_order, tmp_path):
    model = other_model(tmp_path / "model.yaml", *sizes)
    dimensions, middle, inner = sizes
    path = write_xlsform(model, LANGUAGES, tmp_path / "form.xlsx", fixed_order=fixed_order)
    found = convert(path, validate=HAS_JAVA and sizes == (1, 2, 2))
    assert found.warnings == []
    assert set(asked_in(found.xform)) == expected_in(model)
    assert len(asked_in(found.xform)) == 2 * (
        dimensions * comb(middle, 2) + middle * comb(inner, 2)
    )
    assert not re.search(r"E1|economic|government", found.xform), (
        "nothing of the article's model is left"
    )


def test_two_rings_compared_in_the_same_contexts_share_a_group(tmp_path):
    model = other_model(tmp_path / "model.yaml", 2, 3, 3)
    model.questionnaire_rules[1]["contexts"] = "dimensions"
    for fixed_order in (True, False):
        found = convert(
            write_xlsform(model, LANGUAGES, tmp_path / "form.xlsx", fixed_order=fixed_order)
        )
        assert found.warnings == []
        assert sorted(asked_in(found.xform)) == sorted(expected_in(model))


@pytest.mark.parametrize(
    "contact", ["fee ${x}", "fee ${", 'Dr "Ann" Lee, fee $5 `x` <b> & ${code}']
)
def test_a_contact_of_any_signs_is_text(contact, model, tmp_path):
    path = write_xlsform(model, ["en"], tmp_path / "f.xlsx", fixed_order=True, contact=contact)
    shown = re.sub("\u2060", "", html.unescape(convert(path).xform))
    assert contact in shown


@pytest.mark.parametrize("fixed_order", [True, False])
def test_consent_comes_first_and_nothing_personal_is_asked(fixed_order, model):
    survey = questionnaire_sheets(
        model, LANGUAGES, fixed_order=fixed_order, contact="the study's office"
    )["survey"]
    assert [row["name"] for row in survey[:4]] == ["consent", "declined", "expert_code", "round"]
    for language in LANGUAGES:
        assert "the study's office" in survey[0][heading("label", language)]
    kinds = {row["type"].split()[0] for row in survey}
    assert kinds == {"select_one", "note", "text", "calculate", "begin_group", "end_group"}, (
        "no name, place, device or time"
    )
    assert [row["name"] for row in survey if row["type"] == "text"] == ["expert_code"]
    groups = [row for row in survey if row["type"] == "begin_group"]
    assert all(row["relevant"] == "${consent} = 'yes'" for row in groups)


@pytest.mark.parametrize("fixed_order", [True, False])
def test_equal_goes_with_intensity_one_only(fixed_order, model):
    sheets = questionnaire_sheets(model, LANGUAGES, fixed_order=fixed_order)
    steps = [row["name"] for row in sheets["choices"] if row["list_name"] == "intensity"]
    assert steps == [str(step) for step in range(2, 10)], "1 is said by choosing equal"
    asked = [row for row in sheets["survey"] if row["type"] == "select_one intensity"]
    assert len(asked) == 135 and all(row["relevant"] and row["required"] == "yes" for row in asked)


def test_every_text_stands_in_three_languages(model):
    sheets = questionnaire_sheets(model, LANGUAGES)
    assert heading("label", "en") == "label::English (en)"
    headings = [heading("label", language) for language in ("en", "kk", "ru")]
    assert headings[1:] == ["label::Қазақша (kk)", "label::Русский (ru)"]
    labelled = [
        row for sheet in ("survey", "choices") for row in sheets[sheet] if headings[0] in row
    ]
    assert len(labelled) > 300
    assert all(row.get(heading, "").strip() for row in labelled for heading in headings)
    kazakh = next(row for row in sheets["choices"] if row[headings[0]] == "Policy making")
    assert [kazakh[heading] for heading in headings[1:]] == [
        "Саясатты әзірлеу",
        "Разработка политики",
    ]


def test_a_component_can_stand_on_either_side_of_equal(model):
    choices = questionnaire_sheets(model, LANGUAGES, fixed_order=False)["choices"]
    middle = [row["name"] for row in choices if row["list_name"] == "sides_r1"]
    assert middle.index("equal") == 9 and len(middle) == len(set(middle)) == 19
    assert [name.replace("a_", "b_") for name in middle[:9]] == middle[10:]


def test_codes_of_a_deck_name_each_pair_once(model):
    table = decks(asked_questions(model, LANGUAGES))
    assert [(len(deck.contexts), len(deck.pairs)) for deck in table] == [(3, 36), (9, 3)]
    codes = [
        code for deck in table for code in (*deck.contexts, *deck.components.values(), *deck.pairs)
    ]
    assert len(codes) == len(set(codes))
    assert not any(a != b and a in b for deck in table for a in deck.pairs for b in deck.pairs)


def test_contexts_and_pairs_are_drawn_once_and_a_fixed_form_draws_nothing(model):
    drawn = [
        row
        for row in questionnaire_sheets(model, LANGUAGES, fixed_order=False)["survey"]
        if "random" in row.get("calculation", "")
    ]
    assert all(row["calculation"].startswith("once(") for row in drawn)
    names = [row["name"] for row in drawn]
    assert sum(name.startswith("shuffle_contexts_") for name in names) == 2
    assert sum(name.startswith("shuffle_pairs_") for name in names) == 12
    assert sum(name.startswith("shuffle_order_") for name in names) == 135
    fixed = questionnaire_sheets(model, LANGUAGES)
    assert "random" not in str(fixed) and [
        row["name"] for row in fixed["survey"] if row["type"] == "calculate"
    ] == ["round"]


def test_the_same_form_has_the_same_bytes_and_another_form_another_version(model, tmp_path):
    first, second = (
        write_xlsform(model, LANGUAGES, tmp_path / f"{i}.xlsx").read_bytes() for i in range(2)
    )
    assert first == second
    renamed = replace(model, components=model.components.replace("Data", "Open data"))
    versions = {
        questionnaire_sheets(m, LANGUAGES)["settings"][0]["version"] for m in (model, renamed)
    }
    assert len(versions) == 2


def test_a_text_that_looks_like_a_formula_is_written_as_a_text(tmp_path):
    path = save_sheets({"s": [{"a": "=1+1", "b": 3, "=c": ""}]}, tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(path)["s"]
    assert [(cell.value, cell.data_type) for cell in sheet[2][:2]] == [("=1+1", "s"), (3, "n")]
    assert sheet["A2"].quotePrefix and sheet["C1"].data_type == "s" and sheet["C2"].value is None


def test_rounds_and_feedback_must_fit(model):
    group = group_answers(answers(model), model)
    with pytest.raises(ValueError, match="round 2: found no answers of the round before"):
        questionnaire_sheets(model, LANGUAGES, round=2)
    with pytest.raises(ValueError, match="accepted are none in round 1"):
        questionnaire_sheets(model, LANGUAGES, feedback=group)
    with pytest.raises(ValueError, match="accepted is a whole number from 1"):
        questionnaire_sheets(model, LANGUAGES, round=0)


def settled_of(model: Model, agreed: list[int], stable: list[int]) -> Settled:
    """The rule's verdict, by places of the questions."""
    judged = questionnaire(model)[["context", "left", "right"]]
    places = pd.Series(range(len(judged)))
    judged = judged.assign(agreed=places.isin(agreed), stable=places.isin(stable))
    return Settled(judged, 2.0, 0.15)


@pytest.mark.parametrize("fixed_order", [True, False])
def test_settled_questions_are_left_out_and_named(fixed_order, model, tmp_path):
    settled = settled_of(model, agreed=[0, 40, 110], stable=[1, 40, *range(111, 135)])
    group = group_answers(answers(model), model)
    options = {"round": 2, "feedback": group, "settled": settled, "fixed_order": fixed_order}
    found = convert(write_xlsform(model, LANGUAGES, tmp_path / "form.xlsx", **options))
    assert found.warnings == []
    left_out = [0, 1, 40, 110, *range(111, 135)]
    gone = questionnaire(model).iloc[left_out]
    fields = {question_field(q.context, q.left, q.right) for q in gone.itertuples()}
    asked = {path.split("/")[1].replace(SIDE, "") for path in asked_in(found.xform)}
    every = set(asked_questions(model, LANGUAGES)["field"])
    assert {path.replace(INTENSITY, "") for path in asked} == every - fields
    survey = questionnaire_sheets(model, LANGUAGES, **options)["survey"]
    note = next(row for row in survey if row["name"] == "settled")[heading("label", "ru")]
    assert "вопросов: 3." in note and "вопросов: 25." in note and "15 %" in note
    assert "Умный город: Экономический рост – Разработка политики" in note
    assert f"({135 - len(left_out)}" in survey[0][heading("label", "en")]


def test_numbers_of_questions_stay_when_others_are_left_out(model):
    settled = settled_of(model, agreed=[0, 2], stable=[])
    rest = settled.still_open(asked_questions(model, LANGUAGES))
    assert rest["number"].tolist()[:3] == [2, 4, 5]
    group = group_answers(answers(model), model)
    survey = questionnaire_sheets(model, ["en"], round=2, feedback=group, settled=settled)["survey"]
    first = next(row for row in survey if row["name"].endswith(SIDE))
    assert first[heading("label", "en")].startswith("2 · Smart city")


def test_a_round_that_would_ask_nothing_is_refused(model):
    settled = settled_of(model, agreed=list(range(135)), stable=[])
    with pytest.raises(ValueError, match="all 135 questions are settled.*ASK=all asks them again"):
        settled.still_open(asked_questions(model, LANGUAGES))


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("shown_b", "cannot be part of a field name"),
        ("consent", "has the name of a field of the form"),
    ],
)
def test_an_id_that_makes_no_field_name_is_refused(identifier, message, model):
    renamed = replace(
        model, components=model.components.rename(index={"economic_growth": identifier})
    )
    with pytest.raises(ValueError, match=message):
        asked_questions(renamed, LANGUAGES)


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "has no name in language 'ru'"), (None, "has no name"), ("a ${b}", "read as a field")],
)
def test_a_missing_or_dangerous_name_is_refused(name, message, model):
    components = model.components.copy()
    components.loc["data", "ru"] = name
    with pytest.raises(ValueError, match=message):
        asked_questions(replace(model, components=components), LANGUAGES)


def test_a_language_the_model_does_not_name_is_refused(model):
    without = replace(model, components=model.components.drop(columns="kk"))
    with pytest.raises(ValueError, match="has no name in language 'kk'"):
        asked_questions(without, LANGUAGES)
