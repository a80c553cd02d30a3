"""The study with another panel: answers read, notebooks 03 to 05 run, one page that sums up."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from smartgov.app.notebooks import run_notebook
from smartgov.delphi.panel_results import require_group
from smartgov.files.layout import run_folder
from smartgov.files.runs import PANEL, PARTS
from smartgov.model import read_model
from smartgov.panels import first_round, read_answers, write_panel
from smartgov.present.summary_page import write_page
from smartgov.words import speaking

NOTEBOOKS = ("03", "04", "05")


def rerun(path: Path, name: str, *, language: str = "en", **reading) -> list[Path]:
    """Read a file of answers and run notebooks 03 to 05 on it, into ``runs/NAME/``.

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
            written += _run_all(
                [
                    f"panel=runs/{name}/{PANEL}",
                    "provenance=your panel",
                    f"language={language}",
                ],
                name,
            )
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


def _run_all(settings: list[str], name: str) -> list[Path]:
    """Run the notebooks side by side, each in its own process, with a bar that counts them."""
    written = []
    # An interrupt from the keyboard reaches every process; the notebooks that run end quietly,
    # then the run is undone.
    # Spawned and not forked, since libraries that are loaded by now have threads.
    pool = ProcessPoolExecutor(
        2, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    )
    try:
        jobs = [pool.submit(run_notebook, number, settings, name) for number in NOTEBOOKS]
        for job in tqdm(
            as_completed(jobs),
            total=len(jobs),
            desc="notebooks 03 to 05 on your panel",
            unit="notebook",
            disable=None,
        ):
            written += job.result()
    finally:
        pool.shutdown(cancel_futures=True)  # waits for those that run; those that wait do not start
    return written
