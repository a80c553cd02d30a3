"""Published results, each with its source in published_results.csv, as its source prints it.

The rows marked contradicted are no false alarms: Schmidt et al. (2001) print mean ranks of 9, 13
and 19 panellists that do not add up to n (n + 1) / 2 or are no multiples of 1/m; Lang et al.
(2018) name sixteen panellists of a round whose mean ranks are multiples of 1/15; and a manual
prints a W above 1.  Both can be checked by hand, and are, below.
"""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from smartgov.audit.printed import parse_printed
from smartgov.audit.table import audit_rows, read_table

PATH = Path(__file__).parent / "published_results.csv"
with PATH.open(encoding="utf-8", newline="") as _file:
    PRINTED = {record["id"]: record for record in csv.DictReader(_file)}
RECORDS = {record["id"]: record for record in audit_rows(read_table(PATH))}


@pytest.mark.parametrize("name", PRINTED)
def test_published_result(name):
    assert PRINTED[name]["source"]
    assert RECORDS[name]["verdict"] == PRINTED[name]["expect"], RECORDS[name]["explanation"]


def test_there_are_enough_of_them():
    expected = [printed["expect"] for printed in PRINTED.values()]
    assert expected.count("consistent") >= 20


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("lang_1", "19"),
        ("lang_2", "15"),
        ("charting", "100"),
        ("optimizers", "10"),
        ("organoids", "6"),
        ("formulations", "25"),
        ("latency", "58"),
        ("report_wb", "3"),
        ("convawg_Avg", "50"),
    ],
)
def test_the_smallest_feasible_panel_of_results_that_do_not_print_it(name, sizes):
    assert PRINTED[name]["m"] == ""
    assert RECORDS[name]["feasible_m"].split(";")[0] == sizes


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("legendre_F", "an F p"),
        ("legendre_permutation", "an exact p"),
        ("legendre_group_1", "an F p"),
        ("optimizers", "an F p"),
        ("organoids", "an exact p"),
    ],
)
def test_other_p_values_are_recognised(name, reading):
    assert reading in RECORDS[name]["explanation"]


def mean_ranks(name):
    return [parse_printed(text) for text in PRINTED[name]["mean_ranks"].split(";")]


@pytest.mark.parametrize("name", [name for name in PRINTED if name.startswith("schmidt")])
def test_the_alarms_of_one_table_by_hand(name):
    # Rank sums are multiples of 1/2, and together m n (n + 1) / 2: either no such sums print the
    # mean ranks, or they cannot add up.
    ranks, m = mean_ranks(name), int(PRINTED[name]["m"])
    n = len(ranks)
    least, most = 0, 0
    for cell in ranks:
        halves = [
            k
            for k in range(2 * m, 2 * m * n + 1)
            if abs(Fraction(k, 2 * m) - cell.value) <= Fraction(1, 200)
        ]
        least, most = least + min(halves, default=10**9), most + max(halves, default=0)
    assert not least <= m * n * (n + 1) <= most


def test_sixteen_panellists_by_hand():
    # 5.20 would be 83.2 of 16; midranks allow half ranks, but 166/32 = 5.19 and 167/32 = 5.22.
    assert not any(round(k / 32, 2) == 5.20 for k in range(32, 500))
    assert round(78 / 15, 2) == 5.20
