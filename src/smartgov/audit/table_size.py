"""The panel size that a table as a whole implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from smartgov.audit.fitting import fits
from smartgov.audit.row import Reading, Row


@dataclass(frozen=True)
class TableSize:
    """The panel size that a table as a whole implies.

    Attributes
    ----------
    support : dict of int to int
        For each number of raters tried, how many cells fit it when every group of cells takes
        the number of items that fits most of its cells.
    m : int or None
        The number of raters with most support, if it is alone in that.
    items : dict of str to tuple of int
        For each group the numbers of items that fit most of its cells at `m`; more than one is
        a draw, none means that not a single cell fits.
    fitting, misfitting : tuple of (str, str)
        Group and cell of all cells that fit `m` with the first of the group's numbers of items,
        and of all that do not.
    """

    support: dict[int, int]
    m: int | None
    items: dict[str, tuple[int, ...]]
    fitting: tuple[tuple[str, str], ...]
    misfitting: tuple[tuple[str, str], ...]


def implied_table_size(
    groups: Mapping[str, Mapping[str, Row]],
    m_sizes: Sequence[int],
    n_sizes: Sequence[int],
    reading: Reading,
) -> TableSize:
    """The one number of raters that fits most cells of a table, and what does not fit it.

    Parameters
    ----------
    groups : mapping of str to mapping of str to Row
        Cells that share their items (the row of a table, say), named.
    m_sizes, n_sizes : sequence of int
        Sizes tried.
    reading : Reading

    Notes
    -----
    That a cell fits no number of items at the implied `m` is a proof over `n_sizes`; that the
    panel had `m` raters is an inference from how many cells say so.
    """
    fit = {
        group: {
            name: np.stack([fits(cell, m_sizes, n, reading) for n in n_sizes], axis=1)
            for name, cell in cells.items()
        }
        for group, cells in groups.items()
    }
    counts = {group: np.sum(list(cells.values()), axis=0) for group, cells in fit.items()}
    support = sum(count.max(axis=1) for count in counts.values())
    most = np.flatnonzero(support == support.max())
    chosen = int(most[0])
    items = {
        group: tuple(
            n for n, k in zip(n_sizes, count[chosen], strict=True) if k == max(count[chosen]) > 0
        )
        for group, count in counts.items()
    }
    place = {n: k for k, n in enumerate(n_sizes)}
    verdicts = {
        (group, name): bool(items[group]) and bool(table[chosen, place[items[group][0]]])
        for group, cells in fit.items()
        for name, table in cells.items()
    }
    return TableSize(
        dict(zip(m_sizes, support.tolist(), strict=True)),
        m_sizes[chosen] if len(most) == 1 else None,
        items,
        tuple(name for name, fitting in verdicts.items() if fitting),
        tuple(name for name, fitting in verdicts.items() if not fitting),
    )
