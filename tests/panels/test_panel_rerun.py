"""From two survey tools' exports to a run, through the command line, with the real notebooks."""

from __future__ import annotations

import hashlib
import shutil

import nbformat
import numpy as np
import pandas as pd
import pytest

from smartgov import stats
from smartgov.app.verbs import main
from smartgov.files.layout import ROOT
from smartgov.files.runs import TABLES

NAME = "a-test-of-rerun"
RUN = ROOT / "runs" / NAME
READ_AS_TEXT = (".csv", ".json", ".svg", ".html", ".ipynb")


def fingerprints() -> dict[str, str]:
    """Of every committed output: a run must not touch one."""
    folders = (ROOT / "figures", ROOT / "data", ROOT / "notebooks")
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def second(values):
    """Round two: every expert but the last two answers again, a third of the answers closer to
    0."""
    moved = np.random.default_rng(7).random(values.shape) < 0.33
    return (values - np.where(moved, np.sign(values), 0))[:-2]


@pytest.fixture
def exports(values, second, asked, by_hand, tmp_path):
    """Round one from KoboToolbox as XLSX, round two from LimeSurvey as CSV, in a person's files."""
    first = by_hand["xlsx"](tmp_path / "Aigerim Nurlanova.xlsx", *by_hand["kobo"](values, asked))
    return first, by_hand["csv"](
        tmp_path / "results-survey-Nurlanova.csv",
        *by_hand["limesurvey"](second, asked, by_hand["experts"][:-2]),
    )


@pytest.fixture
def empty_run():
    shutil.rmtree(RUN, ignore_errors=True)
    yield RUN
    shutil.rmtree(RUN, ignore_errors=True)


def test_exports_of_two_tools_become_a_run(exports, second, by_hand, empty_run, capsys):
    before = fingerprints()
    first, round2 = exports
    status = main(
        [
            "rerun",
            str(first),
            "--name",
            NAME,
            "--round2",
            str(round2),
            "--attrition",
            "accept",
            "--language",
            "kk",
        ]
    )
    printed = capsys.readouterr()
    assert status == 0, printed.err
    assert "13 experts, 135 of 135 questions" in printed.out and "11 experts" in printed.out
    assert fingerprints() == before
    _has_everything(empty_run)
    _speaks_kazakh(empty_run)
    _computes_from_the_answers(empty_run, second)
    _names_nobody(
        empty_run,
        (*by_hand["sensitive"], *by_hand["experts"], first.name, round2.name, str(first.parent)),
    )


def _has_everything(run):
    assert (run / "notebooks" / "07_your_panel.ipynb").is_file()
    figures = {path.stem for path in (run / "figures").glob("*.svg")}
    names = ("equal_shares", "agreement", "mean_ranks_inner", "priorities_middle", "dimensions")
    names += ("rank_choices_middle", "standing_middle", "moves", "open_questions")
    assert {f"07_{name}" for name in names} <= figures
    for name in (name for name in TABLES if not name.startswith("group_")):  # nothing was kept
        table = pd.read_csv(run / "data" / "derived" / f"{name}.csv")
        assert set(table["provenance"]) == {"your panel"}, name
    for name in ("tables.docx", "tables.xlsx", "reporting_checklist.docx", "priorities_inner.tex"):
        assert (run / "tables" / name).stat().st_size > 1000, name
    assert {path.stem for path in (run / "figures").glob("07_*.pdf")} >= {f"07_{n}" for n in names}
    moved = pd.read_csv(run / "data" / "derived" / "round_stability.csv")
    assert len(moved) == 135 and (moved["experts"] == 11).all()


def _speaks_kazakh(run):
    page = (run / "summary.html").read_text(encoding="utf-8")
    assert '<html lang="kk">' in page and "Ақылды қала" in page and "Smart city (E1)" not in page


def _computes_from_the_answers(run, values):
    """W of the first row, from the last round's answers as they were given and nothing else."""
    row = pd.read_csv(run / "data" / "derived" / "panel_concordance.csv").iloc[0]
    assert (row["context"], row["row"], row["printed_W"]) == ("E1", "economic_growth", "0,074")
    assert row["W"] == pytest.approx(stats.kendall_w(values[:, :8]).w, abs=1e-6)


def _names_nobody(run, secrets):
    for path in (path for path in run.rglob("*") if path.suffix in READ_AS_TEXT):
        text = path.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in text], path
    for path in run.rglob("*.ipynb"):  # nor a place on the researcher's disk
        notebook = nbformat.read(path, as_version=4)
        assert "papermill" not in notebook.metadata and str(ROOT) not in path.read_text(
            encoding="utf-8"
        )


@pytest.mark.parametrize("language", ["de", "EN"])
def test_an_unknown_language_is_refused_before_anything_is_written(
    language, exports, empty_run, capsys
):
    assert main(["rerun", str(exports[0]), "--name", NAME, "--language", language]) == 2
    assert "accepted is one of en, kk, ru" in capsys.readouterr().err
    assert not empty_run.exists()


def test_too_few_experts_are_refused_before_anything_is_written(
    values, asked, by_hand, tmp_path, empty_run, capsys
):
    path = by_hand["csv"](tmp_path / "one.csv", *by_hand["wide"](values[:1], asked))
    assert main(["rerun", str(path), "--name", NAME]) == 2
    assert "1 in E1, 1 in E2, 1 in E3; accepted are two or more" in capsys.readouterr().err
    assert not empty_run.exists()
