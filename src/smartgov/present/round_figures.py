"""Figures of notebooks 03 and 04: what the tables of the Delphi rounds show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from smartgov.present.messages import say
from smartgov.present.style import (
    BLUE,
    DIMENSION_COLOURS,
    GREY,
    INK,
    VERMILLION,
    caption,
    new_figure,
)


def draw_equal_shares(
    shares: pd.DataFrame,
    provenance: str = "printed",
    article: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Figure:
    """Experts' shares of equal judgements, one panel a column of Table 2, with intervals.

    Parameters
    ----------
    shares : pandas.DataFrame
        Columns ``expert, column, count, n, share, low, high``, experts in the order to draw.
    provenance : str
        Where the shares come from.
    article : pandas.DataFrame, optional
        The article's shares in the same form, to set beside another panel's: as ticks below.
    level : float
        Level of the intervals, for the caption.
    """
    order, columns = list(dict.fromkeys(shares["expert"])), list(dict.fromkeys(shares["column"]))
    figure, panels = new_figure(9.6, 4.9, ncols=len(columns), sharey=True, squeeze=False)
    panels = panels[0]
    for axes, column in zip(panels, columns, strict=True):
        part = shares[shares["column"] == column]
        y = part["expert"].map(order.index)
        axes.hlines(
            y, part["low"], part["high"], color=DIMENSION_COLOURS[column], alpha=0.35, linewidth=5
        )
        axes.scatter(part["share"], y, color=DIMENSION_COLOURS[column], s=28, zorder=3)
        axes.axvline(0.5, color=GREY, linewidth=1, linestyle=":")
        counts, key = {"above": _above_half(part), "m": len(order)}, "counts"
        if article is not None:
            printed = article[article["column"] == column]
            axes.vlines(
                printed["share"],
                len(order) - 0.45,
                len(order) - 0.05,
                color="#777777",
                linewidth=1.2,
            )
            counts, key = (
                counts | {"above_article": _above_half(printed), "m_article": len(printed)},
                "counts_article",
            )
        axes.set(xlim=(-0.03, 1.03), xticks=(0, 0.5, 1), xticklabels=("0", "½", "1"))
        axes.set_title(say(f"dimension.{column}"), fontsize=10, pad=16 if article is None else 28)
        axes.text(
            0.5,
            -0.75,
            say(f"equal_shares.{key}", **counts),
            ha="center",
            va="bottom",
            fontsize=8.5,
            color="#555555",
        )
    panels[0].set_yticks(range(len(order)), [_expert(name) for name in order])
    panels[0].set_ylim(len(order) - (0.1 if article is None else 0), -0.7)
    title = _finding(shares) if provenance == "printed" else say("equal_shares.title")
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    figure.supylabel("")
    panels[0].set_xlabel(say("equal_shares.share"), loc="left")
    lengths = ", ".join(
        say("equal_shares.lengths", n=n, column=column)
        for column, n in shares.groupby("column", sort=False)["n"].max().items()
    )
    words = say(
        "equal_shares.caption",
        source=say("equal_shares.table2") if provenance == "printed" else "",
        m=len(order),
        lengths=lengths,
        level=f"{100 * level:g}",
    )
    caption(figure, provenance, words if article is None else f"{words} {say('equal_shares.rug')}")
    return figure


def _expert(code: str) -> str:
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
    axes.plot(
        steps["w"],
        steps["chi2"],
        color=VERMILLION,
        linewidth=2,
        linestyle="--",
        marker=".",
        zorder=2,
    )
    axes.axhline(0.05, color=GREY, linewidth=1, linestyle=":")
    axes.text(0.0, 0.065, "0.05", fontsize=8.5, color="#555555")
    label_at = steps.iloc[len(steps) // 3]
    axes.annotate(
        say("exact.exact", panels=int(steps["panels"].iloc[0])),
        (label_at["w"], label_at["exact"]),
        (8, 12),
        textcoords="offset points",
        color=BLUE,
        fontsize=10,
    )
    axes.annotate(
        say("exact.chi2"),
        (label_at["w"], label_at["chi2"]),
        (-10, -12),
        textcoords="offset points",
        color=VERMILLION,
        fontsize=10,
        ha="right",
    )
    last = steps.iloc[-1]
    axes.set(
        xlabel=say("exact.w"),
        ylabel=say("exact.p"),
        title=say("exact.title", exact=last["exact"], chi2=last["chi2"]),
        ylim=(0, 1.05),
    )
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
        axes.annotate(
            f"{say('confirmed.' + name, m=k)}: {low[k]:.2f}",
            (k, low[k]),
            (9, -16),
            textcoords="offset points",
            color=colour,
            weight="bold",
            fontsize=10,
        )
    axes.set(
        xlabel=say("confirmed.k"),
        ylabel=say("confirmed.share", level=f"{100 * level:g}"),
        title=say("confirmed.title"),
        ylim=(0, 1.02),
        xlim=(0.5, bounds["k"].max() + 0.5),
    )
    caption(figure, "recomputed", say("confirmed.caption"))
    return axes


def draw_second_round(answers: pd.DataFrame, provenance: str, caption_text: str) -> Figure:
    """Each expert's judgement in two rounds, a panel a question, with the group's medians.

    Parameters
    ----------
    answers : pandas.DataFrame
        Columns ``question, label, expert, first, second`` (signed judgements).
    """
    questions = list(dict.fromkeys(answers["question"]))
    figure, panels = new_figure(9.6, 4.8, ncols=len(questions), sharey=True, squeeze=False)
    panels = panels[0]
    for axes, question in zip(panels, questions, strict=True):
        part = answers[answers["question"] == question]
        jitter = np.linspace(-0.25, 0.25, len(part))
        for shift, row in zip(jitter, part.itertuples(), strict=True):
            moved = row.first != row.second
            axes.plot(
                [0, 1],
                [row.first + shift, row.second + shift],
                color=VERMILLION if moved else "#BBBBBB",
                linewidth=1.5 if moved else 1,
            )
        axes.hlines(
            part[["first", "second"]].median(),
            [-0.12, 0.88],
            [0.12, 1.12],
            color=INK,
            linewidth=3.5,
            zorder=3,
        )
        axes.set_xticks((0, 1), (say("round_two.first"), say("round_two.second")))
        axes.set_title(part["label"].iloc[0], fontsize=9, weight="normal")
        axes.set(xlim=(-0.25, 1.25), ylim=(-8.6, 8.6), yticks=(-8, -4, 0, 4, 8))
    panels[0].set_ylabel(say("round_two.judgement"))
    figure.suptitle(say("round_two.title"), x=0.01, ha="left", weight="bold", fontsize=12)
    caption(figure, provenance, caption_text)
    return figure
