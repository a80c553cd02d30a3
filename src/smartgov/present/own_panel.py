"""The study with another panel: answers read, notebooks 03 to 05 run, one page that sums up."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from smartgov.present.messages import use_language
from smartgov.present.notebooks import checked_run, run_notebook
from smartgov.present.summary_page import write_page
from smartgov.study.model import Model, read_model
from smartgov.study.panel_results import group_matrices
from smartgov.study.panels import Answers, read_answers, write_panel

NOTEBOOKS = ("03", "04", "05")


def rerun(path: str, name: str, *, language: str = "en", **reading) -> list[Path]:
    """Read a file of answers and run notebooks 03 to 05 on it, into ``runs/NAME/``.

    Parameters
    ----------
    path : str
        The file of answers.
    name : str
        Name of the run.
    language : str
        Language of figures and summary page, one of :data:`smartgov.present.messages.LANGUAGES`.
    **reading
        Options of :func:`smartgov.study.panels.read_answers`.

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
        If a cell raises; what other notebooks wrote stays.
    """
    use_language(language)
    folder, model = checked_run(name), read_model(language=language)
    answers = read_answers(path, model, **reading)
    _refuse_too_few(answers, model)
    print(answers.report(), flush=True)
    written = list(write_panel(answers, folder / "data"))
    settings = [f"panel=runs/{name}/data/panel.csv", "provenance=your panel", f"language={language}"]
    written += _run_all(settings, name)
    return [*written, write_page(answers, name, folder, model)]


def _refuse_too_few(answers: Answers, model: Model) -> None:
    """A group has two members at least, in one dimension at least."""
    first = answers.panel[answers.panel["round"] == answers.panel["round"].min()]
    usable = {dimension: len(group_matrices(first, model, dimension)[0]) for dimension in model.dimensions.index}
    if max(usable.values()) < 2:
        found = ", ".join(f"{count} in {dimension}" for dimension, count in usable.items())
        raise ValueError(
            f"{answers.understood[0].file}: found experts whose comparisons link all components of a dimension: {found}; "
            "accepted are two or more in one dimension at least. Nothing was written."
        )


def _run_all(settings: list[str], name: str) -> list[Path]:
    """Run the notebooks side by side, each in its own process, with a bar that counts them."""
    written = []
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(run_notebook, number, settings, name) for number in NOTEBOOKS]
        for job in tqdm(as_completed(jobs), total=len(jobs), desc="notebooks 03 to 05 on your panel", unit="notebook", disable=None):
            written += job.result()
    return written
