"""Figures of a panel's own answers, each with the article's printed figures in it where there are
any."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from smartgov.article.published import CONCLUSION_NAMES
from smartgov.audit.printed import parse_printed
from smartgov.delphi.panel_results import FEWEST_FOR_INTERVAL
from smartgov.delphi.ranking import BASE
from smartgov.present.style import (
    BLUE,
    DIMENSION_COLOURS,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    caption,
    new_figure,
    titled_legend,
)
from smartgov.words import say

APART = 0.12
"""Largest shift, in steps, of a question's point; less than half the distance of two quartile
ranges."""
ARTICLE = {"marker": "D", "s": 30, "color": "#8A8A8A", "zorder": 2}
COMPARISON_COLOURS = (BLUE, ORANGE, "#7A5195")


def draw_panel_concordance(
    concordance: pd.DataFrame,
    label: Callable[[str], str],
    provenance: str,
    alpha: float = 0.05,
    correction: str = "holm",
) -> Figure:
    """W of every component's questions, a panel a context, with the article's W beside it.

    Parameters
    ----------
    concordance : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_concordance` returns.
    label : callable
        Name of a component.
    provenance : str
        Where the panel comes from.
    alpha : float
        Circles are full where the corrected p is below.
    correction : str
        For the caption.
    """
    contexts, rows = (list(dict.fromkeys(concordance[column])) for column in ("context", "row"))
    figure, panels = new_figure(
        10.6, 0.36 * len(rows) + 2.2, ncols=len(contexts), sharex=True, sharey=True
    )
    for axes, context in zip(panels, contexts, strict=True):
        part = concordance[concordance["context"] == context]
        y, colour = part["row"].map(rows.index), DIMENSION_COLOURS.get(context, BLUE)
        axes.hlines(y, part["W_low"], part["W_high"], color=colour, alpha=0.3, linewidth=5)
        clear = (part["p_corrected"] < alpha).to_numpy()
        axes.scatter(
            part["W"],
            y,
            s=38,
            edgecolor=colour,
            facecolor=np.where(clear, colour, "white"),
            zorder=3,
        )
        axes.scatter([_number(text) for text in part["printed_W"]], y + 0.22, **ARTICLE)
        axes.set_title(say(f"dimension.{context}"), fontsize=10)
        axes.grid(axis="y", color="#EEEEEE")
        axes.set_axisbelow(True)
    panels[0].set_yticks(range(len(rows)), [label(row) for row in rows])
    panels[0].set(xlim=(-0.03, 1.03), ylim=(len(rows) - 0.4, -0.6), xticks=(0, 0.5, 1))
    panels[0].set_xlabel(say("panel_concordance.w"), loc="left")
    circle = {"marker": "o", "linestyle": "", "color": INK}
    handles = [
        Line2D([], [], **circle),
        Line2D([], [], **circle, markerfacecolor="white"),
        _diamond(),
    ]
    words = [
        say("panel_concordance.clear", alpha=alpha),
        say("panel_concordance.unclear", alpha=alpha),
        say("article.as_printed"),
    ]
    titled_legend(figure, handles, words, say("panel_concordance.title"))
    fewest, most = concordance["m"].min(), concordance["m"].max()
    caption(
        figure,
        provenance,
        say(
            "panel_concordance.caption",
            m=most if fewest == most else f"{fewest}–{most}",
            correction=say(f"correction.{correction}"),
        ),
    )
    return figure


def _number(printed: str) -> float:
    return float(parse_printed(printed).value) if printed else np.nan


def _diamond() -> Line2D:
    return Line2D([], [], marker="D", linestyle="", color=ARTICLE["color"], markersize=5.5)


def draw_panel_mean_ranks(
    means: pd.DataFrame, label: Callable[[str], str], provenance: str
) -> Axes:
    """Mean ranks of the inner ring's comparisons, this panel's full and the article's open.

    Parameters
    ----------
    means : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_mean_ranks` returns.
    label : callable
        Name of a component.
    provenance : str
        Where the panel comes from.
    """
    rows, comparisons = (list(dict.fromkeys(means[column])) for column in ("row", "comparison"))
    figure, axes = new_figure(8.6, 0.46 * len(rows) + 2)
    handles = []
    for place, comparison in enumerate(comparisons):
        part = means[means["comparison"] == comparison]
        y = part["row"].map(rows.index) + 0.24 * (place - (len(comparisons) - 1) / 2)
        colour, printed = COMPARISON_COLOURS[place % 3], [_number(text) for text in part["printed"]]
        axes.hlines(y, part["mean_rank"], printed, color=colour, alpha=0.35, linewidth=2)
        axes.scatter(printed, y, s=30, facecolor="white", edgecolor=colour, zorder=2)
        axes.scatter(part["mean_rank"], y, s=30, color=colour, zorder=3)
        handles.append(Line2D([], [], marker="o", linestyle="", color=colour))
    axes.set_yticks(range(len(rows)), [label(row) for row in rows])
    axes.hlines(
        np.arange(len(rows) - 1) + 0.5,
        0.9,
        len(comparisons) + 0.1,
        color="#EEEEEE",
        linewidth=1,
        zorder=0,
    )
    axes.set(
        xlim=(0.9, len(comparisons) + 0.1),
        ylim=(len(rows) - 0.4, -0.6),
        xlabel=say("mean_ranks.rank"),
    )
    titled_legend(
        figure,
        handles,
        [say(f"comparison.{name}") for name in comparisons],
        say("panel_mean_ranks.title"),
    )
    caption(figure, provenance, say("panel_mean_ranks.caption", m=means["m"].max()))
    return axes


def draw_priorities(
    priorities: pd.DataFrame, label: Callable[[str], str], provenance: str, level: float = 0.95
) -> Figure:
    """Group priorities with their intervals, a panel a dimension.

    Parameters
    ----------
    priorities : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_priorities` returns.
    label : callable
        Name of a component.
    provenance : str
        Where the panel comes from.
    level : float
        Level of the intervals, for the caption.
    """
    dimensions, rows = (list(dict.fromkeys(priorities[column])) for column in ("dimension", "row"))
    figure, panels = new_figure(
        10, 0.34 * len(rows) + 2, ncols=len(dimensions), sharex=True, sharey=True, squeeze=False
    )
    edge = 1.12 * priorities[["priority", "high"]].max(axis=None)
    for axes, dimension in zip(panels[0], dimensions, strict=True):
        part = priorities[priorities["dimension"] == dimension]
        y, colour = part["row"].map(rows.index), DIMENSION_COLOURS.get(dimension, BLUE)
        axes.axvline(1 / len(rows), color=GREY, linewidth=1, linestyle=":")
        axes.hlines(y, part["low"], part["high"], color=colour, alpha=0.35, linewidth=5)
        axes.scatter(part["priority"], y, color=colour, s=30, zorder=3)
        for place, rank in zip(y, part["rank"], strict=True):
            axes.text(
                edge,
                place,
                rank,
                ha="right",
                va="center",
                fontsize=9,
                weight="bold" if rank == 1 else "normal",
            )
        axes.set_title(say(f"dimension.{dimension}"), fontsize=10, pad=18)
        if part["median_cr"].notna().any():
            axes.text(
                0,
                -0.75,
                say("priorities.cr", cr=part["median_cr"].iloc[0]),
                va="bottom",
                fontsize=8.5,
                color="#555555",
            )
    panels[0][0].set_yticks(range(len(rows)), [label(row) for row in rows])
    panels[0][0].set(xlim=(0, edge), ylim=(len(rows) - 0.4, -0.6))
    panels[0][0].set_xlabel(say("priorities.priority"), loc="left")
    figure.suptitle(say("priorities.title"), x=0.01, ha="left", weight="bold", fontsize=12)
    words = say(
        "priorities.caption",
        m=priorities["experts"].max(),
        level=f"{100 * level:g}",
        fewest=FEWEST_FOR_INTERVAL,
    )
    caption(figure, provenance, f"{words} {say('article.prints_none')}")
    return figure


def draw_rank_choices(
    choices: pd.DataFrame, label: Callable[[str], str], provenance: str
) -> Figure:
    """Ranks under every choice as a table in colour, a panel a dimension.

    Parameters
    ----------
    choices : pandas.DataFrame
        As :func:`smartgov.delphi.ranking.ranking_choices` returns.
    label : callable
        Name of a component.
    provenance : str
        Where the panel comes from.
    """
    dimensions = list(dict.fromkeys(choices["dimension"]))
    k = choices["component"].nunique()
    figure, panels = new_figure(
        10.4, len(dimensions) * (0.25 * k + 0.75) + 0.7, nrows=len(dimensions), squeeze=False
    )
    for axes, dimension in zip(panels[:, 0], dimensions, strict=True):
        _draw_choices(axes, choices[choices["dimension"] == dimension], label)
        axes.set_title(say(f"dimension.{dimension}"), fontsize=10)
    figure.suptitle(say("rank_choices.title"), x=0.01, ha="left", weight="bold", fontsize=12)
    caption(figure, provenance, f"{say('rank_choices.caption')} {say('article.prints_none')}")
    return figure


def _draw_choices(axes: Axes, part: pd.DataFrame, label: Callable[[str], str]) -> None:
    """One dimension: a column a choice about all experts, and one for the extremes without any one
    expert."""
    whole, single = part[part["choice"] != "without"], part[part["choice"] == "without"]
    ranks = whole.pivot(index="component", columns=["choice", "detail"], values="rank")
    ranks = ranks[
        list(dict.fromkeys(zip(whole["choice"], whole["detail"], strict=True)))
    ].sort_values((BASE, ""), kind="stable")
    kept = whole.drop_duplicates(["choice", "detail"]).set_index(["choice", "detail"])["experts"]
    heads = [
        say(
            "rank_choices.kept",
            choice=say(f"rank_choices.{choice}", cutoff=detail),
            experts=kept[choice, detail],
        )
        for choice, detail in ranks
    ]
    extremes = single.groupby("component")["rank"].agg(["min", "max"]).loc[ranks.index]
    low, high = (pd.concat([ranks, extremes[end]], axis=1) for end in ("min", "max"))
    _draw_ranks(
        axes, low, high.set_axis(low.columns, axis=1), [*heads, say("rank_choices.without")], label
    )


def _draw_ranks(
    axes: Axes, low: pd.DataFrame, high: pd.DataFrame, heads: list[str], label: Callable[[str], str]
) -> None:
    """A table of ranks, the better the darker; two ranks in a cell where `low` and `high`
    differ."""
    k = len(low)
    axes.imshow(
        (low + high).to_numpy(float) / 2,
        cmap="Blues_r",
        vmin=1 - 0.9 * k,
        vmax=1.1 * k,
        aspect="auto",
    )
    for (y, x), best in np.ndenumerate(low.to_numpy(float)):
        worst = high.iat[y, x]
        text = (
            "–" if np.isnan(best) else f"{best:.0f}" if best == worst else f"{best:.0f}–{worst:.0f}"
        )
        axes.text(x, y, text, ha="center", va="center", fontsize=9)
    axes.set_xticks(range(len(heads)), heads, fontsize=8.5)
    axes.set_yticks(range(k), [label(name) for name in low.index], fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_third_round(
    measures: pd.DataFrame, provenance: str, most_iqr: float, most_moved: float, seed: int = 0
) -> Axes:
    """Every question by its spread in the last round and the share of experts who moved.

    Parameters
    ----------
    measures : pandas.DataFrame
        Columns ``context, column, iqr_2, moved, third_round, experts``; `column` is the column of
        Table 2 that a question counts in.
    provenance : str
        Where the answers of the last round come from.
    most_iqr, most_moved : float
        The rule.
    seed : int
        Of the small shifts that keep points of one place apart.
    """
    figure, axes = new_figure(7.8, 4.8)
    x, y = (
        measures["iqr_2"] + np.random.default_rng(seed).uniform(-APART, APART, len(measures)),
        measures["moved"],
    )
    right, top = max(x.max(), most_iqr) + 0.5, max(y.max(), most_moved) + 0.05
    axes.fill_between(
        [most_iqr + APART, right], most_moved, top, color=VERMILLION, alpha=0.1, linewidth=0
    )
    for column in dict.fromkeys(measures["column"]):
        part = (measures["column"] == column).to_numpy()
        axes.scatter(
            x[part],
            y[part],
            s=24,
            color=DIMENSION_COLOURS.get(column, BLUE),
            alpha=0.75,
            label=say(f"dimension.{column}"),
        )
    n_open = int(measures["third_round"].sum())
    axes.text(
        right,
        top,
        say("third_round.open", n=n_open, of=len(measures)),
        ha="right",
        va="bottom",
        fontsize=10,
        color=VERMILLION,
        weight="bold",
    )
    axes.set(
        xlim=(-0.4, right),
        ylim=(-0.03, top),
        xlabel=say("third_round.iqr"),
        ylabel=say("third_round.moved"),
    )
    titled_legend(figure, *axes.get_legend_handles_labels(), say("third_round.title"))
    words = say(
        "third_round.caption",
        m=measures["experts"].max(),
        of=len(measures),
        most_iqr=most_iqr,
        most_moved=most_moved,
    )
    caption(figure, provenance, f"{words} {say('article.prints_none')}")
    return axes


def draw_standing(
    scores: pd.DataFrame,
    label: Callable[[str], str],
    provenance: str,
    m: int,
    named: Sequence[str] = CONCLUSION_NAMES,
) -> Axes:
    """Mean signed judgement of every component in each dimension.

    Parameters
    ----------
    scores : pandas.DataFrame
        Components × dimensions, as :func:`smartgov.delphi.panel_results.component_scores` returns.
    label : callable
        Name of a component.
    provenance : str
        Where the panel comes from.
    m : int
        Number of experts.
    named : sequence of str
        Components in bold, those that the article's conclusion names.
    """
    ordered = scores.loc[scores.mean(axis=1).sort_values(ascending=False, kind="stable").index]
    figure, axes = new_figure(8.2, 0.38 * len(ordered) + 2)
    y = np.arange(len(ordered))
    axes.axvline(0, color=GREY, linewidth=1)
    axes.hlines(y, ordered.min(axis=1), ordered.max(axis=1), color="#DDDDDD", linewidth=3, zorder=1)
    for dimension, column in ordered.items():
        axes.scatter(
            column,
            y,
            s=42,
            color=DIMENSION_COLOURS.get(dimension, BLUE),
            label=say(f"dimension.{dimension}"),
            zorder=3,
        )
    axes.set_yticks(y, [label(name) for name in ordered.index])
    for name, tick in zip(ordered.index, axes.get_yticklabels(), strict=True):
        tick.set_weight("bold" if name in named else "normal")
    reach = max(1.15 * np.nanmax(np.abs(ordered.to_numpy())), 1)
    axes.set(xlim=(-reach, reach), ylim=(len(ordered) - 0.4, -0.6), xlabel=say("standing.score"))
    titled_legend(figure, *axes.get_legend_handles_labels(), say("standing.title"))
    caption(figure, provenance, f"{say('standing.caption', m=m)} {say('article.named')}")
    return axes


def draw_comparison(
    ranks: pd.DataFrame,
    agreement: pd.DataFrame,
    label: Callable[[str], str],
    named: Sequence[str] = CONCLUSION_NAMES,
) -> Figure:
    """Ranks of the components in many panels, a panel of the figure a dimension.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Indexed by dimension and component, one column a panel.
    agreement : pandas.DataFrame
        Indexed by dimension; columns ``W, p``.
    label : callable
        Name of a component.
    named : sequence of str
        Components in bold, those that the article's conclusion names.
    """
    dimensions = list(agreement.index)
    k = len(ranks) // len(dimensions)
    figure, panels = new_figure(
        max(7.5, 3 + 1.1 * ranks.shape[1]),
        len(dimensions) * (0.25 * k + 0.75) + 0.7,
        nrows=len(dimensions),
        squeeze=False,
    )
    for axes, dimension in zip(panels[:, 0], dimensions, strict=True):
        part = ranks.loc[dimension]
        part = part.loc[part.mean(axis=1).sort_values(kind="stable").index]
        _draw_ranks(
            axes,
            part,
            part,
            ["\n".join(textwrap.wrap(name, 14)).replace("$", r"\$") for name in part],
            label,
        )
        for name, tick in zip(part.index, axes.get_yticklabels(), strict=True):
            tick.set_weight("bold" if name in named else "normal")
        found = agreement.loc[dimension]
        axes.set_title(say(f"dimension.{dimension}").replace("\n", " "), fontsize=10)
        if not np.isnan(found["W"]):
            p = "< 0.001" if found["p"] < 0.001 else f"= {found['p']:.3f}"
            axes.set_xlabel(
                say("compare.agreement", w=found["W"], p=p),
                fontsize=8.5,
                loc="left",
                color="#555555",
            )
    figure.suptitle(say("compare.ranks"), x=0.01, ha="left", weight="bold", fontsize=12)
    caption(figure, "your panel", say("compare.caption", n=ranks.shape[1]))
    return figure
