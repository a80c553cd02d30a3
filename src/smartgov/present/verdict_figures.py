"""Figures of notebooks 05 and 06: dimensions, opposite panels, and all verdicts."""

from __future__ import annotations

import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from smartgov.model import Model
from smartgov.present.style import (
    ARTICLE,
    AS_IMAGE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    SKY,
    SOFT,
    VERDICT_COLOURS,
    VERMILLION,
    caption,
    context_colours,
    heading,
    new_figure,
    span,
    title_over_all,
    titled_legend,
    without_frame,
)
from smartgov.words import say, with_decimal_mark

A_LINE = 40
"""Claims on a line of squares."""


def draw_dimensions(
    shares: pd.DataFrame,
    model: Model,
    test: dict[str, float],
    n: int,
    provenance: str = "printed",
    article: pd.DataFrame | None = None,
) -> Axes:
    """Every expert's share of equal judgements in each dimension, joined, with medians.

    Parameters
    ----------
    shares : pandas.DataFrame
        Experts in rows, dimensions in columns.
    model : Model
        What was asked.
    test : dict
        ``chi2`` and ``p`` of Friedman's test; NaN where it is undefined.
    n : int
        Questions in each dimension.
    provenance : str
        Where the shares come from.
    article : pandas.DataFrame, optional
        The article's shares, whose medians stand beside another panel's as grey diamonds.
    """
    figure, axes = new_figure(max(7.2, 2.2 * shares.shape[1]), 4.6)
    x, colours = np.arange(shares.shape[1]), context_colours(model)
    faint = min(1, max(0.02, 40 / len(shares)))  # many lines together stay grey
    points = np.stack([np.broadcast_to(x, shares.shape), shares], axis=-1)
    lines = {"color": "#C4C4C4", "linewidth": 1, "alpha": faint, "zorder": 1}
    axes.add_collection(LineCollection(points, rasterized=len(shares) > AS_IMAGE, **lines))
    for place, (dimension, column) in enumerate(shares.items()):
        _draw_column(axes, place, column, colours[dimension])
    if article is not None:
        words = say("dimensions.article")
        axes.scatter(x - 0.24, article.median(), s=34, zorder=3, label=words, **ARTICLE)
        axes.legend(loc="upper left", fontsize=9, handletextpad=0.2)
    axes.set_xticks(x, [heading(model, name) for name in shares])
    axes.set(
        xlim=(-0.4, x[-1] + 0.6),
        ylim=(-0.03, 1.02),
        ylabel=say("dimensions.share"),
        title=say("dimensions.finding" if provenance == "printed" else "dimensions.title"),
    )
    undefined = np.isnan(test["p"])
    words = say("dimensions.undefined") if undefined else say("dimensions.test", **test)
    axes.text(x[-1] + 0.58, 0.98, words, ha="right", fontsize=10)
    words = say(
        "dimensions.caption",
        source=say("equal_shares.table2") if provenance == "printed" else "",
        m=span(shares.notna().sum()),
        n=n,
        zero=int((shares == 0).all(axis=1).sum()),
    )
    caption(figure, provenance, words)
    return axes


def _draw_column(axes: Axes, x: int, shares: pd.Series, colour: str) -> None:
    """The experts' shares in one dimension and their median."""
    middle = shares.median()
    marks = {"color": colour, "s": 26, "alpha": 0.7, "zorder": 2}
    axes.scatter([x] * len(shares), shares, rasterized=len(shares) > AS_IMAGE, **marks)
    axes.hlines(middle, x - 0.16, x + 0.16, color=colour, linewidth=4, zorder=3)
    axes.annotate(
        say("dimensions.median", value=middle),
        (x + 0.18, middle),
        fontsize=9.5,
        va="center",
        color=INK,
        path_effects=[effects.withStroke(linewidth=3, foreground="white")],
    )


def draw_opposite_pair(scores: pd.DataFrame, cells: pd.DataFrame, m: int) -> Figure:
    """Two panels whose tables are the same and whose rankings are not.

    Parameters
    ----------
    scores : pandas.DataFrame
        Columns ``label, first, second``: the mean judgement of each component in both panels, the
        component that a conclusion puts first in the first row.
    cells : pandas.DataFrame
        Columns ``kind, first, second``: every number of both panels' tables; kinds are ``equal,
        W, p, mean_rank``.
    m : int
        Experts in each panel.
    """
    figure, (left, right) = new_figure(9.8, 4.7, ncols=2, width_ratios=(1, 1.1))
    colours = {"mean_rank": PURPLE, "equal": SKY, "W": VERMILLION, "p": GREEN}
    names = {"equal": say("opposite.equal"), "mean_rank": say("opposite.mean_rank")}
    for kind, colour in colours.items():
        numbers = cells[cells["kind"] == kind]
        dots = {"s": 26, "alpha": 0.6, "color": colour, "label": names.get(kind, kind)}
        left.scatter(numbers["first"], numbers["second"], zorder=2, **dots)
    left.axline((0, 0), slope=1, color=GREY, linewidth=0.8, zorder=1)
    left.legend(loc="upper left", fontsize=9, handletextpad=0.1)
    left.set(aspect="equal", xlabel=say("opposite.axis_first"), ylabel=say("opposite.axis_second"))
    left.set_title(say("opposite.same", cells=len(cells)), fontsize=10)
    ranks = scores[["first", "second"]].rank(ascending=False, method="min").astype(int)
    _draw_scores(right, scores, ranks)
    words = {"cells": len(cells), "component": scores["label"].iloc[0], **ranks.iloc[0]}
    title_over_all(figure, say("opposite.finding", **words))
    caption(figure, "reconstructed", say("opposite.caption", m=m))
    return figure


def _draw_scores(axes: Axes, scores: pd.DataFrame, ranks: pd.DataFrame) -> None:
    """Mean judgements in both panels as bars, the first row's in colour."""
    rows = np.arange(len(scores))
    colours = [VERMILLION, *[GREY] * (len(scores) - 1)]
    ends = scores[["first", "second"]].to_numpy()
    shift, margin = 0.02 * np.ptp(ends), 0.3 * np.ptp(ends)
    limits = (min(ends.min(), 0) - margin, max(ends.max(), 0) + margin)
    for place, side in enumerate(("first", "second")):
        heights = rows + place * (len(scores) + 1)
        axes.barh(heights, scores[side], color=colours, height=0.7)
        axes.text(limits[0], heights[0] - 0.6, say(f"opposite.{side}"), weight="bold", fontsize=10)
        for y, value, rank in zip(heights, scores[side], ranks[side], strict=True):
            away = {"ha": "left"} if value > 0 else {"ha": "right"}
            x = value + shift * (1 if value > 0 else -1)
            words = with_decimal_mark(f"{value:.2f} ({rank})").replace("-", "−")
            axes.text(x, y, words, va="center", fontsize=9, **away)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks([*rows, *(rows + len(scores) + 1)], [*scores["label"], *scores["label"]])
    axes.set(xlim=limits, ylim=(2 * len(scores) + 0.8, -1.2), xlabel=say("opposite.score"))
    axes.set_title(say("opposite.scores"), fontsize=10)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def draw_verdicts(verdicts: pd.DataFrame) -> Axes:
    """Every claim as a square, by place and verdict, with the counts.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        Columns ``place, verdict``, one row a claim, indexed by its id, which its square carries
        in the SVG; places are drawn in order of appearance.
    """
    figure, axes = new_figure(9.6, 4.9)
    top, ticks = 0.0, {}
    for place, part in verdicts.groupby("place", sort=False)["verdict"]:
        ordered = part.sort_values(key=lambda v: v.map(list(VERDICT_COLOURS).index), kind="stable")
        for number, (claim, verdict) in enumerate(ordered.items()):
            corner = (number % A_LINE, top + number // A_LINE)
            look = {"facecolor": VERDICT_COLOURS[verdict], "edgecolor": "none", "gid": claim}
            axes.add_patch(Rectangle(corner, 0.86, 0.86, **look))
        lines = -(-len(ordered) // A_LINE)
        ticks[place] = top + lines / 2 - 0.07
        count = {"s": f"{len(ordered)}", "va": "center", "fontsize": 9, "color": SOFT}
        axes.text(A_LINE + 0.6, ticks[place], **count)
        top += lines + 0.55
    axes.set_yticks(list(ticks.values()), [say(f"place.{place}") for place in ticks])
    axes.set(xlim=(-0.3, A_LINE + 2.5), ylim=(top, -0.4), xticks=[], aspect="equal")
    without_frame(axes)
    counts = verdicts["verdict"].value_counts().reindex(list(VERDICT_COLOURS), fill_value=0)
    titled_legend(
        figure,
        [Patch(color=colour) for colour in VERDICT_COLOURS.values()],
        [f"{say('verdict.' + verdict)}  {count}" for verdict, count in counts.items()],
        say("verdicts.title", n=len(verdicts), **counts),
        fontsize=10,
        handlelength=1,
        handleheight=1,
    )
    caption(figure, "recomputed", say("verdicts.caption", n=len(verdicts)))
    return axes


HOLDS, CLASHES = "#DCE6EC", "#E8894A"
CELL_LOOKS = {
    "holds": {"facecolor": HOLDS},
    "together": {"facecolor": CLASHES},
    "alone": {"facecolor": CLASHES, "hatch": "////"},
}


def draw_cells(cells: pd.DataFrame, labels: dict[str, str], m: int) -> Figure:
    """Tables 2–4 as printed: what holds, what no panel has together, what none has alone.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns ``place, row, column, printed, verdict, alone`` of the cells of Tables 2–4, indexed
        by the claim's id, which a cell carries in the SVG.
    labels : dict of str to str
        Names of rows and columns.
    m : int
        Number of experts.
    """
    looks = cell_looks(cells)
    figure, panels = new_figure(10.6, 6.9, ncols=3, width_ratios=(1.0, 1.0, 1.2))
    for axes, place in zip(panels, ("table2", "table3", "table4"), strict=True):
        here = cells["place"] == place
        _draw_table(axes, cells[here].assign(look=looks[here]), labels)
        axes.set_title(say(f"cells.{place}"), fontsize=9.5, loc="left")
    marks = [
        Patch(edgecolor="white", label=say(f"cells.{name}", n=int((looks == name).sum())), **look)
        for name, look in CELL_LOOKS.items()
    ]
    title = say("cells.title", n=int((looks != "holds").sum()), cells=len(cells), m=m)
    titled_legend(figure, marks, [mark.get_label() for mark in marks], title, handleheight=1.2)
    caption(figure, "printed", say("cells.caption"))
    return figure


def cell_looks(cells: pd.DataFrame) -> pd.Series:
    """For each cell, by its ``verdict`` and ``alone``, the one of :data:`CELL_LOOKS` it has."""
    clashes = cells["verdict"] == "contradicted"
    alone = clashes & (cells["alone"] == "yes")
    return pd.Series("holds", cells.index).mask(clashes, "together").mask(alone, "alone")


def _draw_table(axes: Axes, cells: pd.DataFrame, labels: dict[str, str]) -> None:
    """One table as printed."""
    rows, columns = list(dict.fromkeys(cells["row"])), list(dict.fromkeys(cells["column"]))
    centred = {"ha": "center", "va": "center", "fontsize": 8.5, "color": INK}
    back = {"boxstyle": "round,pad=0.12", "facecolor": CLASHES, "edgecolor": "none"}
    for cell in cells.itertuples():
        x, y = columns.index(cell.column), rows.index(cell.row)
        look = {"edgecolor": "white", "linewidth": 0, "gid": cell.Index} | CELL_LOOKS[cell.look]
        axes.add_patch(Rectangle((x, y), 0.95, 0.92, **look))
        box = back if cell.look == "alone" else None
        axes.text(x + 0.475, y + 0.47, cell.printed, bbox=box, **centred)
    heads, names = ([labels.get(name, name) for name in each] for each in (columns, rows))
    axes.set_xticks(np.arange(len(columns)) + 0.475, heads, fontsize=8)
    axes.set_yticks(np.arange(len(rows)) + 0.47, names, fontsize=8)
    axes.set(xlim=(-0.05, len(columns)), ylim=(len(rows), -0.05))
    axes.xaxis.tick_top()
    without_frame(axes, pad=2)
