"""`make mapping`: what is written works once it is filled in."""

import re

import pytest
import yaml

from smartgov.app.verbs import main
from smartgov.panels import read_answers


def skeleton(path, capsys, **filled):
    """Write a mapping file for a table, fill in what is open, and give its path."""
    assert main(["mapping", str(path)]) == 0
    out = path.with_suffix(".mapping.yaml")
    assert capsys.readouterr().out == f"wrote {out}\n"
    text = out.read_text(encoding="utf-8")
    for entry, value in filled.items():
        text, replaced = re.subn(rf"^{entry}: \?\?\?.*", f"{entry}: {value}", text, flags=re.M)
        assert replaced == 1
    out.write_text(text, encoding="utf-8")
    return out


def saaty(value):
    return str(value + 1) if value >= 0 else f"1/{1 - value}"


def test_questions_are_found_in_headings(
    values, asked, by_hand, tmp_path, model, same_answers, capsys
):
    header = [" · ".join(model.label(each, "kk") for each in question) for question in asked]
    pairs = zip(by_hand["experts"], values, strict=True)
    rows = [[n, expert, *map(saaty, map(int, row))] for n, (expert, row) in enumerate(pairs)]
    path = by_hand["xlsx"](tmp_path / "a.xlsx", ["No.", "Шифр", *header], rows)
    mapping = skeleton(path, capsys, expert="Шифр")
    assert yaml.safe_load(mapping.read_text(encoding="utf-8"))["coding"] == "ratio"
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


def test_columns_in_the_questionnaires_order_are_offered(
    values, asked, by_hand, tmp_path, model, same_answers, capsys
):
    header = ["Code", "E-mail", *(f"Q{n}" for n in range(len(asked)))]
    pairs = zip(by_hand["experts"], values, strict=True)
    rows = [[expert, "a@example.org", *map(int, row)] for expert, row in pairs]
    path = by_hand["csv"](tmp_path / "q.csv", header, rows)
    mapping = skeleton(path, capsys, expert="Code")
    text = mapping.read_text(encoding="utf-8")
    assert '#  "E-mail"' in text
    mapping.write_text(text.replace("#  - ", "  - "), encoding="utf-8")
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


@pytest.mark.parametrize("cells", ["value", "side"])
def test_a_long_table(cells, values, asked, by_hand, tmp_path, model, same_answers, capsys):
    answer = {"value": lambda v: [saaty(v)], "side": by_hand["side_and_intensity"]}[cells]
    rows = [
        [expert, *(model.label(each, "ru") for each in question), *answer(int(value))]
        for expert, row in zip(by_hand["experts"], values, strict=True)
        for question, value in zip(asked, row, strict=True)
    ]
    header = ["Кто", "Критерий", "Первый", "Второй", *["Ответ", "Сила"][: len(rows[0]) - 4]]
    path = by_hand["csv"](tmp_path / "long.csv", header, rows, ";")
    answers = read_answers(path, model, mapping=skeleton(path, capsys, expert="Кто"))
    same_answers(answers.panel, answers.key)


def test_matrices_need_a_context_only(tmp_path, by_hand, model, capsys):
    ids = {each.context: list(each.components) for each in model.groups()}["E1"]
    rows = [[one, *(1 if one == other else 3 for other in ids)] for one in ids]
    rows = [
        [one, *(c if n <= i else "" for n, c in enumerate(row[1:]))]
        for i, row in enumerate(rows)
        for one in row[:1]
    ]
    path = by_hand["csv"](tmp_path / "m.csv", ["Expert: K-07"] + [""] * len(ids), rows)
    answers = read_answers(path, model, mapping=skeleton(path, capsys, context="E2"))
    assert set(answers.panel["context"]) == {"E2"} and len(answers.panel) == 36


def test_own_words_for_the_sides_are_listed(asked, by_hand, tmp_path, model, capsys):
    header = ["Expert code"]
    for question in asked:
        said = " / ".join(map(model.label, question))
        header += [said, said + " how much"]
    rows = [[f"K-{n}", *["die linke", "3"] * len(asked)] for n in range(3)]
    path = by_hand["csv"](tmp_path / "w.csv", header, rows)
    mapping = skeleton(path, capsys)
    text = mapping.read_text(encoding="utf-8")
    assert 'words: {left: [], right: [], equal: []}  # found: "die linke"' in text
    mapping.write_text(text.replace("left: []", "left: [die linke]", 1), encoding="utf-8")
    panel = read_answers(path, model, mapping=mapping).panel
    assert set(panel["favours"]) == {"left"} and len(panel) == 3 * len(asked)


def test_nothing_is_overwritten_and_nothing_written_in_vain(tidy, by_hand, tmp_path, capsys):
    path = by_hand["csv"](tmp_path / "t.csv", *tidy)
    assert main(["mapping", str(path)]) == 2
    assert "t.csv needs no mapping file" in capsys.readouterr().err
    other = by_hand["csv"](tmp_path / "o.csv", ["Code", "A"], [["x1", 3]])
    (tmp_path / "o.mapping.yaml").write_text("mine", encoding="utf-8")
    assert main(["mapping", str(other)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "o.mapping.yaml").read_text(encoding="utf-8") == "mine"
    assert main(["mapping", str(tmp_path / "none.csv")]) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["o.csv", "o.mapping.yaml", "t.csv"]
