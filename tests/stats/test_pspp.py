"""PSPP as an independent witness: W, Friedman and Wilcoxon on random panels.

PSPP prints its output as CSV; eight decimals are asked for, and every printed digit must agree.
"""

import csv
import os
import shutil
import subprocess

import numpy as np
import pytest
from drawn_panels import random_panels

from smartgov.stats import kendall_w, wilcoxon_signed_rank

DECIMALS = 8


@pytest.fixture(scope="module", autouse=True)
def pspp_is_there():
    if shutil.which("pspp"):
        return
    reason = "PSPP is not installed (Debian package pspp); its comparison was not run"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run_pspp(directory, blocks):
    """Run PSPP on (data, commands) blocks; return its output tables as lists of rows."""
    syntax = [f"SET FORMAT=F40.{DECIMALS}."]
    for data, commands in blocks:
        names = [f"v{i + 1}" for i in range(data.shape[1])]
        rows = [" ".join("." if np.isnan(x) else f"{x:g}" for x in row) for row in data]
        syntax += [
            f"DATA LIST LIST NOTABLE /{' '.join(names)}.",
            "BEGIN DATA",
            *rows,
            "END DATA.",
            *commands(names),
        ]
    (directory / "panels.sps").write_text("\n".join(syntax) + "\n")
    subprocess.run(
        ["pspp", "-o", "out.csv", "panels.sps"],
        cwd=directory,
        check=True,
        capture_output=True,
        timeout=60,
    )
    tables, rows = [], list(csv.reader((directory / "out.csv").read_text().splitlines()))
    for row in rows:
        if row and row[0].startswith("Table: "):
            tables.append([])
        elif row and tables:
            tables[-1].append(row)
    return tables


def as_printed(value, like):
    """`value` with as many decimals as PSPP printed, in PSPP's manner of leaving out the 0."""
    text = f"{value:.{len(like.partition('.')[2])}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def assert_printed(value, printed):
    if printed.startswith("< ."):
        assert value < float(printed[2:])
    else:
        assert as_printed(value, printed) == printed


PANELS = [
    *random_panels(20, 25),
    *random_panels(21, 25, gaps=0.06),
    *random_panels(22, 10, values=100),
]


@pytest.fixture(scope="module")
def concordance_tables(tmp_path_factory):
    def commands(names):
        listed = " ".join(names)
        return [f"NPAR TESTS /KENDALL={listed}.", f"NPAR TESTS /FRIEDMAN={listed}."]

    tables = run_pspp(tmp_path_factory.mktemp("pspp"), [(panel, commands) for panel in PANELS])
    assert len(tables) == 4 * len(PANELS)
    return [tables[i : i + 4] for i in range(0, len(tables), 4)]


@pytest.mark.parametrize("i", range(len(PANELS)))
def test_kendall_and_friedman_agree_to_every_printed_digit(concordance_tables, i):
    ranks, kendall, friedman_ranks, friedman = concordance_tables[i]
    ours = kendall_w(PANELS[i])
    for row, mean_rank in zip(ranks[1:], ours.mean_ranks, strict=True):
        assert_printed(mean_rank, row[1])
    printed = {row[0]: row[1] for row in kendall}
    assert int(printed["N"]) == ours.m and int(printed["df"]) == ours.df
    assert_printed(ours.w, printed["Kendall's W"])
    assert_printed(ours.chi2, printed["Chi-Square"])
    assert_printed(ours.p, printed["Asymp. Sig."])
    assert friedman_ranks == ranks
    assert dict(map(tuple, friedman)).items() <= printed.items()


PAIRS = [
    panel[:, :2]
    for panel in [
        *random_panels(30, 30),
        *random_panels(31, 20, gaps=0.1),
        *random_panels(32, 10, values=50),
    ]
    if (panel[:, 0] - panel[:, 1] != 0)[~np.isnan(panel[:, :2]).any(axis=1)].any()
]


@pytest.fixture(scope="module")
def wilcoxon_tables(tmp_path_factory):
    def commands(names):
        return [f"NPAR TESTS /WILCOXON={names[0]} WITH {names[1]} (PAIRED)."]

    tables = run_pspp(tmp_path_factory.mktemp("pspp"), [(pair, commands) for pair in PAIRS])
    assert len(tables) == 2 * len(PAIRS)
    return [tables[i : i + 2] for i in range(0, len(tables), 2)]


@pytest.mark.parametrize("i", range(len(PAIRS)))
def test_wilcoxon_agrees_to_every_printed_digit(wilcoxon_tables, i):
    ranks, statistics = wilcoxon_tables[i]
    ours = wilcoxon_signed_rank(PAIRS[i][:, 1], PAIRS[i][:, 0], method="normal")
    # PSPP ranks v1 - v2; "Negative Ranks" are those where v1 is smaller, our rank_sum_down
    sums = {row[1]: (int(row[2]), row[4]) for row in ranks[1:]}
    assert_printed(ours.rank_sum_down, sums["Negative Ranks"][1] or ".00000000")
    assert_printed(ours.rank_sum_up, sums["Positive Ranks"][1] or ".00000000")
    assert sums["Total"][0] == ours.pairs
    assert sums["Ties"][0] == ours.pairs - ours.moved
    z, p = statistics[1][1], statistics[2][1]
    assert_printed(abs(ours.z), z.removeprefix("-"))
    assert_printed(ours.p, p)
