"""Figures of notebook 03 that hold printed cells against what arithmetic leaves to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from smartgov.present.messages import say
from smartgov.present.style import BLUE, GREY, INK, SKY, VERMILLION, caption, new_figure

P_ROUNDING = 0.0005
"""Half a unit of the last of three decimals."""


def draw_p_from_w(cells: pd.DataFrame, m: int) -> Axes:
    """Each printed p of Table 4 over the p that its W gives, misfits on top.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns ``label, dimension, W, p`` (as printed), ``value`` (the printed p), ``p_from_w,
        p_low, p_high`` (at the printed W, and over its rounding) and ``fits``; in the order to
        draw.
    m : int
        Number of raters, for the caption.
    """
    figure, axes = new_figure(9.6, 6.6)
    for y, cell in enumerate(cells.itertuples()):
        colour = INK if cell.fits else VERMILLION
        allowed = np.array([cell.p_low, cell.p_high]) / cell.p_from_w
        rounded = np.array([cell.value - P_ROUNDING, cell.value + P_ROUNDING]) / cell.p_from_w
        axes.plot(allowed, [y, y], color=SKY, linewidth=7, alpha=0.6, zorder=1)
        axes.plot(rounded, [y, y], color=colour, linewidth=1.5, zorder=2)
        axes.scatter(cell.value / cell.p_from_w, y, color=colour, s=30, zorder=3)
        between = f"{cell.p_low:.3f}" + ("" if cell.exact else f"–{cell.p_high:.3f}")
        for x, words in zip((1.05, 1.14, 1.31), (cell.W, between, cell.p), strict=True):
            _write_right(axes, x, y, words, colour)
    heads = (say("column.W"), say("p_from_w.gives"), say("p_from_w.printed"))
    for x, words in zip((1.05, 1.14, 1.31), heads, strict=True):
        _write_right(axes, x, -1.1, words, "#555555")
    axes.axvline(1, color=GREY, linewidth=1, linestyle=":", zorder=0)
    names = cells["label"] + " · " + cells["dimension"]
    axes.set_yticks(range(len(cells)), names)
    axes.set(
        xscale="log",
        ylim=(len(cells) - 0.4, -1.6),
        xlabel=say("p_from_w.axis"),
        title=say("p_from_w.title", misses=int((~cells["fits"]).sum()), n=len(cells)),
    )
    ticks = (0.95, 1, 1.05, 1.1, 1.2, 1.3)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{tick:g}" for tick in ticks])
    caption(figure, "printed", say("p_from_w.caption", m=m))
    return axes


def _write_right(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    """A word in a column right of the axes, at the height of a row."""
    axes.text(
        x,
        y,
        words,
        transform=axes.get_yaxis_transform(),
        ha="center",
        va="center",
        fontsize=8.5,
        color=colour,
    )


def draw_mean_rank_ruler(ranks: pd.DataFrame, m: int) -> Axes:
    """The printed mean ranks of Table 3 on a ruler of all means that `m` experts can have.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns ``label, printed, value, low, high`` (ends of the rounding interval) and ``hit``.
    m : int
        Number of experts: a mean of m half ranks is k / (2 m).
    """
    rows = list(dict.fromkeys(ranks["label"]))
    figure, axes = new_figure(9.6, 5.6)
    left, right = 1.47, 2.73
    for k in range(int(np.ceil(left * 2 * m)), int(right * 2 * m) + 1):
        axes.axvline(k / (2 * m), color="#CCCCCC", linewidth=0.8, zorder=0)
    for cell in ranks.sort_values("hit", ascending=False).itertuples():
        y, colour = rows.index(cell.label), BLUE if cell.hit else VERMILLION
        size = (cell.high - cell.low, 0.46)
        axes.add_patch(
            Rectangle(
                (cell.low, y - 0.14), *size, color=colour, alpha=0.7 if size[0] < 0.05 else 0.15
            )
        )
        axes.text(
            cell.value,
            y - 0.2,
            cell.printed,
            ha="center",
            fontsize=8.5,
            color=colour,
            weight="normal" if cell.hit else "bold",
            bbox={"color": "white", "pad": 0.6},
        )
    axes.set_yticks(range(len(rows)), rows)
    axes.set(
        xlim=(left, right),
        ylim=(len(rows) - 0.4, -0.8),
        xlabel=say("mean_rank_ruler.axis", m=m, halves=2 * m),
        title=say("mean_rank_ruler.title", misses=int((~ranks["hit"]).sum()), n=len(ranks), m=m),
    )
    caption(figure, "printed", say("mean_rank_ruler.caption"))
    return axes
