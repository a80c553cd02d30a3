"""Figures of notebook 03: printed cells against what arithmetic leaves to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from smartgov.present.style import (
    BLUE,
    GREY,
    INK,
    NOTE,
    SKY,
    VERMILLION,
    caption,
    new_figure,
    title_over_all,
    without_frame,
)
from smartgov.words import say, with_decimal_mark

P_ROUNDING = 0.0005
"""Half a unit of the last of three decimals."""
TICKS = (0.95, 1, 1.05, 1.1, 1.2, 1.3)
NARROW = 0.05
"""Widest box of a mean rank that is drawn full; wider ones are pale."""


def draw_p_from_w(cells: pd.DataFrame, m: int) -> Figure:
    """Each printed p of Table 4 over the p that its W gives, misfits on top.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns ``label, dimension, W, p`` (as printed), ``value`` (the printed p), ``p_low,
        p_high`` (over the rounding of W), ``p_from_w`` (between the two) and ``fits``.
    m : int
        Number of raters, for the caption.
    """
    distance = np.log(cells["value"] / cells["p_from_w"]).abs()
    order = cells.assign(far=-distance.where(~cells["fits"], 0))
    cells = order.sort_values(["fits", "far"], kind="stable", ignore_index=True)
    grid = {"width_ratios": (3, 1), "wspace": 0}
    figure, (axes, words) = new_figure(9.6, 6.6, ncols=2, sharey=True, gridspec_kw=grid)
    for y, cell in enumerate(cells.itertuples()):
        colour = INK if cell.fits else VERMILLION
        allowed = np.array([cell.p_low, cell.p_high]) / cell.p_from_w
        rounded = np.array([cell.value - P_ROUNDING, cell.value + P_ROUNDING]) / cell.p_from_w
        axes.plot(allowed, [y, y], color=SKY, linewidth=8, solid_capstyle="butt", zorder=1)
        axes.scatter(1, y, color=SKY, marker="|", s=70, linewidth=2.5, zorder=1)
        axes.plot(rounded, [y, y], color=colour, linewidth=1.5, zorder=2)
        axes.scatter(cell.value / cell.p_from_w, y, color=colour, s=26, zorder=3)
        ends = dict.fromkeys((f"{cell.p_low:.3f}", f"{cell.p_high:.3f}"))
        between = with_decimal_mark("–".join(ends))
        _write_row(words, y, (cell.W, between, cell.p), fontsize=8.5, color=colour)
    heads = (say("column.W"), say("p_from_w.gives"), say("p_from_w.printed"))
    _write_row(words, -1.2, heads, **NOTE)
    axes.axvline(1, color=GREY, linewidth=1, linestyle=":", zorder=0)
    axes.set_yticks(range(len(cells)), cells["label"] + " · " + cells["dimension"])
    axes.set(xscale="log", ylim=(len(cells) - 0.4, -1.9), xlabel=say("p_from_w.axis"))
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([with_decimal_mark(f"{tick:g}") for tick in TICKS])
    misses = int((~cells["fits"]).sum())
    title_over_all(figure, say("p_from_w.title", misses=misses, n=len(cells)))
    names = "; ".join(say(f"dimension.{code}") for code in sorted(set(cells["dimension"])))
    caption(figure, "printed", f"{say('p_from_w.caption', m=m)} {names}.")
    return figure


def _write_row(axes: Axes, y: float, columns: tuple[str, ...], **text) -> None:
    """Words in columns, at the height of a row."""
    without_frame(axes, labelleft=False, labelbottom=False)
    for x, words in zip((0.05, 0.45, 0.92), columns, strict=True):
        axes.text(x, y, words, ha="center", va="center", **text)


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
    marks = np.arange(np.ceil(left * 2 * m), right * 2 * m) / (2 * m)
    axes.vlines(marks, -0.8, len(rows), color="#D5D5D5", linewidth=0.8, zorder=0)
    for cell in ranks.itertuples():
        y, colour = rows.index(cell.label), BLUE if cell.hit else VERMILLION
        alpha = 0.6 if cell.high - cell.low < NARROW else 0.12
        box = (cell.low, y - 0.14), cell.high - cell.low, 0.46
        axes.add_patch(Rectangle(*box, color=colour, alpha=alpha, linewidth=0))
        inside = marks[(cell.low <= marks) & (marks <= cell.high)]
        axes.vlines(inside, y - 0.14, y + 0.32, color=INK, linewidth=1)
        weight = "normal" if cell.hit else "bold"
        name = dict(ha="center", fontsize=8.5, color=colour, weight=weight)
        axes.text(cell.value, y - 0.2, cell.printed, bbox={"color": "white", "pad": 0.6}, **name)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(
        xlim=(left, right),
        ylim=(len(rows) - 0.4, -0.8),
        xlabel=say("mean_rank_ruler.axis", m=m, halves=2 * m),
    )
    misses = int((~ranks["hit"]).sum())
    title_over_all(figure, say("mean_rank_ruler.title", misses=misses, n=len(ranks), m=m))
    caption(figure, "printed", say("mean_rank_ruler.caption"))
    return axes
