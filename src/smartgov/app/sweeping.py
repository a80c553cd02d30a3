"""The sweep of simulated panels behind notebook 08: run, kept while it runs, written as tables."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from smartgov.app.graph import computed
from smartgov.article.evidence import Evidence
from smartgov.design import sweep
from smartgov.files.layout import ROOT, SWEEP
from smartgov.files.spreadsheet_safety import csv_text
from smartgov.files.writing import write

SEED = 2022
PLACES = 5


def equal_shares(evidence: Evidence) -> tuple[float, ...]:
    """Share of equal judgements of every expert of Table 2."""
    counts = evidence.equal_counts
    return tuple((counts.sum(axis=1) / sum(evidence.lengths.values())).tolist())


def run_sweep(
    folder: Path = SWEEP,
    *,
    seed: int = SEED,
    scheduler: str = "",
    workers: int = 1,
    grid=sweep.WHOLE,
    panels=sweep.PANELS,
) -> list[Path]:
    """Count the simulated panels of a grid and write one table a part.

    Results are kept in ``.make`` while it runs: a sweep that was stopped goes on where it was.

    Parameters
    ----------
    folder : Path
        Where the tables go.
    seed : int
    scheduler, workers
        As of :func:`smartgov.app.graph.computed`.
    grid, panels
        As of :func:`smartgov.design.sweep.tasks`.

    Returns
    -------
    list of Path
        The tables written.
    """
    todo = {task.key: task for task in sweep.tasks(seed, equal_shares(Evidence()), grid, panels)}
    store = ROOT / ".make" / f"sweep-{_digest(todo)}.jsonl"
    counts = computed(
        sweep.counted, todo, scheduler=scheduler, workers=workers, store=store, label="sweep"
    )
    found = sweep.tables([(todo[key], count) for key, count in counts.items()], grid)
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        write(folder / f"{part}.csv", csv_text(table.round(PLACES)))
        for part, table in found.items()
    ]
    store.unlink(missing_ok=True)
    return written


def _digest(todo: dict[str, sweep.Task]) -> str:
    """Names what is counted and the code that counts, so that nothing else is taken for it."""
    sources = sorted(path for path in Path(sweep.__file__).parent.glob("*.py"))
    about = [repr(list(todo.values())).encode(), *(path.read_bytes() for path in sources)]
    return sha256(b"\0".join(about)).hexdigest()[:12]
