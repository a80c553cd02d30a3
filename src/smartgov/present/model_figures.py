"""Figures of notebooks 01 and 02: what the definitions are coded as, and the model."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import comb

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from smartgov.model import Model, questionnaire
from smartgov.present.style import (
    BLUE,
    DIMENSION_COLOURS,
    GREY,
    INK,
    PURPLE,
    SOFT,
    VERMILLION,
    caption,
    new_figure,
    without_frame,
)
from smartgov.words import say

CENTRED = {"ha": "center", "va": "center", "fontsize": 9}


def draw_definition_map(codes: pd.DataFrame, definitions: pd.DataFrame) -> Axes:
    """Definitions × codes: a disc where the article gives a code, a ring where the rules do.

    Parameters
    ----------
    codes : pandas.DataFrame
        Columns ``row, code, article, rule``; ``rule`` is missing where no rule exists.
    definitions : pandas.DataFrame
        Indexed by row, with the column ``term`` the definition stands under.
    """
    figure, axes = new_figure(7.6, 4.4)
    has_rule = codes.groupby("code")["rule"].apply(lambda column: column.notna().any())
    names = [*has_rule.index[has_rule], *has_rule.index[~has_rule]]
    x, y = codes["code"].map(names.index), codes["row"].map(list(definitions.index).index)
    article, rule = codes["article"].astype(bool), codes["rule"].eq(True)
    clash = codes["rule"].notna() & (article != rule)
    axes.scatter(x[article], y[article], s=190, color=BLUE)
    for at, colour, width in ((rule & ~clash, INK, 1.6), (rule & clash, VERMILLION, 2)):
        axes.scatter(x[at], y[at], s=430, facecolor="none", edgecolor=colour, linewidth=width)
    no_rule = {"s": say("definition_map.no_rule"), "ha": "center", "fontsize": 8, "color": SOFT}
    for place in range(has_rule.sum(), len(names)):
        axes.axvspan(place - 0.5, place + 0.5, color=GREY, alpha=0.12, lw=0)
        axes.text(place, len(definitions) - 0.45, **no_rule)
    axes.set_xticks(range(len(names)), [say(f"code.{name}") for name in names])
    labels = [f"{row[-1]}  {say('term.' + term)}" for row, term in definitions["term"].items()]
    axes.set_yticks(range(len(definitions)), labels)
    axes.set(
        xlim=(-0.5, len(names) - 0.5),
        ylim=(len(definitions) - 0.3, -0.6),
        title=say("definition_map.title", apart=clash.sum(), decisions=codes["rule"].notna().sum()),
    )
    axes.grid(True, color="#E6E6E6")
    axes.set_axisbelow(True)
    caption(figure, "printed", say("definition_map.caption"))
    return axes


def draw_model_matrix(model: Model) -> Axes:
    """The middle ring in rows, dimensions and the inner ring in columns, the questions of each box,
    and a dashed row for what is counted and never named."""
    middle, inner = model.ring("middle"), model.ring("inner")
    dimensions, right = list(model.dimensions.index), len(model.dimensions) + 0.4
    later, inner_pairs = range(len(middle) - 1, -1, -1), [comb(len(inner), 2)] * len(middle)
    figure, axes = new_figure(9.8, 5.6)
    for x, name in enumerate(dimensions):
        _draw_column(axes, x, [model.label(name)], DIMENSION_COLOURS.get(name, GREY), later)
    _draw_column(axes, right, [model.label(name) for name in inner], PURPLE, inner_pairs)
    for x, ring in ((0, "middle"), (right, "inner")):
        axes.text(x, -1.8, say(f"model_matrix.{ring}"), fontsize=9.5, va="bottom")
    missing = model.counted_not_named.set_index("what").loc["component", ["counted", "named"]]
    dashed = {"fill": False, "edgecolor": VERMILLION, "linestyle": (0, (4, 3)), "linewidth": 1.4}
    edge, foot = right + len(inner), len(middle) + 0.3
    axes.add_patch(Rectangle((0, foot), edge - 0.06, 0.9, **dashed))
    axes.text(edge / 2, foot + 0.45, say("model_matrix.missing"), color=VERMILLION, **CENTRED)
    axes.set_yticks(np.arange(len(middle)) + 0.46, [model.label(name) for name in middle])
    axes.set_title(say("model_matrix.title", questions=len(questionnaire(model)), **missing))
    axes.set(xlim=(-0.05, edge), ylim=(len(middle) + 2.1, -2.9), xticks=[])
    without_frame(axes)
    caption(figure, "printed", say("model_matrix.caption", **missing))
    return axes


def _draw_column(
    axes: Axes, left: float, names: Sequence[str], colour: str, questions: Sequence[int]
) -> None:
    """Boxes with the number of questions of each row, as wide as their names, and the sum below."""
    middle = left + len(names) / 2 - 0.03
    for place, name in enumerate(names):
        words = "\n".join(textwrap.wrap(name, 13, break_long_words=False))
        axes.text(left + place + 0.47, -0.15, words, ha="center", va="bottom", fontsize=8.5)
    for y, n in enumerate(questions):
        look = {"color": colour, "alpha": 0.35, "linewidth": 0}
        axes.add_patch(Rectangle((left, y), len(names) - 0.06, 0.92, **look))
        axes.text(middle, y + 0.48, str(n), **CENTRED)
    total = say("model_matrix.questions", n=sum(questions))
    axes.text(middle, len(questions) + 1.75, total, weight="bold", **CENTRED)
