"""Panels of 10, 1000 and 100,000 experts: time, memory, and slopes.

Each size is read and analysed in a fresh process, as one user does: answers read and checked, then
W, priorities (AHP) and shares of equal judgements.
"""

import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from beside import Row, pace, within

from smartgov.model import Model, questionnaire, read_model

SIZES = (10, 1_000, 100_000)
KINDS = ("csv", "parquet")
ALLOWED, MEMORY = 60, 2048  # seconds at ease and MiB for the largest panel


def wide_csv(path: Path, m: int, model: Model) -> Path:
    """Answers of experts who weigh the components alike, each a little otherwise; 1 in 50 empty."""
    rng, asked = np.random.default_rng(m), questionnaire(model)[["context", "left", "right"]]
    place = {name: k for k, name in enumerate(model.components.index)}
    lean = (asked["right"].map(place) - asked["left"].map(place)).to_numpy()
    signed = (lean + rng.integers(-2, 3, (m, len(asked)))).clip(-8, 8).astype(str)
    signed[rng.random(signed.shape) < 0.02] = ""
    heads = ["expert", *map("__".join, asked.itertuples(index=False))]
    rows = ([f"expert_{k + 1:06d}", *row] for k, row in enumerate(signed.tolist()))
    path.write_text("".join(",".join(row) + "\n" for row in (heads, *rows)), encoding="utf-8")
    return path


def analysed(path: Path) -> None:
    """In a process of its own: seconds of each step, and the most memory held, in MiB.

    A panel once read is the same whatever it came from: of Parquet only the reading is timed.
    """
    from smartgov.delphi import panel_results
    from smartgov.panels import read_answers

    model, seconds, panel = read_model(), {}, None
    steps = {
        "read": lambda: read_answers(path, model).panel,
        "W": lambda: panel_results.panel_concordance(panel, model),
        "priorities": lambda: [
            panel_results.panel_priorities(panel, model, ring)
            for ring in (*model.main_rings, *model.further_rings)
        ],
        "shares": lambda: panel_results.panel_shares(panel, model),
    }
    for step, call in list(steps.items())[: None if path.suffix == ".csv" else 1]:
        start = time.perf_counter()
        found = call()
        seconds[step] = time.perf_counter() - start
        panel = found if step == "read" else panel
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(seconds | {"peak": peak}))


def in_fresh_process(path: Path, runs: int) -> dict[str, float]:
    """Medians of what :func:`analysed` prints."""
    found = []
    for _ in range(runs):
        done = [sys.executable, __file__, str(path)]
        said = subprocess.run(done, capture_output=True, text=True, check=True).stdout
        found.append(json.loads(said.splitlines()[-1]))
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def rows():
    import duckdb

    model = read_model()
    with tempfile.TemporaryDirectory() as folder:
        found, slower = {}, []
        for m in SIZES:
            path = wide_csv(Path(folder) / f"of_{m}.csv", m, model)
            table = duckdb.read_csv(str(path), all_varchar=True)
            table.write_parquet(str(path.with_suffix(".parquet")))
            runs = 3 if m < SIZES[-1] else 1
            for kind in KINDS:
                slower.append(pace())
                found[kind, m] = in_fresh_process(path.with_suffix(f".{kind}"), runs)
            yield from sizes(found, m, runs)
        yield from slopes(found)
        after = sum(found["csv", SIZES[-1]][step] for step in ("W", "priorities", "shares"))
        for kind in KINDS:
            at, what = found[kind, SIZES[-1]], f"{SIZES[-1]:,} experts, {kind}: read, checked"
            total = at["read"] + after
            yield within(f"{what}, W, priorities, shares", total, ALLOWED, slower[-1])
            yield Row(f"{what}: memory", "MiB", at["peak"], "allowed", MEMORY, "≤ 1")


def sizes(found: dict, m: int, runs: int):
    """Seconds and memory at one size."""
    for kind in KINDS:
        at = found[kind, m]
        yield Row(f"{m:,} experts: reading {kind}", "s", at["read"], runs=runs)
        yield Row(f"{m:,} experts: memory with {kind}", "MiB", at["peak"], runs=runs)
    for step in ("W", "priorities", "shares"):
        yield Row(f"{m:,} experts: {step}", "s", found["csv", m][step], runs=runs)


def slopes(found: dict):
    """Growth from the middle size to the largest on a log scale: 1 is linear in experts."""
    small, large = SIZES[1:]
    steps = [("reading csv", "csv", "read"), ("reading parquet", "parquet", "read")]
    for what, kind, step in (*steps, *((s, "csv", s) for s in ("W", "priorities", "shares"))):
        grown = math.log10(found[kind, large][step] / found[kind, small][step])
        slope = grown / math.log10(large / small)
        what = f"{what}: slope of log time, {small:,} to {large:,} experts"
        yield Row(what, "", slope, "linear growth", 1, "≤ 1.1")


if __name__ == "__main__":
    analysed(Path(sys.argv[1]))
