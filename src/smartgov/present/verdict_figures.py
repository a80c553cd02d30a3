"""Figures of notebooks 05 and 06: dimensions, opposite panels, and all verdicts."""

from __future__ import annotations

import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from smartgov.present.style import (
    BLUE,
    DIMENSION_COLOURS,
    GREEN,
    GREY,
    INK,
    SKY,
    VERDICT_COLOURS,
    VERMILLION,
    caption,
    new_figure,
)
from smartgov.words import chosen_language, say

DARK = ("reproduced", "contradicted")


def draw_dimensions(
    shares: pd.DataFrame,
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
    test : dict
        ``chi2`` and ``p`` of Friedman's test; NaN where it is undefined.
    n : int
        Questions in each dimension.
    provenance : str
        Where the shares come from.
    article : pandas.DataFrame, optional
        The article's shares, whose medians stand beside another panel's as grey diamonds.
    """
    figure, axes = new_figure(7.2, 4.6)
    x = np.arange(shares.shape[1])
    for _, row in shares.iterrows():
        axes.plot(x, row, color="#C4C4C4", linewidth=1, zorder=1)
    for place, (name, column) in enumerate(shares.items()):
        colour = DIMENSION_COLOURS[name]
        axes.scatter(np.full(len(column), place), column, color=colour, s=26, alpha=0.7, zorder=2)
        axes.hlines(
            column.median(), place - 0.16, place + 0.16, color=colour, linewidth=4, zorder=3
        )
        axes.annotate(
            say("dimensions.median", value=column.median()),
            (place + 0.18, column.median()),
            fontsize=9.5,
            va="center",
            color=INK,
            path_effects=[effects.withStroke(linewidth=3, foreground="white")],
        )
    if article is not None:
        axes.scatter(
            x - 0.24,
            article.median(),
            marker="D",
            s=34,
            color="#8A8A8A",
            zorder=3,
            label=say("dimensions.article"),
        )
        axes.legend(loc="upper left", fontsize=9, handletextpad=0.2)
    axes.set_xticks(x, [say(f"dimension.{name}") for name in shares])
    axes.set(
        xlim=(-0.4, x[-1] + 0.6),
        ylim=(-0.03, 1.02),
        ylabel=say("dimensions.share"),
        title=say("dimensions.title"),
    )
    words = (
        say("dimensions.undefined")
        if np.isnan(test["p"])
        else say("dimensions.test", chi2=test["chi2"], p=test["p"])
    )
    axes.text(x[-1] + 0.58, 0.98, words, ha="right", fontsize=10)
    zero = int((shares == 0).all(axis=1).sum())
    caption(
        figure,
        provenance,
        say(
            "dimensions.caption",
            source=say("equal_shares.table2") if provenance == "printed" else "",
            m=len(shares),
            n=n,
            zero=zero,
        ),
    )
    return axes


def draw_opposite_ranks(ranks: pd.DataFrame, highlight: list[str], dimension: str) -> Axes:
    """Ranks of the components in two panels that print the same tables.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns ``label, first, second``, indexed by component.
    highlight : list of str
        Components to draw in colour.
    dimension : str
        Words for the caption: which ranking is shown.
    """
    figure, axes = new_figure(7.8, 4.6)
    for name, row in ranks.iterrows():
        colour = VERMILLION if name in highlight else "#9A9A9A"
        axes.plot(
            [0, 1],
            [row["first"], row["second"]],
            color=colour,
            linewidth=2.6 if name in highlight else 1.3,
            marker="o",
        )
        for x, rank, side in ((0, row["first"], "right"), (1, row["second"], "left")):
            shift = -0.04 if side == "right" else 0.04
            axes.text(
                x + shift,
                rank,
                f"{row['label']}",
                ha=side,
                va="center",
                fontsize=9,
                color=colour if name in highlight else INK,
                weight="bold" if name in highlight else "normal",
            )
    axes.set_xticks((0, 1), (say("opposite.first"), say("opposite.second")))
    margin = 0.75 if chosen_language() == "en" else 1.2  # names in Cyrillic are wider
    axes.set(
        xlim=(-margin, 1 + margin),
        ylim=(len(ranks) + 0.5, 0.5),
        yticks=range(1, len(ranks) + 1),
        ylabel=say("opposite.rank"),
        title=say("opposite.title"),
    )
    caption(figure, "reconstructed", say("opposite.caption", dimension=dimension))
    return axes


def draw_rank_ranges(ranks: pd.DataFrame) -> Figure:
    """Which ranks a component takes in panels that print the same tables, a panel a ring.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns ``ring, label, best, median, worst, best_found, worst_found``.
    """
    rings = list(dict.fromkeys(ranks["ring"]))
    figure, panels = new_figure(9.6, 4.4, ncols=len(rings), width_ratios=(3, 2))
    for axes, ring in zip(panels, rings, strict=True):
        part = ranks[ranks["ring"] == ring].reset_index(drop=True)
        axes.hlines(
            part.index, part["best_found"], part["worst_found"], color="#D9D9D9", linewidth=9
        )
        axes.hlines(part.index, part["best"], part["worst"], color=SKY, linewidth=9)
        axes.scatter(part["median"], part.index, color=INK, s=30, zorder=3)
        axes.set_yticks(part.index, part["label"])
        axes.set(
            ylim=(len(part) - 0.5, -0.5),
            xticks=range(1, len(part) + 1),
            xlim=(0.6, len(part) + 0.4),
            xlabel=say("rank_ranges.rank"),
        )
        axes.set_title(say(f"rank_ranges.{ring}"), fontsize=10)
    handles = [
        Patch(color=SKY),
        Patch(color="#D9D9D9"),
        Line2D([], [], color=INK, marker="o", linestyle=""),
    ]
    labels = [say(f"rank_ranges.{what}") for what in ("drawn", "steered", "median")]
    figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=3,
        fontsize=9,
        title=say("rank_ranges.title"),
        title_fontproperties={"weight": "bold", "size": 12},
        alignment="left",
    )
    caption(figure, "reconstructed", say("rank_ranges.caption"))
    return figure


def draw_identification(rates: pd.DataFrame, bound: int) -> Figure:
    """How often one printed row gives its panel's size away, and a misprint itself.

    Parameters
    ----------
    rates : pandas.DataFrame
        Columns ``m, n, decimals, printed, identified, caught``.
    bound : int
        Largest panel size tried.
    """
    figure, panels = new_figure(9.6, 4.2, ncols=2, sharex=True, sharey=True)
    figures_printed = list(dict.fromkeys(rates["printed"]))
    colours = dict(zip(figures_printed, (BLUE, VERMILLION, GREEN, INK), strict=False))
    for axes, rate in zip(panels, ("identified", "caught"), strict=True):
        means = rates.groupby(["printed", "decimals", "m"], sort=False)[rate].mean().reset_index()
        for (printed, decimals), line in means.groupby(["printed", "decimals"], sort=False):
            axes.plot(
                line["m"],
                line[rate],
                color=colours[printed],
                linestyle="-" if decimals == 3 else ":",
                marker="o",
                markersize=3.5,
            )
        axes.set_title(say(f"identification.{rate}", bound=bound), fontsize=10)
        axes.set(ylim=(-0.03, 1.05), xlabel=say("identification.m"))
    panels[0].set_ylabel(say("identification.share"))
    handles = [Line2D([], [], color=colours[p]) for p in figures_printed] + [
        Line2D([], [], color=GREY, linestyle=s) for s in ("-", ":")
    ]
    labels = [*figures_printed, say("identification.three"), say("identification.two")]
    figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=6,
        fontsize=9,
        title=say("identification.title"),
        title_fontproperties={"weight": "bold", "size": 12},
        alignment="left",
    )
    caption(figure, "synthetic", say("identification.caption", panels=rates["panels"].iloc[0]))
    return figure


def draw_verdicts(verdicts: pd.DataFrame) -> Axes:
    """Every claim as a square, by place and verdict, with the counts.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        Columns ``place, verdict``, one row a claim; places are drawn in order of appearance.
    """
    places = list(dict.fromkeys(verdicts["place"]))
    figure, axes = new_figure(9.6, 4.9)
    per_line, top, ticks = 40, 0.0, []
    for place in places:
        part = verdicts.loc[verdicts["place"] == place, "verdict"]
        ordered = [v for v in VERDICT_COLOURS for _ in range(int((part == v).sum()))]
        for number, verdict in enumerate(ordered):
            corner = (number % per_line, top + number // per_line)
            axes.add_patch(
                Rectangle(corner, 0.86, 0.86, facecolor=VERDICT_COLOURS[verdict], edgecolor="none")
            )
        lines = -(-len(ordered) // per_line)
        ticks.append(top + lines / 2 - 0.07)
        axes.text(
            per_line + 0.6, ticks[-1], f"{len(ordered)}", va="center", fontsize=9, color="#555555"
        )
        top += lines + 0.55
    axes.set_yticks(ticks, [say(f"place.{place}") for place in places])
    axes.set(xlim=(-0.3, per_line + 2.5), ylim=(top, -0.4), xticks=[], aspect="equal")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    counts = verdicts["verdict"].value_counts()
    handles = [
        Patch(color=colour, label=f"{say('verdict.' + verdict)}  {counts.get(verdict, 0)}")
        for verdict, colour in VERDICT_COLOURS.items()
    ]
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=5,
        fontsize=10,
        handlelength=1,
        handleheight=1,
        title=say("verdicts.title", n=len(verdicts)),
        title_fontproperties={"weight": "bold", "size": 12},
        alignment="left",
    )
    caption(figure, "recomputed", say("verdicts.caption", n=len(verdicts)))
    return axes


def draw_cells(cells: pd.DataFrame, labels: dict[str, str]) -> Figure:
    """Tables 2–4 as printed, every cell in the colour of its verdict.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns ``place, row, column, printed, verdict`` of the cells of Tables 2–4.
    labels : dict of str to str
        Names of rows and columns.
    """
    figure, panels = new_figure(10.6, 6.6, ncols=3, width_ratios=(1.0, 1.0, 1.2))
    for axes, place in zip(panels, ("table2", "table3", "table4"), strict=True):
        _draw_table(axes, cells[cells["place"] == place], labels)
        axes.set_title(say(f"cells.{place}"), fontsize=9.5, loc="left")
    handles = [
        Patch(color=colour, label=say(f"verdict.{verdict}"))
        for verdict, colour in VERDICT_COLOURS.items()
        if verdict in set(cells["verdict"])
    ]
    figure.legend(
        handles=handles,
        loc="outside upper right",
        ncols=4,
        fontsize=9,
        handlelength=1,
        handleheight=1,
    )
    figure.suptitle(say("cells.title"), x=0.01, ha="left", weight="bold", fontsize=12)
    caption(figure, "printed", say("cells.caption"))
    return figure


def _draw_table(axes: Axes, cells: pd.DataFrame, labels: dict[str, str]) -> None:
    rows, columns = list(dict.fromkeys(cells["row"])), list(dict.fromkeys(cells["column"]))
    for cell in cells.itertuples():
        x, y = columns.index(cell.column), rows.index(cell.row)
        axes.add_patch(
            Rectangle((x, y), 0.95, 0.92, facecolor=VERDICT_COLOURS[cell.verdict], edgecolor="none")
        )
        axes.text(
            x + 0.475,
            y + 0.47,
            cell.printed,
            ha="center",
            va="center",
            fontsize=8,
            color="white" if cell.verdict in DARK else INK,
        )
    axes.set_xticks(
        np.arange(len(columns)) + 0.475, [labels.get(c, c) for c in columns], fontsize=8
    )
    axes.set_yticks(np.arange(len(rows)) + 0.47, [labels.get(r, r) for r in rows], fontsize=8)
    axes.set(xlim=(-0.05, len(columns)), ylim=(len(rows), -0.05))
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)
