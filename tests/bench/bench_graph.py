"""Simulated panels on one worker and on two.

Both are given the same blocks in turn, so that what else the machine does slows both; workers are
started and have imported before.
"""

import statistics
import time

import numpy as np
import psutil
from beside import Row
from distributed import LocalCluster

from smartgov.app.graph import computed
from smartgov.app.sweeping import SEED, equal_shares
from smartgov.article.evidence import Evidence
from smartgov.design import sweep

ONE_WORKER = "a million simulated panels on one worker"
GRID = {"power": {"n": (6,), "m": (13, 20, 30), "rho": (0.0, 0.2), "ties": ("none", "table2")}}
BLOCKS = {"power": (60, 25_000)}
RUNS = 3


def seconds(tasks, cluster):
    start = time.perf_counter()
    computed(sweep.counted, tasks, scheduler=cluster.scheduler_address)
    return time.perf_counter() - start


def spent(cluster) -> np.ndarray:
    """Processor time of every worker so far."""
    times = [psutil.Process(worker.pid).cpu_times() for worker in cluster.workers.values()]
    return np.array([each.user + each.system for each in times])


def rows():
    listed = sweep.tasks(SEED, equal_shares(Evidence()), GRID, BLOCKS)
    parts = [{task.key: task for task in listed[k::RUNS]} for k in range(RUNS)]
    local = {"dashboard_address": ":0", "host": "127.0.0.1", "threads_per_worker": 1}
    with LocalCluster(n_workers=1, **local) as one, LocalCluster(n_workers=2, **local) as two:
        first = {task.key: task for task in listed[:8]}
        start = max(seconds(first, cluster) for cluster in (one, two))
        before = [spent(cluster) for cluster in (one, two)]
        alone, shared = zip(*((seconds(p, one), seconds(p, two)) for p in parts), strict=True)
        used = [max(spent(c) - b) for c, b in zip((one, two), before, strict=True)]
    alone, shared = map(statistics.median, (alone, shared))
    million = sum(task.panels for task in listed) / RUNS / 1e6
    yield Row(ONE_WORKER, "s", alone / million, runs=RUNS)
    yield Row("imports of workers and the first eight blocks", "s", start)
    what = "the same panels on one worker, over two"
    yield Row(what, "s", alone, "two workers", shared, "≥ 1.7", RUNS)
    what = "their processor time on one worker, over the busier of two"
    yield Row(what, "s", used[0], "the busier of two workers", used[1], runs=RUNS)
