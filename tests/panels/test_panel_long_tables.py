"""Tables with one judgement a row: the tidy form without a round, and headings of one's own."""

import pytest
import yaml

from smartgov.panels import PanelProblems, read_answers

HEADINGS = {
    "expert": "Эксперт",
    "context": "Критерий",
    "left": "Первый",
    "right": "Второй",
    "value": "Оценка",
}


def mapping_file(tmp_path, **entries):
    path = tmp_path / "mapping.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return path


def saaty(value):
    return str(value + 1) if value >= 0 else f"1/{1 - value}"


def long_table(values, asked, by_hand, cells, name=lambda identifier: identifier):
    """One judgement a row: expert, context, left, right and whatever `cells` makes of a value."""
    return [
        [expert, *map(name, question), *cells(int(value))]
        for expert, row in zip(by_hand["experts"], values, strict=True)
        for question, value in zip(asked, row, strict=True)
    ]


@pytest.mark.parametrize("round", [1, 2])
def test_a_tidy_file_without_rounds_is_of_the_round_of_its_place(
    round, values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["tidy"](values, asked)
    path = by_hand["csv"](
        tmp_path / "b.csv", header[:1] + header[2:], [r[:1] + r[2:] for r in rows]
    )
    first = path if round == 1 else by_hand["csv"](tmp_path / "a.csv", header, rows)
    answers = read_answers(first, model, round2=path if round == 2 else None)
    same_answers(answers.panel, answers.key, round=round)
    assert answers.understood[-1].rounds == (round,)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_headings_of_ones_own(
    language, kind, values, asked, by_hand, tmp_path, model, same_answers
):
    rows = long_table(
        values, asked, by_hand, lambda v: [saaty(v)], lambda each: model.label(each, language)
    )
    path = by_hand[kind](tmp_path / f"long.{kind}", [*HEADINGS.values()], rows)
    mapping = mapping_file(tmp_path, coding="ratio", **HEADINGS)
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)
    assert answers.dropped_columns == ()


def test_sides_names_and_words_of_ones_own(values, asked, by_hand, tmp_path, model, same_answers):
    own = {each: f"C{n}" for n, each in enumerate(model.components.index, 1)}
    said = {"left": "A", "right": "B", "equal": "A=B"}

    def cells(value):
        side, size = by_hand["side_and_intensity"](value)
        return [said[side], size]

    rows = long_table(values, asked, by_hand, cells, lambda each: own.get(each, each))
    path = by_hand["csv"](tmp_path / "l.csv", ["Wer", "K", "A", "B", "Seite", "Stärke"], rows, ";")
    mapping = mapping_file(
        tmp_path,
        expert="Wer",
        context="K",
        left="A",
        right="B",
        side="Seite",
        intensity="Stärke",
        words={side: [word] for side, word in said.items()},
        names={mine: each for each, mine in own.items()},
    )
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


def test_a_context_for_the_whole_table(values, asked, by_hand, tmp_path, model):
    inside = [question for question in asked if question[0] == "E2"]
    rows = [
        [expert, question[1], question[2], 3]
        for expert in by_hand["experts"]
        for question in inside
    ]
    path = by_hand["csv"](tmp_path / "e2.csv", ["who", "one", "other", "steps"], rows)
    mapping = mapping_file(
        tmp_path, expert="who", context="Open government", left="one", right="other", value="steps"
    )
    panel = read_answers(path, model, mapping=mapping).panel
    assert set(panel["context"]) == {"E2"} and set(panel["intensity"]) == {4}


FAULTS = {
    "no value": ({"value": None}, "mapping.yaml, at value: found no such entry"),
    "an entry of the wide form": (
        {"questions": []},
        "mapping.yaml, at context: found an entry of another name",
    ),
    "a heading that is not there": (
        {"left": "Перв"},
        r"row 1, column Перв: found no such heading.*\(perhaps Первый\)",
    ),
    "one column twice": (
        {"right": "ПЕРВЫЙ"},
        "column ПЕРВЫЙ: found the column that 'Первый' stands for already",
    ),
    "a name for nothing": ({"names": {"C1": "growth"}}, "at names: found 'growth'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_mapping_file(fault, values, asked, by_hand, tmp_path, model):
    rows = long_table(values, asked, by_hand, lambda v: [v])
    path = by_hand["csv"](tmp_path / "long.csv", [*HEADINGS.values()], rows)
    entries, message = FAULTS[fault]
    entries = {key: text for key, text in (HEADINGS | entries).items() if text is not None}
    with pytest.raises(PanelProblems, match=message):
        read_answers(path, model, mapping=mapping_file(tmp_path, **entries))


def test_a_cell_is_placed_by_its_own_heading(values, asked, by_hand, tmp_path, model):
    rows = long_table(values, asked, by_hand, lambda v: [v])
    rows[4][2], rows[5][4] = "????? ??????", "12"
    path = by_hand["csv"](tmp_path / "long.csv", [*HEADINGS.values()], rows)
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model, mapping=mapping_file(tmp_path, **HEADINGS))
    lost, too_much = refused.value.problems
    assert (lost.row, lost.column) == (6, "Первый") and "became question marks" in lost.found
    assert (too_much.row, too_much.column, too_much.found) == (7, "Оценка", "'12'")


@pytest.mark.parametrize("agree", [True, False])
def test_a_whole_matrix_one_cell_a_row(
    agree, values, asked, by_hand, tmp_path, model, same_answers
):
    """As R and Python melt a matrix: each pair in both orders, one the inverse of the other."""
    rows = long_table(values, asked, by_hand, lambda v: [saaty(v)])
    turned = [(context, right, left) for context, left, right in asked]
    mirrored = long_table(-values, turned, by_hand, lambda v: [saaty(v)])
    if not agree:
        mirrored[1][-1] = "1" if values[0, 1] else "2"
    path = by_hand["csv"](tmp_path / "long.csv", [*HEADINGS.values()], rows + mirrored)
    mapping = mapping_file(tmp_path, coding="ratio", **HEADINGS)
    if agree:
        answers = read_answers(path, model, mapping=mapping)
        same_answers(answers.panel, answers.key)
        return
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model, mapping=mapping)
    (problem,) = refused.value.problems
    assert problem.row == len(rows) + 3 and "the answer of row 3" in problem.accepted
