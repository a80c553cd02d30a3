"""The panel size that a table as a whole implies."""

import numpy as np
import pytest
from printed_panels import figures_of, random_ratings, row

from smartgov.audit.printed import print_value
from smartgov.audit.row import Reading
from smartgov.audit.table_size import implied_table_size

CHI2 = Reading(p=("chi2",))


def random_table(seed, m, spoiled=()):
    rng = np.random.default_rng(seed)
    table = {}
    for group, n in (("a", 8), ("b", 6), ("c", 5), ("d", 4)):
        table[group] = {}
        for cell in ("x", "y", "z"):
            figures = figures_of(random_ratings(rng, m, n, 9))
            w, p = print_value(figures["W"], 3), print_value(figures["p"], 3)
            if (group, cell) in spoiled:
                p = print_value(figures["p"] + 0.03, 3)
            table[group][cell] = row(W=w, p=p)
    return table


@pytest.mark.parametrize(("seed", "m"), [(0, 13), (1, 9), (2, 17)])
def test_a_table_implies_its_panel(seed, m):
    found = implied_table_size(random_table(seed, m), range(2, 31), range(2, 13), CHI2)
    assert found.m == m
    assert found.support[m] == 12
    assert all(n in found.items[group] for group, n in zip("abcd", (8, 6, 5, 4), strict=True))


def test_spoiled_cells_do_not_count():
    spoiled = {("b", "y"), ("d", "x")}
    found = implied_table_size(random_table(5, 13, spoiled), range(2, 31), range(2, 13), CHI2)
    assert found.m == 13
    assert found.support[13] == 12 - len(spoiled)


def test_a_draw_names_no_size():
    # only one cell, which fits 5 raters of 3 items and 10 of 2 alike
    table = {"a": {"x": row(W="0.40", chi2="4.0")}}
    found = implied_table_size(table, range(2, 31), range(2, 13), CHI2)
    assert found.m is None
    assert found.support[5] == found.support[10] == 1
