"""The command `smartgov`: its verbs, which `make` calls, and what each of them accepts.

A mistake of the user ends in one sentence on standard error and exit status 2 (4 of an audit, whose
own 1 to 3 say what is wrong with the rows); a result that is not as it should be (a failed
notebook, a missing string) in exit status 1.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from smartgov.app import commands
from smartgov.app.notebooks import NotebookFailed, end_children
from smartgov.files.layout import require_checkout


class Verb(NamedTuple):
    """What does it, its arguments, and how `make` writes it."""

    call: Callable[..., int]
    arguments: str
    example: str


VERBS = {
    "run": Verb(
        commands.run, "notebook --set --name --out", 'notebook N=03 NAME=strict PARAMS="alpha=0.01"'
    ),
    "rerun": Verb(
        commands.rerun,
        "panel --name --model --round2 --round3 --format --mapping --attrition --min-answered"
        " --keep --language",
        "rerun PANEL=answers.csv NAME=almaty",
    ),
    "mapping": Verb(commands.mapping, "panel --model", "mapping TABLE=answers.csv"),
    "instrument": Verb(
        commands.instrument,
        "folder --model --round --panel --round2 --round3 --ask --order --copies --language"
        " --contact --mapping --seed",
        "instrument FOLDER=path [ROUND=2 PANEL=answers.csv]",
    ),
    "feedback": Verb(
        commands.feedback,
        "panel folder --model --round --round2 --round3 --language --mapping --keep",
        "feedback PANEL=answers.csv FOLDER=path",
    ),
    "compare": Verb(
        commands.compare,
        "panels --name --model --language --workers --scheduler",
        "compare PANELS=folder NAME=cities",
    ),
    "export": Verb(
        commands.export, "panel folder --model --language", "export PANEL=panel.csv FOLDER=path"
    ),
    "model": Verb(commands.model, "out", "model OUT=my_model.yaml"),
    "audit": Verb(
        commands.audit,
        "table out --m-max --n-max --rule --p --workers --scheduler",
        "audit TABLE=path.csv OUT=verdicts.csv",
    ),
    "why": Verb(commands.why, "claim", "why CLAIM=table4.policy_making.E2.p"),
    "doctor": Verb(commands.doctor, "--fresh", "doctor [FRESH=yes]"),
    "trace": Verb(commands.trace, "--figure", "trace [FIGURE=figures/06_cells.svg]"),
    "deposit": Verb(commands.deposit, "--out", "deposit [OUT=folder]"),
    "verify-transcription": Verb(
        commands.verify_transcription, "article", "verify-transcription ARTICLE=path/to/article.txt"
    ),
    "reconstruct": Verb(
        commands.reconstruct, "--seed --out --count --workers --scheduler", "reconstruct"
    ),
    "sweep": Verb(commands.sweep, "--workers --scheduler", "sweep [SCHEDULER=tcp://host:8786]"),
    "codebook": Verb(commands.codebook, "", "codebook"),
    "checker": Verb(commands.checker, "", "checker"),
}
ANYWHERE = ("instrument", "model", "audit")
"""Verbs that can do without the study's checkout."""
PATIENCE = 5
"""Seconds a stopped process has to clean up; what it leaves the next start removes."""
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("none given")
    return Path(text)


def _from_1(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}; accepted is a whole number from 1")
    return int(text)


def _one_of(*accepted: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in accepted:
            raise argparse.ArgumentTypeError(
                f"found {text!r}; accepted is one of {', '.join(accepted)}"
            )
        return text

    return check


ARGUMENTS = {
    "notebook": dict(nargs="+", help="number or name"),
    "--set": dict(dest="settings", nargs="*", default=[], metavar="parameter=value"),
    "--out": dict(type=Path, help="folder to write into instead of the study's own"),
    "--name": dict(default="", help="of the run; outputs go to runs/NAME/"),
    "panel": dict(type=_path, help="file of answers"),
    "panels": dict(type=_path, help="folder of panels, or of runs"),
    "folder": dict(type=_path, help="where to write"),
    "table": dict(type=_path, help="CSV with the columns id, m, n, W, chi2, df, p, mean_ranks"),
    "out": dict(type=_path, help="file to write"),
    "claim": dict(help="id of a claim, as in data/published/claims.csv"),
    "article": dict(type=_path, help="the article's text"),
    "--round": dict(type=int, help="1, 2, …"),
    "--panel": dict(type=Path, help="answers of the round before"),
    "--round2": dict(type=Path, help="answers of the second round"),
    "--round3": dict(type=Path, help="answers of the third round"),
    "--format": dict(
        default="auto", help="auto, tidy, wide, kobo, limesurvey, entry, matrices or mapping"
    ),
    "--mapping": dict(type=Path, help="mapping file of a plain spreadsheet"),
    "--attrition": dict(
        default="refuse", help="refuse or accept experts who are in one round only"
    ),
    "--min-answered": dict(type=float, help="leave out experts who answered less, such as 0.5"),
    "--keep": dict(default="", help="headings of side information to keep, with commas between"),
    "--language": dict(type=_one_of("en", "kk", "ru"), default="en", help="en, kk or ru"),
    "--figure": dict(type=_path, help="a figure of the study or of a run"),
    "--fresh": dict(type=_one_of("yes", "no"), default="no", help="yes runs the notebooks anew"),
    "--order": dict(
        type=_one_of("fixed", "drawn"), default="fixed", help="of the questions: fixed or drawn"
    ),
    "--ask": dict(
        type=_one_of("open", "all"),
        default="open",
        help="of a later round: open questions only, or all",
    ),
    "--copies": dict(
        type=int, default=20, help="experts on paper: sheets to type into, and drawn orders"
    ),
    "--contact": dict(default="", help="whom to ask, for the consent"),
    "--model": dict(type=Path, help="another model file than the article's"),
    "--seed": dict(type=int, default=2022, help="of random numbers"),
    "--workers": dict(type=_from_1, help="processes on this machine"),
    "--count": dict(type=_from_1, default=1, help="how many"),
    "--scheduler": dict(default="", help="address of a running Dask scheduler"),
    "--m-max": dict(type=int, default=100, help="most raters tried where none are printed"),
    "--n-max": dict(type=int, default=50, help="most items tried where none are printed"),
    "--rule": dict(default="either", help="rounding: half_up, half_even, truncate or either"),
    "--p": dict(default="chi2,F,exact", help="what p may be: chi2, F, exact, permutation"),
}


class _Parser(argparse.ArgumentParser):
    """A wrong argument ends in one sentence; the epilog is how `make` writes the verb."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; {self.epilog or 'see smartgov --help'}")


def parser() -> argparse.ArgumentParser:
    """The command line: one subcommand a verb."""
    top = _Parser(prog="smartgov", description="Rerun, audit and reuse of a Delphi study.")
    verbs = top.add_subparsers(required=True, metavar="verb")
    for name, verb in VERBS.items():
        words, example = verb.call.__doc__, f"write make {verb.example}"
        under = verbs.add_parser(
            name, help=words, description=words, epilog=example, allow_abbrev=False
        )
        for argument in verb.arguments.split():
            under.add_argument(argument, **ARGUMENTS[argument])
        under.set_defaults(verb=name)
    return top


def _once(words: list[str]) -> list[str]:
    """The words of a command; stops where an option is among them twice."""
    options = [word.partition("=")[0] for word in words if word.startswith("--") and word != "--"]
    for option, times in Counter(options).items():
        if times > 1:
            raise ValueError(f"{option} was given {times} times; accepted is once")
    return words


def stop(number: int, _frame: object) -> NoReturn:
    """End at once what was started, so that nothing is waited for, and then this process."""
    for again in STOPPED_BY:
        signal.signal(again, signal.SIG_IGN)
    logging.disable()  # that a kernel died is no news now
    signal.signal(signal.SIGALRM, lambda *_: (end_children(), os._exit(128 + number)))
    signal.alarm(PATIENCE)  # an exception raised while a module is imported may be lost
    end_children()
    raise KeyboardInterrupt(number)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    for number in STOPPED_BY if arguments is None else ():  # a process of its own
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup sets it
            signal.signal(number, stop)
    mistaken = 4 if words[:1] == ["audit"] else 2
    try:
        accepted = vars(parser().parse_args(_once(words)))
        verb = accepted.pop("verb")
        if verb not in ANYWHERE:
            require_checkout()
        return VERBS[verb].call(**accepted)
    except NotebookFailed as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing; install smartgov[study,notebooks]", file=sys.stderr)
        return 2
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        print(f"{error.strerror or error}{place}; nothing was changed", file=sys.stderr)
        return mistaken
    except ValueError as error:
        print(error, file=sys.stderr)
        return mistaken
    except KeyboardInterrupt as stopped:
        print("stopped; nothing was changed", file=sys.stderr)
        return 128 + (stopped.args or (signal.SIGINT,))[0]
