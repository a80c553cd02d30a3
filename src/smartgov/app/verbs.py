"""The verbs behind `make`: each one a thin call into the package.

A mistake of the user ends in one sentence on standard error and exit status 2; a result that is
not as it should be (a failed notebook, a missing figure) in exit status 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# jsonschema, under nbformat, would compile a grammar of internationalised addresses at import: a
# second for every command, and no notebook holds one. It does without where this is not to be had.
sys.modules.setdefault("rfc3987_syntax", None)


def run(args: argparse.Namespace) -> int:
    """Run a notebook; its outputs replace the old ones only if every cell succeeded."""
    from smartgov.app.notebooks import NotebookFailed, run_notebook

    try:
        changed = run_notebook(
            args.notebook,
            args.settings,
            args.name,
            progress=bool(args.name) and sys.stderr.isatty(),
        )
    except NotebookFailed as error:
        print(error, file=sys.stderr)
        return 1
    if args.name:
        print(f"wrote {len(changed)} files to runs/{args.name}/")
    return 0


def verify_transcription(args: argparse.Namespace) -> int:
    """Look up every transcribed string in the article's text and report what is missing."""
    from smartgov.article.transcription import verify_transcription

    if not args.article:
        raise ValueError(
            "no article given; write make verify-transcription ARTICLE=path/to/article.txt"
        )
    looked_up = verify_transcription(Path(args.article))
    missing = looked_up[~looked_up["found"]]
    print(f"{len(looked_up)} transcribed strings looked up, {len(missing)} missing")
    for file, row, printed in missing[["file", "row", "printed"]].itertuples(index=False):
        print(f"  {file}, {row}: {printed}")
    return int(len(missing) > 0)


def audit(args: argparse.Namespace) -> int:
    """Judge anyone's table of printed W, chi-square, p and mean ranks."""
    from smartgov.audit.table import run_audit_table

    if not args.table or not args.out:
        raise ValueError(
            "no table given; write make audit TABLE=path.csv OUT=verdicts.csv (columns: id, m, n,"
            " W, chi2, df, p, mean_ranks)"
        )
    status = run_audit_table(
        args.table, args.out, args.m_max, args.n_max, args.rule, tuple(args.p.split(","))
    )
    print(
        f"wrote {args.out}; exit status {status}: 1 where a row is contradicted, 2 where one is"
        " unreadable, 3 for both"
    )
    return status


def reconstruct(args: argparse.Namespace) -> int:
    """Write data/panels/reconstructed.csv, one of many panels that print the article's tables."""
    from smartgov.article.evidence import Evidence
    from smartgov.article.opposites import write_reconstructed

    print(f"wrote {write_reconstructed(Evidence(), args.seed)}")
    return 0


def rerun(args: argparse.Namespace) -> int:
    """Run notebooks 03 to 05 on your panel's answers, into runs/NAME/."""
    from smartgov.app.notebooks import NotebookFailed
    from smartgov.app.rerun import rerun

    if not args.panel or not args.name:
        raise ValueError(
            "no answers or no name given; write make rerun PANEL=answers.csv NAME=almaty"
        )
    reading = {
        "format": args.format or "auto",
        "mapping": args.mapping or None,
        "round2": args.round2 or None,
        "attrition": args.attrition or "refuse",
        "keep": [heading.strip() for heading in args.keep.split(",") if heading.strip()],
    }
    try:
        written = rerun(args.panel, args.name, language=args.language or "en", **reading)
    except NotebookFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"wrote {len(written)} files; start with {written[-1]}")
    return 0


def instrument(args: argparse.Namespace) -> int:
    """Write the questionnaire of a round: XLSForm for KoboToolbox and ODK, and pages to print."""
    from smartgov.files.layout import MODEL
    from smartgov.instruments.feedback import group_answers
    from smartgov.model import read_model
    from smartgov.present.instrument_page import write_instrument

    if not args.folder:
        raise ValueError(
            "no folder given; write make instrument FOLDER=path [ROUND=2 PANEL=answers.csv]"
        )
    if args.round > 1 and not args.panel:
        raise ValueError(
            f"round {args.round} shows the group's answers; give them as PANEL=answers.csv"
        )
    model = read_model(Path(args.model) if args.model else MODEL / "model.yaml")
    feedback = (
        group_answers(_with_own_codes(args.panel, model, args.mapping), model, round=args.round - 1)
        if args.round > 1
        else None
    )
    languages = sorted(("en", "kk", "ru"), key=lambda language: language != (args.language or "en"))
    written = write_instrument(
        model,
        Path(args.folder),
        round=args.round,
        fixed_order=args.order == "fixed",
        copies=args.copies,
        seed=args.seed,
        feedback=feedback,
        languages=tuple(languages),
        contact=args.contact,
    )
    print("\n".join(f"wrote {path}" for path in written))
    return 0


def feedback(args: argparse.Namespace) -> int:
    """Write one feedback sheet an expert: own answers beside the group's median and spread."""
    from smartgov.model import read_model
    from smartgov.present.feedback_page import write_feedback

    if not args.panel or not args.folder:
        raise ValueError(
            "no answers or no folder given; write make feedback PANEL=answers.csv FOLDER=path"
        )
    model = read_model()
    made = write_feedback(
        _with_own_codes(args.panel, model, args.mapping),
        model,
        Path(args.folder),
        round=args.round,
        language=args.language or "en",
    )
    print(
        "\n".join(
            [
                *(f"note: {warning}" for warning in made.warnings),
                f"wrote {len(made.files)} files to {args.folder}",
            ]
        )
    )
    return 0


def _with_own_codes(path: str, model, mapping: str):
    """Answers under the codes the experts were given: sheets that go back to them need those."""
    from smartgov.panels import read_answers

    answers = read_answers(path, model, mapping=mapping or None, attrition="accept")
    given = {new: old for old, new in answers.key.items()}
    return answers.panel.assign(
        expert=answers.panel["expert"].map(lambda code: given.get(code, code))
    )


def compare(args: argparse.Namespace) -> int:
    """Rank the components in every panel of a folder, and say how far the panels agree."""
    from smartgov.app.compare import write_comparison

    if not args.panels or not args.name:
        raise ValueError("no folder or no name given; write make compare PANELS=folder NAME=cities")
    written = write_comparison(Path(args.panels), args.name, args.language or "en")
    print(f"wrote {len(written)} files; start with {written[-1]}")
    return 0


def export(args: argparse.Namespace) -> int:
    """Write a panel for SPSS with syntax, and the definition codes as a REFI-QDA codebook."""
    from smartgov.article.definitions import read_rules
    from smartgov.exports import write_qdc, write_sav
    from smartgov.model import read_model
    from smartgov.panels import read_panel

    if not args.panel or not args.folder:
        raise ValueError(
            "no panel or no folder given; write make export PANEL=panel.csv FOLDER=path"
        )
    model, folder = read_model(), Path(args.folder)
    written = [
        *write_sav(read_panel(args.panel, model), model, folder),
        write_qdc(read_rules(), folder / "definition_codes.qdc"),
    ]
    print("\n".join(f"wrote {path}" for path in written))
    return 0


def codebook(args: argparse.Namespace) -> int:
    """Write data/README.md from the data package."""
    from smartgov.present.codebook import write_codebook

    print(f"wrote {write_codebook()}")
    return 0


def _text(name: str, words: str = "") -> tuple[str, dict]:
    """An argument that is empty when it is not given, since make passes every variable on."""
    return name, {"default": "", "help": words} | ({} if name.startswith("--") else {"nargs": "?"})


def _number(name: str, default: int, words: str = "") -> tuple[str, dict]:
    return name, {"type": int, "default": default, "help": words}


VERBS: dict[str, tuple] = {
    "run": (
        run,
        _text("notebook"),
        ("--set", {"nargs": "*", "default": [], "dest": "settings", "metavar": "parameter=value"}),
        _text("--name", "name of the run; outputs go to runs/NAME/"),
    ),
    "verify-transcription": (verify_transcription, _text("article")),
    "audit": (
        audit,
        _text("table"),
        _text("out"),
        _number("--m-max", 100, "largest number of raters tried where none is printed"),
        _number("--n-max", 50, "largest number of items tried where none is printed"),
        (
            "--rule",
            {"default": "either", "help": "rounding rule: half_up, half_even, truncate or either"},
        ),
        (
            "--p",
            {
                "default": "chi2,F,exact",
                "help": "what a printed p may be: chi2, F, exact, permutation",
            },
        ),
    ),
    "reconstruct": (reconstruct, _number("--seed", 2022)),
    "instrument": (
        instrument,
        _text("folder"),
        _text("--panel", "answers of the round before"),
        _text("--model", "another model file"),
        _text("--language", "first language: en, kk or ru"),
        _text("--order", "'fixed', or drawn for each respondent"),
        _text("--contact", "whom to ask, for the consent"),
        _text("--mapping", "mapping file of the answers"),
        _number("--round", 1),
        _number("--copies", 1),
        _number("--seed", 2022),
    ),
    "feedback": (
        feedback,
        _text("panel"),
        _text("folder"),
        _number("--round", 1),
        _text("--language", "en, kk or ru"),
        _text("--mapping", "mapping file of the answers"),
    ),
    "rerun": (
        rerun,
        _text("panel"),
        _text("--name", "name of the run"),
        _text("--round2", "answers of the second round"),
        _text("--mapping", "mapping file of a plain spreadsheet"),
        _text("--format", "auto, tidy, wide, kobo, limesurvey or mapping"),
        _text("--attrition", "refuse or accept experts missing from round two"),
        _text("--language", "of figures and summary: en, kk or ru"),
        _text("--keep", "headings of side information to keep, separated by commas"),
    ),
    "compare": (
        compare,
        _text("panels"),
        _text("--name", "name of the run"),
        _text("--language", "of figure and page: en, kk or ru"),
    ),
    "export": (export, _text("panel"), _text("folder")),
    "codebook": (codebook,),
}
"""Every verb: the function that does it, then its arguments."""


def parser() -> argparse.ArgumentParser:
    """The command line: one subcommand a verb."""
    top = argparse.ArgumentParser(prog="smartgov", description=__doc__)
    verbs = top.add_subparsers(required=True, metavar="verb")
    for name, (call, *arguments) in VERBS.items():
        verb = verbs.add_parser(name, help=call.__doc__)
        for flag, options in arguments:
            verb.add_argument(flag, **options)
        verb.set_defaults(call=call)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    args = parser().parse_args(arguments)
    try:
        return args.call(args)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
