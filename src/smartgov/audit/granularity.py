"""Granularity: which numbers of experts or questions could have printed a column of shares.

A share of `n` answers is one of the fractions 0/n, 1/n, …, n/n, and a mean of `n` whole numbers a
multiple of 1/n, so most sizes cannot print most figures (the GRIM test; Brown and Heathers, 2017,
*Social Psychological and Personality Science* 8(4), 363-369).  All of it is integer arithmetic on
rounding intervals: a size is excluded by a cell when no whole number lies in the cell's interval
times the size, which is a proof.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from smartgov.audit.printed import Printed

Cells = Sequence[Printed | None]
_LARGEST_JOIN = 50_000_000


@dataclass(frozen=True)
class Cell:
    """A place in the table: the column's name and the row's index (from 0)."""

    column: str
    row: int


@dataclass(frozen=True)
class Sizes:
    """The sizes up to a bound that could print a column, and what excludes each other one.

    A size is excluded by the first cell that no count prints; or, when only a pooled column
    excludes it, by the pooled cells that fail, at least one whatever the other columns' sizes.
    """

    bound: int
    feasible: tuple[int, ...]
    excluded: dict[int, tuple[Cell, ...]]

    @property
    def unique(self) -> int | None:
        """The only feasible size, if there is exactly one."""
        return self.feasible[0] if len(self.feasible) == 1 else None


@dataclass(frozen=True)
class JointSizes:
    """The sizes of several columns that print every cell and every pooled cell together.

    `joint` has shape (answers, columns); a size is feasible in its column's report when some joint
    answer holds it.
    """

    columns: dict[str, Sizes]
    joint: np.ndarray

    @property
    def unique(self) -> dict[str, int] | None:
        """The only joint answer, if there is exactly one."""
        if len(self.joint) != 1:
            return None
        return dict(zip(self.columns, self.joint[0].tolist(), strict=True))


def possible_counts(printed: Printed, n: int) -> range:
    """The counts that print as the share `printed` of `n` answers; empty when there are none.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> possible_counts(parse_printed("0.43"), 37), possible_counts(parse_printed("0.43"), 36)
    (range(16, 17), range(16, 16))
    """
    if n < 1:
        raise ValueError(f"found n = {n}; a share is taken over at least 1 answer.")
    return (printed.interval() * n).whole_numbers(0, n)


def column_sizes(column: str, cells: Cells, bound: int) -> Sizes:
    """Every size up to `bound` that could print all shares of a column; ``None`` is a blank cell.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> cells = [parse_printed(text) for text in ("0.33", "0.83", "0.5")]
    >>> sizes = column_sizes("share", cells, 12)
    >>> sizes.feasible, sizes.excluded[3]
    ((6, 12), (Cell(column='share', row=1),))
    """
    failing = {
        n: [row for row, cell in enumerate(cells) if cell and not possible_counts(cell, n)]
        for n in range(1, bound + 1)
    }
    return _sizes(column, failing)


def sizes_from_counts(counts: Sequence[int], shares: Cells, bound: int) -> Sizes:
    """Every number of experts up to `bound` of whom `counts` print as `shares`.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> sizes_from_counts([4, 6], [parse_printed("0.31"), parse_printed("0.46")], 100).unique
    13
    """
    pairs = list(enumerate(zip(counts, shares, strict=True)))
    failing = {
        m: [row for row, (count, cell) in pairs if cell and count not in possible_counts(cell, m)]
        for m in range(1, bound + 1)
    }
    return _sizes("share", failing)


def _sizes(column: str, failing: dict[int, list[int]]) -> Sizes:
    """A report from the rows that fail at each size."""
    excluded = {n: (Cell(column, rows[0]),) for n, rows in failing.items() if rows}
    return Sizes(max(failing), tuple(n for n in failing if n not in excluded), excluded)


def feasible_sizes(
    columns: Mapping[str, Cells], bound: int, pooled: Cells | None = None
) -> JointSizes:
    """Every joint choice of column sizes that prints all columns and the share pooled over them.

    The pooled share of a row is the sum of its counts over the sum of the sizes.  The counts a
    cell allows are consecutive, so are their sums, and a joint choice fails at a row exactly when
    that run of sums misses the run of counts that the pooled cell allows.

    Without `pooled` every combination of sizes feasible on their own is an answer.  Columns that
    differ in length, or a `bound` that leaves too many combinations, are refused.
    """
    rows = {len(cells) for cells in (*columns.values(), *([] if pooled is None else [pooled]))}
    if len(rows) != 1:
        raise ValueError(f"found columns of {sorted(rows)} rows; all must have the same number.")
    alone = {name: column_sizes(name, cells, bound) for name, cells in columns.items()}
    answers = math.prod(len(sizes.feasible) for sizes in alone.values())
    if answers > _LARGEST_JOIN:
        raise ValueError(
            f"bound {bound} leaves {answers} combinations of sizes to try; lower it so that at "
            f"most {_LARGEST_JOIN} remain."
        )
    choices = _combinations([sizes.feasible for sizes in alone.values()])
    failing = np.full(len(choices), -1)
    if pooled is not None and len(choices):
        for row, cell in enumerate(pooled):
            # A blank cell of the row leaves its count open, from none to all.
            shares = [cells[row] for cells in columns.values()]
            if cell is not None:
                fails = ~_pooled_fits(choices, shares, cell, bound)
                failing = np.where((failing < 0) & fails, row, failing)
    joint = choices[failing < 0]
    reports = {
        name: _joined(sizes, choices[:, k], failing)
        for k, (name, sizes) in enumerate(alone.items())
    }
    return JointSizes(reports, joint)


def _combinations(sizes: Sequence[Sequence[int]]) -> np.ndarray:
    grids = np.meshgrid(*(np.asarray(s, dtype=np.int32) for s in sizes), indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=1)


def _count_bounds(cell: Printed | None, largest: int) -> np.ndarray:
    """Least and greatest count for each size 0..largest, shape (2, largest + 1)."""
    bounds = np.zeros((2, largest + 1), dtype=np.int32)
    for n in range(1, largest + 1):
        counts = possible_counts(cell, n) if cell else range(n + 1)
        bounds[:, n] = counts.start, counts.stop - 1
    return bounds


def _pooled_fits(
    choices: np.ndarray, shares: Sequence[Printed | None], pooled: Printed, bound: int
) -> np.ndarray:
    """For each choice of sizes whether some counts of one row print its pooled share."""
    low = np.zeros(len(choices), dtype=np.int32)
    high = np.zeros(len(choices), dtype=np.int32)
    for k, share in enumerate(shares):
        least, greatest = _count_bounds(share, bound)
        low += least[choices[:, k]]
        high += greatest[choices[:, k]]
    least, greatest = _count_bounds(pooled, bound * len(shares))
    total = choices.sum(axis=1)
    return np.maximum(low, least[total]) <= np.minimum(high, greatest[total])


def _joined(sizes: Sizes, chosen: np.ndarray, failing: np.ndarray) -> Sizes:
    """One column's report after the pooled column has had its say."""
    survivors = set(np.unique(chosen[failing < 0]).tolist())
    excluded = dict(sizes.excluded)
    for n in sizes.feasible:
        if n not in survivors:
            rows = np.unique(failing[chosen == n]).tolist()
            excluded[n] = tuple(Cell("overall", row) for row in rows)
    feasible = tuple(n for n in sizes.feasible if n in survivors)
    return Sizes(sizes.bound, feasible, dict(sorted(excluded.items())))
