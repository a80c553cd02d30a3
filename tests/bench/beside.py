"""What every benchmark yields: rows, each figure beside a reference that the same run measured."""

from __future__ import annotations

import importlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
WORK = 0.015
"""Seconds of `fixed_work` on the machine of the first run, when it did nothing else."""


AT_EASE = "s at the pace of a machine at ease"


class Row(NamedTuple):
    """A figure, what it is set against, and whether their ratio is within its target."""

    what: str
    unit: str
    measured: float
    against: str = ""
    reference: float | None = None
    target: str = ""
    runs: int = 1

    @property
    def ratio(self) -> float | None:
        return None if self.reference is None else self.measured / self.reference

    @property
    def met(self) -> str:
        if not self.target:
            return ""
        sign, limit = self.target.split()
        good = self.ratio <= float(limit) if sign == "≤" else self.ratio >= float(limit)
        return "yes" if good else "no"


def timed(call: Callable, runs: int = 3, budget: float = 20) -> tuple[float, int]:
    """Median seconds of a call, and of how many runs: none begins once `budget` is spent."""
    taken: list[float] = []
    while len(taken) < runs and sum(taken) < budget:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), len(taken)


def processor_seconds(call: Callable, runs: int = 3) -> tuple[float, int]:
    """Median processor time of the processes that a call starts, and the number of runs."""
    taken = []
    for _ in range(runs):
        before = os.times()
        call()
        after = os.times()
        taken.append(sum(after[2:4]) - sum(before[2:4]))
    return statistics.median(taken), runs


def command(*words: str, **how) -> None:
    """A command that must succeed; its output is shown where it does not."""
    how = {"cwd": ROOT, **how}
    done = subprocess.run(words, capture_output=True, text=True, **how)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def fixed_work() -> None:
    """Texts counted and numbers sorted: what reading and testing do."""
    counts: dict[str, int] = {}
    for number in range(100_000):
        text = str(number * 7919 % 1000)
        counts[text] = counts.get(text, 0) + 1
    np.sort(np.random.default_rng(0).random(300_000))


def pace() -> float:
    """How many times longer than at ease this machine takes now, for allowances in seconds."""
    return timed(fixed_work, 9)[0] / WORK


def within(what: str, seconds: float, allowed: float, slower: float, runs: int = 1) -> Row:
    """Seconds beside those allowed at ease, `slower` times as many now; never fewer than these."""
    against = f"{allowed:g} {AT_EASE}"
    return Row(what, "s", seconds, against, allowed * max(slower, 1), "≤ 1", runs)


def library(name: str):
    """A library that is measured against: `make bench` alone installs it, apart from all else."""
    if (folder := str(ROOT / ".make" / "bench")) not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)
