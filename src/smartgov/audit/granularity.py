"""Granularity: which numbers of experts or questions could have printed a column of shares.

A share of `n` answers is one of the fractions 0/n, 1/n, …, n/n, and a mean of `n` whole numbers a
multiple of 1/n, so most sizes cannot print most figures (the GRIM test; Brown and Heathers, 2017,
*Social Psychological and Personality Science* 8(4), 363-369).  All of it is integer arithmetic on
rounding intervals: a size is excluded by a cell when no whole number lies in the cell's interval
times the size, which is a proof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from smartgov.audit.printed import Printed

Cells = Sequence[Printed]
_LARGEST_JOIN = 50_000_000


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


def column_sizes(cells: Cells, bound: int) -> tuple[int, ...]:
    """Every size up to `bound` that could print all shares of a column.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> column_sizes([parse_printed(text) for text in ("0.33", "0.83", "0.5")], 12)
    (6, 12)
    """
    sizes = range(1, bound + 1)
    return tuple(n for n in sizes if all(possible_counts(cell, n) for cell in cells))


def sizes_from_counts(counts: Sequence[int], shares: Cells, bound: int) -> tuple[int, ...]:
    """Every number of experts up to `bound` of whom `counts` print as `shares`.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> sizes_from_counts([4, 6], [parse_printed("0.31"), parse_printed("0.46")], 100)
    (13,)
    """
    pairs = list(zip(counts, shares, strict=True))
    sizes = range(1, bound + 1)
    return tuple(m for m in sizes if all(k in possible_counts(cell, m) for k, cell in pairs))


def feasible_sizes(columns: Sequence[Cells], bound: int, pooled: Cells) -> np.ndarray:
    """Every joint choice of column sizes that prints all columns and the share pooled over them.

    The pooled share of a row is the sum of its counts over the sum of the sizes.  The counts a
    cell allows are consecutive, so are their sums, and a joint choice fails at a row exactly when
    that run of sums misses the run of counts that the pooled cell allows.

    Returns
    -------
    ndarray of int, shape (choices, columns)

    Raises
    ------
    ValueError
        If `bound` leaves too many combinations, or columns differ in length.
    """
    alone = [column_sizes(cells, bound) for cells in columns]
    answers = math.prod(map(len, alone))
    if answers > _LARGEST_JOIN:
        raise ValueError(
            f"bound {bound} leaves {answers} combinations of sizes to try; lower it so that at "
            f"most {_LARGEST_JOIN} remain."
        )
    choices = _combinations(alone)
    for *shares, whole in zip(*columns, pooled, strict=True):
        choices = choices[_pooled_fits(choices, shares, whole, bound)]
    return choices


def _combinations(sizes: Sequence[Sequence[int]]) -> np.ndarray:
    grids = np.meshgrid(*(np.asarray(s, dtype=np.int32) for s in sizes), indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=1)


def _count_bounds(cell: Printed, largest: int) -> np.ndarray:
    """Least and greatest count for each size 0..largest, shape (2, largest + 1)."""
    bounds = np.zeros((2, largest + 1), dtype=np.int32)
    for n in range(1, largest + 1):
        counts = possible_counts(cell, n)
        bounds[:, n] = counts.start, counts.stop - 1
    return bounds


def _pooled_fits(choices: np.ndarray, shares: Cells, pooled: Printed, bound: int) -> np.ndarray:
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
