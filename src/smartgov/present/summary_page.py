"""One page on a run with another panel: every result, beside the article's if it asked the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smartgov.article.published import asks_as_the_article
from smartgov.files.runs import SUMMARY
from smartgov.model import Model
from smartgov.panels import Answers, last_round
from smartgov.present import paper
from smartgov.present.page import render
from smartgov.present.reporting import checklist
from smartgov.present.result_tables import Run, open_questions, random_warnings, result_tables


def write_pages(answers: Answers, name: str, folder: Path, model: Model) -> list[Path]:
    """Write ``tables/`` and ``summary.html`` into the folder of a run; the names of the answers'
    files stay out.

    Returns
    -------
    list of Path
        The files written, the page last.
    """
    run = Run(folder, model)
    names = {
        each.file: _file(each, number, run)
        for number, each in enumerate(answers.understood, start=1)
    }
    rounds = sorted(answers.panel["round"].unique().tolist())
    decided = run.table("next_round").iloc[0].to_dict() if len(rounds) > 1 else None
    panel = last_round(answers.panel)
    tables, known = result_tables(run, panel), paper.facts(run, answers)
    paragraph, standards = paper.methods(run, known), checklist(run, known)
    written = paper.write_paper(run, name, list(tables.values()), paragraph, standards)
    html = render(
        "summary.html",
        model.language,
        name=name,
        rounds=rounds,
        article=asks_as_the_article(model),
        model=model,
        settled=decided["questions"] - decided["asked"] if decided else 0,
        read=_read(answers, names, run),
        notes=_without_file_names(answers.warnings, names),
        random=random_warnings(panel, model, own=True),
        decided=decided,
        experts=panel["expert"].nunique(),
        tables=tables,
        known=known,
        open=open_questions(run),
        methods=paragraph,
        standards=standards,
    )
    page = folder / SUMMARY
    page.write_text(html, encoding="utf-8")
    return [*written, page]


def _file(understood, number: int, run: Run) -> str:
    """What a file of answers is called on the page."""
    rounds = ", ".join(map(str, understood.rounds)) or number
    return run.say(
        "summary.file", round=rounds, format=run.say(f"summary.format.{understood.format}")
    )


def _read(answers: Answers, names: dict[str, str], run: Run) -> list[str]:
    """A line a file of answers, and one on the columns left behind."""
    lines = []
    for each in answers.understood:
        line = run.say(
            "summary.experts",
            experts=each.experts,
            found=each.questions_found,
            expected=each.questions_expected,
            missing=each.missing,
        )
        if each.dates:
            line += "; " + run.say("summary.dates", first=each.dates[0], last=each.dates[1])
        lines.append(f"{names[each.file]}: {line}")
    dropped, own = answers.dropped_kinds()
    left = [run.say("summary.dropped", columns=", ".join(dropped))] if dropped else []
    left += [run.say("summary.own_fields", n=len(own))] if own else []
    return [*lines, *(left or [run.say("summary.nothing_dropped")])]


def _without_file_names(notes: Sequence[str], names: dict[str, str]) -> list[str]:
    """What reading noticed, each file called as on the page."""
    for file in sorted(names, key=len, reverse=True):  # one name may be the end of another
        notes = [note.replace(file, names[file]) for note in notes]
    return list(notes)
