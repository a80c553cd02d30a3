"""The grid of simulated panels: its points, the tasks that count them, the tables of results.

A task is a block of panels at one point. Its random numbers come from the seed, the point and the
block alone, and its result is counts, so tasks may run in any order and on any machine.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from smartgov.design.audit_power import PRINTED, seen
from smartgov.design.order import orders_found
from smartgov.design.power import significant

WHOLE = {
    "power": {
        "n": (2, 3, 4, 6, 8, 10, 12),
        "m": (*range(3, 21), 25, 30, 40, 50, 60),
        "rho": (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7),
        "ties": ("none", "table2"),
    },
    "order": {
        "n": (3, 5, 9, 12),
        "m": (3, 5, 7, 10, 13, 20, 30, 60),
        "range": (2, 4, 9),
        "noise": (0.4, 0.8, 1.2),
    },
    "audit": {"n": (3, 6), "m": (3, 5, 9, 13, 20, 30), "printed": PRINTED},
}
"""Values of every variable of a part of the sweep; its points are their combinations."""
PANELS = {"power": (2, 25_000), "order": (1, 20_000), "audit": (20, 500)}
"""Blocks at each point, and panels in a block."""
AUDIT_RHO = 0.2


@dataclass(frozen=True)
class Task:
    """A block of panels at one point of a part of the sweep; its key names it in any order."""

    part: str
    point: tuple
    block: int
    panels: int
    seed: int
    equal: tuple[float, ...]

    @property
    def key(self) -> str:
        """A name that no other task of a sweep has."""
        return json.dumps([self.part, *self.point, self.block], ensure_ascii=False)


def tasks(
    seed: int,
    equal: Sequence[float],
    grid: Mapping[str, Mapping[str, Sequence]] = WHOLE,
    panels: Mapping[str, tuple[int, int]] = PANELS,
) -> list[Task]:
    """The tasks of a sweep.

    Parameters
    ----------
    seed : int
    equal : sequence of float
        Shares of equal answers of the raters, for the points with ties.
    grid, panels
        As :data:`WHOLE` and :data:`PANELS`.
    """
    return [
        Task(part, point, block, panels[part][1], seed, tuple(equal))
        for part, variables in grid.items()
        for point in product(*variables.values())
        for block in range(panels[part][0])
    ]


def counted(task: Task) -> dict[str, float]:
    """The counts of one task, whatever ran before it."""
    entropy = task.seed, zlib.crc32(task.key.encode())
    generator = np.random.default_rng(entropy)
    n, m, *rest = task.point
    if task.part == "order":
        return orders_found(generator, task.panels, m, n, *rest)
    if task.part == "audit":
        return seen(generator, task.panels, m, n, *rest, AUDIT_RHO, task.equal)
    rho, ties = rest
    equal = task.equal if ties == "table2" else (0.0,)
    return significant(generator, task.panels, m, n, rho, equal)


def tables(
    results: Iterable[tuple[Task, Mapping[str, float]]],
    grid: Mapping[str, Mapping[str, Sequence]] = WHOLE,
) -> dict[str, pd.DataFrame]:
    """Counts of all tasks as one table a part, a point a row.

    Returns
    -------
    dict of str to pandas.DataFrame
        Columns: the variables of the part, ``panels``, and a share of them for everything
        counted. The Monte Carlo error of a share is :func:`error_of`.
    """
    sums: dict[str, dict[tuple, dict[str, float]]] = {part: {} for part in grid}
    for task, counts in sorted(results, key=lambda pair: (pair[0].part, pair[0].key)):
        at = sums[task.part].setdefault(task.point, {})
        for name, count in counts.items():
            at[name] = at.get(name, 0) + count
    return {
        part: pd.DataFrame(
            [
                {**dict(zip(grid[part], point, strict=True)), **_shares(sums[part][point])}
                for point in product(*grid[part].values())
            ]
        )
        for part in grid
    }


def _shares(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts as shares of the panels; W as its mean."""
    panels = counts["panels"]
    shares = {name: count / panels for name, count in counts.items() if name != "panels"}
    if "w" in shares:
        shares["w"] = counts["w"] / (panels - counts["undefined"])
    return {"panels": panels, **shares}


def error_of(share, panels):
    """Monte Carlo standard error of a share of simulated panels, never below that of one panel.

    Examples
    --------
    >>> round(float(error_of(0.5, 10_000)), 4), round(float(error_of(0.0, 100)), 3)
    (0.005, 0.01)
    """
    share = np.clip(share, 1 / np.asarray(panels), 1 - 1 / np.asarray(panels))
    return np.sqrt(share * (1 - share) / panels)


def experts_needed(power: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
    """The fewest raters tried with which the chi-square test sees an agreement four times in five.

    Parameters
    ----------
    power : pandas.DataFrame
        The part ``power`` of :func:`tables`.
    alpha : float
        Level of the test.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``ties`` and ``n``, a column a value of ``rho`` above 0; missing where even the
        most raters tried are too few.
    """
    enough = power[(power["rho"] > 0) & (power[f"chi2_{alpha}"] >= 0.8)]
    fewest = enough.groupby(["ties", "n", "rho"], sort=False)["m"].min()
    every = pd.MultiIndex.from_product(
        [power["ties"].unique(), power["n"].unique(), sorted(set(power["rho"]) - {0})],
        names=["ties", "n", "rho"],
    )
    return fewest.reindex(every).astype("Int64").unstack()
