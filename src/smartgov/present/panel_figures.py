"""Figures of a panel's own answers, each with the article's printed figures in it where there are
any.

In every function `model` is what was asked, and `provenance`, one of
:data:`smartgov.present.style.PROVENANCES`, says where the panel comes from. The article's figures
and what it says are in them only where the article's own questions were asked.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from smartgov.article.published import CONCLUSION_NAMES, asks_as_the_article
from smartgov.audit.printed import parse_printed
from smartgov.delphi.panel_results import FEWEST_FOR_INTERVAL
from smartgov.delphi.ranking import BASE, MOST_LEFT_OUT
from smartgov.model import Model
from smartgov.present.style import (
    ARTICLE,
    COMPARISON_COLOURS,
    GREY,
    INK,
    NOTE,
    VERMILLION,
    caption,
    context_colours,
    heading,
    new_figure,
    panels_in_rows,
    span,
    title_over_all,
    titled_legend,
    without_frame,
)
from smartgov.words import say, with_decimal_mark


def _caption(figure: Figure, provenance: str, words: str, model: Model, article: str) -> None:
    """The caption, with what is said of the article if its own questions were asked."""
    caption(figure, provenance, f"{words} {say(article)}" if asks_as_the_article(model) else words)


def draw_panel_concordance(
    concordance: pd.DataFrame,
    model: Model,
    provenance: str,
    alpha: float = 0.05,
    correction: str = "holm",
) -> Figure:
    """W of every component's questions, a panel a context, with the article's W beside it if any.

    Parameters
    ----------
    concordance : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_concordance` returns.
    alpha : float
        Circles are full where the corrected p is below.
    correction : str
        For the caption.
    """
    contexts, rows = (list(dict.fromkeys(concordance[column])) for column in ("context", "row"))
    printed, colours = "printed_W" in concordance, context_colours(model)
    figure, panels = panels_in_rows(
        len(contexts), 0.36 * len(rows) + 2.2, 1.875, say("panel_concordance.w")
    )
    for axes, context in zip(panels, contexts, strict=True):
        part = concordance[concordance["context"] == context]
        _draw_context(axes, part, rows, alpha, colours[context])
        axes.set_title(heading(model, context), fontsize=10)
    _name_rows(panels[0], rows, model)
    panels[0].set(xlim=(-0.03, 1.03), xticks=(0, 0.5, 1))
    marks = [_point(INK), _point(INK, markerfacecolor="white")]
    words = [say(f"panel_concordance.{clear}", alpha=alpha) for clear in ("clear", "unclear")]
    if printed:
        marks.append(_point(**ARTICLE, markersize=5.5))
        words.append(say("article.as_printed"))
    titled_legend(figure, marks, words, say("panel_concordance.title"))
    correction = say(f"correction.{correction}")
    words = say("panel_concordance.caption", m=span(concordance["m"]), correction=correction)
    _caption(figure, provenance, words, model, "panel_concordance.article")
    return figure


def _draw_context(
    axes: Axes, part: pd.DataFrame, rows: list[str], alpha: float, colour: str
) -> None:
    """W in one context: circles, their ranges, and the article's diamonds a little lower."""
    y = part["row"].map(rows.index)
    axes.hlines(y, part["W_low"], part["W_high"], color=colour, alpha=0.3, linewidth=5)
    inside = np.where((part["p_corrected"] < alpha).to_numpy(), colour, "white")
    axes.scatter(part["W"], y, s=38, edgecolor=colour, facecolor=inside, zorder=3)
    if "printed_W" in part:
        axes.scatter(_numbers(part["printed_W"]), y + 0.22, s=30, zorder=2, **ARTICLE)
    axes.grid(axis="y", color="#EEEEEE")
    axes.set_axisbelow(True)


def _numbers(printed: Iterable[str]) -> list[float]:
    """Printed figures as numbers, NaN where nothing is printed."""
    return [float(parse_printed(text).value) if text else np.nan for text in printed]


def _point(color: str, marker: str = "o", **look) -> Line2D:
    """A point for a legend."""
    return Line2D([], [], marker=marker, linestyle="", color=color, **look)


def _name_rows(axes: Axes, rows: list[str], model: Model) -> None:
    """The first component at the top, each under its name."""
    axes.set_yticks(range(len(rows)), [_name(row, model) for row in rows])
    axes.set(ylim=(len(rows) - 0.4, -0.6))


def _name(identifier: str, model: Model, width: int = 36) -> str:
    """A component's name, long ones on several lines."""
    return textwrap.fill(model.label(identifier), width)


def draw_panel_mean_ranks(means: pd.DataFrame, model: Model, provenance: str) -> Axes:
    """Mean ranks of a further ring's comparisons, this panel's full and the article's open.

    Parameters
    ----------
    means : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_mean_ranks` returns.
    """
    rows = list(dict.fromkeys(means["row"]))
    comparisons = means.groupby(["left", "right"], sort=False)
    count, marks = len(comparisons), []
    step = 0.72 / max(count, 3)
    figure, axes = new_figure(8.6, max(0.46, 0.13 * count) * len(rows) + 2 + 0.08 * count)
    looks = zip(cycle(COMPARISON_COLOURS), "oooooossssssvvvvvv^^^^^^" * 9, strict=False)
    for place, ((_, part), (colour, mark)) in enumerate(zip(comparisons, looks, strict=False)):
        y = part["row"].map(rows.index) + step * (place - (count - 1) / 2)
        if "printed" in part:
            printed = _numbers(part["printed"])
            axes.hlines(y, part["mean_rank"], printed, color=colour, alpha=0.35, linewidth=2)
            axes.scatter(printed, y, s=30, facecolor="white", edgecolor=colour, zorder=2)
        axes.scatter(part["mean_rank"], y, s=30, color=colour, marker=mark, zorder=3)
        marks.append(_point(colour, mark))
    _name_rows(axes, rows, model)
    ends = (0.9, count + 0.1)
    between = np.arange(len(rows) - 1) + 0.5
    axes.hlines(between, *ends, color="#EEEEEE", linewidth=1, zorder=0)
    axes.set(xlim=ends, xlabel=say("mean_ranks.rank"))
    words = [" : ".join(map(model.label, pair)) for pair, _ in comparisons]
    ring = model.label(model.components.at[means["left"].iloc[0], "ring"])
    titled_legend(figure, marks, words, say("panel_mean_ranks.title", ring=ring))
    words = say("panel_mean_ranks.caption", m=span(means["m"]))
    _caption(figure, provenance, words, model, "panel_mean_ranks.article")
    return axes


def draw_priorities(
    priorities: pd.DataFrame, model: Model, provenance: str, level: float = 0.95
) -> Figure:
    """Group priorities of a ring with their intervals, a panel a context.

    Parameters
    ----------
    priorities : pandas.DataFrame
        As :func:`smartgov.delphi.panel_results.panel_priorities` returns.
    level : float
        Level of the intervals, for the caption.
    """
    contexts, rows = (list(dict.fromkeys(priorities[column])) for column in ("context", "row"))
    figure, panels = panels_in_rows(
        len(contexts), 0.34 * len(rows) + 2, 2.3, say("priorities.priority")
    )
    edge = 1.12 * priorities[["priority", "high"]].max(axis=None)
    colours = context_colours(model)
    for axes, context in zip(panels, contexts, strict=True):
        part = priorities[priorities["context"] == context]
        _draw_priorities(axes, part, rows, edge, colours[context])
        axes.set_title(heading(model, context), fontsize=10, pad=18)
    _name_rows(panels[0], rows, model)
    panels[0].set(xlim=(0, edge))
    title_over_all(figure, say("priorities.title"))
    about = {"m": span(priorities["experts"]), "level": f"{100 * level:g}"}
    words = say("priorities.caption", **about, fewest=FEWEST_FOR_INTERVAL)
    _caption(figure, provenance, words, model, "article.prints_none")
    return figure


def _draw_priorities(
    axes: Axes, part: pd.DataFrame, rows: list[str], edge: float, colour: str
) -> None:
    """Priorities in one context, ranks at the right `edge`, and where all would be equal."""
    y = part["row"].map(rows.index)
    axes.axvline(1 / len(rows), color=GREY, linewidth=1, linestyle=":")
    axes.hlines(y, part["low"], part["high"], color=colour, alpha=0.35, linewidth=5)
    axes.scatter(part["priority"], y, color=colour, s=30, zorder=3)
    for place, rank in zip(y, part["rank"], strict=True):
        weight = "bold" if rank == 1 else "normal"
        axes.text(edge, place, rank, ha="right", va="center", fontsize=9, weight=weight)
    if part["median_cr"].notna().any():
        words = say("priorities.cr", cr=part["median_cr"].iloc[0])
        axes.text(0, -0.75, words, va="bottom", **NOTE)


def draw_rank_choices(choices: pd.DataFrame, model: Model, provenance: str) -> Figure:
    """Ranks of a ring under every choice as a table in colour, a panel a context.

    Parameters
    ----------
    choices : pandas.DataFrame
        As :func:`smartgov.delphi.ranking.ranking_choices` returns.
    """
    contexts = list(dict.fromkeys(choices["context"]))
    figure, panels = _rank_tables(11.6, len(contexts), choices["component"].nunique())
    for axes, context in zip(panels, contexts, strict=True):
        _draw_choices(axes, choices[choices["context"] == context], model)
        axes.set_title(model.title(context), fontsize=10)
    title_over_all(figure, say("rank_choices.title"))
    left_out = "single" if (choices["choice"] == "without").any() else "many"
    words = say("rank_choices.caption", last=say(f"rank_choices.{left_out}", most=MOST_LEFT_OUT))
    _caption(figure, provenance, words, model, "article.prints_none")
    return figure


def _rank_tables(width: float, count: int, k: int) -> tuple[Figure, np.ndarray]:
    """A figure for so many tables of `k` rows."""
    height = count * (0.25 * k + 0.75) + 0.7
    figure, panels = new_figure(width, height, nrows=count, squeeze=False)
    return figure, panels[:, 0]


def _draw_choices(axes: Axes, part: pd.DataFrame, model: Model) -> None:
    """One context: a column a choice about all experts, and one, if they were left out in turn,
    for the extremes without any one expert."""
    whole, single = part[part["choice"] != "without"], part[part["choice"] == "without"]
    kept = whole.drop_duplicates(["choice", "detail"]).set_index(["choice", "detail"])["experts"]
    ranks = whole.pivot(index="component", columns=["choice", "detail"], values="rank")
    ranks = ranks[list(kept.index)].sort_values((BASE, ""), kind="stable")
    names = [choice_words("rank_choices.", *choice) for choice in kept.index]
    heads = [
        say("rank_choices.kept", choice=name, experts=experts)
        for name, experts in zip(names, kept, strict=True)
    ]
    low = high = ranks
    if len(single):
        extremes = single.groupby("component")["rank"].agg(["min", "max"]).loc[ranks.index]
        low, high = (pd.concat([ranks, extremes[end]], axis=1) for end in ("min", "max"))
        heads.append(say("rank_choices.without"))
    _draw_ranks(axes, low, high.set_axis(low.columns, axis=1), heads, model)


def choice_words(start: str, choice: str, detail: str, language: str = "") -> str:
    """What a choice of method is called by the messages whose keys start so."""
    words = say(f"scale.{detail}", language) if choice == "scale" else detail
    words = with_decimal_mark(words, language)
    return say(f"{start}{choice}", language, cutoff=words, expert=words, scale=words)


def _draw_ranks(
    axes: Axes, low: pd.DataFrame, high: pd.DataFrame, heads: list[str], model: Model
) -> None:
    """A table of ranks, the better the darker; two ranks in a cell where `low` and `high`
    differ."""
    k = len(low)
    middle = (low + high).to_numpy(float) / 2
    axes.imshow(middle, cmap="Blues_r", vmin=1 - 0.9 * k, vmax=1.1 * k, aspect="auto")
    for (y, x), best in np.ndenumerate(low.to_numpy(float)):
        worst = high.iat[y, x]
        one = "–" if np.isnan(best) else f"{best:.0f}"
        text = one if np.isnan(best) or best == worst else f"{one}–{worst:.0f}"
        axes.text(x, y, text, ha="center", va="center", fontsize=9)
    axes.set_xticks(range(len(heads)), heads, fontsize=8)
    axes.set_yticks(range(k), list(map(model.label, low.index)), fontsize=9)
    axes.xaxis.tick_top()
    without_frame(axes)


def _steps_beyond(values: pd.Series, limit: float, step: float) -> pd.Series:
    """Steps by which a value is beyond a limit, up to the next: 0 or less where it keeps it."""
    return np.ceil((values - limit) / step - 1e-9).astype(int)


def draw_open_questions(
    measures: pd.DataFrame, model: Model, provenance: str, most_iqr: float, most_moved: float
) -> Axes:
    """Number of questions by their spread in the last round and the share of experts who moved.

    Parameters
    ----------
    measures : pandas.DataFrame
        Columns ``iqr_after, moved, open, experts``.
    most_iqr, most_moved : float
        The rule; what lies beyond both is open.
    """
    figure, axes = new_figure(7.8, 4.8)
    spread = _steps_beyond(measures["iqr_after"], most_iqr, 1)
    moved = _steps_beyond(measures["moved"], most_moved, 0.1)
    counts = pd.crosstab(moved, spread).reindex(
        index=range(min(moved.min(), 0), max(moved.max(), 1) + 1),
        columns=range(min(spread.min(), 0), max(spread.max(), 1) + 1),
        fill_value=0,
    )
    axes.imshow(counts, cmap="Blues", vmin=0, vmax=1.6 * counts.to_numpy().max(), aspect="auto")
    for row, column in np.argwhere(counts.to_numpy() > 0):
        axes.text(column, row, counts.iat[row, column], ha="center", va="center", fontsize=9)
    edge = {"color": VERMILLION, "linewidth": 2}
    corner = (0.5 - counts.columns[0], 0.5 - counts.index[0])
    right, top = counts.shape[1] - 0.5, counts.shape[0] - 0.5
    axes.plot([corner[0], corner[0], right], [top, corner[1], corner[1]], **edge)
    words = say("next_round.open", n=int(measures["open"].sum()), of=len(measures))
    font = {"fontsize": 10, "color": VERMILLION, "weight": "bold"}
    axes.text(right, top, words, ha="right", va="bottom", **font)
    axes.set_xticks(
        range(counts.shape[1]),
        [with_decimal_mark(f"{most_iqr + step:g}") for step in counts.columns],
    )
    axes.set_yticks(
        range(counts.shape[0]), [f"{most_moved + step / 10:.0%}" for step in counts.index]
    )
    axes.set(ylim=(-0.5, top), xlabel=say("next_round.iqr"), ylabel=say("next_round.moved"))
    axes.set_title(say("next_round.title"))
    limits = {"most_iqr": most_iqr, "most_moved": most_moved}
    words = say("next_round.caption", m=span(measures["experts"]), of=len(measures), **limits)
    _caption(figure, provenance, words, model, "article.prints_none")
    return axes


def draw_standing(scores: pd.DataFrame, model: Model, provenance: str, experts: pd.Series) -> Axes:
    """Mean signed judgement of every component in each context; bold what the article's
    conclusion names.

    Parameters
    ----------
    scores : pandas.DataFrame
        Components × contexts, as :func:`smartgov.delphi.panel_results.component_scores` returns.
    experts : pandas.Series
        Number of experts who answered in each context.
    """
    ordered = scores.loc[scores.mean(axis=1).sort_values(ascending=False, kind="stable").index]
    figure, axes = new_figure(8.2, 0.38 * len(ordered) + 2)
    y = np.arange(len(ordered))
    axes.axvline(0, color=GREY, linewidth=1)
    axes.hlines(y, ordered.min(axis=1), ordered.max(axis=1), color="#DDDDDD", linewidth=3, zorder=1)
    colours = context_colours(model)
    for context, column in ordered.items():
        look = {"s": 42, "color": colours[context], "zorder": 3}
        axes.scatter(column, y, **look, label=model.title(context))
    _name_rows(axes, list(ordered.index), model)
    _mark_named(axes, ordered.index, model)
    reach = max(1.15 * np.nanmax(np.abs(ordered.to_numpy())), 1)
    axes.set(xlim=(-reach, reach), xlabel=say("standing.score"))
    titled_legend(figure, *axes.get_legend_handles_labels(), say("standing.title"))
    _caption(figure, provenance, say("standing.caption", m=span(experts)), model, "article.named")
    return axes


def _mark_named(axes: Axes, components: Iterable[str], model: Model) -> None:
    """Bold the components that the article's conclusion names."""
    if not asks_as_the_article(model):
        return
    for name, tick in zip(components, axes.get_yticklabels(), strict=True):
        tick.set_weight("bold" if name in CONCLUSION_NAMES else "normal")


def draw_comparison(ranks: pd.DataFrame, agreement: pd.DataFrame, model: Model) -> Figure:
    """Ranks of the components in many panels, a panel of the figure a context; bold what the
    article's conclusion names.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Indexed by context and component, one column a panel.
    agreement : pandas.DataFrame
        Indexed by ring and context; columns ``W, p``.
    """
    width = max(7.5, 3 + 1.1 * ranks.shape[1])
    figure, panels = _rank_tables(width, len(agreement), len(ranks) // len(agreement))
    heads = ["\n".join(textwrap.wrap(name, 14)).replace("$", r"\$") for name in ranks]
    for axes, ((ring, context), found) in zip(panels, agreement.iterrows(), strict=True):
        part = ranks.loc[context].loc[model.ring(ring)]
        part = part.loc[part.mean(axis=1).sort_values(kind="stable").index]
        _draw_ranks(axes, part, part, heads, model)
        _mark_named(axes, part.index, model)
        axes.set_title(model.title(context), fontsize=10)
        w, p = found[["W", "p"]]
        if not np.isnan(w):
            of_p = with_decimal_mark("< 0.001" if p < 0.001 else f"= {p:.3f}")
            words = say("compare.agreement", w=w, p=of_p)
            axes.set_xlabel(words, loc="left", **NOTE)
    title_over_all(figure, say("compare.ranks"))
    words = say("compare.caption", n=ranks.shape[1])
    _caption(figure, "your panel", words, model, "compare.article")
    return figure
