"""Figures of notebooks 01 and 02: what the definitions are coded as, and the three rings."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Wedge

from smartgov.model import Model
from smartgov.present.style import (
    BLUE,
    DIMENSION_COLOURS,
    GREY,
    INK,
    VERMILLION,
    caption,
    new_figure,
)
from smartgov.words import say


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
    has_rule = codes.groupby("code", sort=True)["rule"].apply(lambda column: column.notna().any())
    names = [*has_rule.index[has_rule], *has_rule.index[~has_rule]]
    x, y = codes["code"].map(names.index), codes["row"].map(list(definitions.index).index)
    article, rule = codes["article"].astype(bool), codes["rule"].eq(True)
    clash = codes["rule"].notna() & (article != rule)
    axes.scatter(x[article], y[article], s=190, color=BLUE)
    axes.scatter(
        x[rule & ~clash], y[rule & ~clash], s=430, facecolor="none", edgecolor=INK, linewidth=1.6
    )
    axes.scatter(
        x[rule & clash], y[rule & clash], s=430, facecolor="none", edgecolor=VERMILLION, linewidth=2
    )
    for name in has_rule.index[~has_rule]:
        axes.axvspan(names.index(name) - 0.5, names.index(name) + 0.5, color=GREY, alpha=0.12, lw=0)
        axes.text(
            names.index(name),
            len(definitions) - 0.45,
            say("definition_map.no_rule"),
            ha="center",
            fontsize=8,
            color="#555555",
        )
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


def draw_three_rings(model: Model) -> Axes:
    """The model as three rings around smart government; what is counted but not named is dashed."""
    figure, axes = new_figure(7.6, 7.9)
    axes.set(xlim=(-3.45, 3.45), ylim=(-3.45, 3.45), aspect="equal", title=say("three_rings.title"))
    axes.axis("off")
    axes.add_patch(Circle((0, 0), 0.55, facecolor="white", edgecolor=GREY))
    axes.text(0, 0, say("three_rings.centre"), ha="center", va="center", fontsize=10, weight="bold")
    _ring(axes, model.ring("inner"), model, 0.6, 1.45, "#DCEAF4", 9, start=90)
    _ring(axes, model.ring("middle"), model, 1.5, 2.55, "#F3F3F3", 9, start=90)
    colours = [DIMENSION_COLOURS[name] for name in model.dimensions.index]
    _ring(axes, list(model.dimensions.index), model, 2.6, 3.1, colours, 10.5, start=90, along=True)
    axes.add_patch(
        Circle(
            (0, 0),
            3.25,
            facecolor="none",
            edgecolor=VERMILLION,
            linestyle=(0, (4, 4)),
            linewidth=1.2,
        )
    )
    missing = model.counted_not_named.set_index("what").loc["component"]
    caption(
        figure,
        "printed",
        say("three_rings.caption", counted=missing["counted"], named=missing["named"]),
    )
    return axes


def _ring(
    axes: Axes,
    names: list[str],
    model: Model,
    inside: float,
    outside: float,
    colour,
    size: float,
    start: float,
    along: bool = False,
) -> None:
    """Equal sectors, clockwise from the top; labels along the ring or upright in the sector."""
    width = 360 / len(names)
    colours = colour if isinstance(colour, list) else [colour] * len(names)
    for place, (name, fill) in enumerate(zip(names, colours, strict=True)):
        middle = start - width * (place + 0.5)
        axes.add_patch(
            Wedge(
                (0, 0),
                outside,
                middle - width / 2,
                middle + width / 2,
                width=outside - inside,
                facecolor=fill,
                edgecolor="white",
                linewidth=2,
            )
        )
        angle, radius = np.deg2rad(middle), (inside + outside) / 2
        upper = np.sin(angle) > 0
        turn = (middle - 90 if upper else middle + 90) if along else 0
        label = (
            model.label(name)
            if along
            else "\n".join(textwrap.wrap(model.label(name), 13, break_long_words=False))
        )
        axes.text(
            radius * np.cos(angle),
            radius * np.sin(angle),
            label,
            ha="center",
            va="center",
            rotation=turn,
            rotation_mode="anchor",
            fontsize=size,
            color="white" if along else INK,
            weight="bold" if along else "normal",
        )
