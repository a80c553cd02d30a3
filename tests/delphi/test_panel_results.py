"""A panel's own results: worked out by other programs or by hand, and beside the article's."""

import csv
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from drawn_answers import (
    ASKED,
    DIMENSIONS,
    MIDDLE,
    MODEL,
    SMALL,
    W_COLUMNS,
    columns,
    drawn,
    exchanged,
    tidy,
)
from pandas.testing import assert_frame_equal
from quick_p import quick_p
from scipy.stats import friedmanchisquare

from smartgov.article import rounds
from smartgov.article.evidence import FIGURE_OF
from smartgov.article.published import INNER_COMPARISONS
from smartgov.audit.printed import parse_printed
from smartgov.delphi import panel_results
from smartgov.delphi.panel_results import (
    panel_concordance,
    panel_mean_ranks,
    panel_shares,
    panel_w,
    row_concordance,
)
from smartgov.files.layout import PANELS, PUBLISHED
from smartgov.panels import read_panel


@pytest.fixture(autouse=True)
def quick():
    with quick_p():
        yield


@pytest.fixture(scope="module")
def reconstructed():
    return read_panel(PANELS / "reconstructed.csv", MODEL)


@pytest.fixture(scope="module")
def its_concordance(reconstructed):
    with quick_p():
        return panel_concordance(reconstructed, MODEL)


# One row -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_w_chi_square_and_p_are_those_of_friedmans_test(seed):
    items = np.random.default_rng(seed).integers(-3, 4, (7, 5)).astype(float)
    friedman = friedmanchisquare(*items.T)
    found = row_concordance(items)
    assert (found["m"], found["n"]) == (7, 5)
    assert found["chi2"] == pytest.approx(friedman.statistic)
    assert found["p"] == pytest.approx(friedman.pvalue)
    assert found["W"] == pytest.approx(friedman.statistic / (7 * 4))


def test_an_expert_with_a_missing_judgement_is_left_out():
    items = np.random.default_rng(8).integers(-8, 9, (6, 4)).astype(float)
    items[1, 2] = items[4, 0] = np.nan
    assert row_concordance(items) == row_concordance(items[[0, 2, 3, 5]])
    assert row_concordance(items)["chi2"] == pytest.approx(
        friedmanchisquare(*items[[0, 2, 3, 5]].T).statistic
    )


def as_surprising(items) -> Fraction:
    """Share of all arrangements of every expert's judgements with a W at least as large.

    Given the ties, W grows with the sum of squared rank sums, here of doubled midranks.
    """
    ranks = [[sum(b < a for b in row) * 2 + row.count(a) + 1 for a in row] for row in items]
    squares = [
        sum(sum(column) ** 2 for column in zip(*panel, strict=True))
        for panel in product(*map(permutations, ranks))
    ]
    observed = sum(sum(column) ** 2 for column in zip(*ranks, strict=True))
    return Fraction(sum(s >= observed for s in squares), len(squares))


@pytest.mark.parametrize(
    "items",
    [
        [[1, 2, 3], [1, 2, 3], [1, 2, 3]],
        [[-4, 0, 2], [3, -1, 3], [0, 0, 5]],
        [[5, 1, 1], [0, 0, 0], [2, -8, -8], [1, 2, 3]],
        [[1, 5, 2, 8], [0, 0, 4, 7], [3, -1, 3, -1]],
        [[6, 1], [2, 3], [4, -4]],
    ],
)
def test_exact_p_counts_every_arrangement(items):
    found = row_concordance(np.array(items, float))
    assert found["method"] == "exact"
    assert found["p_exact"] == pytest.approx(float(as_surprising(items)), abs=1e-12)


def test_p_by_permutation_is_near_another_draw_of_shuffled_panels(monkeypatch):
    monkeypatch.setattr(panel_results, "PERMUTATIONS", 20_000)
    rng = np.random.default_rng(3)
    items = rng.normal(size=(13, 8)) + 0.2 * np.arange(8)
    found = row_concordance(items, seed=1)
    shuffled = rng.permuted(
        np.tile(items.argsort(axis=1).argsort(axis=1), (4000, 1, 1)), axis=2
    ).sum(axis=1)
    observed = items.argsort(axis=1).argsort(axis=1).sum(axis=0)
    other = ((shuffled**2).sum(axis=1) >= (observed**2).sum()).mean()
    assert found["method"] == "permutation"
    assert 0.001 < other < 0.5, "the panel was drawn to have a p that can be told from 0"
    # Four standard errors of the difference of the two shares.
    assert abs(found["p_exact"] - other) < 4 * np.sqrt(
        other * (1 - other) * (1 / 4000 + 1 / 20_000)
    )
    assert row_concordance(items, seed=1) == found


@pytest.mark.parametrize("m", [3, 4, 7])
def test_w_low_and_w_high_by_deleting_experts_one_by_one(m):
    items = np.random.default_rng(m).integers(-4, 5, (m, 4)).astype(float)
    remaining = [np.delete(items, expert, axis=0) for expert in range(m)]
    w = [friedmanchisquare(*rest.T).statistic / (len(rest) * 3) for rest in remaining]
    found = row_concordance(items)
    assert (found["W_low"], found["W_high"]) == pytest.approx((min(w), max(w)))
    assert found["W_low"] < found["W_high"]


def test_where_w_is_undefined_without_one_expert_there_is_no_range():
    """Only the first tells items apart: without that expert no W, and so no smallest and
    largest."""
    found = row_concordance(np.array([[1.0, 2, 3], [0, 0, 0], [4, 4, 4]]))
    assert found["W"] == pytest.approx(1 / 3) and np.isnan([found["W_low"], found["W_high"]]).all()


def test_two_experts_have_w_and_no_range():
    found = row_concordance(np.array([[1.0, 2, 3], [1, 2, 3]]))
    assert found["W"] == 1 and found["p_exact"] == pytest.approx(1 / 6)
    assert np.isnan(found["W_low"]) and np.isnan(found["W_high"])


@pytest.mark.parametrize(
    "items",
    [
        np.array([[3.0, 1, 2]]),
        np.zeros((4, 3)),
        np.array([[1.0, 1, 1], [5, 5, 5]]),
        np.array([[1.0], [2], [3]]),
        np.full((4, 3), np.nan),
        np.array([[1.0, 2, np.nan], [1, 2, 3]]),
    ],
    ids=[
        "one expert",
        "all equal",
        "all tied",
        "one item",
        "nobody answered",
        "one complete expert",
    ],
)
def test_an_undefined_w_is_nan_and_no_warning(items):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = row_concordance(items)
    assert list(found) == W_COLUMNS
    assert found["m"] == (~np.isnan(items).any(axis=1)).sum() and found["n"] == items.shape[1]
    assert found["method"] == "" and all(
        np.isnan(found[name]) for name in ("W", "chi2", "p", "p_exact", "W_low", "W_high")
    )


# All rows ----------------------------------------------------------------------------------------


def test_rows_are_what_table_4_and_table_3_rank():
    """In a dimension a component against those after it; in the inner ring all three pairs."""
    values = drawn(5, seed=11)
    values[2, 0] = np.nan
    found = panel_concordance(tidy(values), MODEL).set_index(["context", "row"])
    assert len(found) == 3 * 7 + 9
    for dimension in DIMENSIONS:
        block, start = values[:, columns(dimension)], 0
        for place, row in enumerate(MIDDLE[:7]):
            n = 8 - place
            items = block[:, start : start + n]
            expected, start = row_concordance(items), start + n
            assert found.loc[(dimension, row), W_COLUMNS].to_dict() == pytest.approx(expected)
    for row in MIDDLE:
        items = values[:, columns(row)]
        assert found.loc[("Q27", row), "W"] == pytest.approx(
            friedmanchisquare(*items.T).statistic / 10
        )
    assert found.loc[("E1", MIDDLE[0]), "m"] == 4 and found.loc[("E1", MIDDLE[1]), "m"] == 5


@pytest.mark.parametrize("seed", [1, 2])
def test_w_alone_is_the_w_of_the_tested_table(seed):
    values = drawn(4, seed, SMALL)
    values[np.random.default_rng(seed).random(values.shape) < 0.15] = np.nan
    values[:, columns(MIDDLE[1], SMALL)] = 0
    panel = tidy(values, SMALL)
    assert_frame_equal(
        panel_w(panel, SMALL), panel_concordance(panel, SMALL)[["context", "row", "W"]]
    )
    assert_frame_equal(panel_w(panel, SMALL), panel_w(exchanged(panel), SMALL))


def test_printed_figures_are_the_articles_strings(its_concordance):
    printed = {}
    with (PUBLISHED / "table4.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            printed |= {(d, line["row"]): (line[f"{d}.W"], line[f"{d}.p"]) for d in DIMENSIONS}
    with (PUBLISHED / "table3.csv").open(encoding="utf-8") as file:
        printed |= {("Q27", line["row"]): (line["W"], line["p"]) for line in csv.DictReader(file)}
    beside = its_concordance.set_index(["context", "row"])[["printed_W", "printed_p"]]
    assert {
        place: tuple(figures)
        for place, figures in zip(beside.index, beside.to_numpy(), strict=True)
    } == printed


def test_only_the_articles_own_questions_have_its_figures_beside_them():
    renamed = replace(MODEL, components=MODEL.components.rename({"economic_growth": "growth"}))
    panel = tidy(drawn(3, 5), renamed)
    for found in (panel_concordance(panel, renamed), panel_mean_ranks(panel, renamed, "inner")):
        assert not found.filter(like="printed").columns.tolist()


def test_the_reconstructed_panel_prints_table_4_where_that_can_be_printed(
    its_concordance, evidence
):
    """W in every cell of named questions only, and p where it can stand beside that W."""
    found = its_concordance.set_index(["context", "row"])
    compared = {"W": 0, "p": 0}
    for (row, dimension), cell in evidence.dimension_cells.items():
        ours = found.loc[(dimension, row)]
        if cell.n == ours["n"]:
            for figure in ("W", "p") if cell.feasible() else ("W",):
                assert f"{ours[figure]:.3f}".replace(".", ",") == ours[f"printed_{figure}"], (
                    row,
                    dimension,
                    figure,
                )
                compared[figure] += 1
        else:
            assert row == "key_enablers", (
                "the row in which a question stands that the article does not name"
            )
    assert compared == {"W": 18, "p": 14}


def test_the_reconstructed_panel_prints_the_nearest_possible_table_3(
    its_concordance, reconstructed, evidence
):
    rows = its_concordance[its_concordance["context"] == "Q27"].set_index("row")
    means = panel_mean_ranks(reconstructed, MODEL, "inner")
    means["comparison"] = list(INNER_COMPARISONS) * 9
    means = means.set_index(["row", "comparison"])["mean_rank"]
    for row, inner in evidence.inner_ring.items():
        for column, figure in FIGURE_OF.items():
            ours = rows.at[row, column] if column in ("W", "p") else means[row, column]
            printed = inner.row.figures[figure]
            cell = parse_printed(inner.nearest.changed.get(figure, printed.text))
            assert abs(ours - float(cell.value)) <= 0.5 * 10.0**-cell.decimals + 1e-9, (row, figure)


def test_corrected_p_is_holms_over_the_rows_with_a_w():
    values = drawn(5, seed=2, model=SMALL)
    values[:, columns(MIDDLE[1], SMALL)] = 0
    found = panel_concordance(tidy(values, SMALL), SMALL)
    undefined = found["p_exact"].isna()
    assert undefined.sum() == 1 and found.loc[undefined, "p_corrected"].isna().all()
    p = found.loc[~undefined, "p_exact"]
    # Holm (1979): the k-th smallest of s times s - k + 1, never below the one before, at most 1.
    stepped = (p.sort_values() * np.arange(len(p), 0, -1)).cummax().clip(upper=1)
    assert found.loc[stepped.index, "p_corrected"].to_numpy() == pytest.approx(stepped.to_numpy())
    bonferroni = panel_concordance(tidy(values, SMALL), SMALL, correction="bonferroni")
    assert bonferroni.loc[~undefined, "p_corrected"].to_numpy() == pytest.approx(
        (p * len(p)).clip(upper=1).to_numpy()
    )


# Mean ranks --------------------------------------------------------------------------------------


def test_mean_ranks_are_those_of_pandas_and_stand_beside_table_3():
    values = drawn(7, seed=4)
    gap = np.flatnonzero(columns("accountability"))[1]
    values[3, gap] = np.nan
    found = panel_mean_ranks(tidy(values), MODEL, "inner")
    assert list(found) == ["row", "left", "right", "m", "mean_rank", "printed"]
    assert len(found) == 27
    with (PUBLISHED / "table3.csv").open(encoding="utf-8") as file:
        printed = {line["row"]: line for line in csv.DictReader(file)}
    for row, part in found.groupby("row", sort=False):
        answers = pd.DataFrame(values[:, columns(row)]).dropna()
        assert part["mean_rank"].to_numpy() == pytest.approx(answers.rank(axis=1).mean().to_numpy())
        assert (part["m"] == len(answers)).all()
        assert part["printed"].tolist() == [printed[row][name] for name in INNER_COMPARISONS]
    assert found.groupby("row")["mean_rank"].sum().to_numpy() == pytest.approx(6.0)
    assert found.loc[found["row"] == "accountability", "m"].eq(6).all()


def test_mean_ranks_of_one_expert_by_hand():
    values = np.zeros((1, len(ASKED)))
    values[0, columns("policy_making")] = (3, -2, 3)
    found = panel_mean_ranks(tidy(values), MODEL, "inner").set_index("row")["mean_rank"]
    assert found["policy_making"].tolist() == [2.5, 1, 2.5]
    assert found["economic_growth"].tolist() == [2, 2, 2]


# Shares ------------------------------------------------------------------------------------------


def test_shares_of_the_reconstructed_panel_are_table_2(reconstructed, evidence):
    ours, printed = panel_shares(reconstructed, MODEL), rounds.printed_shares(evidence)
    assert_frame_equal(ours.reset_index(drop=True), printed, check_dtype=False)


def test_shares_count_what_was_answered_with_wilsons_interval():
    values = np.ones((2, len(ASKED)))
    values[1, columns("E1")] = np.nan
    values[1, np.flatnonzero(columns("E1"))[:10]] = (0, 0, 0, 0, 0, 0, 0, 2, 3, 4)
    found = panel_shares(tidy(values), MODEL, confidence=0.95).set_index(["expert", "column"])
    cell = found.loc[("expert_02", "E1")]
    assert (cell["count"], cell["n"], cell["share"]) == (7, 10, 0.7)
    # Wilson (1927): centre (k + z²/2) / (n + z²), half-width z sqrt(k (n - k) / n + z²/4) / (n +
    # z²).
    z = 1.959963984540054
    half = z * np.sqrt(7 * 3 / 10 + z**2 / 4) / (10 + z**2)
    centre = (7 + z**2 / 2) / (10 + z**2)
    assert (cell["low"], cell["high"]) == pytest.approx((centre - half, centre + half))


@pytest.mark.parametrize(("expert", "unanswered"), [(2, "E2"), (0, "E1")])
def test_experts_with_the_most_equal_judgements_come_first_and_columns_are_table_2s(
    expert, unanswered
):
    """Whoever left a column out, in the panel's order or in the table's."""
    values = np.ones((3, len(ASKED)))
    values[1, 100:105], values[2, 100:109] = 0, 0
    values[expert, columns(unanswered)] = np.nan
    found = panel_shares(tidy(values), MODEL)
    assert list(dict.fromkeys(found["expert"][found["column"] == "E3"])) == [
        "expert_03",
        "expert_02",
        "expert_01",
    ]
    assert (
        unanswered not in set(found.loc[found["expert"] == f"expert_0{expert + 1}", "column"])
        and len(found) == 11
    )
    assert list(dict.fromkeys(found["column"])) == ["E1", "E2", "E3", "Q27"]
