"""Studies of other shapes than the article's: results, figures and pages, and one to the end."""

from __future__ import annotations

import re
import shutil
from itertools import combinations

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml
from quick_p import quick_p

from smartgov.app.verbs import main
from smartgov.delphi.next_round import judged_questions
from smartgov.files.layout import NOTEBOOKS, ROOT
from smartgov.files.runs import MODEL_FILE, PANEL
from smartgov.instruments.settled import Settled
from smartgov.model import questionnaire, read_model
from smartgov.panels import read_answers, write_panel
from smartgov.present.summary_page import write_pages
from smartgov.words import say, use_language

SHAPES = {
    "three components": ([("trust", 3, "dimensions")], 2),
    "fifteen components": ([("goal", 15, "dimensions")], 1),
    "two inner rings": ([("goal", 4, "dimensions"), ("tool", 3, "goal"), ("law", 4, "goal")], 5),
    "two rings in the dimensions": ([("goal", 3, "dimensions"), ("tool", 4, "dimensions")], 2),
}


def model_file(path, rings: list[tuple[str, int, str]], dimensions: int):
    """A model of rings with so many components each, with names in Russian alone."""

    def thing(name: str, **more) -> dict:
        return {"id": name, **more, "names": {"ru": f"имя {name}"}}

    content = {
        "rings": [thing(ring) for ring, _, _ in rings],
        "dimensions": [thing(f"view{number}") for number in range(dimensions)],
        "components": [
            thing(f"{ring}{number}", ring=ring) for ring, size, _ in rings for number in range(size)
        ],
        "questionnaire": [{"ring": ring, "contexts": where} for ring, _, where in rings],
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def wide_file(path, model, rounds: list[np.ndarray]):
    """Signed answers of rounds, experts × questions, in wide form; NaN where not answered."""
    asked = questionnaire(model)[["context", "left", "right"]]
    headings = ["__".join(question) for question in asked.itertuples(index=False)]
    tables = [
        pd.DataFrame(values, columns=headings)
        .astype("Int64")
        .assign(expert=[f"X{row}" for row in range(len(values))], round=number)
        for number, values in enumerate(rounds, start=1)
    ]
    pd.concat(tables).to_csv(path, index=False)
    return path


def considered(model, m: int = 7, seed: int = 1) -> np.ndarray:
    """Experts who weigh the components alike, each a little otherwise."""
    rng, asked = np.random.default_rng(seed), questionnaire(model)
    places = {name: place for place, name in enumerate(model.components.index)}
    lean = (asked["right"].map(places) - asked["left"].map(places)).to_numpy()
    return (lean + rng.integers(-1, 2, (m, len(asked)))).clip(-8, 8).astype(float)


@pytest.fixture(autouse=True)
def restored():
    yield
    plt.close("all")
    use_language("en")


def run_cells(folder, language: str, monkeypatch) -> None:
    """The code of notebook 07 on the panel in a folder, which becomes that of a run."""
    monkeypatch.setenv("SMARTGOV_OUTPUT", str(folder))
    settings = {
        "panel": str(folder / PANEL),
        "model_file": str(folder / MODEL_FILE),
        "provenance": "your panel",
        "language": language,
    }
    notebook = nbformat.read(NOTEBOOKS / "07_your_panel.ipynb", as_version=4)
    names: dict[str, object] = {}
    with quick_p():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
                if "parameters" in cell.metadata.get("tags", []):
                    names |= settings


@pytest.mark.parametrize("shape", SHAPES)
def test_a_study_of_any_shape_has_results_figures_and_a_page(shape, tmp_path, monkeypatch):
    """Three rounds, the later ones of fewer questions; one expert left an answer out."""
    model = read_model(model_file(tmp_path / "own.yaml", *SHAPES[shape]), language="ru")
    first = considered(model)
    first[0, 1] = np.nan
    asked_again = np.arange(first.shape[1]) % 2 == 0
    second = np.where(asked_again, considered(model, seed=2), np.nan)
    third = np.where(asked_again & (np.arange(first.shape[1]) % 3 == 0), second, np.nan)
    path = wide_file(tmp_path / "a.csv", model, [first, second, third])
    answers = read_answers(path, model)
    folder = tmp_path / "run"
    write_panel(answers, folder / "data")
    shutil.copy(tmp_path / "own.yaml", folder / MODEL_FILE)
    use_language("ru")
    run_cells(folder, "ru", monkeypatch)
    page = write_pages(answers, "own", folder, model)[-1].read_text(encoding="utf-8")
    pictures = re.findall(r'src="([^"]+)"', page)
    assert len(pictures) > 5 and all((folder / each).is_file() for each in pictures)
    assert not re.search(r"W статьи|из статьи|таблица [234]|E1|Q27|nan\b", page), (
        "nothing of the article"
    )
    assert all(model.label(name) in page for name in model.components.index)
    assert say("summary.last_round", "ru", last=3) in page
    priorities = pd.read_csv(folder / "data" / "derived" / "panel_priorities.csv")
    groups = [(group.ring, group.context) for group in model.groups()]
    assert list(priorities.groupby(["ring", "context"], sort=False).groups) == groups
    assert priorities.groupby(["ring", "context"])["priority"].sum().to_numpy() == pytest.approx(
        1, abs=1e-5
    )
    assert (priorities["experts"] == 7).all()
    assert priorities.drop_duplicates(["ring", "context"])["completed"].sum() == 1
    for _, part in priorities.groupby(["ring", "context"]):
        assert part["rank"].is_monotonic_increasing, "as all experts lean"
    judged = judged_questions(answers.panel, model)
    form = Settled(judged, 2.0, 0.15).reasons != ""
    shown = pd.read_csv(folder / "data" / "derived" / "question_consensus.csv")
    assert shown["settled"].tolist() == form.tolist(), "the table says what the next form asks"
    decided = pd.read_csv(folder / "data" / "derived" / "next_round.csv").iloc[0]
    assert (decided["open"], decided["questions"]) == (len(form) - form.sum(), len(form))
    tables = [pd.read_csv(table) for table in (folder / "data" / "derived").glob("*.csv")]
    assert not [table for table in tables if set(table) & {"printed_W", "printed_p"}]
    rounds = pd.read_csv(folder / "data" / "derived" / "round_priorities.csv")
    last = rounds[rounds["round"] == 3].reset_index(drop=True)
    assert last["priority"].to_numpy() == pytest.approx(priorities["priority"].to_numpy())


# One study, to the end ---------------------------------------------------------------------------

HOSPITAL = """
rings:
  - {id: middle, names: {en: Quality, kk: Сапа, ru: Качество}}
dimensions:
  - {id: D1, names: {en: Hospital quality, kk: Аурухана сапасы, ru: Качество больницы}}
components:
  - {id: safety, ring: middle, names: {en: Patient safety, kk: Қауіпсіздік, ru: Безопасность}}
  - {id: staff, ring: middle, names: {en: Staff, kk: Қызметкерлер, ru: Персонал}}
  - {id: equipment, ring: middle, names: {en: Equipment, kk: Жабдық, ru: Оборудование}}
  - {id: access, ring: middle, names: {en: Access, kk: Қолжетімділік, ru: Доступность}}
  - {id: cost, ring: middle, names: {en: Cost, kk: Құны, ru: Стоимость}}
questionnaire:
  - {ring: middle, contexts: dimensions}
"""
NAME = "test_of_a_hospital"


@pytest.fixture
def run():
    folder = ROOT / "runs" / NAME
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder.with_name(f"{NAME}_2"), ignore_errors=True)


def test_a_hospital_from_questionnaire_to_summary(run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = HOSPITAL.replace("{en: Staff, kk: Қызметкерлер, ru", "{en: Staff, ru")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    model = read_model(tmp_path / "own.yaml")

    def call(words: str, status: int = 0) -> str:
        assert main(words.split()) == status, capsys.readouterr().err
        said = capsys.readouterr()
        return said.err if status else said.out

    said = call("instrument --model own.yaml --language kk form")
    assert "the model has no name in kk for staff: nothing is written in that language" in said
    assert not list((tmp_path / "form").glob("*_kk*"))
    listed = pd.read_csv("form/questions_round_1.csv")
    assert listed[["context", "left", "right"]].to_numpy().tolist() == [
        ["D1", *pair] for pair in combinations(model.ring("middle"), 2)
    ]
    first = considered(model, m=9)
    wide_file(tmp_path / "a.csv", model, [first])
    assert "wrote 18 files" in call("feedback --model own.yaml a.csv sheets")
    call("instrument --model own.yaml --round 2 --panel a.csv --ask all form2")
    wide_file(tmp_path / "b.csv", model, [first, (first + 1).clip(-8, 8)])
    table = pd.read_csv("b.csv").query("round == 2")
    table.to_csv("b.csv", index=False)
    said = call(f"rerun --name {NAME} --model own.yaml --round2 b.csv --language kk a.csv")
    assert "no name in kk for staff: shown in another language" in said
    page = (run / "summary.html").read_text(encoding="utf-8")
    assert "Аурухана сапасы" in page and "мақала" not in page and "Q27" not in page
    assert not [path for path in (run / "figures").iterdir() if path.name.startswith("03_")]
    assert (run / MODEL_FILE).is_file() and not (run / "figures" / "07_dimensions.svg").exists()
    ranks = pd.read_csv(run / "data" / "derived" / "panel_priorities.csv")["rank"]
    assert ranks.tolist() == [1, 2, 3, 4, 5]

    call(f"export {run / PANEL} spss")  # the run knows its model
    assert sorted(path.name for path in (tmp_path / "spss").iterdir()) == ["panel.sav", "panel.sps"]
    for city in ("north", "south"):
        shutil.copytree(run / "data", tmp_path / "cities" / city / "data")
    call(f"compare --name {NAME}_2 cities")
    compared = pd.read_csv(run.with_name(f"{NAME}_2") / "data" / "derived" / "ranks.csv")
    assert list(compared) == ["context", "component", "north", "south"]
    other = HOSPITAL.replace("id: cost", "id: price")
    (tmp_path / "cities" / "south" / MODEL_FILE).write_text(other, encoding="utf-8")
    assert "answers to another model" in call(f"compare --name {NAME}_2 cities", 2)
