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
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from smartgov.audit.printed import Interval, Printed

Cells = Sequence[Printed | None]
_LARGEST_JOIN = 50_000_000


@dataclass(frozen=True)
class Cell:
    """A place in the table: the column's name and the row's index (from 0)."""

    column: str
    row: int


@dataclass(frozen=True)
class Sizes:
    """The sizes up to a bound that could print a column.

    Attributes
    ----------
    bound : int
        Every size from 1 to `bound` was tried, so the answer is a proof up to it.
    feasible : tuple of int
        The sizes that print every cell.
    excluded : dict of int to tuple of Cell
        For every other size what excludes it: the first cell that no count prints; or, when only a
        pooled column excludes it, the pooled cells that fail, at least one of them whatever the
        sizes of the other columns.
    coarse : dict of int to tuple of Cell
        For a feasible size the cells that fit only at the decimals they show, not with the zeros
        that the rest of their column would lead one to expect.
    """

    bound: int
    feasible: tuple[int, ...]
    excluded: dict[int, tuple[Cell, ...]]
    coarse: dict[int, tuple[Cell, ...]] = field(default_factory=dict)

    @property
    def unique(self) -> int | None:
        """The only feasible size, if there is exactly one."""
        return self.feasible[0] if len(self.feasible) == 1 else None


@dataclass(frozen=True)
class JointSizes:
    """The sizes of several columns that print every cell and every pooled cell together.

    Attributes
    ----------
    columns : dict of str to Sizes
        One report a column; a size is feasible here when some joint answer holds it.
    joint : ndarray, shape (answers, columns)
        Every joint answer, one row each, columns in the order of `columns`.
    """

    columns: dict[str, Sizes]
    joint: np.ndarray

    @property
    def totals(self) -> tuple[int, ...]:
        """The sums of sizes that occur among the joint answers."""
        return tuple(np.unique(self.joint.sum(axis=1)).tolist())

    @property
    def unique(self) -> dict[str, int] | None:
        """The only joint answer, if there is exactly one."""
        if len(self.joint) != 1:
            return None
        return dict(zip(self.columns, self.joint[0].tolist(), strict=True))


def possible_counts(
    printed: Printed,
    n: int,
    rule: str = "either",
    decimals: int | None = None,
    scale: tuple[int, int] = (0, 1),
) -> range:
    """The totals of `n` whole numbers whose mean prints as `printed`.

    Parameters
    ----------
    printed : Printed
        A share (`scale` 0 to 1, the default) or a mean of whole numbers.
    n : int
        How many numbers were averaged, at least 1.
    rule, decimals
        See :meth:`Printed.interval`.
    scale : tuple of int
        Smallest and largest value a single number can take.

    Returns
    -------
    range
        The counts (for shares) or sums (for means), in steps of 1; empty when `n` is impossible.

    Raises
    ------
    ValueError
        For `n` below 1, or as :meth:`Printed.interval` does.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> possible_counts(parse_printed("0.43"), 37), possible_counts(parse_printed("0.43"), 36)
    (range(16, 17), range(16, 16))
    """
    if n < 1:
        raise ValueError(f"found n = {n}; a share or a mean is taken over at least 1 answer.")
    return (printed.interval(rule, decimals) * n).whole_numbers(scale[0] * n, scale[1] * n)


def column_sizes(
    column: str,
    cells: Cells,
    bound: int,
    rule: str = "either",
    scale: tuple[int, int] = (0, 1),
) -> Sizes:
    """Every size up to `bound` that could print all cells of one column.

    Parameters
    ----------
    column : str
        Its name, used in the proof.
    cells : sequence of Printed or None
        The column's shares or means, all taken over the same number of answers; ``None`` where
        nothing is printed.
    bound : int
        Largest size tried.
    rule, scale
        See :func:`possible_counts`.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> cells = [parse_printed(text) for text in ("0.33", "0.83", "0.5")]
    >>> sizes = column_sizes("share", cells, 12)
    >>> sizes.feasible, sizes.excluded[3]
    ((6, 12), (Cell(column='share', row=1),))
    """
    places = max((cell.decimals for cell in cells if cell), default=0)
    feasible, excluded, coarse = [], {}, {}
    for n in range(1, bound + 1):
        failing = _first_failing(cells, n, rule, scale)
        if failing is not None:
            excluded[n] = (Cell(column, failing),)
            continue
        feasible.append(n)
        needed = [
            Cell(column, row)
            for row, cell in enumerate(cells)
            if cell and not possible_counts(cell, n, rule, cell.precisions(places)[0], scale)
        ]
        if needed:
            coarse[n] = tuple(needed)
    return Sizes(bound, tuple(feasible), excluded, coarse)


def sizes_from_counts(
    counts: Sequence[int], shares: Cells, bound: int, rule: str = "either", name: str = "share"
) -> Sizes:
    """Every number of experts up to `bound` for which the known `counts` print as `shares`.

    Parameters
    ----------
    counts : sequence of int
        How many experts each share counts.
    shares : sequence of Printed or None
        The same, printed as shares of all experts.
    bound : int
        Largest number of experts tried.
    name : str
        What to call the shares in the proof.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> sizes_from_counts([4, 6], [parse_printed("0.31"), parse_printed("0.46")], 100).unique
    13
    """
    intervals = [share.interval(rule) if share else None for share in shares]
    feasible, excluded = [], {}
    for m in range(1, bound + 1):
        failing = next(
            (
                row
                for row, (count, interval) in enumerate(zip(counts, intervals, strict=True))
                if interval and (count > m or Fraction(count, m) not in interval)
            ),
            None,
        )
        if failing is None:
            feasible.append(m)
        else:
            excluded[m] = (Cell(name, failing),)
    return Sizes(bound, tuple(feasible), excluded)


def feasible_sizes(
    columns: Mapping[str, Cells],
    bound: int,
    pooled: Cells | None = None,
    rule: str = "either",
    pooled_name: str = "overall",
) -> JointSizes:
    """Every joint choice of column sizes that prints all columns and the share pooled over them.

    The pooled share of a row is the sum of its counts over the sum of the sizes.  The counts a
    cell allows are consecutive, so are their sums, and a joint choice fails at a row exactly when
    that run of sums misses the run of counts that the pooled cell allows.

    Parameters
    ----------
    columns : mapping of str to sequence of (Printed or None)
        Columns of shares with equal numbers of rows.
    bound : int
        Largest size tried for each column.
    pooled : sequence of (Printed or None), optional
        The column that prints each row's share over all columns; without it every combination of
        sizes feasible on their own is an answer.
    rule : str
        See :meth:`Printed.interval`.
    pooled_name : str
        What to call the pooled column in the proof.

    Raises
    ------
    ValueError
        When columns differ in length, or `bound` leaves more combinations than can be tried.
    """
    rows = {len(cells) for cells in (*columns.values(), *([] if pooled is None else [pooled]))}
    if len(rows) != 1:
        raise ValueError(f"found columns of {sorted(rows)} rows; all must have the same number.")
    alone = {name: column_sizes(name, cells, bound, rule) for name, cells in columns.items()}
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
                fails = ~_pooled_fits(choices, shares, cell, bound, rule)
                failing = np.where((failing < 0) & fails, row, failing)
    joint = choices[failing < 0]
    reports = {
        name: _joined(sizes, choices[:, k], failing, pooled_name)
        for k, (name, sizes) in enumerate(alone.items())
    }
    return JointSizes(reports, joint)


def _first_failing(cells: Cells, n: int, rule: str, scale: tuple[int, int]) -> int | None:
    for row, cell in enumerate(cells):
        if cell is not None and not possible_counts(cell, n, rule, scale=scale):
            return row
    return None


def _combinations(sizes: Sequence[Sequence[int]]) -> np.ndarray:
    grids = np.meshgrid(*(np.asarray(s, dtype=np.int32) for s in sizes), indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=1)


def _count_bounds(cell: Printed | None, largest: int, rule: str) -> np.ndarray:
    """Least and greatest count for each size 0..largest, shape (2, largest + 1)."""
    bounds = np.zeros((2, largest + 1), dtype=np.int32)
    for n in range(1, largest + 1):
        interval = cell.interval(rule) * n if cell else Interval(None, None)
        counts = interval.whole_numbers(0, n)
        bounds[:, n] = counts.start, counts.stop - 1
    return bounds


def _pooled_fits(
    choices: np.ndarray, shares: Sequence[Printed | None], pooled: Printed, bound: int, rule: str
) -> np.ndarray:
    """For each choice of sizes whether some counts of one row print its pooled share."""
    low = np.zeros(len(choices), dtype=np.int32)
    high = np.zeros(len(choices), dtype=np.int32)
    for k, share in enumerate(shares):
        least, greatest = _count_bounds(share, bound, rule)
        low += least[choices[:, k]]
        high += greatest[choices[:, k]]
    least, greatest = _count_bounds(pooled, bound * len(shares), rule)
    total = choices.sum(axis=1)
    return np.maximum(low, least[total]) <= np.minimum(high, greatest[total])


def _joined(sizes: Sizes, chosen: np.ndarray, failing: np.ndarray, pooled_name: str) -> Sizes:
    """One column's report after the pooled column has had its say."""
    survivors = set(np.unique(chosen[failing < 0]).tolist())
    excluded = dict(sizes.excluded)
    for n in sizes.feasible:
        if n not in survivors:
            rows = np.unique(failing[chosen == n]).tolist()
            excluded[n] = tuple(Cell(pooled_name, row) for row in rows)
    return Sizes(
        sizes.bound,
        tuple(n for n in sizes.feasible if n in survivors),
        dict(sorted(excluded.items())),
        {n: cells for n, cells in sizes.coarse.items() if n in survivors},
    )
