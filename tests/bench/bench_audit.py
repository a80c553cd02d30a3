"""The audit beside what is allowed, each task in a fresh process, so that nothing is cached.

The seconds of the large table include starting Python and importing the package.
"""

import csv
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from beside import pace, within

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "data" / "published"
SIZES = range(2, 31)


def published(name):
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table2():
    """All questionnaire lengths up to 70 and numbers of experts up to 500."""
    from smartgov.audit.granularity import feasible_sizes, sizes_from_counts
    from smartgov.audit.printed import parse_printed

    rows = published("table2.csv")
    experts = [row for row in rows if row["row"].startswith("expert")]
    closing = {row["row"]: row for row in rows if row not in experts}
    columns = {
        name: [parse_printed(row[name]) for row in experts]
        for name in ("E1", "E2", "E3", "Q27", "overall")
    }
    names = list(columns)
    overall = columns.pop("overall")
    (lengths,) = feasible_sizes(list(columns.values()), 70, overall).tolist()
    counts = [int(closing["count_above_half"][name]) for name in names]
    shares = [parse_printed(closing["share_above_half"][name]) for name in names]
    (m,) = sizes_from_counts(counts, shares, 500)
    return f"{dict(zip(columns, lengths, strict=True))}, {m} experts"


def table3():
    """Feasible sizes from 2 to 30, smallest conflicts and nearest row of every row."""
    from smartgov.audit.fitting import feasible_m
    from smartgov.audit.printed import parse_printed
    from smartgov.audit.row import Reading, Row
    from smartgov.audit.row_at import RowAt

    names = ("emerging_vs_ict", "emerging_vs_data", "ict_vs_data")
    reading = Reading(p=("chi2",), ties="corrected", m_sizes=SIZES)
    feasible, conflicts, changes = 0, 0, 0
    for cells in published("table3.csv"):
        row = Row(
            W=parse_printed(cells["W"]),
            p=parse_printed(cells["p"]),
            mean_ranks=tuple(parse_printed(cells[name]) for name in names),
            columns={"mean_ranks": 2, "W": 3, "p": 3},
        )
        feasible += bool(feasible_m(row, reading))
        at = RowAt(row, 13, 3, reading)
        conflicts += len(at.conflicts)
        changes += len(at.nearest.changed)
    return f"{feasible} of 9 rows feasible, {conflicts} smallest conflicts, {changes} changes"


def table4():
    """The panel size the table implies, and explanations for the cells that do not fit it."""
    from smartgov.audit.printed import parse_printed
    from smartgov.audit.row import Reading, Row
    from smartgov.audit.slips import explain
    from smartgov.audit.table_size import implied_table_size

    groups = {
        cells["row"]: {
            name: Row(W=parse_printed(cells[f"{name}.W"]), p=parse_printed(cells[f"{name}.p"]))
            for name in ("E1", "E2", "E3")
            if cells[f"{name}.W"]
        }
        for cells in published("table4.csv")
    }
    reading = Reading(p=("chi2",), ties="corrected")
    found = implied_table_size(groups, SIZES, range(2, 21), reading)
    slips = [
        explain(cell, found.m, found.items[group][0], reading)
        for group, cells in groups.items()
        for cell in cells.values()
    ]
    fit = found.support[found.m]
    return f"m = {found.m}, {fit} cells fit, {len(slips) - fit} do not"


def write_rows(path, count, misprinted=0.02):
    """Rows of random panels, with ties, blanks and a few misprints."""
    from smartgov.audit.printed import print_value
    from smartgov.audit.slips import misreadings
    from smartgov.stats.concordance import kendall_w

    rng = np.random.default_rng(1)
    names = ["id", "m", "n", "W", "chi2", "df", "p", "mean_ranks"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for k in range(count):
            m, n, places = (int(x) for x in rng.integers([3, 2, 2], [31, 13, 4]))
            values = rng.uniform(0, 2) * rng.normal(size=n) + rng.normal(size=(m, n))
            found = kendall_w(values.round(int(rng.integers(0, 3))) + np.arange(n) * 1e-9 * (k % 2))
            row = {"id": k, "m": m, "n": n, "df": n - 1}
            row |= {
                name: print_value(value, places)
                for name, value in (("W", found.w), ("chi2", found.chi2), ("p", found.p))
            }
            row["mean_ranks"] = ";".join(print_value(x, places) for x in found.mean_ranks)
            for name in rng.choice(names[1:], 2, replace=False):
                row[name] = ""
            name = str(rng.choice(["W", "chi2", "p"]))
            if row[name] and rng.random() < misprinted:
                row[name] = str(rng.choice([text for _, _, text in misreadings(row[name])]))
            writer.writerow(row)


def ten_thousand(path):
    """The table written beforehand, from CSV to CSV."""
    from smartgov.audit.table import run_audit_table

    run_audit_table(path, Path(path).with_suffix(".out.csv"))
    return "2 % misprinted"


TASKS = {
    "Table 2: lengths and experts": (table2, 1),
    "Table 3 in full, sizes 2-30": (table3, 5),
    "Table 4: size and explanations": (table4, 1),
    "10,000 rows, start included": (ten_thousand, 30),
}

MODULES = ("granularity", "row_at", "slips", "table_size")
"""Of `smartgov.audit`, imported before the clock starts; the start of the large table counts."""


def run_task(name, *arguments):
    """One task in this process: seconds, peak memory in MiB, and what came out."""
    if not arguments:
        for module in MODULES:
            importlib.import_module(f"smartgov.audit.{module}")
        importlib.import_module("smartgov.stats.exact")

    start = time.perf_counter()
    remark = TASKS[name][0](*arguments)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, peak, remark]))


def in_fresh_process(name, *arguments):
    start = time.perf_counter()
    output = subprocess.run(
        [sys.executable, __file__, name, *arguments], capture_output=True, text=True, check=True
    ).stdout
    seconds, peak, remark = json.loads(output.splitlines()[-1])
    return (time.perf_counter() - start if arguments else seconds), peak, remark


def rows():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write_rows(path, 10_000)
        for name, (task, allowed) in TASKS.items():
            slower, given = pace(), [str(path)] if task is ten_thousand else []
            seconds, _, remark = in_fresh_process(name, *given)
            yield within(f"audit of {name} ({remark})", seconds, allowed, slower)


if __name__ == "__main__":
    run_task(*sys.argv[1:])
