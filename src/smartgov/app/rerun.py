"""The study with another panel: answers read, notebook 07 run, one page that sums up."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartgov.app.notebooks import run_notebook
from smartgov.delphi.panel_results import require_group
from smartgov.files.layout import FIGURES, run_folder
from smartgov.files.runs import PANEL, PARTS
from smartgov.model import read_model
from smartgov.panels import first_round, read_answers, write_panel
from smartgov.present.summary_page import write_page
from smartgov.words import speaking

NOTEBOOK, ARTICLE_NOTEBOOK = "07", "03"
BESIDE = ("03_p_from_w", "03_mean_rank_ruler", "03_equal_shares")
"""Figures of the article that the summary page sets beside the panel's."""


def rerun(path: Path, name: str, *, language: str = "en", **reading) -> list[Path]:
    """Read a file of answers and run notebook 07 on it, into ``runs/NAME/``.

    Parameters
    ----------
    path : Path
        The file of answers.
    name : str
        Name of the run.
    language : str
        Language of figures and summary page, one of :data:`smartgov.words.LANGUAGES`.
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
    with speaking(language):
        folder, model = run_folder(name), read_model(language=language)
        answers = read_answers(path, model, **reading)
        print(answers.report(), flush=True)
        require_group(first_round(answers.panel), model)
        with fresh_run(folder):
            written = list(write_panel(answers, (folder / PANEL).parent))
            settings = [f"panel=runs/{name}/{PANEL}", "provenance=your panel"]
            written += run_notebook(
                NOTEBOOK, [*settings, f"language={language}"], name, progress=sys.stderr.isatty()
            )
            written += _article_figures(name, folder, language)
            return [*written, write_page(answers, name, folder, model)]


@contextmanager
def fresh_run(folder: Path) -> Iterator[None]:
    """A run is all new or as it was: earlier outputs come back if the block does not end well.

    Files of other names in the folder are left alone.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".earlier-") as aside:
        _move_parts(folder, Path(aside))
        try:
            yield
        except BaseException:  # an interrupt from the keyboard included
            with tempfile.TemporaryDirectory(
                dir=folder.parent, prefix=".unfinished-"
            ) as unfinished:
                _move_parts(folder, Path(unfinished))
            _move_parts(Path(aside), folder)
            if is_new:
                folder.rmdir()
            raise


def _move_parts(source: Path, target: Path) -> None:
    for part in PARTS:
        if (source / part).exists():
            shutil.move(source / part, target / part)


def _article_figures(name: str, folder: Path, language: str) -> list[Path]:
    """The article's own figures, to be set beside: as they are, or drawn in another language."""
    if language != "en":
        return run_notebook(ARTICLE_NOTEBOOK, [f"language={language}"], name)
    return [
        Path(shutil.copy(FIGURES / f"{figure}.{kind}", folder / "figures"))
        for figure in BESIDE
        for kind in ("svg", "png", "csv")
    ]
