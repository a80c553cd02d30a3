"""Simulated panels on one worker and on two, and what larger sweeps cost from there.

    python tests/bench/bench_graph.py

One cluster is started for each number of workers; starting it is told apart, since a long sweep
pays it once. Ends with status 1 when two workers are less than 1.7 times as fast as one.
"""

import sys
import time

from distributed import LocalCluster

from smartgov.app.graph import computed
from smartgov.app.sweeping import SEED, equal_shares
from smartgov.article.evidence import Evidence
from smartgov.design import sweep

AIM = 1.7
GRID = {"power": {"n": (6,), "m": (13, 20, 30), "rho": (0.0, 0.2), "ties": ("none", "table2")}}
BLOCKS = {"power": (20, 25_000)}


def seconds(tasks, workers):
    """Of the start of a cluster, and of all tasks on it once its workers have imported."""
    local = {"dashboard_address": ":0", "host": "127.0.0.1", "threads_per_worker": 1}
    start = time.perf_counter()
    with LocalCluster(n_workers=workers, **local) as cluster:
        where = {"scheduler": cluster.scheduler_address, "workers": workers}
        few = {key: tasks[key] for key in list(tasks)[: 4 * workers]}
        computed(sweep.counted, few, **where)
        ready = time.perf_counter()
        computed(sweep.counted, tasks, **where)
        return ready - start, time.perf_counter() - ready


def main():
    listed = sweep.tasks(SEED, equal_shares(Evidence()), GRID, BLOCKS)
    tasks = {task.key: task for task in listed}
    panels = sum(task.panels for task in listed)
    (_, one), (start, two) = seconds(tasks, 1), seconds(tasks, 2)
    print(f"{panels:,} panels: {one:.1f} s on one worker, {two:.1f} s on two, start {start:.1f} s")
    print(f"two workers are {one / two:.2f} times as fast as one (aim: {AIM})")
    for count in (1e8, 1e11):
        hours = count / panels * one / 3600
        print(f"{count:.0e} panels: {hours:,.1f} core hours, {hours / 64:,.2f} h on 64 cores")
    return 0 if one / two >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
