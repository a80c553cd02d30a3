"""Figures of notebook 08: the level that is drawn, and the panel sizes that are marked."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from smartgov.design.sweep import WHOLE
from smartgov.files.layout import SWEEP
from smartgov.present import design_figures as figures

MARKED = {"stated": 3, "implied": 13}


@pytest.fixture
def parts():
    yield {part: pd.read_csv(SWEEP / f"{part}.csv") for part in WHOLE}
    plt.close("all")


def drawn_curves(axes):
    return [line for line in axes.lines if line.get_marker() == "."]


def drawn(parts):
    order = parts["order"].query("range == 4")
    ratios = dict.fromkeys(WHOLE["order"]["noise"], (0.1, 0.2))
    return [
        figures.draw_power(parts["power"], (3, 6), MARKED),
        figures.draw_false_alarms(parts["power"], (3, 6), MARKED),
        figures.draw_true_order(order, (3, 9), ratios, MARKED),
        figures.draw_audit_sees(parts["audit"], MARKED),
    ]


def test_the_articles_panels_are_marked_and_every_curve_has_its_error(parts):
    for figure in drawn(parts):
        for axes in figure.axes:
            names = {tick.get_text() for tick in axes.get_xticklabels()}
            assert {"3\nstated", "13\nimplied"} <= names
            assert len(drawn_curves(axes)) == len(axes.collections) > 0


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_the_level_that_is_asked_for_is_drawn(parts, alpha):
    table = parts["power"]
    power = figures.draw_power(table, (3,), MARKED, alpha).axes[0]
    alarms = figures.draw_false_alarms(table, (3,), MARKED, alpha).axes[0]
    for axes, rho in ((power, 0.7), (alarms, 0.0)):
        assert f"p < {alpha:g}" in axes.get_ylabel()
        ticks = [tick.get_text() for tick in axes.get_yticklabels()]
        assert len(set(ticks)) == len(ticks), "no two are rounded to one"
        assert axes.get_ylim()[1] >= max(y for line in drawn_curves(axes) for y in line.get_ydata())
        there = (table["n"] == 3) & (table["rho"] == rho) & (table["ties"] == "table2")
        curve = table.loc[there, f"chi2_{alpha}"]
        assert any(list(line.get_ydata()) == curve.tolist() for line in axes.lines)
