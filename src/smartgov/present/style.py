"""How every figure looks, says where it comes from, and is written."""

from __future__ import annotations

import textwrap
from functools import cache
from io import BytesIO
from itertools import cycle
from math import ceil
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import Image
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from smartgov.files.layout import output
from smartgov.files.spreadsheet_safety import csv_text
from smartgov.files.writing import staged
from smartgov.model import Model
from smartgov.words import chosen_language, say, with_decimal_mark

# Okabe and Ito (2008), told apart with every common colour blindness.
BLUE, SKY, GREEN, ORANGE, VERMILLION = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00"
PURPLE, GREY, SOFT, INK = "#7A5195", "#9A9A9A", "#555555", "#222222"
DIMENSION_COLOURS = {"E1": BLUE, "E2": ORANGE, "E3": GREEN, "Q27": PURPLE}
COLUMN_COLOURS = (*DIMENSION_COLOURS.values(), SKY, VERMILLION)
COMPARISON_COLOURS = (BLUE, ORANGE, PURPLE, GREEN, VERMILLION, SKY)
VERDICT_COLOURS = {
    "reproduced": BLUE,
    "consistent": "#A6CEE3",
    "contradicted": VERMILLION,
    "unsupported": "#F0C75E",
    "not_checkable": "#CFCFCF",
}
ARTICLE = {"marker": "D", "color": "#8A8A8A"}
"""Mark of the article's figures beside a panel's own."""
NOTE = {"fontsize": 8.5, "color": SOFT}
PROVENANCES = ("printed", "recomputed", "reconstructed", "synthetic", "your panel")
DPI, PRINT_DPI = 144, 300
AS_IMAGE = 1000
"""Experts beyond whom their marks are an image in SVG and PDF, which would be large and slow."""


@cache
def _use_own_fonts() -> None:
    """DejaVu as it comes with matplotlib: a machine's own, of another version, draws otherwise."""
    fonts = font_manager.fontManager
    fonts.ttflist = [font for font in fonts.ttflist if not font.name.startswith("DejaVu")]
    for path in sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("DejaVu*.ttf")):
        fonts.addfont(path)


def use_style() -> None:
    """Set the look of all figures; called by every drawing function."""
    _use_own_fonts()
    sns.set_theme(
        context="notebook",
        style="ticks",
        font="DejaVu Sans",
        rc={
            "svg.hashsalt": "smartgov",
            "svg.fonttype": "path",
            "figure.dpi": DPI,
            "savefig.dpi": DPI,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.labelsize": 10,
            "xtick.labelsize": 9.5,
            "ytick.labelsize": 9.5,
            "legend.frameon": False,
            "text.color": INK,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        },
    )


def new_figure(width: float, height: float, **subplots) -> tuple[Figure, object]:
    """A figure of `width` × `height` inches in the house style, laid out without overlaps."""
    use_style()
    figure, axes = plt.subplots(figsize=(width, height), layout="constrained", **subplots)
    for each in figure.axes:
        for axis in (each.xaxis, each.yaxis):
            axis.set_major_formatter(_Ticks())
    return figure, axes


class _Ticks(ScalarFormatter):
    """Numbers along an axis with the decimal mark of the chosen language."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return with_decimal_mark(super().__call__(x, pos))


def context_colours(model: Model) -> dict[str, str]:
    """A colour a column of Table 2 and, of a further ring, the same for each of its contexts."""
    by_column = dict(zip(model.columns, cycle(COLUMN_COLOURS), strict=False))
    return by_column | {group.context: by_column[group.column] for group in model.groups()}


def heading(model: Model, place: str, width: int = 24) -> str:
    """Name of a column or context over its panel, on lines of so many letters."""
    name = model.title(place, chosen_language()).replace(" (", "\N{NO-BREAK SPACE}(")
    return textwrap.fill(name, width).replace("\N{NO-BREAK SPACE}", " ")


IN_A_ROW = 5
"""Most panels side by side."""


def panels_in_rows(
    count: int, height: float, each: float, label: str, margin: float = 3.1
) -> tuple[Figure, list[Axes]]:
    """A figure of panels with common axes; `height` inches a row, `label` below the first."""
    columns, rows = min(count, IN_A_ROW), ceil(count / IN_A_ROW)
    figure, grid = new_figure(
        max(7.4, margin + each * columns),
        height * rows,
        nrows=rows,
        ncols=columns,
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    grid[-1, 0].set_xlabel(label, loc="left")
    for place, empty in enumerate(grid.flat[count:], start=count):
        empty.set_axis_off()
        grid.flat[place - columns].tick_params(labelbottom=True)
    return figure, list(grid.flat[:count])


def title_over_all(figure: Figure, title: str) -> None:
    """The figure's title, at the left above its panels."""
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)


def titled_legend(
    figure: Figure, handles: list, labels: list[str], title: str, fontsize: float = 9, **legend
) -> None:
    """The figure's title with the legend under it, on one line where it fits."""
    figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=min(len(labels), max(3, int(figure.get_figwidth() / 2.6))),
        fontsize=fontsize,
        title=title,
        title_fontproperties={"weight": "bold", "size": 12},
        alignment="left",
        **legend,
    )


def without_frame(axes: Axes, **ticks) -> None:
    """Labels without ticks, and no lines around a table that is drawn."""
    axes.tick_params(length=0, **ticks)
    axes.spines[:].set_visible(False)


def span(counts: pd.Series) -> str:
    """How many there are, the fewest and the most where they differ."""
    fewest, most = counts.min(), counts.max()
    return f"{most}" if fewest == most else f"{fewest}–{most}"


def caption(figure: Figure, provenance: str, detail: str) -> None:
    """Write under the figure where its numbers come from.

    Raises
    ------
    ValueError
        If `provenance` is not one of :data:`PROVENANCES`.
    """
    if provenance not in PROVENANCES:
        raise ValueError(f"provenance {provenance!r} is none of {PROVENANCES}.")
    letters_an_inch = 14.5 if chosen_language() == "en" else 13.5  # Cyrillic letters are wider
    words = f"{say('provenance.' + provenance.replace(' ', '_'))} — {detail}"
    figure.supxlabel(
        "\n".join(textwrap.wrap(words, int(figure.get_figwidth() * letters_an_inch))),
        x=0.01,
        ha="left",
        fontsize=8.5,
        color=SOFT,
    )


def save_figure(
    axes, name: str, numbers: pd.DataFrame, folder: Path | None = None, for_print: bool = False
) -> Image:
    """Write a figure as ``figures/NAME.svg`` and ``.png`` and its numbers as ``.csv``.

    Parameters
    ----------
    axes : Axes or Figure
        What a drawing function returned.
    name : str
        ``NN_name``, NN the number of the notebook.
    numbers : pandas.DataFrame
        The plotted numbers.
    folder : Path, optional
        Another folder than ``figures/`` of the output; it must exist.
    for_print : bool
        As journals ask for it: also ``.pdf``, and the PNG at 300 dots an inch.

    Returns
    -------
    IPython.display.Image
        The PNG as written, for the notebook to show.
    """
    figure = axes if isinstance(axes, Figure) else axes.figure
    png = folder / f"{name}.png" if folder else output("figures", f"{name}.png")
    drawn = {"svg.hashsalt": "smartgov", "svg.fonttype": "path", "pdf.fonttype": 42}
    with mpl.rc_context(drawn), staged(png.parent) as new:
        dpi = PRINT_DPI if for_print else DPI
        figure.savefig(new / png.name, dpi=dpi, metadata={"Software": None})
        figure.set_layout_engine("none")  # the PNG's layout stays, which saves finding it again
        figure.savefig(new / f"{name}.svg", metadata={"Date": None, "Creator": "smartgov"})
        if for_print:
            undated = dict.fromkeys(("CreationDate", "Creator", "Producer"))
            figure.savefig(new / f"{name}.pdf", metadata=undated)
        shown = csv_text(numbers, float_format="%.10g")
        (new / f"{name}.csv").write_text(shown, encoding="utf-8")
    plt.close(figure)
    return Image(filename=str(png), width=int(figure.get_figwidth() * 96))


def show_small(axes) -> Image:
    """A figure as a small picture that is written nowhere: of a panel shown as an example."""
    figure, png = axes if isinstance(axes, Figure) else axes.figure, BytesIO()
    figure.savefig(png, format="png", dpi=72, metadata={"Software": None})
    plt.close(figure)
    return Image(data=png.getvalue(), width=int(figure.get_figwidth() * 60))
