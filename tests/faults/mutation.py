"""Does a test fail when the code is made wrong in one place? `make mutation`

Cosmic Ray lists every change of one operator, number, loop or condition in the packages below.
A sample of places is drawn, one change at each, and applied alone in a copy of the repository.
The tests that run the changed function come first, then all that hold its package: a change is
killed if one fails. `mutants.csv` has what became of each, and why a survivor may live, which is
written by hand and kept as long as its line stays. The draw is by a hash of the seed and the
changed line: an edit elsewhere leaves the others drawn.
"""

import ast
import csv
import hashlib
import re
import resource
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests" / "faults" / "mutants.csv"
COPY, SESSION = ROOT / ".make" / "mutation", ROOT / ".make" / "mutation.sqlite"
UV, OWN = Path(sys.executable).with_name("uv"), ROOT / ".make" / "cosmic-ray"
COSMIC_RAY = OWN / "bin" / "cosmic-ray"
WHERE = {"PYTHONPATH": str(COPY / "src"), "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"}
SAMPLE, SEED, SECONDS = 60, 2022, 300
TESTS = {"stats": ("stats", "delphi"), "audit": ("audit", "article"), "article": ("article",)}
"""The packages, and the folders of tests that hold each, after the tests of the module itself."""
FAMILIES = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"},
    {"BitAnd", "BitOr", "BitXor"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
)
"""An operator is replaced by one of its family; another would end in a TypeError at once."""
COLUMNS = ("module", "place", "operator", "line", "mutated", "outcome", "why")


def listed() -> list[dict]:
    """Every change that Cosmic Ray knows and that can matter, with the line it changes."""
    folders = [f"src/smartgov/{package}" for package in TESTS]
    settings = f"module-path = {folders}\ntimeout = 1\nexcluded-modules = []\ntest-command = ''\n"
    config = SESSION.with_suffix(".toml")
    config.write_text(f"[cosmic-ray]\n{settings}[cosmic-ray.distributor]\nname = 'local'\n")
    subprocess.run([COSMIC_RAY, "init", config, SESSION], cwd=COPY, check=True, capture_output=True)
    with sqlite3.connect(SESSION) as session:
        session.row_factory = sqlite3.Row
        found = [dict(row) for row in session.execute("SELECT * FROM mutation_specs")]
    sources = {name: (COPY / name).read_text("utf-8") for name in {m["module_path"] for m in found}}
    notes = {name: list(_annotations(source)) for name, source in sources.items()}
    for change in found:
        change["line"] = _line(sources[change["module_path"]], change)
    return [
        change
        for change in found
        if _sensible(change)
        and not any(
            start <= (change["start_pos_row"], change["start_pos_col"]) < end
            for start, end in notes[change["module_path"]]
        )
    ]


def _line(source: str, change: dict) -> str:
    return source.splitlines()[change["start_pos_row"] - 1].strip()


def _annotations(source: str):
    """Where each annotation starts and ends; none is ever computed."""
    for node in ast.walk(ast.parse(source)):
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if note:
                yield (note.lineno, note.col_offset), (note.end_lineno, note.end_col_offset)


def _sensible(change: dict) -> bool:
    """Of one family, and not in a cache's own line: its loss or its size costs time only."""
    if re.match(r"@(lru_)?cache\b", change["line"]):
        return False
    pair = re.search(r"(?:Binary|Comparison)Operator_(\w+)_(\w+)$", change["operator_name"])
    return pair is None or any(set(pair.groups()) <= family for family in FAMILIES)


def drawn(changes: list[dict]) -> list[dict]:
    """SAMPLE places with one change each, the smallest hashes of SEED and what is changed."""

    def draw(change: dict) -> tuple[str, str]:
        place = [SEED, *(change[name] for name in ("module_path", "definition_name", "line"))]
        what = [change["operator_name"], change["start_pos_col"], change["occurrence"] % 2]
        return tuple(hashlib.sha256(repr(key).encode()).hexdigest() for key in (place, what))

    first = {}
    for change in sorted(changes, key=draw):
        first.setdefault(draw(change)[0], change)
    return list(first.values())[:SAMPLE]


def covered() -> CoverageData:
    """Which test runs which line; all pass on the unchanged code, or a failure tells nothing."""
    settings = COPY / ".coveragerc"
    settings.write_text("[run]\ndynamic_context = test_function\nsource = src\n")
    tests = sorted({f"tests/{name}" for names in TESTS.values() for name in names})
    subprocess.run(
        [sys.executable, "-m", "coverage", "run", "-m", "pytest", *tests],
        cwd=COPY,
        env=WHERE,
        check=True,
    )
    data = CoverageData(COPY / ".coverage")
    data.read()
    return data


def _running(source: str, change: dict, contexts: CoverageData) -> list[str]:
    """The tests that run the function that is changed, or any of its module where it is in none."""
    row = change["start_pos_row"]
    functions = [
        (node.lineno, node.end_lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.lineno <= row <= node.end_lineno
    ]
    first, last = max(functions, default=(1, 10**9))
    by_line = contexts.contexts_by_lineno(str(COPY / change["module_path"]))
    names = {name for line, names in by_line.items() if first <= line <= last for name in names}
    return sorted(
        "::".join([str(path.relative_to(COPY)), *parts])
        for module, *parts in (name.split(".") for name in names if name)
        for path in (COPY / "tests").glob(f"*/{module}.py")
    )


def _fails(*tests: str) -> bool:
    """Whether one of some tests fails, or all take too long, whatever the load."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (SECONDS, SECONDS))
    run = subprocess.run(command, cwd=COPY, env=WHERE, capture_output=True, preexec_fn=limit)
    return run.returncode not in (0, 4, 5)  # 4 and 5: no such test, which the far ones will tell


def tried(change: dict, contexts: CoverageData) -> dict:
    """Apply a change in the copy, run the tests that concern it, and take it back."""
    module = COPY / change["module_path"]
    before = module.read_text("utf-8")
    arguments = change["module_path"], change["operator_name"], str(change["occurrence"])
    subprocess.run([COSMIC_RAY, "apply", *arguments], cwd=COPY, check=True, capture_output=True)
    after = module.read_text("utf-8")
    package = module.relative_to(COPY / "src" / "smartgov").parts[0]
    near = [change["module_path"], *_running(before, change, contexts)]
    far = [f"tests/{name}" for name in TESTS[package]]
    killed = _fails("--doctest-modules", *near) or _fails(*far)
    module.write_text(before, "utf-8")
    outcome = "killed" if killed else "survived"
    new = {line.strip() for line in after.splitlines()} - {x.strip() for x in before.splitlines()}
    place, operator = change["definition_name"] or "", change["operator_name"].split("/")[1]
    values = (change["module_path"], place, operator, change["line"], " ".join(new), outcome, "")
    return dict(zip(COLUMNS, values, strict=True))


def main() -> None:
    """Try every drawn change and write what became of each."""
    subprocess.run(["rm", "-rf", COPY, SESSION], check=True)
    COPY.parent.mkdir(exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, COPY], check=True)
    subprocess.run([UV, "venv", "--quiet", "--clear", OWN], check=True)
    install = [UV, "pip", "install", "--quiet", "--python", OWN / "bin" / "python"]
    subprocess.run([*install, "cosmic-ray==8.7.0"], check=True)
    with RESULTS.open("a+", newline="", encoding="utf-8") as file:
        file.seek(0)
        reasons = {(row["module"], row["mutated"]): row["why"] for row in csv.DictReader(file)}
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        results = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        results.writeheader()
        outcomes, contexts = [], covered()
        for change in drawn(listed()):
            result = tried(change, contexts)
            if result["outcome"] == "survived":
                result["why"] = reasons.get((result["module"], result["mutated"]), "")
            results.writerow(result)
            file.flush()
            outcomes.append(result["outcome"])
            print(f"{len(outcomes)}/{SAMPLE} {result['outcome']:9} {change['module_path']}")
    print(f"{outcomes.count('killed')} of {len(outcomes)} killed")


if __name__ == "__main__":
    main()
