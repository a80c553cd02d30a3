"""The study with another panel: answers read, notebooks 03 to 05 run, one page that sums up."""

from __future__ import annotations

import html
from pathlib import Path

import pandas as pd

from smartgov.present.messages import say
from smartgov.present.notebooks import checked_run, run_notebook
from smartgov.study.model import read_model
from smartgov.study.panels import Answers, read_answers, write_panel

NOTEBOOKS = ("03", "04", "05")


def rerun(path: str, name: str, **reading) -> list[Path]:
    """Read a file of answers and run notebooks 03 to 05 on it, into ``runs/NAME/``.

    Parameters
    ----------
    path : str
        The file of answers.
    name : str
        Name of the run.
    **reading
        Options of :func:`smartgov.study.panels.read_answers`.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        If the answers are refused or the name is unusable; nothing is written then.
    NotebookFailed
        If a cell raises; the notebooks run before it stay.
    """
    folder = checked_run(name)
    answers = read_answers(path, read_model(), **reading)
    print(answers.report())
    written = list(write_panel(answers, folder / "data"))
    settings = [f"panel=runs/{name}/data/panel.csv", "provenance=your panel"]
    for number in NOTEBOOKS:
        print(f"running notebook {number} on your panel", flush=True)
        written += run_notebook(number, settings, run=name)
    return [*written, write_page(answers, name, folder)]


def write_page(answers: Answers, name: str, folder: Path) -> Path:
    """One HTML page: what was read, W and p beside the article's, how stable the ranking is, the figures."""
    concordance = pd.read_csv(folder / "data" / "derived" / "panel_concordance.csv", keep_default_na=False)
    stability = pd.read_csv(folder / "data" / "derived" / "ranking_stability.csv")
    # The panel's own figures first, then the article's for comparison.
    pictures = sorted((p.name for p in (folder / "figures").glob("*.svg")), key=lambda name: ("of_panel" not in name, name))
    parts = [
        f"<h1>{html.escape(say('own_panel.title', name=name))}</h1>",
        f"<pre>{html.escape(answers.report())}</pre>",
        f"<h2>{say('own_panel.concordance')}</h2>", concordance.to_html(index=False, border=0),
        f"<h2>{say('own_panel.stability')}</h2>", stability.to_html(index=False, border=0),
        f"<h2>{say('own_panel.figures')}</h2>",
        *(f'<p><img src="figures/{picture}" alt="{picture}"></p>' for picture in pictures),
    ]  # fmt: skip
    style = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{padding:.15rem .6rem;text-align:left}img{max-width:100%}pre{white-space:pre-wrap}"
    page = folder / "summary.html"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(name)}</title><style>{style}</style>'
    page.write_text("\n".join([head, *parts, "</html>", ""]), encoding="utf-8")
    return page
