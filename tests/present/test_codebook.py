"""The codebook's section on a researcher's own answers: all it says is what the code reads."""

import csv
import io
import re

import pytest

from smartgov.files.sheets import MAX_BYTES, READERS, read_sheet
from smartgov.model import questionnaire, read_model
from smartgov.panels import question_numbers, read_answers
from smartgov.panels.codings import CODINGS, Names
from smartgov.panels.schema import panel_schema
from smartgov.panels.understood import FORMATS
from smartgov.present.codebook import RIGHT_5, codebook_text, read_package


@pytest.fixture(scope="module")
def model():
    return read_model()


def section_of(model) -> str:
    """The section on answers, out of the whole codebook."""
    (section,) = re.findall(
        "^## Your own answers$.*?(?=^## )", codebook_text(read_package(), model), re.M | re.S
    )
    return section


@pytest.fixture(scope="module")
def section(model):
    return section_of(model)


@pytest.fixture(scope="module")
def asked(model):
    return list(
        questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    )


def write(path, header, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def judgement(answers):
    return list(
        answers.panel[["context", "left", "right", "favours", "intensity"]].itertuples(
            index=False, name=None
        )
    )


def test_every_column_and_id_of_the_schema_is_named(section, model):
    table = {
        line.split("`")[1]: line
        for line in section.splitlines()
        if line.startswith("| `") and line.count("|") == 5
    }
    for field in panel_schema(model)["fields"]:
        line = table[field["name"]]
        assert field["description"] in line and f"| {field['type']} |" in line
        assert set(field["constraints"].get("enum", [])) <= set(re.findall(r"\w+", line))


def test_another_model_gives_another_section(model):
    from dataclasses import replace

    small = section_of(
        replace(model, components=model.components.rename(index={"accountability": "trust"}))
    )
    assert "trust" in small and "accountability" not in small.split("### A mapping file")[0]


def test_every_format_is_named_once(section):
    assert re.findall(r"FORMAT=(\w+)", section) == list(FORMATS)


def examples(section) -> list[str]:
    """What stands in the blocks of code, in order."""
    return re.findall(r"^```(?:yaml)?\n(.*?)^```$", section, re.M | re.S)


def test_the_example_of_a_long_table_is_read(section, model, tmp_path):
    (tmp_path / "mapping.yaml").write_text(examples(section)[2], encoding="utf-8")
    table = "Respondent,Criterion,First,Second,Rating\nk-01,E1,C1,C2,1/5\nk-02,Smart city,C2,C1,5\n"
    (tmp_path / "answers.csv").write_text(table, encoding="utf-8")
    panel = read_answers(tmp_path / "answers.csv", model, mapping=tmp_path / "mapping.yaml").panel
    said = panel[["context", "left", "favours", "intensity"]].to_numpy().tolist()
    assert sorted(said) == [
        ["E1", "economic_growth", "right", 5],
        ["E1", "policy_making", "left", 5],
    ]


def test_the_example_of_a_mapping_file_is_read(section, model, tmp_path):
    example, mapping, _ = examples(section)
    (tmp_path / "answers.csv").write_text(example, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    answers = read_answers(tmp_path / "answers.csv", model, mapping=tmp_path / "mapping.yaml")
    said = {old: answers.panel[answers.panel["expert"] == new] for old, new in answers.key.items()}
    given = {
        old: list(zip(rows["favours"], rows["intensity"], strict=True))
        for old, rows in said.items()
    }
    assert given == {
        "k-01": [("right", 5)] * 3,
        "k-02": [("left", 3)] * 3,
        "k-03": [("equal", 1)] * 3,
    }
    assert answers.dropped_columns == ("Name",)


def test_the_example_of_every_coding_is_right_5(section):
    assert RIGHT_5.keys() == CODINGS.keys()
    for coding, read in CODINGS.items():
        assert read(RIGHT_5[coding], Names("", "", {})) == ("right", "5")
        assert re.search(rf"\| `{coding}` \|.*\| `{re.escape(RIGHT_5[coding])}` \|", section)


@pytest.mark.parametrize(
    ("form", "header", "row"),
    [
        ("wide", ["expert", "{q}"], ["k-01", "-4"]),
        (
            "wide",
            ["expert_code", "round", "{q}__side", "{q}__intensity"],
            ["k-01", "1", "right", "5"],
        ),
        (
            "kobo",
            ["expert_code", "{c}/{q}__side", "{c}/{q}__intensity"],
            ["k-01", "Саясатты әзірлеу", "5 – strongly"],
        ),
        (
            "kobo",
            ["expert_code", "{c}-{q}__side", "{c}-{q}__intensity"],
            ["k-01", "Разработка политики", "5"],
        ),
        (
            "limesurvey",
            ["submitdate", "lastpage", "expertcode", "q001side", "q001intensity"],
            ["2026-01-01", "3", "k-01", "right", "5"],
        ),
        (
            "limesurvey",
            ["submitdate", "lastpage", "expertcode", "A[q001][1]", "A[q001][2]"],
            ["2026-01-01", "3", "k-01", "right", "5"],
        ),
        (
            "limesurvey",
            ["submitdate", "lastpage", "expertcode", "q001"],
            ["2026-01-01", "3", "k-01", "R5"],
        ),
    ],
)
def test_every_heading_shown_is_read(form, header, row, section, model, asked, tmp_path):
    question = {"q": "__".join(asked[0]), "c": asked[0][0]}
    assert question_numbers(model)["q001"] == asked[0]
    header = [heading.format(**question) for heading in header]
    for heading in header:
        if "q001" in heading or heading.startswith(question["q"]):
            assert f"`{heading}`" in section
    answers = read_answers(write(tmp_path / "answers.csv", header, row), model)
    assert (answers.understood[0].format, judgement(answers)) == (form, [(*asked[0], "right", 5)])


@pytest.mark.parametrize("size", ["", "1"])
def test_equal_takes_1_or_nothing_in_the_tidy_form_too(size, model, asked, tmp_path):
    header = ["expert", "round", "context", "left", "right", "favours", "intensity"]
    answers = read_answers(
        write(tmp_path / "answers.csv", header, ["k-01", "1", *asked[0], "equal", size]), model
    )
    assert judgement(answers) == [(*asked[0], "equal", 1)]


def test_limits_are_those_of_the_reader(section):
    limits = section.split("### Limits")[1]
    assert re.findall(r"`(\.[a-z]+)`", limits) == list(READERS)
    assert f"Up to {MAX_BYTES // 1_000_000} MB" in limits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "kz1048"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_named_are_read(encoding, separator, section, tmp_path):
    path = tmp_path / "answers.csv"
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([["код", "ответ"], ["к-1", "слева"]])
    path.write_bytes(text.getvalue().encode(encoding))
    sheet = read_sheet(path)
    assert (sheet.header, sheet.rows) == (("код", "ответ"), [["к-1", "слева"]])
    assert sheet.encoding in section and sheet.separator in section
