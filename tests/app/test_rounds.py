"""Three rounds through the command: forms, answers on paper, and feedback between them."""

from __future__ import annotations

import numpy as np
import openpyxl

from smartgov.app.verbs import main

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
