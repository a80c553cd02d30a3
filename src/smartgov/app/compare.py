"""Many panels compared: tables, a figure and a page in one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smartgov.app.passports import stamp
from smartgov.delphi.comparison import ARTICLE, compare_panels, panel_files
from smartgov.files.layout import ROOT, run_folder
from smartgov.files.runs import SUMMARY, model_file
from smartgov.files.spreadsheet_safety import csv_text
from smartgov.files.sums import sha256_of
from smartgov.files.swap import new_run
from smartgov.model import Model, questionnaire, read_model
from smartgov.present.comparison_page import comparison_page
from smartgov.present.panel_figures import draw_comparison
from smartgov.present.style import save_figure
from smartgov.words import speaking

MAKER = "src/smartgov/app/compare.py"


def write_comparison(
    folder: Path,
    name: str,
    language: str = "en",
    model: Path | None = None,
    each: Callable | None = None,
) -> list[Path]:
    """Compare the panels of a folder; tables, figure and page go to ``runs/NAME/``.

    Parameters
    ----------
    folder : Path
        As :func:`smartgov.delphi.comparison.panel_files` reads it.
    name : str
        Name of the run.
    language : str
        Language of figure and page.
    model : Path, optional
        File of the model that all panels answer; by default each run's own, which must be one.

    each : callable, optional
        As of :func:`smartgov.delphi.comparison.compare_panels`.

    Returns
    -------
    list of Path
        The files written, the page last.

    Raises
    ------
    ValueError
        If a panel is refused, there are too few, or name or language is unusable; nothing is
        written then.
    """
    with speaking(language), new_run(name, "compare", [folder]) as target:
        asked = _one_model(folder, model, language)
        found = compare_panels(folder, asked, each)
        ranks = found.ranks.drop(columns=ARTICLE, errors="ignore")
        drawn = draw_comparison(ranks, found.agreement, asked)
        pictures = target / "figures"
        pictures.mkdir()
        save_figure(drawn, "comparison", ranks.reset_index(), pictures)
        made = {"made_by": MAKER, "cells": sha256_of(ROOT / MAKER)}
        made["parameters"] = {"language": language}
        section = {pictures / "comparison.svg": f"make compare NAME={name}"}
        stamp(section, made, panel_files(folder).values(), target)
        derived = target / "data" / "derived"
        derived.mkdir(parents=True)
        for table_name, table in found._asdict().items():
            text = csv_text(table, index=True, float_format="%.6g")
            (derived / f"{table_name}.csv").write_text(text, encoding="utf-8")
        page = target / SUMMARY
        page.write_text(comparison_page(found, asked), encoding="utf-8")
        written = sorted(p for p in target.rglob("*") if p.is_file() and p != page)
    return [run_folder(name) / p.relative_to(target) for p in (*written, page)]


def _one_model(folder: Path, given: Path | None, language: str) -> Model:
    """The model of every panel of a folder; a ValueError where they answer different ones."""
    models = {
        path: read_model(model_file(path, given), language) for path in panel_files(folder).values()
    }
    (first, model), *others = models.items()
    for path, other in others:
        if not questionnaire(other).equals(questionnaire(model)):
            raise ValueError(
                f"{path}: found answers to another model than those of {first}; accepted are panels"
                " of one model (a run knows its own; for other files name it, MODEL=file)."
            )
    return model
