"""Figures of notebooks 01 and 02: what the definitions are coded as, and the three rings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

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
    SOFT,
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


def draw_three_rings(model: Model) -> Axes:
    """The model as three rings around smart government; what is counted but not named is dashed."""
    figure, axes = new_figure(7.6, 7.9)
    axes.set(xlim=(-3.45, 3.45), ylim=(-3.45, 3.45), aspect="equal", title=say("three_rings.title"))
    axes.axis("off")
    axes.add_patch(Circle((0, 0), 0.55, facecolor="white", edgecolor=GREY))
    axes.text(0, 0, say("three_rings.centre"), ha="center", va="center", fontsize=10, weight="bold")
    for ring, inside, outside, colour in (
        ("inner", 0.6, 1.45, "#DCEAF4"),
        ("middle", 1.5, 2.55, "#F3F3F3"),
    ):
        names = [
            "\n".join(textwrap.wrap(model.label(name), 13, break_long_words=False))
            for name in model.ring(ring)
        ]
        _sectors(axes, names, inside, outside, [colour] * len(names))
    names = [model.label(name) for name in model.dimensions.index]
    colours = [DIMENSION_COLOURS[name] for name in model.dimensions.index]
    _sectors(axes, names, 2.6, 3.1, colours, along=True)
    dashed = {"edgecolor": VERMILLION, "linestyle": (0, (4, 4)), "linewidth": 1.2}
    axes.add_patch(Circle((0, 0), 3.25, facecolor="none", **dashed))
    missing = model.counted_not_named.set_index("what").loc["component"]
    words = say("three_rings.caption", counted=missing["counted"], named=missing["named"])
    caption(figure, "printed", words)
    return axes


def _sectors(
    axes: Axes,
    names: Sequence[str],
    inside: float,
    outside: float,
    colours: Sequence[str],
    along: bool = False,
) -> None:
    """Equal sectors, clockwise from the top; names along the ring, or upright in the sector."""
    width = 360 / len(names)
    font = (
        {"fontsize": 10.5, "color": "white", "weight": "bold"}
        if along
        else {"fontsize": 9, "color": INK, "weight": "normal"}
    )
    for place, (name, colour) in enumerate(zip(names, colours, strict=True)):
        middle = 90 - width * (place + 0.5)
        ends = middle - width / 2, middle + width / 2
        look = {"facecolor": colour, "edgecolor": "white", "linewidth": 2}
        axes.add_patch(Wedge((0, 0), outside, *ends, width=outside - inside, **look))
        angle, radius = np.deg2rad(middle), (inside + outside) / 2
        turn = (middle - 90 if np.sin(angle) > 0 else middle + 90) if along else 0
        x, y = radius * np.cos(angle), radius * np.sin(angle)
        turned = {"rotation": turn, "rotation_mode": "anchor"}
        axes.text(x, y, name, ha="center", va="center", **turned, **font)
