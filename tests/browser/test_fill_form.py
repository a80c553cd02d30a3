"""Questionnaires filled in as respondents would, by the two engines that survey tools run.

Enketo (web forms of KoboToolbox and ODK Central) runs in a real Chromium and sends the answers to a
server on this machine; JavaRosa (ODK Collect, KoboCollect) runs from the jar that pyxform ships.
Either is skipped with the reason where it is not there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
import pyxform
from pyxform.xls2xform import convert

from smartgov.instruments import write_xlsform
from smartgov.instruments.feedback import group_answers, group_sentences
from smartgov.instruments.names import INTENSITY, SIDE, question_field
from smartgov.instruments.settled import Settled
from smartgov.model import Model, questionnaire, read_model
from smartgov.words import LANGUAGES

HERE = Path(__file__).parent
JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
LANGUAGE = {"kk": "Қазақша (kk)", "en": "English (en)"}


@dataclass(frozen=True)
class Ticked:
    """One question as it was shown, and what was ticked: 0 the first, 1 equal, 2 the second."""

    context: str
    hint: str
    first: str
    second: str
    place: int
    intensity: str


def fill_in_enketo(form: Path, language: str, consent: str) -> tuple[list[Ticked], str]:
    chromium = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not chromium or not shutil.which("node"):
        pytest.skip("needs Chromium and Node.js; on Debian: apt-get install chromium nodejs npm")
    if not (HERE / "node_modules").is_dir():
        pytest.skip("needs Enketo: cd tests/browser && npm ci --ignore-scripts")
    command = ["node", str(HERE / "fill_form.mjs"), str(form), chromium, language, consent]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["errors"] == [] and found["valid"] is True and len(found["received"]) == 1
    ticked = [
        Ticked(
            q["context"],
            q["hint"],
            q["choices"][0][1],
            q["choices"][2][1],
            q["place"],
            str(q["intensity"] or ""),
        )
        for q in found["ticked"]
    ]
    return ticked, found["received"][0]


def fill_in_javarosa(form: Path, language: str, consent: str) -> tuple[list[Ticked], str]:
    if not shutil.which("java") or not shutil.which("javac"):
        pytest.skip("needs a Java development kit; on Debian: apt-get install default-jdk-headless")
    command = [
        "java",
        "-cp",
        str(JAR),
        str(HERE / "FillForm.java"),
        str(form),
        LANGUAGE[language],
        consent,
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    *lines, submission = run.stdout.splitlines()
    parts = [line.split("\t")[1:] for line in lines]
    return [Ticked(*line[:4], int(line[4]), line[5]) for line in parts], submission


ENGINES = pytest.mark.parametrize("fill", [fill_in_enketo, fill_in_javarosa])


@pytest.fixture(scope="module")
def model() -> Model:
    """A smaller model: two dimensions, four components in the middle ring, three in the inner."""
    whole = read_model()
    kept = whole.ring("middle")[:4] + whole.ring("inner")
    return replace(
        whole, dimensions=whole.dimensions.iloc[:2], components=whole.components.loc[kept]
    )


def form_of(model: Model, path: Path, **options) -> Path:
    write_xlsform(model, LANGUAGES, path.with_suffix(".xlsx"), **options)
    path.write_text(convert(path.with_suffix(".xlsx"), form_name="data").xform, encoding="utf-8")
    return path


def expected_fields(
    ticked: list[Ticked], model: Model, language: str
) -> dict[str, tuple[str, str]]:
    """Field → side and intensity, worked out from nothing but the labels that were shown."""
    ids = {
        model.label(name, language): name
        for name in (*model.dimensions.index, *model.components.index)
    }
    asked = {(q.context, q.left, q.right) for q in questionnaire(model).itertuples()}
    fields = {}
    for q in ticked:
        context, first, second = ids[q.context], ids[q.first], ids[q.second]
        stands_left = (context, first, second) in asked
        question = (context, first, second) if stands_left else (context, second, first)
        assert question in asked
        side = {
            0: "left" if stands_left else "right",
            1: "equal",
            2: "right" if stands_left else "left",
        }[q.place]
        fields[question_field(*question)] = (side, q.intensity)
    return fields


def submitted_fields(submission: str) -> dict[str, tuple[str, str]]:
    root = ET.fromstring(submission)
    texts = {f"{group.tag}/{field.tag}": field.text or "" for group in root for field in group}
    sides = {path[: -len(SIDE)]: text for path, text in texts.items() if path.endswith(SIDE)}
    assert all(path.split("/")[0] == path.split("/")[1].split("__")[0] for path in sides), (
        "the group bears the context's name"
    )
    return {
        path.split("/")[1]: (side, texts.get(path + INTENSITY, "")) for path, side in sides.items()
    }


@ENGINES
@pytest.mark.parametrize("fixed_order", [True, False])
def test_every_answer_arrives_under_its_question(fill, fixed_order, model, tmp_path):
    form = form_of(model, tmp_path / "form.xml", fixed_order=fixed_order)
    ticked, submission = fill(form, "kk", "yes")
    expected = expected_fields(ticked, model, "kk")
    assert len(ticked) == len(expected) == len(questionnaire(model))
    assert submitted_fields(submission) == expected
    root = ET.fromstring(submission)
    assert [root.findtext(name) for name in ("consent", "expert_code", "round")] == [
        "yes",
        "E07",
        "1",
    ]


@ENGINES
@pytest.mark.parametrize("fixed_order", [True, False])
def test_with_questions_left_out_the_others_arrive(fill, fixed_order, model, tmp_path):
    judged = questionnaire(model)[["context", "left", "right"]]
    places = pd.Series(range(len(judged)))
    settled = Settled(judged.assign(agreed=places % 3 == 0, stable=places == 4), 2.0, 0.15)
    form = form_of(model, tmp_path / "form.xml", settled=settled, fixed_order=fixed_order)
    ticked, submission = fill(form, "kk", "yes")
    expected = expected_fields(ticked, model, "kk")
    assert len(ticked) == len(expected) == (settled.reasons == "").sum()
    assert submitted_fields(submission) == expected


@ENGINES
def test_the_order_differs_from_respondent_to_respondent(fill, model, tmp_path):
    form = form_of(model, tmp_path / "form.xml", fixed_order=False)
    shown = [fill(form, "en", "yes")[0] for _ in range(2)]
    for ticked in shown:
        contexts = [q.context for q in ticked]
        changes = sum(a != b for a, b in zip(contexts, contexts[1:], strict=False))
        assert changes == len(set(contexts)) - 1, "a context stays in one piece"
        assert set(contexts[:12]) == {"Smart city", "Open government"}, (
            "the middle ring comes before the inner"
        )
    pairs = [
        sorted((q.context, i, frozenset((q.first, q.second))) for i, q in enumerate(ticked))
        for ticked in shown
    ]
    sequence = [[(context, pair) for context, _, pair in drawn] for drawn in pairs]
    assert sequence[0] != sequence[1], (
        "the same order of pairs in every context has a chance below one in 10^8"
    )
    names = list(model.components["en"])
    model_left_first = {
        names.index(q.first) < names.index(q.second) for ticked in shown for q in ticked
    }
    assert model_left_first == {True, False}, "both ways round"


@ENGINES
@pytest.mark.parametrize("fixed_order", [True, False])
def test_round_two_shows_the_group_beside_its_own_question(fill, fixed_order, model, tmp_path):
    rows = [
        (
            expert,
            1,
            q.context,
            q.left,
            q.right,
            "left" if (i + k) % 2 else "right",
            2 + (i * (k + 1)) % 8,
        )
        for k, expert in enumerate(("a", "b", "c", "d"))
        for i, q in enumerate(questionnaire(model).itertuples())
    ]
    panel = pd.DataFrame(
        rows, columns=["expert", "round", "context", "left", "right", "favours", "intensity"]
    )
    group = group_answers(panel, model)
    form = form_of(model, tmp_path / "form.xml", round=2, feedback=group, fixed_order=fixed_order)
    ticked, submission = fill(form, "kk", "yes")
    sentences = [texts["kk"] for texts in group_sentences(group, model, LANGUAGES)]
    told = {
        question_field(q.context, q.left, q.right): text
        for q, text in zip(group.itertuples(), sentences, strict=True)
    }
    shown = dict(zip(expected_fields(ticked, model, "kk"), (q.hint for q in ticked), strict=True))
    assert shown == told
    assert ET.fromstring(submission).findtext("round") == "2"


@ENGINES
def test_without_consent_nothing_is_asked_or_sent(fill, model, tmp_path):
    ticked, submission = fill(form_of(model, tmp_path / "form.xml"), "en", "no")
    assert ticked == []
    root = ET.fromstring(submission)
    assert root.findtext("consent") == "no" and root.find("expert_code") is None
    assert submitted_fields(submission) == {}
