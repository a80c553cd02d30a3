"""The study with another panel: answers read, notebook 07 run, one page that sums up."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smartgov.app.notebooks import execute
from smartgov.app.passports import beside
from smartgov.article.published import asks_as_the_article
from smartgov.delphi.panel_results import require_group
from smartgov.files.layout import FIGURES, ROOT, run_folder
from smartgov.files.runs import MODEL_FILE, PANEL, model_file
from smartgov.files.swap import new_run
from smartgov.model import read_model, write_model
from smartgov.panels import last_round, read_answers, write_panel
from smartgov.present.summary_page import write_pages
from smartgov.words import speaking

if TYPE_CHECKING:
    from smartgov.app.warm import WarmParent

NOTEBOOK, ARTICLE_NOTEBOOK = "07", "03"
BESIDE = ("03_p_from_w", "03_mean_rank_ruler", "03_equal_shares")
"""Figures of the article that the summary page sets beside the panel's."""


def rerun(
    path: Path,
    name: str,
    *,
    language: str = "en",
    model: Path | None = None,
    warm: WarmParent | None = None,
    **reading,
) -> list[Path]:
    """Read a file of answers and run notebook 07 on it, into ``runs/NAME/``.

    Parameters
    ----------
    path : Path
        The file of answers.
    name : str
        Name of the run.
    language : str
        Language of figures and summary page, one of :data:`smartgov.words.LANGUAGES`.
    model : Path, optional
        File of the model that was asked; by default that of the run in which the panel lies, or
        the article's.
    warm : WarmParent, optional
        Kernels are forks of this, if it can serve.
    **reading
        Options of :func:`smartgov.panels.read_answers`.

    Returns
    -------
    list of Path
        The files written, the summary page last.

    Raises
    ------
    ValueError
        If the answers are refused or too few, or the name or language is unusable; nothing is
        written then.
    NotebookFailed
        If a cell raises; the run is then as it was before.
    """
    inputs = [path, model, *(value for value in reading.values() if isinstance(value, Path))]
    with speaking(language), new_run(name, "rerun", inputs) as folder:
        asked = read_model(model_file(path, model), language=language)
        answers = read_answers(path, asked, **reading)
        print(answers.report(), flush=True)
        if lacking := asked.lacking(language):
            names = ", ".join(lacking[:3]) + (" …" if len(lacking) > 3 else "")
            print(f"note: no name in {language} for {names}: shown in another language.")
        require_group(last_round(answers.panel), asked)
        write_panel(answers, (folder / PANEL).parent)
        write_model(asked, folder / MODEL_FILE)
        panel, of_model = ((folder / each).relative_to(ROOT) for each in (PANEL, MODEL_FILE))
        settings = [f"panel={panel}", f"model_file={of_model}", "provenance=your panel"]
        settings.append(f"language={language}")
        execute(NOTEBOOK, settings, folder, sys.stderr.isatty(), warm)
        if asks_as_the_article(asked):
            _article_figures(folder, language, warm)
        *_, page = write_pages(answers, name, folder, asked)
        written = sorted(p for p in folder.rglob("*") if p.is_file() and p != page)
    return [run_folder(name) / p.relative_to(folder) for p in (*written, page)]


def _article_figures(folder: Path, language: str, warm: WarmParent | None) -> None:
    """The article's own figures, to be set beside: as they are, or drawn in another language."""
    if language != "en":
        execute(ARTICLE_NOTEBOOK, [f"language={language}"], folder, warm=warm)
        return
    kinds = [f"{figure}.{kind}" for figure in BESIDE for kind in ("svg", "png", "csv")]
    passport = beside(FIGURES / kinds[0])
    for path in (*map(FIGURES.joinpath, kinds), *[passport] * passport.is_file()):
        shutil.copy(path, folder / "figures")
