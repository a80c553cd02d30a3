"""The command line: quick to answer, one sentence for a mistake, and what `make` calls."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from smartgov.app.verbs import VERBS, main, parser
from smartgov.files import layout
from smartgov.files.layout import ROOT

TARGETS = {
    "sweep": "WORKERS=2 SCHEDULER=tcp://10.0.0.1:8786",
    "notebook": "N=03 NAME=strict PARAMS='alpha=0.01 seed=4'",
    "rerun": "PANEL=a.csv NAME=almaty MODEL=m.yaml ROUND2=b.csv ROUND3=c.csv FORMAT=kobo"
    " MAPPING=m.yaml ATTRITION=accept MIN_ANSWERED=0.5 LANGUAGE=kk KEEP='sector,age group'",
    "instrument": "FOLDER=form ROUND=2 PANEL=a.csv ROUND2=b.csv ROUND3=c.csv ASK=all ORDER=fixed"
    " COPIES=12 LANGUAGE=kk CONTACT='A B, a@b' MAPPING=m.yaml MODEL=own.yaml",
    "feedback": "PANEL=a.csv FOLDER=sheets MODEL=own.yaml ROUND=2 ROUND2=b.csv LANGUAGE=ru"
    " MAPPING=m.yaml KEEP='sector,age group'",
    "mapping": "TABLE=a.xlsx MODEL=own.yaml",
    "compare": "PANELS=runs NAME=cities MODEL=m.yaml LANGUAGE=kk WORKERS=2 SCHEDULER=tcp://a:1",
    "export": "PANEL=a.csv FOLDER=spss MODEL=m.yaml LANGUAGE=kk",
    "audit": "TABLE=t.csv OUT=o.csv WORKERS=2 SCHEDULER=tcp://a:1"
    " OPTIONS='--rule half_up --p chi2'",
    "verify-transcription": "ARTICLE=article.txt",
    "why": "CLAIM=results.experts",
    "model": "OUT=own.yaml",
    "reconstruct": "OUT=many COUNT=100 SEED=1 WORKERS=2 SCHEDULER=tcp://a:1",
    "doctor": "FRESH=yes",
    "deposit": "OUT=archive",
    "trace": "FIGURE=figures/06_cells.svg",
    "codebook": "",
    "checker": "",
}


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    """An environment whose `smartgov` says the words it is called with, ended by NUL."""
    folder = tmp_path_factory.mktemp("env")
    (folder / "bin").mkdir()
    said = folder / "bin" / "smartgov"
    said.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    said.chmod(0o755)
    (folder / ".ready").touch()
    return folder


@pytest.fixture
def called(env):
    """The words that a target of `make` gives to the command; what make says where it stops."""

    def call(target: str, *variables: str, **environment: str) -> list[str] | str:
        inherited = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        said = subprocess.run(
            ["make", f"VENV={env}", target, *variables],
            cwd=ROOT,
            env=inherited | environment,
            capture_output=True,
            text=True,
        )
        return said.stderr or said.stdout.split("\0")[:-1]

    return call


@pytest.mark.parametrize(("target", "variables"), TARGETS.items())
def test_every_variable_of_a_target_reaches_its_verb(target, variables, called):
    given = dict(word.split("=", 1) for word in shlex.split(variables))
    accepted = vars(parser().parse_args(called(target, *shlex.split(variables))))
    assert accepted.pop("verb") == target.replace("notebook", "run")
    lists = [value for value in accepted.values() if isinstance(value, list)]
    passed = {str(value) for value in [*accepted.values(), *sum(lists, [])]}
    options = shlex.split(given.pop("OPTIONS", ""))
    values = {*given.values(), *(word for word in options if not word.startswith("--"))}
    assert values <= passed


INJECTED = (
    'Dr "Ann" Lee, fee $5 $$5',
    "`touch pwned` $(touch pwned)",
    "$(shell touch pwned) ${x} $@",
    "a'; touch pwned; '",
    "one line\ntouch pwned",
    "-x # \\ * % & | > pwned",
)


@pytest.mark.parametrize("text", INJECTED)
def test_what_is_typed_reaches_the_command_as_it_is(text, called):
    words = called("instrument", f"FOLDER={text}", f"CONTACT={text}")
    assert words == ["instrument", f"--contact={text}", "--", text]
    assert not (ROOT / "pwned").exists()
    words = called("audit", f"TABLE={text}", "OUT=o", "OPTIONS=--rule * $(touch pwned)")
    assert words == ["audit", "--rule", "*", "$(touch", "pwned)", "--", text, "o"]
    assert not (ROOT / "pwned").exists()


@pytest.mark.parametrize("mistyped", ["LANGAUGE=ru", "ROUND_2=b.csv", "FOLDER=f"])
def test_a_variable_that_a_target_does_not_know_stops_it(mistyped, called):
    name = mistyped.partition("=")[0]
    said = called("rerun", "PANEL=a.csv", "NAME=x", mistyped)
    assert f"make rerun knows no {name}; accepted are: PANEL NAME MODEL ROUND2" in said


def test_every_verb_has_its_target():
    assert {target.replace("notebook", "run") for target in TARGETS} == set(VERBS)


def test_what_the_shell_happens_to_set_is_no_option(called):
    shell = {"LANGUAGE": "ru_RU:ru", "MODEL": "x", "FOLDER": "y"}
    assert called("instrument", "FOLDER=form", **shell) == ["instrument", "--", "form"]
    assert called("instrument", **shell) == ["instrument", "--", ""]


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_imports_nothing_heavy(verb):
    code = (
        "import sys; from smartgov.app.verbs import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(*sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, *verb.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    heavy = {"numpy", "pandas", "jsonschema", "papermill", "nbformat", "yaml", "smartgov.audit"}
    assert not heavy & set(said.splitlines()[-1].split())
    assert "usage: smartgov" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("audit", r"required: table, out; write make audit TABLE=path.csv OUT=verdicts.csv"),
        (["rerun", "", "--name", "x"], r"panel: none given; write make rerun PANEL=answers.csv"),
        ("rerun a.csv", r"NAME='': name the run with letters"),
        ("instrument form --language de", r"found 'de'; accepted is one of en, kk, ru; write make"),
        ("instrument form --order random", r"found 'random'; accepted is one of fixed, drawn"),
        ("instrument form --round two", r"--round: invalid int value: 'two'"),
        ("instrument form --round 2", r"round 2 shows the group's answers; give them as PANEL="),
        (
            "instrument form --model nowhere.yaml",
            r"nowhere.yaml: found no such file",
        ),
        ("instrument form --round 2 --round=3", r"--round was given 2 times; accepted is once"),
        ("publish", r"invalid choice: 'publish'"),
        ("verify-transcription nowhere.txt", "nowhere.txt"),
        ("audit nowhere.csv out.csv", "nowhere.csv: found no such file"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_two(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = words if isinstance(words, list) else words.split()
    assert main(words) == (4 if words[0] == "audit" else 2)
    said = capsys.readouterr().err
    assert re.search(sentence, said) and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        "run 03",
        "rerun a.csv --name x",
        "instrument form",
        "feedback a.csv sheets",
        "compare folder --name x",
        "export a.csv spss",
        "verify-transcription article.txt",
        "why results.experts",
        "reconstruct",
        "codebook",
        "checker",
    ],
)
def test_verbs_of_the_study_say_that_its_checkout_is_missing(words, nowhere, capsys):
    assert main(words.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith("the checkout of the study is missing") and said.count("\n") == 1
    assert list(nowhere.iterdir()) == []


def test_an_audit_needs_no_checkout(nowhere):
    (nowhere / "t.csv").write_text("id,m,n,W,chi2,df,p,mean_ranks\na,5,3,0.5,5.0,2,,\n")
    assert main(["audit", "t.csv", "out.csv"]) == 0
    assert "consistent" in (nowhere / "out.csv").read_text()


def test_a_checkout_is_found_above_the_package_or_the_current_folder(nowhere, monkeypatch):
    assert layout._checkout() is None
    (nowhere / "data" / "published").mkdir(parents=True)
    (nowhere / "notebooks").mkdir()
    monkeypatch.chdir("notebooks")
    assert layout._checkout() == nowhere


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """An empty folder, and the package installed where no checkout is."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setattr(layout, "__file__", str(tmp_path / "smartgov" / "files" / "layout.py"))
    monkeypatch.setattr(layout, "PUBLISHED", tmp_path / "data" / "published")
    return tmp_path / "empty"
