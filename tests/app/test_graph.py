"""Tasks on a real scheduler with worker processes: same results whatever happens on the way."""

import json
import os
import signal
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from smartgov.app.graph import computed
from smartgov.app.sweeping import run_sweep
from smartgov.app.verbs import main
from smartgov.delphi.comparison import compare_panels
from smartgov.design import sweep
from smartgov.model import read_model

GRID = {
    "power": {"n": (2, 3), "m": (3, 5), "rho": (0.0, 0.5), "ties": ("none", "table2")},
    "order": {"n": (3,), "m": (5,), "range": (4,), "noise": (0.8,)},
    "audit": {"n": (3,), "m": (5,), "printed": ("mean ranks",)},
}
FEW = {"power": (2, 100), "order": (2, 100), "audit": (1, 10)}


def squared(number):
    return number * number


def squared_once_killed(argument):
    """The first to come here kills its worker; whoever comes later works."""
    number, marker = argument
    if number == 3 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return squared(number)


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    local = {"dashboard_address": ":0", "host": "127.0.0.1", "threads_per_worker": 1}
    with LocalCluster(n_workers=2, **local) as running:
        yield running


def test_results_are_those_of_the_function_in_the_order_of_the_arguments(cluster):
    arguments = {f"k{number}": number for number in (5, 3, 9, 1)}
    found = computed(squared, arguments, scheduler=cluster.scheduler_address)
    assert list(found.items()) == [("k5", 25), ("k3", 9), ("k9", 81), ("k1", 1)]


def test_a_killed_worker_costs_only_time(cluster, tmp_path):
    arguments = {str(number): (number, str(tmp_path / "killed")) for number in range(8)}
    found = computed(squared_once_killed, arguments, scheduler=cluster.scheduler_address)
    assert (tmp_path / "killed").exists()
    assert found == {str(number): squared(number) for number in range(8)}


def test_a_sweep_is_the_same_on_one_worker_and_on_a_cluster_of_two(cluster, tmp_path):
    run_sweep(tmp_path / "one", grid=GRID, panels=FEW, workers=1)
    run_sweep(tmp_path / "two", grid=GRID, panels=FEW, scheduler=cluster.scheduler_address)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert set(bytes_of(tmp_path / "one")) == {f"{part}.csv" for part in sweep.WHOLE}


def test_what_was_kept_is_not_computed_again(cluster, tmp_path):
    store = tmp_path / "store.jsonl"
    computed(squared, {"a": 2}, scheduler=cluster.scheduler_address, store=store)
    kept = store.read_text()
    store.write_text(kept.replace("4", "40") + '["b", 9')  # the second line was cut by a kill
    found = computed(squared, {"a": 2, "b": 3}, scheduler=cluster.scheduler_address, store=store)
    assert found == {"a": 40, "b": 9}
    assert [json.loads(line) for line in store.read_text().splitlines()] == [["a", 40], ["b", 9]]


def test_an_address_without_a_scheduler_is_one_sentence():
    with pytest.raises(ValueError, match=r"SCHEDULER=tcp://127.0.0.1:9: no scheduler answers"):
        computed(squared, {"a": 2}, scheduler="tcp://127.0.0.1:9")


def test_rows_of_a_table_are_judged_the_same_on_workers(cluster, tmp_path):
    rows = [f"{k},{3 + k % 9},{2 + k % 5},0.{k % 10}{k % 7},,,0.0{k % 9}," for k in range(450)]
    table = tmp_path / "rows.csv"
    table.write_text("id,m,n,W,chi2,df,p,mean_ranks\n" + "\n".join(rows) + "\n")
    main(["audit", str(table), str(tmp_path / "here.csv")])
    where = ["--scheduler", cluster.scheduler_address]
    main(["audit", *where, str(table), str(tmp_path / "there.csv")])
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_many_panels_are_drawn_and_compared_the_same_on_workers(cluster, tmp_path):
    where = ["--scheduler", cluster.scheduler_address]
    for name, options in {"here": [], "there": where}.items():
        main(["reconstruct", "--count", "3", "--out", str(tmp_path / name), *options])
    assert bytes_of(tmp_path / "here") == bytes_of(tmp_path / "there")
    found = compare_panels(tmp_path / "here", read_model())
    each = partial(computed, scheduler=cluster.scheduler_address)
    for one, other in zip(
        found, compare_panels(tmp_path / "here", read_model(), each), strict=True
    ):
        pd.testing.assert_frame_equal(one, other)
