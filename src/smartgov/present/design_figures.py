"""Figures of notebook 08: what simulated panels of each size see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from smartgov.design.sweep import error_of
from smartgov.present.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    caption,
    new_figure,
    titled_legend,
)
from smartgov.words import say, with_decimal_mark

COLOURS = (SKY, GREEN, ORANGE, VERMILLION, PURPLE, BLUE)
SIZES = (3, 5, 8, 13, 20, 30, 60)
"""Numbers of experts that are written on an axis."""


def draw_power(
    power: pd.DataFrame,
    items: Iterable[int],
    marked: Mapping[str, int],
    alpha: float = 0.05,
    enough: float = 0.8,
) -> Figure:
    """How often the chi-square test sees an agreement, by number of experts.

    Parameters
    ----------
    power : pandas.DataFrame
        The part ``power`` of the sweep.
    items : iterable of int
        Numbers of items, a panel of the figure each.
    marked : mapping of str to int
        Panel sizes to mark, by name of a message.
    alpha : float
        Level of the test.
    enough : float
        The share that is asked for.
    """
    items = list(items)
    figure, panels = _side_by_side(len(items), marked)
    agreements = sorted(set(power["rho"]) - {0})
    for axes, n in zip(panels, items, strict=True):
        axes.axhline(enough, color=GREY, linewidth=1, linestyle=":")
        for colour, rho in zip(COLOURS, agreements, strict=False):
            here = power[(power["n"] == n) & (power["rho"] == rho)]
            for ties, style in (("table2", "-"), ("none", "--")):
                curve = here[here["ties"] == ties]
                _curve(axes, curve, f"chi2_{alpha}", color=colour, linestyle=style)
        axes.set_title(say("power.items", n=n))
    names = [with_decimal_mark(f"ρ = {rho:g}") for rho in agreements]
    titled_legend(figure, _solid(panels[0].lines), names, say("power.title"))
    panels[0].set_ylabel(say("power.seen", alpha=with_decimal_mark(f"{alpha:g}")))
    _caption(figure, say("power.caption", panels=_thousands(power["panels"])))
    return figure


def draw_false_alarms(
    power: pd.DataFrame, items: Iterable[int], marked: Mapping[str, int], alpha: float = 0.05
) -> Figure:
    """How often each test calls agreement what is none, by number of experts.

    Parameters
    ----------
    power : pandas.DataFrame
        The part ``power`` of the sweep; its points without agreement are drawn.
    items : iterable of int
        Numbers of items, a panel of the figure each.
    marked : mapping of str to int
        Panel sizes to mark, by name of a message.
    alpha : float
        What the tests promise.
    """
    items = list(items)
    figure, panels = _side_by_side(len(items), marked)
    tests = {"F": (GREEN, 3.2), "chi2": (VERMILLION, 1.6), "exact": (BLUE, 1.6)}
    for axes, n in zip(panels, items, strict=True):
        axes.axhline(alpha, color=GREY, linewidth=1, linestyle=":")
        here = power[(power["n"] == n) & (power["rho"] == 0)]
        for test, (colour, width) in tests.items():
            for ties, style in (("none", "-"), ("table2", "--")):
                curve = here[here["ties"] == ties].dropna(subset=[f"{test}_{alpha}"])
                _curve(axes, curve, f"{test}_{alpha}", width, color=colour, linestyle=style)
        axes.set_title(say("power.items", n=n))
    panels[0].autoscale(axis="y")  # both: they share the axis
    panels[0].set_ylim(bottom=0)
    handles = _solid(panels[0].lines)[: len(tests)]
    names = ["F", say("power.chi2"), say("power.exact")]
    titled_legend(figure, handles, names, say("power.alarms_title"))
    panels[0].set_ylabel(say("power.seen", alpha=with_decimal_mark(f"{alpha:g}")))
    _caption(figure, say("power.alarms_caption", alpha=f"{alpha:.0%}"))
    return figure


def draw_true_order(
    order: pd.DataFrame,
    components: Iterable[int],
    ratios: Mapping[float, Sequence[float]],
    marked: Mapping[str, int],
) -> Figure:
    """How often the group's priorities stand in the true order, by number of experts.

    Parameters
    ----------
    order : pandas.DataFrame
        The part ``order`` of the sweep, at one range of priorities.
    components : iterable of int
        Numbers of components, a panel of the figure each.
    ratios : mapping of float to sequence of float
        Median consistency ratio of an expert, one a panel of the figure, by the noise of their
        judgements.
    marked : mapping of str to int
        Panel sizes to mark, by name of a message.
    """
    components = list(components)
    figure, panels = _side_by_side(len(components), marked)
    for axes, n in zip(panels, components, strict=True):
        for colour, noise in zip((BLUE, ORANGE, VERMILLION), ratios, strict=True):
            here = order[(order["n"] == n) & (order["noise"] == noise)]
            _curve(axes, here, "order", color=colour, linestyle="-")
            _curve(axes, here, "first", color=colour, linestyle="--")
        axes.set_title(say("true_order.components", n=n))
    names = [
        with_decimal_mark("CR " + " / ".join(map("{:.2f}".format, r))) for r in ratios.values()
    ]
    titled_legend(figure, _solid(panels[0].lines), names, say("true_order.title"))
    panels[0].set_ylabel(say("true_order.found"))
    span = f"{order['range'].iloc[0]:g}"
    panels_a_point = _thousands(order["panels"])
    _caption(figure, say("true_order.caption", span=span, panels=panels_a_point))
    return figure


def draw_audit_sees(audit: pd.DataFrame, marked: Mapping[str, int]) -> Figure:
    """What the audit of a printed row sees, by number of experts.

    Parameters
    ----------
    audit : pandas.DataFrame
        The part ``audit`` of the sweep.
    marked : mapping of str to int
        Panel sizes to mark, by name of a message.
    """
    figure, panels = _side_by_side(2, marked)
    printed = {"W and p": VERMILLION, "mean ranks": BLUE, "all": GREEN}
    for axes, column in zip(panels, ("detected", "smallest"), strict=True):
        for name, colour in printed.items():
            for n, style in zip(sorted(audit["n"].unique()), ("-", "--"), strict=False):
                curve = audit[(audit["printed"] == name) & (audit["n"] == n)]
                _curve(axes, curve, column, color=colour, linestyle=style)
        axes.set_title(say(f"audit_sees.{column}"))
    names = [say(f"audit_sees.{name.replace(' ', '_')}") for name in printed]
    titled_legend(figure, _solid(panels[0].lines), names, say("audit_sees.title"))
    few, many = sorted(audit["n"].unique())[:2]
    words = say("audit_sees.caption", few=few, many=many, panels=_thousands(audit["panels"]))
    _caption(figure, words)
    return figure


def _side_by_side(count: int, marked: Mapping[str, int]) -> tuple[Figure, list[Axes]]:
    """Panels with experts along and a share up, some numbers of experts marked."""
    figure, grid = new_figure(3.9 * count, 4.4, ncols=count, sharey=True, squeeze=False)
    for axes in grid[0]:
        axes.set(xscale="log", xlabel=say("power.experts"), ylim=(0, 1.02))
        names = {m: str(m) for m in SIZES}
        for name, m in marked.items():
            axes.axvline(m, color=GREY, linewidth=1, zorder=0)
            names[m] = f"{m}\n{say(f'power.{name}')}"
        axes.set_xticks([*names], names.values())
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(lambda y, _: with_decimal_mark(f"{100 * y:.6g}%"))
    return figure, list(grid[0])


def _caption(figure: Figure, words: str) -> None:
    """Where the numbers come from, what is drawn, and what all these figures share."""
    caption(figure, "synthetic", f"{words} {say('power.common')}")


def _thousands(panels: pd.Series) -> str:
    """The fewest panels of any point, its thousands set apart."""
    return f"{panels.min():,}".replace(",", "\u00a0")


def _curve(axes: Axes, points: pd.DataFrame, column: str, width: float = 1.6, **line) -> None:
    """A share by number of experts, two Monte Carlo errors to either side in a band."""
    share, error = points[column], 2 * error_of(points[column], points["panels"])
    axes.plot(points["m"], share, linewidth=width, marker=".", markersize=width + 2.4, **line)
    band = {"color": line["color"], "alpha": 0.2, "linewidth": 0}
    axes.fill_between(points["m"], share - error, share + error, **band)


def _solid(lines: Iterable) -> list:
    """The coloured solid curves among the lines of an axes."""
    return [line for line in lines if line.get_linestyle() == "-" and line.get_color() != GREY]
