"""What each verb does: a thin call into the package, and a line on what was written.

Imports stand in the functions, so that a verb loads what it needs and `--help` loads nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgov.files.layout import ROOT, require_checkout
from smartgov.files.writing import beside, staged, write

if TYPE_CHECKING:
    import pandas as pd

    from smartgov.instruments.settled import Settled
    from smartgov.model import Model
    from smartgov.panels import Answers


def run(notebook: list[str], settings: list[str], name: str, out: Path | None) -> int:
    """Run notebooks; the outputs of each replace the old ones only if every cell succeeded."""
    from smartgov.app.notebooks import run_notebook, run_study

    if not name and (out or not settings):
        run_study(notebook, out or ROOT, settings)
        return 0
    if len(notebook) > 1 or out:
        raise ValueError("a run of its own is of one notebook, into runs/NAME/; give a single N.")
    changed = run_notebook(*notebook, settings, name, progress=sys.stderr.isatty())
    print(f"wrote {len(changed)} files to runs/{name}/")
    return 0


def why(claim: str) -> int:
    """Say why a claim is judged as it is, in ten lines."""
    from smartgov.article.why import why

    print(why(claim))
    return 0


def doctor(fresh: str) -> int:
    """Say what is not as it was locked, published and run, and which exhibits depend on it."""
    from smartgov.app.doctor import complaints

    found = 0
    for found, complaint in enumerate(complaints(fresh == "yes"), start=1):
        print(f"{found}. {complaint}", flush=True)
    print(
        f"{found} of these are to be looked at."
        if found
        else "All is well: packages as locked, published files as described, outputs as last run."
    )
    return int(found > 0)


def deposit(out: Path | None) -> int:
    """Write the last commit for an archive: an RO-Crate with a CODECHECK manifest and CodeMeta."""
    from smartgov.app.deposit import write_deposit

    return _wrote([write_deposit(out or ROOT / "deposit")])


def trace(figure: Path | None) -> int:
    """Say what a figure was made from, or which figures of the study are stale."""
    from smartgov.app.doctor import other_outputs
    from smartgov.app.trace import stale, way_back

    if figure:
        print(way_back(figure))
        return 0
    found = [*stale(), *(each for each in other_outputs() if each.startswith("figures/"))]
    print("\n".join(found) or "Every figure is as its notebook makes it from what is here.")
    return int(bool(found))


def verify_transcription(article: Path) -> int:
    """Look up every transcribed string in the article's text and report what is missing."""
    from smartgov.article.transcription import verify_transcription

    looked_up = verify_transcription(article)
    missing = looked_up[~looked_up["found"]]
    print(f"{len(looked_up)} transcribed strings looked up, {len(missing)} missing")
    for file, row, printed in missing[["file", "row", "printed"]].itertuples(index=False):
        print(f"  {file}, {row}: {printed}")
    return int(len(missing) > 0)


def audit(
    table: Path,
    out: Path,
    m_max: int,
    n_max: int,
    rule: str,
    p: str,
    workers: int | None,
    scheduler: str,
) -> int:
    """Judge anyone's table of printed W, chi-square, p and mean ranks."""
    from smartgov.audit.table import run_audit_table

    each = _each("blocks of rows", workers, scheduler)
    with beside(out, [table]) as new:
        status = run_audit_table(table, new, m_max, n_max, rule, tuple(p.split(",")), each)
    print(
        f"wrote {out}; exit status {status}: 1 where a row is contradicted, 2 where one is"
        " unreadable, 3 for both, 4 where nothing was judged"
    )
    return status


def reconstruct(
    seed: int, out: Path | None, count: int, workers: int | None, scheduler: str
) -> int:
    """Draw panels that print the article's tables: data/panels/reconstructed.csv, or a folder."""
    from smartgov.article.evidence import Evidence
    from smartgov.article.opposites import Opposites, reconstructed, write_reconstructed

    if not out:
        return _wrote([write_reconstructed(Evidence(), seed)])
    wanted = Opposites(Evidence(), seed)
    draw = partial(reconstructed, wanted.spec, wanted.questions)
    seeds = {f"reconstructed_{number}.csv": number for number in range(seed, seed + count)}
    drawn = _each("panels", workers, scheduler)(draw, seeds)
    with staged(out) as new:
        for name, text in drawn.items():
            (new / name).write_text(text, encoding="utf-8")
    print(f"wrote {count} panels to {out}; make compare ranks their components side by side")
    return 0


def sweep(workers: int | None, scheduler: str) -> int:
    """Count 10⁸ simulated panels anew, for notebook 08: what a panel of each size sees."""
    from smartgov.app.sweeping import run_sweep

    return _wrote(run_sweep(workers=workers or os.cpu_count(), scheduler=scheduler))


def rerun(panel: Path, name: str, keep: str, **reading) -> int:
    """Run notebook 07 on your panel's answers, into runs/NAME/."""
    from smartgov.app.warm import warm_parent

    with warm_parent() as warm:
        from smartgov.app.rerun import rerun

        return _wrote_run(rerun(panel, name, keep=_headings(keep), warm=warm, **reading))


def mapping(panel: Path, model: Path | None) -> int:
    """Write a mapping file for a table of answers, to be filled in; it lies beside the table."""
    from smartgov.files.runs import model_file
    from smartgov.model import read_model
    from smartgov.panels.skeleton import mapping_skeleton

    out = panel.with_suffix(".mapping.yaml")
    if out.exists():
        raise ValueError(f"{out} is there already; rename it, or take it away, for a new one.")
    text = mapping_skeleton(panel, read_model(model_file(panel, model)), out.name)
    return _wrote([write(out, text)])


def instrument(
    folder: Path,
    round: int | None,
    panel: Path | None,
    ask: str,
    model: Path | None,
    language: str,
    order: str,
    **options,
) -> int:
    """Write the questionnaire of a round: XLSForm for KoboToolbox and ODK, and pages to print."""
    from smartgov.files.runs import model_file
    from smartgov.instruments.feedback import group_answers
    from smartgov.model import read_model
    from smartgov.present.instrument_page import write_instrument

    if not model:
        require_checkout()
    round = round or 1
    if round > 1 and not panel:
        raise ValueError(f"round {round} shows the group's answers; give them as PANEL=answers.csv")
    asked = read_model(model_file(panel or Path(), model))
    reading = {name: options.pop(name) for name in ("mapping", "round2", "round3")}
    if round > 1:
        answers = _under_given_codes(panel, asked, **reading).panel
        options["feedback"] = group_answers(answers, asked, round=round - 1)
        if ask == "open":
            options["settled"] = _settled(answers, asked, round - 1)
            print(_asks(options["settled"]))
    options["languages"] = _languages(asked, language)
    options["fixed_order"] = order == "fixed"
    with staged(folder, [panel, model, *reading.values()]) as new:
        written = write_instrument(asked, new, round=round, **options)
    return _wrote([folder / path.relative_to(new) for path in written])


def feedback(
    panel: Path,
    folder: Path,
    round: int | None,
    language: str,
    model: Path | None,
    keep: str,
    **reading,
) -> int:
    """Write one feedback sheet an expert: own answers beside the group's median and spread."""
    from smartgov.files.runs import model_file
    from smartgov.instruments.feedback import stakeholder_groups
    from smartgov.model import read_model
    from smartgov.panels.privacy import smallest_groups
    from smartgov.present.feedback_page import write_feedback

    asked = read_model(model_file(panel, model))
    language = _languages(asked, language)[0]
    kept = _headings(keep)
    read = _under_given_codes(panel, asked, keep=kept, **reading)
    answers, round = read.panel, round or int(read.panel["round"].max())
    options = {"round": round, "language": language}
    if kept:
        options["groups"] = stakeholder_groups(read.attributes)
    settled = _settled(answers, asked, round)
    with staged(folder, [panel, model, *reading.values()]) as new:
        made = write_feedback(answers, asked, new, settled, **options)
    for warning in made.warnings + smallest_groups(read.attributes):
        print(f"note: {warning}")
    print(f"wrote {len(made.files)} files to {folder}")
    return 0


def compare(
    panels: Path, name: str, language: str, model: Path | None, workers: int | None, scheduler: str
) -> int:
    """Rank the components in every panel of a folder, and say how far the panels agree."""
    from smartgov.app.compare import write_comparison

    each = _each("panels", workers, scheduler)
    return _wrote_run(write_comparison(panels, name, language, model, each))


def export(panel: Path, folder: Path, model: Path | None, language: str) -> int:
    """Write a panel for SPSS with syntax, and the article's codes as a REFI-QDA codebook."""
    from smartgov.article.definitions import read_rules
    from smartgov.article.published import asks_as_the_article
    from smartgov.exports import write_qdc, write_sav
    from smartgov.files.runs import model_file
    from smartgov.model import read_model
    from smartgov.panels import read_panel

    asked = read_model(model_file(panel, model))
    answers = read_panel(panel, asked)
    with staged(folder, [panel, model]) as new:
        written = write_sav(answers, asked, new, language)
        if asks_as_the_article(asked):
            written.append(write_qdc(read_rules(), new / "definition_codes.qdc"))
    return _wrote([folder / path.relative_to(new) for path in written])


def model(out: Path) -> int:
    """Write a small model file with comments, to be changed into your own."""
    from importlib.resources import files

    if out.exists():
        raise ValueError(f"{out}: found a file or folder there; name one that is not there yet.")
    text = files("smartgov.app").joinpath("starter_model.yaml").read_text(encoding="utf-8")
    return _wrote([write(out, text)])


def codebook() -> int:
    """Write what is made from data/ and the notebooks: data/README.md, figures/README.md, and the
    article's reporting checklist."""
    from smartgov.present.codebook import write_codebook
    from smartgov.present.exhibits import write_exhibits
    from smartgov.present.reporting import write_article_reporting

    return _wrote([write_codebook(), write_exhibits(), *write_article_reporting()])


def _headings(keep: str) -> list[str]:
    return [heading.strip() for heading in keep.split(",") if heading.strip()]


def checker() -> int:
    """Write docs/checker.html, the page that judges printed numbers in a browser."""
    from smartgov.present.checker_page import write_checker

    return _wrote([write_checker()])


def _under_given_codes(path: Path, model: Model, **reading) -> Answers:
    """Answers under the codes the experts were given: sheets that go back to them need those."""
    from smartgov.panels import read_answers

    answers = read_answers(path, model, attrition="accept", **reading)
    given = {new: old for old, new in answers.key.items()}
    panel = answers.panel.assign(
        expert=answers.panel["expert"].astype(str).map(lambda code: given.get(code, code))
    )
    return replace(answers, panel=panel, attributes=answers.attributes.rename(index=given))


def _settled(answers: pd.DataFrame, model: Model, round: int) -> Settled:
    """Which questions are settled after a round, by the rule of notebook 07."""
    from smartgov.delphi.next_round import MOST_IQR, MOST_MOVED, judged_questions
    from smartgov.instruments.settled import Settled

    judged = judged_questions(answers[answers["round"] <= round], model)
    return Settled(judged, MOST_IQR, MOST_MOVED)


def _asks(settled: Settled) -> str:
    """What a later round asks, and what it does not and why."""
    reasons, of = settled.reasons, len(settled.judged)
    agreed, stable = ((reasons == reason).sum() for reason in ("agreed", "stable"))
    return (
        f"asks {of - agreed - stable} of {of} questions; the others are settled: in {agreed} the"
        f" experts agree, in {stable} they hold to their answers (ASK=all asks all again)"
    )


def _languages(model: Model, wanted: str) -> list[str]:
    """Languages in which all that is asked has a name, the wanted first; says what others lack."""
    from smartgov.model import LANGUAGES

    lacking = {language: model.lacking(language) for language in LANGUAGES}
    missing = [
        f"no name in {language} for {', '.join(names[:3])}{' …' if len(names) > 3 else ''}"
        for language, names in lacking.items()
        if names
    ]
    if all(lacking.values()):
        raise ValueError(
            f"the model has {'; '.join(missing)}; accepted is a model with all names in a language."
        )
    for each in missing:
        print(f"note: the model has {each}: nothing is written in that language.")
    complete = [language for language in LANGUAGES if not lacking[language]]
    return sorted(complete, key=lambda language: language != wanted)


def _each(label: str, workers: int | None, scheduler: str) -> Callable:
    """Calls a function with many arguments, here or on the workers of a scheduler."""
    from smartgov.app.graph import computed

    return partial(computed, label=label, workers=workers or 1, scheduler=scheduler)


def _wrote(paths: list[Path]) -> int:
    print("\n".join(f"wrote {path}" for path in paths))
    return 0


def _wrote_run(paths: list[Path]) -> int:
    print(f"wrote {len(paths)} files; start with {paths[-1]}")
    return 0
