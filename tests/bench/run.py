"""Measure everything and write data/derived/benchmarks.csv and docs/benchmarks.md: `make bench`.

Every script bench_*.py here yields rows (see beside.py). A figure that is missed, or a script
that fails, stops nothing; status 1 at the end says that there was one. With names of scripts only
these are measured anew, and the others' rows stay as they are:

    python tests/bench/run.py bench_imports
"""

import csv
import importlib
import os
import platform
import sys
import traceback
from pathlib import Path

from beside import AT_EASE, ROOT, Row

TABLE = ROOT / "data" / "derived" / "benchmarks.csv"
PAGE = ROOT / "docs" / "benchmarks.md"
COLUMNS = ("subject", "what", "unit", "measured", "against", "reference", "ratio", "target", "met")
COLUMNS = (*COLUMNS, "runs", "machine")
TITLES = {
    "audit": "Audit",
    "graph": "Two workers",
    "growth": "Growth",
    "imports": "Imports",
    "make": "Make",
    "notebooks": "Notebooks",
    "reconstruction": "Reconstructed panels",
    "rerun": "Reruns, in processor time",
    "stats": "Statistics",
}
SIMULATED = "a million simulated panels on one worker"
CORES = (1, 2, 64, 1024)


def machine() -> str:
    """Processor, cores, system and Python."""
    about = Path("/proc/cpuinfo")
    models = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    names = [line.split(":", 1)[1].strip() for line in models if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{name}, {os.cpu_count()} cores, {system}"


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def measured(name: str) -> list[dict[str, str]]:
    """Rows of a script, each shown as soon as it is there; one more if it fails."""
    found, subject, where = [], name.removeprefix("bench_"), machine()
    try:
        for row in importlib.import_module(name).rows():
            found.append(as_texts(subject, row, where))
            shown(found[-1])
    except Exception as error:  # of any kind: the other scripts are measured all the same
        traceback.print_exc()
        said = str(error).splitlines()[:1] or [type(error).__name__]
        failed = as_texts(subject, Row(f"not measured to the end: {said[0]}", "", 0), where)
        found.append(failed | {"measured": "", "met": "no"})
    return found


def as_texts(subject: str, row: Row, where: str) -> dict[str, str]:
    numbers = {name: figure(getattr(row, name)) for name in ("measured", "reference", "ratio")}
    texts = row._asdict() | numbers
    return {name: str(texts.get(name, "")) for name in COLUMNS} | {
        "subject": subject,
        "met": row.met,
        "machine": where,
    }


def shown(row: dict[str, str]) -> None:
    beside = f"{row['reference']} ({row['against']})" if row["reference"] else ""
    words = (row["measured"], row["unit"], beside, row["ratio"], row["target"], row["met"])
    print(f"{row['what']}: {' · '.join(filter(None, words))}", flush=True)


def page(rows: list[dict[str, str]]) -> str:
    """The table in words, and what larger work costs from there."""
    missed = [row for row in rows if row["met"] == "no"]
    parts = [
        "# Speed",
        f"Measured by `make bench` on {rows[0]['machine']}; what counts is each figure over a"
        " reference that the same run of its script measured. A time is the median of the runs"
        f" named. {len(missed)} of {sum(bool(row['target']) for row in rows)} targets are missed. "
        f"{busy(rows)}Numbers: [benchmarks.csv](../data/derived/benchmarks.csv).",
    ]
    for subject in dict.fromkeys(row["subject"] for row in rows):
        parts += [f"## {TITLES[subject]}", table(r for r in rows if r["subject"] == subject)]
    return "\n\n".join([*parts, *cost({row["what"]: row for row in rows})]) + "\n"


def busy(rows: list[dict[str, str]]) -> str:
    """How much slower than at ease the machine was, as the allowances tell."""
    allowed = [row for row in rows if row["against"].endswith(AT_EASE)]
    slower = [float(row["reference"]) / float(row["against"].split()[0]) for row in allowed]
    if not slower:
        return ""
    ends = f"{min(slower):.1f} to {max(slower):.1f}"
    return f"The machine took {ends} times as long for the same work as when it does nothing else. "


def table(rows) -> str:
    heads = ("what", "measured", "reference", "ratio", "target", "met", "runs")
    lines = [heads, ["---"] * len(heads)]
    for row in rows:
        beside = f"{row['reference']} {row['unit']}: {row['against']}" if row["reference"] else ""
        own = f"{row['measured']} {row['unit']}"
        met = f"**{row['met']}**" if row["met"] == "no" else row["met"]
        lines.append([row["what"], own, beside, row["ratio"], row["target"], met, row["runs"]])
    return "\n".join(f"| {' | '.join(cell.strip() for cell in line)} |" for line in lines)


def cost(rows: dict[str, dict[str, str]]) -> list[str]:
    """Hours of larger work, one row more a panel or a million panels costing the same."""
    seconds = {what: float(row["measured"]) for what, row in rows.items() if row["measured"]}
    faster = next((float(r["ratio"]) for r in rows.values() if r["against"] == "two workers"), None)
    steps = [f"10 experts: {step}" for step in ("reading csv", "W", "priorities", "shares")]
    drawn = next((what for what in rows if what.endswith("reconstructed panels")), "")
    if faster is None or SIMULATED not in seconds or drawn not in seconds:
        return []
    work = {
        "10⁸ simulated panels": seconds[SIMULATED] * 1e2,
        "10¹¹ simulated panels": seconds[SIMULATED] * 1e5,
        "10⁴ reconstructed panels": seconds[drawn] / int(drawn.split()[0]) * 1e4,
    }
    if set(steps) <= set(seconds):
        work["10⁴ panels of 10 experts read and analysed"] = sum(map(seconds.get, steps)) * 1e4
    share = min(faster / 2, 1)
    heads = ["work", *(f"{n} core{'s' * (n > 1)}" for n in CORES)]
    lines = [heads, ["---"] * len(heads)]
    for what, total in work.items():
        hours = [total / 3600 / (n * (share if n > 1 else 1)) for n in CORES]
        lines.append([what, *(f"{figure(h)} h" for h in hours)])
    words = (
        "Hours at the pace of this run, from the slopes above: each panel costs the same, and more"
        f" cores are taken to be used as well as two were ({share:.0%} of twice the speed). More"
        " than one machine: `SCHEDULER=tcp://…`."
    )
    return ["## What larger work costs", words, "\n".join(f"| {' | '.join(x)} |" for x in lines)]


def written(rows: list[dict[str, str]]) -> None:
    """The table and the page, with the rows of subjects that were not measured now as they were."""
    now = {row["subject"] for row in rows}
    before = (
        csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()) if TABLE.exists() else ()
    )
    kept = [row for row in before if row["subject"] not in now]
    rows = sorted([*kept, *rows], key=lambda row: row["subject"])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    PAGE.write_text(page(rows), encoding="utf-8")


def main(names: list[str]) -> int:
    rows = []
    for name in names or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py")):
        rows += measured(name)
        written(rows)
    missed = [row["what"] for row in rows if row["met"] == "no"]
    print(f"{len(missed)} missed: {'; '.join(missed)}" if missed else "every target is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
