"""The study with another panel: answers read, notebook 07 run, one page that sums up."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smartgov.app.notebooks import execute
from smartgov.delphi.panel_results import require_group
from smartgov.files.layout import FIGURES, ROOT, run_folder
from smartgov.files.runs import PANEL
from smartgov.files.swap import new_run
from smartgov.model import read_model
from smartgov.panels import first_round, read_answers, write_panel
from smartgov.present.summary_page import write_page
from smartgov.words import speaking

if TYPE_CHECKING:
    from smartgov.app.warm import WarmParent

NOTEBOOK, ARTICLE_NOTEBOOK = "07", "03"
BESIDE = ("03_p_from_w", "03_mean_rank_ruler", "03_equal_shares")
"""Figures of the article that the summary page sets beside the panel's."""


def rerun(
    path: Path, name: str, *, language: str = "en", warm: WarmParent | None = None, **reading
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
    inputs = [path, *(value for value in reading.values() if isinstance(value, Path))]
    with speaking(language), new_run(name, "rerun", inputs) as folder:
        model = read_model(language=language)
        answers = read_answers(path, model, **reading)
        print(answers.report(), flush=True)
        require_group(first_round(answers.panel), model)
        write_panel(answers, (folder / PANEL).parent)
        panel = (folder / PANEL).relative_to(ROOT)
        settings = [f"panel={panel}", "provenance=your panel", f"language={language}"]
        execute(NOTEBOOK, settings, folder, sys.stderr.isatty(), warm)
        _article_figures(folder, language, warm)
        page = write_page(answers, name, folder, model)
        written = sorted(p for p in folder.rglob("*") if p.is_file() and p != page)
    return [run_folder(name) / p.relative_to(folder) for p in (*written, page)]


def _article_figures(folder: Path, language: str, warm: WarmParent | None) -> None:
    """The article's own figures, to be set beside: as they are, or drawn in another language."""
    if language != "en":
        execute(ARTICLE_NOTEBOOK, [f"language={language}"], folder, warm=warm)
        return
    for figure in BESIDE:
        for kind in ("svg", "png", "csv"):
            shutil.copy(FIGURES / f"{figure}.{kind}", folder / "figures")
