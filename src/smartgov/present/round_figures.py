"""Figures of notebooks 03 and 04: what the tables of the Delphi rounds show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from smartgov.model import Model
from smartgov.panels import SignedValues
from smartgov.present.style import (
    AS_IMAGE,
    BLUE,
    GREY,
    INK,
    NOTE,
    VERMILLION,
    caption,
    context_colours,
    heading,
    new_figure,
    panels_in_rows,
    title_over_all,
)
from smartgov.words import say, with_decimal_mark

ROW, TALLEST = 0.23, 9.6
"""Inches of an expert's row, and of all rows together, so that a figure fits a page."""


def draw_equal_shares(
    shares: pd.DataFrame,
    model: Model,
    provenance: str = "printed",
    article: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Figure:
    """Experts' shares of equal judgements, one panel a column of Table 2, with intervals.

    Parameters
    ----------
    shares : pandas.DataFrame
        Columns ``expert, column, count, n, share, low, high``, experts in the order to draw.
    model : Model
        What was asked.
    provenance : str
        Where the shares come from.
    article : pandas.DataFrame, optional
        The article's shares in the same form, to set beside another panel's: as ticks below.
    level : float
        Level of the intervals, for the caption.
    """
    experts, columns = list(dict.fromkeys(shares["expert"])), list(dict.fromkeys(shares["column"]))
    pitch = min(ROW, TALLEST / len(experts))
    height = max(4.9, pitch * len(experts) + 1.8)
    figure, panels = panels_in_rows(
        len(columns), height, 2.1, say("equal_shares.share"), margin=1.2
    )
    first, colours = panels[0], context_colours(model)
    for axes, column in zip(panels, columns, strict=True):
        printed = None if article is None else article[article["column"] == column]
        part = shares[shares["column"] == column]
        _draw_shares(axes, part, experts, printed, colours[column], pitch / ROW)
        axes.set_title(heading(model, column), fontsize=10, pad=16 if article is None else 28)
    if pitch == ROW:
        first.set_yticks(range(len(experts)), [_expert(code) for code in experts])
    else:  # too many names to be read
        first.set_yticks([])
    below = (0.9 if article is None else 1) * ROW / pitch
    first.set_ylim(len(experts) - 1 + below, -0.7 * ROW / pitch)
    title = _finding(shares) if provenance == "printed" else say("equal_shares.title")
    title_over_all(figure, title)
    figure.supylabel("")
    words = say(
        "equal_shares.caption",
        source=say("equal_shares.table2") if provenance == "printed" else "",
        m=len(experts),
        lengths=", ".join(
            say("equal_shares.lengths", n=n, column=column)
            for column, n in shares.groupby("column", sort=False)["n"].max().items()
        ),
        level=f"{100 * level:g}",
    )
    caption(figure, provenance, words if article is None else f"{words} {say('equal_shares.rug')}")
    return figure


def _draw_shares(
    axes: Axes,
    part: pd.DataFrame,
    experts: list[str],
    printed: pd.DataFrame | None,
    colour: str,
    size: float,
) -> None:
    """One column of Table 2, with the article's shares as ticks below where they are given; marks
    shrink to `size` of theirs where there are many experts."""
    y, m = pd.Index(experts).get_indexer(part["expert"]), len(experts)
    drawn = {"color": colour, "rasterized": m > AS_IMAGE}
    axes.hlines(y, part["low"], part["high"], alpha=0.35, linewidth=5 * size, **drawn)
    axes.scatter(part["share"], y, s=28 * size**2, zorder=3, **drawn)
    axes.axvline(0.5, color=GREY, linewidth=1, linestyle=":")
    counts = say("equal_shares.counts", above=_above_half(part), m=len(part))
    if printed is not None:
        ends = (m - 1 + place / size for place in (0.55, 0.95))
        axes.vlines(printed["share"], *ends, color="#777777", linewidth=1.2)
        counts = say(
            "equal_shares.counts_article",
            above=_above_half(part),
            m=len(part),
            above_article=_above_half(printed),
            m_article=len(printed),
        )
    axes.set(xlim=(-0.03, 1.03), xticks=(0, 0.5, 1), xticklabels=("0", "½", "1"))
    axes.text(0.5, -0.75 / size, counts, ha="center", va="bottom", **NOTE)


def _expert(code: str) -> str:
    """What an expert is called on a figure."""
    number = code.removeprefix("expert_")
    return say("expert", number=number) if number != code else code


def _finding(shares: pd.DataFrame) -> str:
    """How many experts hold everything equal, more than half, and nothing."""
    experts = shares.groupby("expert")[["count", "n"]].sum()
    return say(
        "equal_shares.finding",
        everything=int((experts["count"] == experts["n"]).sum()),
        m=len(experts),
        above=_above_half(experts),
        never=int((experts["count"] == 0).sum()),
    )


def _above_half(shares: pd.DataFrame) -> int:
    """Experts more than half of whose judgements are equal."""
    return int((shares["count"] * 2 > shares["n"]).sum())


def draw_exact_against_chi2(steps: pd.DataFrame) -> Axes:
    """Tail probability of W, exact and by chi-square, for a panel small enough to list.

    Parameters
    ----------
    steps : pandas.DataFrame
        Columns ``w, exact, chi2, panels``, one row a possible value of W.
    """
    figure, axes = new_figure(7.2, 4.2)
    axes.step(steps["w"], steps["exact"], where="pre", color=BLUE, linewidth=2)
    axes.scatter(steps["w"], steps["exact"], color=BLUE, s=30, zorder=3)
    dashed = {"color": VERMILLION, "linewidth": 2, "linestyle": "--", "marker": "."}
    axes.plot(steps["w"], steps["chi2"], **dashed, zorder=2)
    axes.axhline(0.05, color=GREY, linewidth=1, linestyle=":")
    axes.text(0.0, 0.065, with_decimal_mark("0.05"), **NOTE)
    w, exact, approximate = steps.iloc[len(steps) // 3][["w", "exact", "chi2"]]
    words = say("exact.exact", panels=int(steps["panels"].iloc[0]))
    near = {"textcoords": "offset points", "fontsize": 10}
    axes.annotate(words, (w, exact), (8, 12), color=BLUE, **near)
    left = {"color": VERMILLION, "ha": "right"}
    axes.annotate(say("exact.chi2"), (w, approximate), (-10, -12), **left, **near)
    _, full, full_chi2 = steps[["w", "exact", "chi2"]].iloc[-1]
    title = say("exact.title", exact=full, chi2=full_chi2)
    axes.set(xlabel=say("exact.w"), ylabel=say("exact.p"), title=title, ylim=(0, 1.05))
    caption(figure, "recomputed", say("exact.caption"))
    return axes


def draw_confirmation(bounds: pd.DataFrame, stated: int, implied: int, level: float = 0.95) -> Axes:
    """Lower bound of the share who would confirm when all of k do, by k.

    Parameters
    ----------
    bounds : pandas.DataFrame
        Columns ``k, low``.
    stated, implied : int
        Panel sizes to mark.
    level : float
        Level of the bound, for the axis.
    """
    figure, axes = new_figure(7.2, 4.2)
    axes.fill_between(bounds["k"], bounds["low"], 1, color=BLUE, alpha=0.12, linewidth=0)
    axes.plot(bounds["k"], bounds["low"], color=BLUE, marker="o", markersize=3.5)
    low = bounds.set_index("k")["low"]
    for k, name, colour in ((stated, "stated", VERMILLION), (implied, "implied", INK)):
        axes.scatter(k, low[k], s=90, color=colour, zorder=3)
        words = f"{say(f'confirmed.{name}', m=k)}: " + with_decimal_mark(f"{low[k]:.2f}")
        font = {"color": colour, "weight": "bold", "fontsize": 10}
        axes.annotate(words, (k, low[k]), (9, -16), textcoords="offset points", **font)
    axes.set(
        xlabel=say("confirmed.k"),
        ylabel=say("confirmed.share", level=f"{100 * level:g}"),
        title=say("confirmed.title", m=stated, share=f"{1 - low[stated]:.0%}"),
        ylim=(0, 1.02),
        xlim=(0.5, bounds["k"].max() + 0.5),
    )
    caption(figure, "recomputed", say("confirmed.caption"))
    return axes


def round_pairs(
    first: SignedValues, second: np.ndarray, model: Model, context: str, questions: int
) -> pd.DataFrame:
    """Both rounds' answers of each expert to the first questions of a context.

    Returns
    -------
    pandas.DataFrame
        Columns ``question, label, expert, first, second``; experts without both answers left out.
    """
    asked = first.questions[first.questions["context"] == context].head(questions)
    rows = [
        (
            f"{question.left} : {question.right}",
            f"{model.label(question.left)}\n: {model.label(question.right)}",
            expert,
            first.values[i, question.Index],
            second[i, question.Index],
        )
        for question in asked.itertuples()
        for i, expert in enumerate(first.experts)
    ]
    return pd.DataFrame(rows, columns=["question", "label", "expert", "first", "second"]).dropna()


def draw_moves(
    answers: pd.DataFrame, provenance: str, caption_text: str, rounds: tuple[int, int] = (1, 2)
) -> Figure:
    """Judgements in two rounds on the scale's own grid, a line as wide as experts go that way.

    Parameters
    ----------
    answers : pandas.DataFrame
        As :func:`round_pairs` returns: signed judgements.
    provenance : str
        Where the second round comes from.
    caption_text : str
        What the caption says after that.
    rounds : tuple of int
        Numbers of the two rounds.
    """
    questions = list(dict.fromkeys(answers["question"]))
    figure, panels = new_figure(9.6, 4.8, ncols=len(questions), sharey=True, squeeze=False)
    for axes, question in zip(panels[0], questions, strict=True):
        part = answers[answers["question"] == question]
        for (first, second), experts in part.groupby(["first", "second"]).size().items():
            colour = VERMILLION if first != second else GREY
            width = 1.2 * experts
            axes.plot([0, 1], [first, second], color=colour, linewidth=width, alpha=0.8)
        medians = part[["first", "second"]].median()
        axes.hlines(medians, [-0.16, 0.9], [0.1, 1.16], color=INK, linewidth=3, zorder=3)
        axes.set_xticks((0, 1), [say("moves.round", n=n) for n in rounds])
        axes.set_title(part["label"].iloc[0], fontsize=9, weight="normal")
        axes.set(xlim=(-0.25, 1.25), ylim=(-8.6, 8.6), yticks=range(-8, 9, 2))
        axes.grid(axis="y", color="#E8E8E8", linewidth=0.6)
    panels[0, 0].set_ylabel(say("moves.judgement"))
    title_over_all(figure, say("moves.title"))
    caption(figure, provenance, caption_text)
    return figure
