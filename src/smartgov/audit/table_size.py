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

    `support` counts, for each number of raters tried, the cells that fit it when every group of
    cells takes the number of items that fits most of them; `m` has most support, if it is alone in
    that.  `items` are each group's numbers of items that fit most of its cells at `m`: more than
    one is a draw, none means that not a single cell fits.
    """

    support: dict[int, int]
    m: int | None
    items: dict[str, tuple[int, ...]]


def implied_table_size(
    groups: Mapping[str, Mapping[str, Row]],
    m_sizes: Sequence[int],
    n_sizes: Sequence[int],
    reading: Reading,
) -> TableSize:
    """The one number of raters that fits most cells of a table, and what does not fit it.

    `groups` are cells that share their items, the row of a table, say.  That a cell fits no number
    of items at the implied `m` is a proof over `n_sizes`; that the panel had `m` raters is an
    inference from how many cells say so.
    """
    counts = {
        group: sum(
            np.stack([fits(cell, m_sizes, n, reading) for n in n_sizes], axis=1).astype(int)
            for cell in cells.values()
        )
        for group, cells in groups.items()
    }
    support = sum(count.max(axis=1) for count in counts.values())
    most = np.flatnonzero(support == support.max())
    chosen = int(most[0])
    items = {
        group: tuple(
            n for n, k in zip(n_sizes, count[chosen], strict=True) if k == max(count[chosen]) > 0
        )
        for group, count in counts.items()
    }
    return TableSize(
        dict(zip(m_sizes, support.tolist(), strict=True)),
        m_sizes[chosen] if len(most) == 1 else None,
        items,
    )
