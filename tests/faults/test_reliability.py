"""The README's table of promises: every figure is that of the last run, every command is there."""

import csv
import re

from damage.rules import RULES
from damage.test_damage import EACH, inputs

from smartgov.files.layout import DERIVED, PUBLISHED, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## How far can it be trusted?")[1].split("## ")[0]
FIGURES = dict(re.findall(r"^\| (?!promise)[^|]+ \| ([^|]+) \| `([^`]+)` \|$", SECTION, re.M))
FIGURE_OF = {command: figure for figure, command in FIGURES.items()}


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / "faults" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_has_a_figure_and_a_command_of_its_own():
    lines = [line for line in SECTION.splitlines() if line.startswith("| ")]
    assert len(FIGURE_OF) == len(lines) - 1
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert {c.split()[1] for c in FIGURE_OF if c.startswith("make ")} <= set(targets)


def test_numbers_altered():
    table = rows("alterations.csv")
    found = [cell for row in table for kind, cell in row.items() if kind not in ("why", "changed")]
    silent = found.count("reasons") + found.count("nothing")
    refused = found.count("refused") + found.count("stops")
    assert FIGURE_OF["make alterations"].startswith(
        f"{len(table)} numbers altered in {refused + found.count('verdict') + silent} ways:"
        f" {refused} are refused, {found.count('verdict')} change a verdict,"
        f" {found.count('reasons')} only its reasons, {found.count('nothing')} nothing,"
    )
    assert f"gives away the last {silent} " in FIGURE_OF["make alterations"]


def test_published_files():
    assert f" {len(list(PUBLISHED.iterdir()))} published files" in FIGURE_OF["make doctor"]


def test_damaged_files():
    figure = FIGURE_OF["make fuzz"]
    assert figure.startswith(
        f"{len(RULES)} rules on {len(EACH)} kinds of files make {len(inputs(None))} damaged ones, "
    )


def test_kills():
    table = rows("kills.csv")
    assert [row["what"] for row in table] == ["make", "rerun"]
    killed, torn = (sum(int(row[name]) for row in table) for name in ("killed", "torn"))
    assert FIGURE_OF["make faults"].startswith(f"killed {killed} times ")
    assert FIGURE_OF["make faults"].endswith(f": torn {torn} times")


def test_environments():
    table = rows("environments.csv")
    assert all(int(row["files"]) for row in table), "a build ended early"
    apart = sum(int(row["bytes_that_differ"]) for row in table)
    assert FIGURE_OF["make environments"].startswith(f"{len(table)} environments")
    assert f": {apart} bytes of {table[0]['files']} files differ" in FIGURE_OF["make environments"]


def test_mutants():
    outcomes = [row["outcome"] for row in rows("mutants.csv")]
    assert all(row["why"] for row in rows("mutants.csv") if row["outcome"] == "survived")
    killed = outcomes.count("killed")
    assert FIGURE_OF["make mutation"].startswith(f"{killed} of {len(outcomes)} ")
    assert killed >= 0.9 * len(outcomes)


def test_speed():
    with (DERIVED / "benchmarks.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    met = [row["met"] for row in table if row["target"]]
    measured = {row["what"]: row["measured"] for row in table}
    largest = "100,000 experts, csv: read, checked"
    seconds = round(float(measured[f"{largest}, W, priorities, shares"]))
    memory = float(measured[f"{largest}: memory"]) / 1024
    assert FIGURE_OF["make bench"].startswith(f"{met.count('yes')} of {len(met)} targets met, ")
    assert f"in {seconds} s and {memory:.1f} GiB" in FIGURE_OF["make bench"]
