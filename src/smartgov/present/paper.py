"""What a paper takes from a run: a methods paragraph, files of tables."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from smartgov.delphi.panel_results import PERMUTATIONS
from smartgov.delphi.ranking import CUTOFFS
from smartgov.files.document import Heading, save_document
from smartgov.files.paper_tables import PaperTable, latex, save_tables
from smartgov.panels import Answers
from smartgov.panels.privacy import SMALLEST_GROUP
from smartgov.present.page import MISSING, p_words
from smartgov.present.result_tables import Run
from smartgov.stats.significance import MANY_RATERS


def facts(run: Run, answers: Answers) -> dict[str, object]:
    """What the run knows about the study, by the name that messages give it."""
    panel, groups, settings = answers.panel, run.model.groups(), run.settings
    by_round = panel.groupby("round")
    asked = by_round[["context", "left", "right"]].apply(lambda rows: len(rows.drop_duplicates()))
    questions = run.table("question_consensus")
    days = [day for each in answers.understood for day in each.dates or ()]
    formats = (run.say(f"summary.format.{each.format}") for each in answers.understood)
    return settings | {
        "correction": run.say(f"correction.{settings['correction']}"),
        "level": 100 * settings["level"],
        "questions": len(questions),
        "settled": int(questions["settled"].sum()),
        "open": int((~questions["settled"]).sum()),
        "contexts": len(groups),
        "m": int(by_round["expert"].nunique().iloc[-1]),
        "count": len(asked),
        "rounds": _by_round(run, by_round["expert"].nunique()),
        "asked": _by_round(run, asked),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "formats": ", ".join(dict.fromkeys(formats)),
        "groups": ", ".join(answers.attributes) or MISSING,
        "smallest": SMALLEST_GROUP,
    }


def _by_round(run: Run, counts: pd.Series) -> str:
    return ", ".join(run.say("methods.round", round=n, m=count) for n, count in counts.items())


def methods(run: Run, known: Mapping[str, object]) -> str:
    """A paragraph on methods, ready to edit; ⟨…⟩ marks what only the authors know."""
    dates = run.say("methods.dates", **known) if known["first"] else ""
    groups = pd.DataFrame(run.model.groups()).groupby("ring", sort=False)
    sentences = [
        run.say("methods.panel", **known | {"dates": dates}),
        *(_of_ring(run, ring, part) for ring, part in groups),
        run.say("methods.scale"),
        run.say("methods.priorities", **known),
        _consistency(run),
        _agreement(run, known),
        run.say("methods.consensus", **known),
        run.say(
            "methods.software",
            version=version("smartgov"),
            python=platform.python_version(),
            seed=known["seed"],
            **{name: version(name) for name in ("numpy", "scipy", "pandas")},
        ),
    ]
    return " ".join(sentences)


def _of_ring(run: Run, ring: str, part: pd.DataFrame) -> str:
    counts = {"contexts": len(part), "components": len(part["components"].iloc[0])}
    return run.say("methods.ring", ring=run.model.label(ring), **counts)


def _consistency(run: Run) -> str:
    """How many experts' matrices are within Saaty's tolerance."""
    ratios = run.table("expert_consistency")["cr"].dropna()
    return run.say(
        "methods.consistency",
        cutoff=CUTOFFS[0],
        within=int((ratios <= CUTOFFS[0]).sum()),
        complete=len(ratios),
        median=ratios.median(),
    )


def _agreement(run: Run, known: Mapping[str, object]) -> str:
    """W, its smallest and largest, and how many tests are significant."""
    found = run.table("panel_concordance").dropna(subset="W")
    if found.empty:
        return run.say("methods.no_agreement")
    largest = found.loc[found["W"].idxmax()]
    many = "chi-square" in set(found["method"])
    by_chi_square = " " + run.say("methods.chi_square", least=MANY_RATERS) if many else ""
    words = run.say(
        "methods.agreement",
        **known
        | {
            "draws": PERMUTATIONS,
            "rows": len(found),
            "low": found["W"].min(),
            "high": largest["W"],
            "component": run.model.label(largest["row"]),
            "context": run.model.title(largest["context"]),
            "m": int(largest["m"]),
            "p": _equals(largest["p_exact"]),
            "p_corrected": _equals(largest["p_corrected"]),
            "clear": int((found["p_corrected"] < known["alpha"]).sum()),
        },
    )
    return words + by_chi_square


def _equals(p: float) -> str:
    words = p_words(p)
    return words if words.startswith("<") else f"= {words}"


def write_paper(
    run: Run, name: str, tables: Sequence[PaperTable], paragraph: str, standards: PaperTable
) -> list[Path]:
    """Write ``tables/``: every table in one DOCX, one XLSX and a LaTeX file each; the checklist."""
    folder, language = run.folder / "tables", run.model.language
    folder.mkdir(exist_ok=True)
    numbered = [
        table._replace(caption=run.say("tables.numbered", number=number, title=table.caption))
        for number, table in enumerate(tables, start=1)
    ]
    title = run.say("tables.title", name=name)
    about = [Heading(run.say("methods.heading")), run.say("methods.note"), paragraph]
    heads = [run.say(f"tables.{key}") for key in ("list", "sheet", "caption", "note")]
    written = [
        save_document(
            title,
            [*about, Heading(heads[0].capitalize()), *numbered],
            folder / "tables.docx",
            language,
        ),
        save_tables(numbered, folder / "tables.xlsx", heads),
        save_document(standards.caption, [standards], folder / f"{standards.name}.docx", language),
    ]
    for table in tables:
        written.append(folder / f"{table.name}.tex")
        written[-1].write_text(latex(table), encoding="utf-8")
    return written
