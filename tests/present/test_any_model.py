"""Questionnaire, data entry, pages and feedback of studies of other shapes than the article's."""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml
from pyxform.xls2xform import convert
from signed import from_signed

from smartgov.delphi.next_round import judged_questions
from smartgov.instruments.feedback import expert_priorities, group_answers
from smartgov.instruments.settled import Settled
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import SignedValues, read_answers
from smartgov.panels.data_entry import box_codes
from smartgov.present.feedback_page import write_feedback
from smartgov.present.instrument_page import write_instrument

SHAPES = {
    "three components": ([("trust", 3, "dimensions")], 1, 3),
    "five, one context": ([("quality", 5, "dimensions")], 1, 10),
    "fifteen components": ([("goal", 15, "dimensions")], 2, 210),
    "two inner rings": (
        [("goal", 4, "dimensions"), ("tool", 3, "goal"), ("law", 2, "goal")],
        2,
        2 * comb(4, 2) + 4 * 3 + 4 * 1,
    ),
    "two rings in the dimensions": ([("goal", 3, "dimensions"), ("tool", 3, "dimensions")], 2, 12),
    "a ring in a ring in a ring": (
        [("goal", 3, "dimensions"), ("tool", 3, "goal"), ("law", 3, "tool")],
        1,
        3 + 9 + 9,
    ),
}


def model_of(rings: list[tuple[str, int, str]], dimensions: int, path: Path) -> Model:
    """A model file of rings with so many components, each compared in the contexts named."""

    def thing(name: str, **more) -> dict:
        names = {"en": f"{name} (en)", "kk": f"{name} (қаз)", "ru": f"{name} (рус)"}
        return {"id": name, "names": names, "evidence": {"place": "text", "phrase": "x"}, **more}

    views = [f"View{number}" for number in range(1, dimensions + 1)]
    raw = {
        "rings": [thing(ring) for ring, _, _ in rings],
        "dimensions": [thing(view) for view in views],
        "components": [
            thing(f"{ring}{number}", ring=ring)
            for ring, size, _ in rings
            for number in range(1, size + 1)
        ],
        "counted_not_named": [],
        "questionnaire": [
            {
                "ring": ring,
                "contexts": contexts,
                "table2_columns": list(views) if contexts == "dimensions" else [ring],
            }
            for ring, _, contexts in rings
        ],
    }
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return read_model(path)


@pytest.mark.parametrize(("rings", "dimensions", "count"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("fixed_order", [True, False])
def test_from_questionnaire_to_second_round(rings, dimensions, count, fixed_order, tmp_path):
    model = model_of(rings, dimensions, tmp_path / "model.yaml")
    asked = questionnaire(model)[["context", "left", "right"]]
    assert len(asked) == count
    rng = np.random.default_rng(5)
    drawn = np.where(
        rng.random((5, count)) < 0.2, 0, rng.integers(1, 5, count) + rng.integers(-3, 4, (5, count))
    ).clip(-8, 8)
    options = {"fixed_order": fixed_order, "copies": 5, "languages": ["kk", "ru", "en"]}
    form, _, entry, *pages = write_instrument(model, tmp_path / "one", **options)
    assert count > 50 or convert(form).warnings == []
    assert len(pages) == (3 if fixed_order else 15)
    fill(entry, model, drawn)
    answers = read_answers(entry, model)
    old = {new: code for code, new in answers.key.items()}
    panel = answers.panel.assign(expert=answers.panel["expert"].astype(str).map(old))
    truly = from_signed(SignedValues([f"E{n}" for n in range(5)], asked, drawn))
    by = ["expert", "context", "left", "right"]
    assert panel.sort_values(by).to_numpy().tolist() == truly.sort_values(by).to_numpy().tolist()
    settled = Settled(judged_questions(panel, model), 2.0, 0.15)
    assert 0 < (settled.reasons != "").sum() < count
    sheets = write_feedback(panel, model, tmp_path / "sheets", settled, language="kk")
    assert len(sheets.files) == 10
    weights = expert_priorities(panel, model, "E0")
    contexts = questionnaire(model).groupby(["ring", "context"]).ngroups
    assert weights["own"].sum() == pytest.approx(contexts) == weights["group"].sum()
    group = group_answers(panel, model)
    later = write_instrument(
        model, tmp_path / "two", round=2, feedback=group, settled=settled, **options
    )
    assert count > 50 or convert(later[0]).warnings == []


def fill(path: Path, model: Model, values: np.ndarray) -> None:
    """Type signed values into a workbook, an expert a sheet."""
    book, codes = openpyxl.load_workbook(path), box_codes(model)
    fields = [
        "__".join(question)
        for question in questionnaire(model)[["context", "left", "right"]].itertuples(index=False)
    ]
    for number, (sheet, row) in enumerate(zip(book.worksheets, values, strict=True)):
        sheet["F4"], sheet["F5"] = f"E{number}", 1
        given = dict(zip(fields, row.tolist(), strict=True))
        for cells in sheet.iter_rows(min_row=8):
            value = int(given[cells[7].value])
            _, left, right = cells[7].value.split("__")
            cells[5].value = codes[left] if value > 0 else codes[right] if value < 0 else "0"
            cells[6].value = abs(value) + 1 if value else None
    book.save(path)
