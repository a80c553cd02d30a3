"""Three rounds through the command: forms, answers on paper, and feedback between them."""

from __future__ import annotations

from html import escape

import numpy as np
import openpyxl
import pytest
from signed import from_signed

from smartgov.app.verbs import main
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues
from smartgov.words import say

EXPERTS = ("KZ-1", "KZ-2", "KZ-3", "KZ-4", "KZ-5")


def typed(path, asked: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Type one signed answer an expert and question; what the workbook asked."""
    book = openpyxl.load_workbook(path)
    found = {}
    for expert, sheet in enumerate(book.worksheets[: len(EXPERTS)]):
        sheet["F4"], sheet["F5"] = EXPERTS[expert], 1
        for cells in sheet.iter_rows(min_row=8):
            field = cells[7].value
            value = asked[field][expert]
            left, right = (str(cells[place].value).split(" · ")[0] for place in (2, 4))
            cells[5].value = left if value > 0 else right if value < 0 else "0"
            cells[6].value = abs(int(value)) + 1 if value else None
            found[field] = asked[field]
    book.save(path)
    return found


def test_three_rounds_ask_ever_less_and_say_why(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(words: str) -> str:
        assert main(words.split()) == 0
        return capsys.readouterr().out

    call("instrument one --copies 5")
    rng, entry = np.random.default_rng(11), "{}/data_entry_round_{}.xlsx"
    first = tmp_path / entry.format("one", 1)
    fields = [row[7].value for row in openpyxl.load_workbook(first).worksheets[0].iter_rows(8)]
    drawn = {field: rng.integers(-8, 9, 5) for field in fields}
    for field in fields[:50]:
        drawn[field] = np.array([2, 2, 3, 3, 3])
    answered = typed(first, drawn)
    assert len(answered) == 135
    spread = {f: np.subtract(*np.percentile(v, [75, 25])) for f, v in answered.items()}
    agreed = {field for field, width in spread.items() if width <= 2}

    said = call(f"instrument two --round 2 --panel {first} --language ru --copies 5")
    assert f"asks {135 - len(agreed)} of 135 questions; the others are settled: in" in said
    second = tmp_path / entry.format("two", 2)
    held = {field: values for field, values in drawn.items() if field not in agreed}
    for field in list(held)[::2]:  # every other question: all experts move
        held[field] = rng.permutation([-8, -4, 0, 4, 8]) * np.ones(5, dtype=int)
    again = typed(second, held)
    assert set(again) == set(fields) - agreed

    sheets = call(f"feedback {first} sheets --round 2 --round2 {second} --language kk")
    assert "wrote 10 files" in sheets
    said = call(f"instrument three --round 3 --panel {first} --round2 {second} --copies 5")
    asked = [
        row[7].value for row in openpyxl.load_workbook(entry.format("three", 3)).active.iter_rows(8)
    ]
    stable = {f for f in again if np.mean(again[f] != drawn[f]) <= 0.15}
    narrow = {f for f in again if np.subtract(*np.percentile(again[f], [75, 25])) <= 2}
    assert set(asked) == set(fields) - agreed - stable - narrow
    assert f"in {len(stable - narrow)} they hold to their answers" in said
    call(f"instrument all --round 3 --panel {first} --round2 {second} --ask all --copies 5")
    assert openpyxl.load_workbook(entry.format("all", 3)).active.max_row == 7 + 135


def test_a_round_without_answers_of_the_one_before_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    main(["instrument", "one", "--copies", "5"])
    first = tmp_path / "one" / "data_entry_round_1.xlsx"
    sheet = openpyxl.load_workbook(first).active
    typed(first, {row[7].value: np.arange(5) for row in sheet.iter_rows(8)})
    assert main(f"instrument three --round 3 --panel {first}".split()) == 2
    assert "round 2: nobody answered" in capsys.readouterr().err
    assert not (tmp_path / "three").exists()


# Stakeholder groups -----------------------------------------------------------------------------

SECTORS = ["state"] * 4 + ["<firm>"] * 3 + ["ngo"] * 2 + [""]


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Ten experts of three sectors, one of none: a wide file, and their signed answers."""
    asked = questionnaire(read_model())
    values = np.random.default_rng(5).integers(-8, 9, (10, len(asked))).astype(float)
    values[4, 0] = np.nan  # of three in firms, two answered the first question
    codes = [f"KZ-{number}" for number in range(10)]
    table = from_signed(SignedValues(codes, asked[["context", "left", "right"]], values))
    question = table[["context", "left", "right"]].agg("__".join, axis=1)
    signed = np.where(table["favours"] == "right", -1, 1) * (table["intensity"] - 1)
    wide = table.assign(question=question, signed=signed)
    wide = wide.pivot(index="expert", columns="question", values="signed").astype("Int64")
    path = tmp_path_factory.mktemp("grouped") / "answers.csv"
    wide.assign(sector=SECTORS, age=["old", "young"] * 5).to_csv(path)
    return path, values


def sheets_of(folder) -> dict[str, tuple[dict[str, list], list[str], str]]:
    """By code: columns of the first sheet, lines of the last, and the page."""
    found = {}
    for path in sorted(folder.glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        heads, *rows = book.worksheets[0].iter_rows(values_only=True)
        lines = [row[0] for row in book.worksheets[-1].iter_rows(values_only=True)]
        page = path.with_suffix(".html").read_text(encoding="utf-8")
        columns = dict(zip(heads, zip(*rows, strict=True), strict=True))
        found[path.stem.removeprefix("feedback_round_1_")] = columns, lines, page
    return found


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_each_sheet_shows_the_median_of_the_experts_own_group(language, grouped, tmp_path, capsys):
    path, values = grouped
    words = ["--keep", "sector", "--language", language]
    assert main(["feedback", str(path), str(tmp_path / "sheets"), *words]) == 0
    assert "3 of 10 experts share sector with fewer than 2 others" in capsys.readouterr().out
    head, blank = say("feedback.of_group", language), say("feedback.blank", language)
    signed = say("feedback.signed", language, what=head)
    members = {name: np.array(SECTORS) == name for name in ("state", "<firm>")}
    for place, (columns, lines, page) in enumerate(sheets_of(tmp_path / "sheets").values()):
        name = SECTORS[place]
        stated = say("feedback.your_group", language, name=name, n=SECTORS.count(name), least=3)
        sentence = stated if name else say("feedback.no_group", language)
        assert sentence in lines and escape(sentence) in page
        assert page.count(f"<i>{head}:</i>") == len(columns[head]) == 135
        if name not in members:
            assert set(columns[head]) == {blank} and set(columns[signed]) == {None}
            continue
        expected = np.median(values[members[name]], axis=0)
        first = 1 if name == "<firm>" else 0
        assert first == 0 or (columns[head][0], columns[signed][0]) == (blank, None)
        assert list(columns[signed][first:]) == expected[first:].tolist()
        assert blank not in columns[head][first:]


def test_groups_by_two_headings_are_their_combinations(grouped, tmp_path, capsys):
    path, values = grouped
    words = ["--keep", "age, sector"]
    assert main(["feedback", str(path), str(tmp_path / "sheets"), *words]) == 0
    assert "experts share age and sector" in capsys.readouterr().out
    columns, lines, _ = sheets_of(tmp_path / "sheets")["KZ-0"]
    assert any("group: old, state. Experts of it in this round: 2." in str(each) for each in lines)
    assert set(columns[say("feedback.of_group", "en")]) == {"–"}


def test_without_a_group_asked_for_nothing_is_said_of_any(grouped, tmp_path, capsys):
    path, _ = grouped
    assert main(["feedback", str(path), str(tmp_path / "sheets")]) == 0
    assert "note" not in capsys.readouterr().out
    for columns, lines, page in sheets_of(tmp_path / "sheets").values():
        told = " ".join([*columns, *map(str, lines), page])
        assert "stakeholder" not in told and "state" not in lines


def test_a_group_by_a_heading_that_is_not_there_is_refused(grouped, tmp_path, capsys):
    words = ["feedback", str(grouped[0]), str(tmp_path / "sheets"), "--keep", "branch"]
    assert main(words) == 2
    assert "column branch: found no such column to keep" in capsys.readouterr().err
    assert not (tmp_path / "sheets").exists()


def test_a_tidy_file_repeats_the_group_in_every_row_of_an_expert(grouped, tmp_path, capsys):
    wide, values = grouped
    asked = questionnaire(read_model())[["context", "left", "right"]]
    codes = [f"KZ-{number}" for number in range(10)]
    tidy = from_signed(SignedValues(codes, asked, values))
    tidy = tidy.assign(sector=tidy["expert"].map(dict(zip(codes, SECTORS, strict=True))))
    tidy.to_csv(tmp_path / "tidy.csv", index=False)
    for name, path in {"a": wide, "b": tmp_path / "tidy.csv"}.items():
        assert main(["feedback", str(path), str(tmp_path / name), "--keep", "sector"]) == 0
        assert "3 of 10 experts share sector" in capsys.readouterr().out
    assert sheets_of(tmp_path / "a") == sheets_of(tmp_path / "b")
    tidy.loc[3, "sector"] = "ngo"
    tidy.to_csv(tmp_path / "odd.csv", index=False)
    words = ["feedback", str(tmp_path / "odd.csv"), str(tmp_path / "c"), "--keep", "sector"]
    assert main(words) == 2
    assert "row 5, column sector: found 'ngo', where another row" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()
