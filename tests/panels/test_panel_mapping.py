"""A plain spreadsheet, read with a mapping file."""

import numpy as np
import pytest
import yaml

from smartgov.panels import PanelProblems, read_answers


def mapping_file(tmp_path, **entries):
    path = tmp_path / "mapping.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return path


def entries(asked, coding):
    return [
        {"column": f"C{n}", "context": context, "left": left, "right": right, "coding": coding}
        for n, (context, left, right) in enumerate(asked)
    ]


CODED = {
    "signed": str,
    "bipolar": lambda v: str(int(np.sign(v)) * (abs(v) + 1)) if v else "1",
    "ratio": lambda v: str(v + 1) if v >= 0 else f"{1 / (1 - v):.2f}".replace(".", ","),
    "words": lambda v: "equal" if v == 0 else f"{'left' if v > 0 else 'right'} {abs(v) + 1}",
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_coding(coding, kind, values, asked, by_hand, tmp_path, model, same_answers):
    rows = [
        [f"Q{i}", expert, *(CODED[coding](int(v)) for v in row)]
        for i, (expert, row) in enumerate(zip(by_hand["experts"], values, strict=False))
    ]
    path = by_hand[kind](
        tmp_path / f"plain.{kind}", ["No.", "Code", *(f"C{n}" for n in range(len(asked)))], rows
    )
    mapping = mapping_file(tmp_path, expert="Code", questions=entries(asked, coding))
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)
    assert (answers.understood[0].format, answers.dropped_columns) == ("mapping", ("No.",))


def test_sides_in_the_panels_own_words(values, asked, by_hand, tmp_path, model, same_answers):
    said = {"left": "die linke", "right": "die rechte", "equal": "beide"}
    header = ["Wer", "Runde", *(f"{n}{part}" for n in range(len(asked)) for part in "ab")]
    rows = []
    for expert, row in zip(by_hand["experts"], values, strict=False):
        cells = (by_hand["side_and_intensity"](v) for v in row)
        rows.append([expert, 1, *(cell for side, size in cells for cell in (said[side], size))])
    questions = [
        {"side": f"{n}a", "intensity": f"{n}b", "context": context, "left": left, "right": right}
        for n, (context, left, right) in enumerate(asked)
    ]
    words = {side: [word] for side, word in said.items()}
    mapping = mapping_file(tmp_path, expert="Wer", round="Runde", words=words, questions=questions)
    answers = read_answers(
        by_hand["csv"](tmp_path / "own.csv", header, rows, "\t"), model, mapping=mapping
    )
    same_answers(answers.panel, answers.key)


@pytest.mark.parametrize("written", ["{}", "{}.0"])
def test_sides_in_numbers(written, values, asked, by_hand, tmp_path, model, same_answers):
    """Where cells were empty, pandas and R write 1.0 for 1."""
    number = {"left": 1, "equal": 2, "right": 3}
    header = ["Code", *(f"{n}{part}" for n in range(len(asked)) for part in "ab")]
    rows = []
    for expert, row in zip(by_hand["experts"], values, strict=True):
        pairs = (by_hand["side_and_intensity"](value) for value in row)
        rows.append([expert, *(written.format(c) for s, i in pairs for c in (number[s], i))])
    questions = [
        {"side": f"{n}a", "intensity": f"{n}b"}
        | dict(zip(("context", "left", "right"), question, strict=True))
        for n, question in enumerate(asked)
    ]
    words = {side: [str(code)] for side, code in number.items()}
    mapping = mapping_file(tmp_path, expert="Code", words=words, questions=questions)
    path = by_hand["csv"](tmp_path / "codes.csv", header, rows)
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


def test_every_fault_of_a_mapping_file_is_listed(tmp_path, by_hand, model):
    answers = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x1", "3"]])
    mapping = mapping_file(
        tmp_path,
        experts="Code",
        coding="percent",
        questions=[
            {"column": "A", "context": "E1"},
            {"column": "A", "context": "E1", "left": "a", "right": "b", "coding": "odd"},
        ],
    )
    with pytest.raises(PanelProblems) as refused:
        read_answers(answers, model, mapping=mapping)
    assert {p.column for p in refused.value.problems} == {
        "experts",
        "expert",
        "questions, entry 1",
        "coding",
    }
    assert {p.found for p in refused.value.problems if p.column == "coding"} == {
        "'percent'",
        "'odd'",
    }


FAULTS = {
    "words: {left: first}": ("words", "'left'", "lists of words for left, right and equal"),
    "words: {rigth: [second]}": ("words", "'rigth'", "lists of words for left, right and equal"),
    "words: [first]": ("words", "no sides", "lists of words"),
    "questions: A": ("questions", "no list", "one line a question"),
    "coding: [signed]": ("coding", "a list or several entries", "one text"),
    "questions: [{column: [A], context: E1, left: data, right: data}]": (
        "questions, entry 1",
        "no text for column",
        "one text",
    ),
    "questions: [{column: A, context: E22, left: data, right: key_enablers}]": (
        "questions, entry 1 (A)",
        "'E22' as the context (perhaps E2)",
        "one of E1, E2, E3 (middle ring), or economic_growth",
    ),
    "questions: [{column: A, context: E1, left: econmic growth, right: policy_making}]": (
        "questions, entry 1 (A)",
        "'econmic growth' on the left side (perhaps economic_growth)",
        "one of economic_growth, policy_making",
    ),
    "questions: [{side: A, intensity: A, context: E1, left: economic_growth, "
    "right: policy_making}]": (
        "questions",
        "the column 'A' 2 times",
        "every column once",
    ),
}


@pytest.mark.parametrize("entry", FAULTS)
def test_a_fault_of_a_mapping_file_is_placed_there(entry, tmp_path, by_hand, model):
    answers = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x1", "3"]])
    question = (
        "questions: [{column: A, context: E1, left: economic_growth, right: policy_making}]\n"
    )
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "expert: Code\n" + ("" if entry.startswith("questions") else question) + entry,
        encoding="utf-8",
    )
    with pytest.raises(PanelProblems) as refused:
        read_answers(answers, model, mapping=mapping)
    first, (column, found, accepted) = refused.value.problems[0], FAULTS[entry]
    assert (first.file, first.row, first.column, first.found) == (
        "mapping.yaml",
        None,
        column,
        found,
    )
    assert first.accepted.startswith(accepted)


@pytest.mark.parametrize("heading", ["No", "1.10", "yes", "2026-03-01", "Вопрос: 1, 2"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_headings_are_texts_whatever_yaml_makes_of_them(
    heading, encoding, tmp_path, by_hand, model
):
    answers = by_hand["csv"](tmp_path / "a.csv", [heading, "="], [["x1", "3"]])
    quoted = f'"{heading}"' if ":" in heading else heading
    mapping = tmp_path / "mapping.yaml"
    text = f"expert: {quoted}\nround: 2\nwords: {{equal: [=, да]}}\nquestions:\n"
    mapping.write_bytes(
        (
            text + "  - {column: =, context: E1, left: economic_growth, right: policy_making}\n"
        ).encode(encoding)
    )
    panel = read_answers(answers, model, mapping=mapping).panel
    assert panel[["round", "favours", "intensity"]].to_numpy().tolist() == [[2, "left", 4]]


def test_a_mapping_file_fits_no_other_format(tmp_path, by_hand, model):
    answers = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x1", "3"]])
    with pytest.raises(
        ValueError,
        match="format with a mapping file: found 'kobo'; accepted is one of auto, mapping",
    ):
        read_answers(answers, model, format="kobo", mapping=tmp_path / "mapping.yaml")
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(
            PanelProblems, match="no such file; accepted: the path of a mapping file"
        ):
            read_answers(answers, model, mapping=path)


def test_a_heading_the_mapping_names_must_be_there(tmp_path, by_hand, model):
    answers = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x1", "3"]])
    question = dict(
        zip(("context", "left", "right"), ("E1", "economic_growth", "policy_making"), strict=True)
    )
    mapping = mapping_file(tmp_path, expert="Code", questions=[{"column": "B", **question}])
    with pytest.raises(
        PanelProblems,
        match="a.csv, row 1, column B: found no such heading.*accepted: one of Code, A",
    ):
        read_answers(answers, model, mapping=mapping)
    mapping = mapping_file(tmp_path, expert="Cod", questions=[{"column": "A", **question}])
    with pytest.raises(
        PanelProblems,
        match=(
            r"column Cod: found no such heading, though the mapping file names it \(perhaps Code\)"
        ),
    ):
        read_answers(answers, model, mapping=mapping)


def test_a_mapping_file_that_is_no_yaml_says_where(tmp_path, by_hand, model):
    answers = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x1", "3"]])
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("expert: Code\nquestions: [\n", encoding="utf-8")
    with pytest.raises(PanelProblems, match=r"mapping.yaml, row \d: found text that is no YAML"):
        read_answers(answers, model, mapping=mapping)
    with pytest.raises(ValueError, match="format 'mapping' needs a mapping file"):
        read_answers(answers, model, format="mapping")


def test_a_value_outside_the_coding_is_placed(values, asked, by_hand, tmp_path, model):
    rows = [
        [expert, *(CODED["ratio"](int(v)) for v in row)]
        for expert, row in zip(by_hand["experts"], values, strict=False)
    ]
    rows[3][5] = "0,7"
    path = by_hand["csv"](
        tmp_path / "plain.csv", ["Code", *(f"C{n}" for n in range(len(asked)))], rows, ";"
    )
    mapping = mapping_file(
        tmp_path, expert="Code", coding="ratio", questions=entries(asked, "ratio")
    )
    with pytest.raises(
        PanelProblems,
        match=(
            r"plain.csv, row 5, column C4: found '0,7'; accepted: a whole number from 1 to 9, or an"
            r" inverse"
        ),
    ):
        read_answers(path, model, mapping=mapping)
