"""The sweep: counts that add up in any order, and committed tables that its seed gives again."""

import random

import numpy as np
import pandas as pd
import pytest

from smartgov.app.sweeping import PLACES, SEED, equal_shares
from smartgov.article.evidence import Evidence
from smartgov.audit.fitting import printable
from smartgov.design import sweep
from smartgov.design.audit_power import PRINTED, READING, _printed_row, seen
from smartgov.design.draws import drawn_ratings
from smartgov.files.layout import SWEEP
from smartgov.stats import kendall_w

SMALL = {
    "power": {"n": (2, 3), "m": (3, 5), "rho": (0.0, 0.5), "ties": ("none", "table2")},
    "order": {"n": (3,), "m": (5,), "range": (4,), "noise": (0.8,)},
    "audit": {"n": (3,), "m": (5,), "printed": ("mean ranks",)},
}
FEW = {"power": (3, 200), "order": (2, 200), "audit": (2, 20)}


@pytest.fixture(scope="module")
def shares():
    return equal_shares(Evidence())


def counted(tasks):
    return [(task, sweep.counted(task)) for task in tasks]


def test_any_order_gives_the_same_tables(shares):
    tasks = sweep.tasks(1, shares, SMALL, FEW)
    in_order = sweep.tables(counted(tasks), SMALL)
    random.Random(4).shuffle(tasks)
    shuffled = sweep.tables(counted(tasks), SMALL)
    for part, table in in_order.items():
        pd.testing.assert_frame_equal(table, shuffled[part], check_exact=True)


def test_every_block_is_drawn_anew(shares):
    results = [
        sweep.counted(task)["w"]
        for task in sweep.tasks(1, shares, SMALL, FEW)
        if task.part == "power"
    ]
    assert len(set(results)) == len(results)


def test_every_point_and_panel_is_there(shares):
    tables = sweep.tables(counted(sweep.tasks(1, shares, SMALL, FEW)), SMALL)
    assert len(tables["power"]) == 16 and set(tables["power"]["panels"]) == {600}
    assert list(tables["order"].columns)[:4] == ["n", "m", "range", "noise"]


def test_the_shares_are_those_of_table_2(shares):
    assert len(shares) == 13 and shares.count(0.0) == 5
    assert max(shares) == pytest.approx(0.86, abs=0.005)


def test_the_whole_sweep_has_its_hundred_million_panels():
    panels = sum(int(pd.read_csv(SWEEP / f"{part}.csv")["panels"].sum()) for part in sweep.WHOLE)
    assert panels >= 10**8


@pytest.mark.parametrize(
    ("part", "point"),
    [
        ("power", {"n": 2, "m": 3, "rho": 0.1, "ties": "none"}),
        ("power", {"n": 4, "m": 13, "rho": 0.3, "ties": "table2"}),
        ("order", {"n": 3, "m": 13, "range": 4, "noise": 0.8}),
    ],
)
def test_the_committed_tables_come_from_their_seed(shares, part, point):
    grid = {part: {name: (value,) for name, value in point.items()}}
    table = sweep.tables(counted(sweep.tasks(SEED, shares, grid)), grid)[part].round(PLACES)
    committed = pd.read_csv(SWEEP / f"{part}.csv")
    row = committed[(committed[list(point)] == pd.Series(point)).all(axis=1)]
    assert len(row) == 1
    found = table.reindex(columns=committed.columns)
    pd.testing.assert_frame_equal(found, row.reset_index(drop=True), check_dtype=False)


def test_committed_power_rises_with_agreement_and_experts():
    power = pd.read_csv(SWEEP / "power.csv")
    for _, curve in power[power["m"] >= 5].groupby(["n", "m", "ties"]):
        assert curve.sort_values("rho")["chi2_0.05"].is_monotonic_increasing
    needed = sweep.experts_needed(power)
    filled = needed.fillna(61).astype(int)
    assert (filled.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)


@pytest.mark.parametrize("printed", PRINTED)
def test_the_audit_never_denies_a_true_row(printed):
    generator = np.random.default_rng(1)
    for ratings in drawn_ratings(generator, 30, 7, 4, 0.2, (0.0, 0.6)):
        assert printable(_printed_row(kendall_w(ratings), printed), READING)
    counts = seen(generator, 30, 5, 3, printed, 0.2, (0.0, 0.6))
    assert counts["identified"] <= counts["smallest"] <= counts["panels"] == 30
    assert counts["detected"] > 20
