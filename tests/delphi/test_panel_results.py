"""A panel's own results: worked out by other programs or by hand, and what must not change them."""

import csv
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import friedmanchisquare, wilcoxon

from smartgov.article import rounds
from smartgov.article.evidence import FIGURE_OF
from smartgov.audit.printed import parse_printed
from smartgov.delphi import panel_results
from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    component_scores,
    dimension_shares,
    dimension_tests,
    expert_consistency,
    group_matrices,
    panel_concordance,
    panel_mean_ranks,
    panel_priorities,
    panel_shares,
    panel_w,
    row_concordance,
)
from smartgov.files.layout import PANELS, PUBLISHED
from smartgov.model import questionnaire, read_model
from smartgov.panels import first_round, read_panel
from smartgov.stats import significance

FIELDS = ["expert", "round", "context", "left", "right", "favours", "intensity"]
TURNED = {"left": "right", "right": "left", "equal": "equal"}
MODEL = read_model()
MIDDLE, INNER, DIMENSIONS = MODEL.ring("middle"), MODEL.ring("inner"), list(MODEL.dimensions.index)
ASKED = questionnaire(MODEL)
SMALL = replace(MODEL, components=MODEL.components.loc[[*MIDDLE[:3], *INNER]])
"""Three components in either ring, so that a dimension has three questions."""
W_COLUMNS = ["m", "n", "W", "chi2", "p", "p_exact", "method", "W_low", "W_high"]
RANDOM_INDEX_OF_NINE = 1.45
"""Saaty (1980), nine items."""


def tidy(values, model=MODEL) -> pd.DataFrame:
    """Signed values, experts × the model's questions, one judgement a row; NaN has none."""
    questions = list(
        questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    )
    rows = [
        (
            f"expert_{number:02d}",
            1,
            *question,
            "left" if value > 0 else "right" if value < 0 else "equal",
            int(abs(value)) + 1,
        )
        for number, answers in enumerate(np.asarray(values, float), start=1)
        for question, value in zip(questions, answers, strict=True)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows, columns=FIELDS)


def drawn(m: int, seed: int, model=MODEL) -> np.ndarray:
    """Signed values with a fifth of them equal."""
    rng = np.random.default_rng(seed)
    values = rng.integers(-8, 9, (m, len(questionnaire(model)))).astype(float)
    return np.where(rng.random(values.shape) < 0.2, 0, values)


def columns(context: str, model=MODEL) -> np.ndarray:
    return (questionnaire(model)["context"] == context).to_numpy()


def mirrored(panel: pd.DataFrame) -> pd.DataFrame:
    """Every judgement the other way round."""
    return panel.assign(favours=panel["favours"].map(TURNED))


def exchanged(panel: pd.DataFrame) -> pd.DataFrame:
    """The same judgements with both alternatives in each other's place."""
    return mirrored(panel).rename(columns={"left": "right", "right": "left"})[FIELDS]


def relabelled(panel: pd.DataFrame) -> pd.DataFrame:
    """Experts under other names, in another order."""
    names = panel["expert"].unique()
    new = dict(zip(names, [f"expert_{91 - place}" for place in range(len(names))], strict=True))
    return panel.assign(expert=panel["expert"].map(new)).sort_values(
        "expert", kind="stable", ignore_index=True
    )


def principal(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Principal eigenvector, adding up to 1, and eigenvalue, by LAPACK."""
    values, vectors = np.linalg.eig(matrix)
    place = values.real.argmax()
    vector = np.abs(vectors[:, place].real)
    return vector / vector.sum(), float(values[place].real)


def matrix_of(answers: np.ndarray, k: int) -> np.ndarray:
    """One expert's reciprocal matrix from signed values in the order of the upper triangle."""
    matrix = np.eye(k)
    for (i, j), value in zip(combinations(range(k), 2), answers, strict=True):
        matrix[i, j] = abs(value) + 1 if value >= 0 else 1 / (abs(value) + 1)
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Exact p-values of small rows only, and few shuffled panels for the others."""
    monkeypatch.setattr(significance, "AFFORDABLE_STEPS", 1e6)
    monkeypatch.setattr(panel_results, "PERMUTATIONS", 199)


@pytest.fixture(scope="module")
def reconstructed():
    return read_panel(PANELS / "reconstructed.csv", MODEL)


@pytest.fixture(scope="module")
def its_concordance(reconstructed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(significance, "AFFORDABLE_STEPS", 1e6)
        patch.setattr(panel_results, "PERMUTATIONS", 199)
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
        panel_w(panel, SMALL), panel_concordance(panel, SMALL)[["context", "row", "W", "printed_W"]]
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


def test_a_row_the_article_does_not_print_has_nothing_beside_it():
    renamed = replace(MODEL, components=MODEL.components.rename({"economic_growth": "growth"}))
    found = panel_concordance(tidy(drawn(3, 5), renamed), renamed)
    assert (found.loc[found["row"] == "growth", ["printed_W", "printed_p"]] == "").all(axis=None)
    assert (found.loc[found["row"] != "growth", ["printed_W", "printed_p"]] != "").all(axis=None)


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
    means = panel_mean_ranks(reconstructed, MODEL).set_index(["row", "comparison"])["mean_rank"]
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
    found = panel_mean_ranks(tidy(values), MODEL)
    assert list(found) == ["row", "comparison", "m", "mean_rank", "printed"] and len(found) == 27
    with (PUBLISHED / "table3.csv").open(encoding="utf-8") as file:
        printed = {line["row"]: line for line in csv.DictReader(file)}
    for row, part in found.groupby("row", sort=False):
        answers = pd.DataFrame(values[:, columns(row)]).dropna()
        assert part["mean_rank"].to_numpy() == pytest.approx(answers.rank(axis=1).mean().to_numpy())
        assert (part["m"] == len(answers)).all()
        assert part["printed"].tolist() == [printed[row][name] for name in part["comparison"]]
    assert found.groupby("row")["mean_rank"].sum().to_numpy() == pytest.approx(6.0)
    assert found.loc[found["row"] == "accountability", "m"].eq(6).all()


def test_mean_ranks_of_one_expert_by_hand():
    values = np.zeros((1, len(ASKED)))
    values[0, columns("policy_making")] = (3, -2, 3)
    found = panel_mean_ranks(tidy(values), MODEL).set_index(["row", "comparison"])["mean_rank"]
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
    found = panel_shares(tidy(values), MODEL, level=0.95).set_index(["expert", "column"])
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


# Priorities --------------------------------------------------------------------------------------

WEIGHTS = np.array([4, 8, 1, 2, 8, 4, 2, 1, 4])
"""Of the middle ring; each ratio is on Saaty's scale, so that judgements can be consistent."""


def consistent(weights, k: int = 9) -> np.ndarray:
    """Signed values of an expert whose judgements are the weights' ratios."""
    ratios = [weights[i] / weights[j] for i, j in combinations(range(k), 2)]
    return np.array([ratio - 1 if ratio >= 1 else 1 - 1 / ratio for ratio in ratios])


def consistent_panel(m: int = 3) -> np.ndarray:
    values = np.zeros((m, len(ASKED)))
    for dimension in DIMENSIONS:
        values[:, columns(dimension)] = consistent(WEIGHTS)
    return values


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 35), min_size=1, max_size=8, unique=True))
def test_a_consistent_experts_gaps_are_filled_with_the_consistent_ratios(gaps):
    values = consistent_panel(2)
    places = np.flatnonzero(columns("E2"))[gaps]
    values[0, places] = np.nan
    linked = np.isfinite(matrix_of(np.where(np.isin(range(36), gaps), np.nan, 0), 9)).astype(int)
    whole = (np.linalg.matrix_power(linked, 8) > 0).all()
    experts, matrices = group_matrices(tidy(values), MODEL, "E2")
    assert experts == (["expert_01"] if whole else []) + ["expert_02"]
    assert matrices.shape == (len(experts), 9, 9)
    ratios = WEIGHTS[:, None] / WEIGHTS[None, :]
    assert matrices == pytest.approx(np.broadcast_to(ratios, matrices.shape))


def test_an_expert_whose_comparisons_do_not_link_all_components_is_left_out():
    values = consistent_panel(3)
    about_first = ASKED["left"].eq(MIDDLE[0]) | ASKED["right"].eq(MIDDLE[0])
    values[1, (columns("E1") & about_first)] = np.nan
    panel = tidy(values)
    assert group_matrices(panel, MODEL, "E1")[0] == ["expert_01", "expert_03"]
    assert group_matrices(panel, MODEL, "E2")[0] == ["expert_01", "expert_02", "expert_03"]
    one_link = tidy(np.where((columns("E1") & (ASKED["right"] == MIDDLE[1])), 3.0, values))
    assert group_matrices(one_link, MODEL, "E1")[0] == ["expert_01", "expert_02", "expert_03"]


def test_answers_that_were_given_stay_as_they_are():
    values = drawn(4, seed=9)
    values[0, np.flatnonzero(columns("E3"))[[2, 20]]] = np.nan
    _, matrices = group_matrices(tidy(values), MODEL, "E3")
    for answers, matrix in zip(values[:, columns("E3")], matrices, strict=True):
        given = matrix_of(answers, 9)
        assert matrix[~np.isnan(given)].tolist() == given[~np.isnan(given)].tolist()
        assert matrix * matrix.T == pytest.approx(np.ones((9, 9)))


PRIORITIES = [
    "dimension",
    "row",
    "priority",
    "low",
    "high",
    "rank",
    "experts",
    "completed",
    "median_cr",
]


@pytest.mark.parametrize("m", [4, 5])
def test_priorities_are_the_eigenvector_of_geometric_means(m):
    values = drawn(m, seed=21)
    found = panel_priorities(tidy(values), MODEL)
    assert list(found) == PRIORITIES and FEWEST_FOR_INTERVAL == 5
    for dimension, part in found.groupby("dimension", sort=False):
        matrices = np.array([matrix_of(answers, 9) for answers in values[:, columns(dimension)]])
        vector, _ = principal(matrices.prod(axis=0) ** (1 / m))
        ratios = [(principal(matrix)[1] - 9) / 8 / RANDOM_INDEX_OF_NINE for matrix in matrices]
        assert part["row"].tolist() == MIDDLE
        assert part["priority"].to_numpy() == pytest.approx(vector)
        assert part["rank"].tolist() == pd.Series(-vector).rank().astype(int).tolist()
        assert part["median_cr"].to_numpy() == pytest.approx(np.median(ratios))
        assert (part["experts"] == m).all() and (part["completed"] == 0).all()
        if m < FEWEST_FOR_INTERVAL:
            assert part[["low", "high"]].isna().all(axis=None), "too few experts to draw from"
        else:
            assert (part["low"] < part["high"]).all()


def test_experts_of_one_mind_have_no_width_and_share_ranks():
    found = panel_priorities(tidy(consistent_panel(5)), MODEL)
    part = found[found["dimension"] == "E1"]
    assert part["priority"].to_numpy() == pytest.approx(WEIGHTS / WEIGHTS.sum())
    for end in ("low", "high"):
        assert part[end].to_numpy() == pytest.approx(part["priority"].to_numpy())
    assert part["rank"].tolist() == [3, 1, 8, 6, 1, 3, 6, 8, 3]
    assert part["median_cr"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_experts_with_gaps_are_counted_and_are_in_no_median_of_consistency():
    values = drawn(4, seed=22)
    values[0, np.flatnonzero(columns("E1"))[3]] = np.nan
    values[:, np.flatnonzero(columns("E2"))[5]] = np.nan
    found = (
        panel_priorities(tidy(values), MODEL).drop_duplicates("dimension").set_index("dimension")
    )
    assert found["completed"].to_dict() == {"E1": 1, "E2": 4, "E3": 0}
    ratios = expert_consistency(tidy(values), MODEL)
    assert found.at["E1", "median_cr"] == pytest.approx(np.median(ratios["E1"][1:]))
    assert np.isnan(found.at["E2", "median_cr"])


def test_a_wider_level_gives_wider_intervals():
    panel = tidy(drawn(5, seed=1, model=SMALL), SMALL)
    narrow, wide = (panel_priorities(panel, SMALL, level=level) for level in (0.5, 0.99))
    assert ((wide["low"] <= narrow["low"]) & (narrow["high"] <= wide["high"])).all()
    assert ((wide["high"] - wide["low"]) > (narrow["high"] - narrow["low"])).any()


def test_consistency_ratio_of_every_expert_by_lapack():
    values = drawn(3, seed=6)
    values[1, np.flatnonzero(columns("E2"))[0]] = np.nan
    values[2, columns("E1")] = consistent(WEIGHTS)
    found = expert_consistency(tidy(values), MODEL)
    assert list(found) == DIMENSIONS and list(found.index) == [
        "expert_01",
        "expert_02",
        "expert_03",
    ]
    assert np.isnan(found.at["expert_02", "E2"]) and found.isna().sum().sum() == 1
    assert found.at["expert_03", "E1"] == pytest.approx(0, abs=1e-9)
    for place, expert in enumerate(found.index):
        for dimension in DIMENSIONS:
            answers = values[place, columns(dimension)]
            if not np.isnan(answers).any():
                ratio = (principal(matrix_of(answers, 9))[1] - 9) / 8 / RANDOM_INDEX_OF_NINE
                assert found.at[expert, dimension] == pytest.approx(ratio, abs=1e-9)


# Scores ------------------------------------------------------------------------------------------


def test_scores_by_hand():
    """Two experts, three components a, b, c; questions a:b, a:c, b:c."""
    values = np.zeros((2, len(questionnaire(SMALL))))
    values[:, columns("E1", SMALL)] = [[2, 4, -1], [0, -2, 5]]
    scores = component_scores(tidy(values, SMALL), SMALL)
    # Means of the questions: 1, 1, 2; a = (1 + 1) / 2, b = (-1 + 2) / 2, c = (-1 - 2) / 2.
    assert scores["E1"].tolist() == [1.0, 0.5, -1.5]
    assert (scores[["E2", "E3"]] == 0).all(axis=None)
    assert list(scores.index) == MIDDLE[:3]


def test_scores_of_a_dimension_add_up_to_nothing():
    scores = component_scores(tidy(drawn(5, seed=3)), MODEL)
    assert scores.sum().to_numpy() == pytest.approx(0, abs=1e-12)


def test_a_missing_judgement_counts_for_no_expert():
    values = np.zeros((3, len(questionnaire(SMALL))))
    values[:, np.flatnonzero(columns("E2", SMALL))[0]] = (4, np.nan, 1)
    assert component_scores(tidy(values, SMALL), SMALL)["E2"].tolist() == [1.25, -1.25, 0]


@pytest.mark.parametrize(("unasked", "touched"), [("economic_growth", []), ("E2", ["E2"])])
def test_questions_that_nobody_answered_leave_other_dimensions_alone(unasked, touched):
    values = drawn(4, seed=7)
    whole = component_scores(tidy(values), MODEL)
    values[:, columns(unasked)] = np.nan
    found = component_scores(tidy(values), MODEL)
    assert_frame_equal(found.drop(columns=touched), whole.drop(columns=touched))
    assert found[touched].isna().all(axis=None)


def test_a_question_that_nobody_answered_leaves_other_components_alone():
    values = drawn(4, seed=7)
    whole = component_scores(tidy(values), MODEL)["E1"]
    values[:, np.flatnonzero(columns("E1"))[0]] = np.nan
    found = component_scores(tidy(values), MODEL)["E1"]
    assert found[2:].to_numpy() == pytest.approx(whole[2:].to_numpy())
    to_the_others = values[:, np.flatnonzero(columns("E1"))[1:8]]
    assert found.iloc[0] == pytest.approx(to_the_others.mean())


def test_a_component_that_nobody_compared_has_no_score():
    values = np.zeros((2, len(questionnaire(SMALL))))
    values[:, columns("E3", SMALL)] = [[np.nan, np.nan, 2], [np.nan, np.nan, 5]]
    scores = component_scores(tidy(values, SMALL), SMALL)["E3"]
    assert np.isnan(scores.iloc[0]) and scores.iloc[1:].tolist() == [3.5, -3.5]


# Dimensions --------------------------------------------------------------------------------------


def test_dimensions_are_tested_as_scipy_does():
    shares = pd.DataFrame(
        {
            "E1": [0.1, 0.5, 0.3, 0.9, 0.4],
            "E2": [0.2, 0.7, 0.3, 0.8, 0.9],
            "E3": [0.6, 0.55, 0.9, 1.0, 0.2],
        }
    )
    friedman, pairs = dimension_tests(shares)
    other = friedmanchisquare(*shares.to_numpy().T)
    assert (friedman["chi2"], friedman["df"], friedman["p"]) == pytest.approx(
        (other.statistic, 2, other.pvalue)
    )
    assert list(pairs.index) == ["E1 : E2", "E1 : E3", "E2 : E3"]
    for (first, second), (name, row) in zip(combinations(shares, 2), pairs.iterrows(), strict=True):
        difference = (shares[first] - shares[second]).round(12)
        moved = difference[difference != 0]
        if moved.abs().is_unique:  # only then is scipy's exact distribution that of these ranks
            assert row["p"] == pytest.approx(wilcoxon(moved, method="exact").pvalue), name
        assert (
            row["more_equal_in_first"] == (moved > 0).sum()
            and row["more_equal_in_second"] == (moved < 0).sum()
        )
    # Holm over three tests.
    p = pairs["p"].sort_values()
    assert pairs.loc[p.index, "p_corrected"].to_numpy() == pytest.approx(
        (p * [3, 2, 1]).cummax().clip(upper=1).to_numpy()
    )


def test_an_expert_without_answers_in_a_dimension_is_left_out_of_its_tests():
    shares = pd.DataFrame(
        {"E1": [0.1, 0.5, 0.3, 0.9], "E2": [0.2, 0.7, 0.4, 0.8], "E3": [0.6, np.nan, 0.9, 1.0]}
    )
    ours, theirs = dimension_tests(shares), dimension_tests(shares.dropna())
    assert ours[0] == theirs[0]
    assert_frame_equal(ours[1], theirs[1])


@pytest.mark.parametrize(
    "shares",
    [
        pd.DataFrame({"E1": [0.5, 0.2], "E2": [0.5, 0.2]}),
        pd.DataFrame({"E1": [0.5], "E2": [0.1]}),
        pd.DataFrame({"E1": [0.5, 0.2, 0.1]}),
        pd.DataFrame({"E1": [0.5, np.nan], "E2": [np.nan, 0.3]}),
    ],
    ids=["told apart by nobody", "one expert", "one dimension", "no expert in all"],
)
def test_undefined_tests_of_dimensions_are_nan_without_rows(shares):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        friedman, pairs = dimension_tests(shares)
    assert list(friedman) == ["chi2", "df", "p"] and np.isnan(list(friedman.values())).all()
    assert len(pairs) == 0 and list(pairs) == [
        "p",
        "p_corrected",
        "more_equal_in_first",
        "more_equal_in_second",
    ]


def test_shares_by_dimension_leave_out_what_nobody_answered():
    values = np.ones((2, len(ASKED)))
    values[0, np.flatnonzero(columns("E1"))[:9]] = 0
    values[1, columns("E3")] = np.nan
    found = dimension_shares(tidy(values), MODEL)
    assert list(found) == ["E1", "E2", "E3"]
    assert found.loc["expert_01"].tolist() == [0.25, 0, 0] and np.isnan(found.at["expert_02", "E3"])
    values[:, columns("E2")] = np.nan
    assert list(dimension_shares(tidy(values), MODEL)) == ["E1", "E3"]


# What must not change anything -------------------------------------------------------------------


def results(panel: pd.DataFrame, model=SMALL) -> dict[str, object]:
    """Every result that does not name an expert and does not draw experts at random."""
    return {
        "concordance": panel_concordance(panel, model),
        "mean ranks": panel_mean_ranks(panel, model),
        "priorities": panel_priorities(panel, model).drop(columns=["low", "high"]),
        "consistency": np.sort(expert_consistency(panel, model).to_numpy(), axis=0),
        "scores": component_scores(panel, model),
    }


def assert_same(one: dict, other: dict) -> None:
    for name, table in one.items():
        if isinstance(table, pd.DataFrame):
            assert_frame_equal(table, other[name], obj=name)
        else:
            assert table == pytest.approx(other[name], nan_ok=True, abs=1e-9), name


damaged = st.tuples(st.integers(2, 5), st.integers(0, 10_000), st.booleans())


def random_panel(m: int, seed: int, gaps: bool) -> pd.DataFrame:
    values = drawn(m, seed, SMALL)
    if gaps:
        values[1:][np.random.default_rng(seed).random(values[1:].shape) < 0.1] = np.nan
    return tidy(values, SMALL)


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_experts_names_and_order_change_nothing(drawing):
    panel = random_panel(*drawing)
    ours = results(panel)
    assert set(ours["concordance"]["method"]) <= {
        "exact",
        "",
    }, "a permutation p would depend on the order"
    assert_same(ours, results(relabelled(panel)))


def test_experts_names_and_order_change_no_share():
    panel = tidy(drawn(4, seed=10))
    ours, theirs = (
        panel_shares(p, MODEL).groupby("column")["share"].apply(sorted).to_dict()
        for p in (panel, relabelled(panel))
    )
    assert ours == theirs
    first, second = (
        dimension_tests(dimension_shares(p, MODEL)) for p in (panel, relabelled(panel))
    )
    assert first[0] == pytest.approx(second[0])
    assert_frame_equal(first[1], second[1])


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_exchanging_the_sides_changes_nothing(drawing):
    panel = random_panel(*drawing)
    assert_same(results(panel), results(exchanged(panel)))


def test_exchanging_the_sides_changes_nothing_in_a_whole_panel():
    panel = tidy(drawn(3, seed=14))
    turned = exchanged(panel)
    assert_same(results(panel, MODEL), results(turned, MODEL))
    assert_frame_equal(panel_shares(panel, MODEL), panel_shares(turned, MODEL))
    assert_frame_equal(panel_priorities(panel, MODEL), panel_priorities(turned, MODEL))
    for dimension in DIMENSIONS:
        assert np.array_equal(
            group_matrices(panel, MODEL, dimension)[1], group_matrices(turned, MODEL, dimension)[1]
        )


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_a_mirrored_panel_has_opposite_scores_and_the_same_agreement(drawing):
    panel = random_panel(*drawing)
    ours, theirs = results(panel), results(mirrored(panel))
    assert_frame_equal(ours["scores"], -theirs["scores"] + 0.0)
    assert_frame_equal(ours["concordance"], theirs["concordance"])
    assert (4 - ours["mean ranks"]["mean_rank"]).to_numpy() == pytest.approx(
        theirs["mean ranks"]["mean_rank"].to_numpy(), nan_ok=True
    )
    assert ours["consistency"] == pytest.approx(theirs["consistency"], nan_ok=True, abs=1e-9)
    assert ours["priorities"]["median_cr"].to_numpy() == pytest.approx(
        theirs["priorities"]["median_cr"].to_numpy(), abs=1e-9, nan_ok=True
    )


def test_the_number_of_the_first_round_changes_nothing():
    """A study may hold its second round only, and rounds after the first one there do not count."""
    panel = tidy(drawn(3, seed=5, model=SMALL), SMALL)
    later = tidy(drawn(3, seed=6, model=SMALL), SMALL).assign(round=3)
    assert_same(results(panel), results(first_round(pd.concat([later, panel.assign(round=2)]))))


# Small and damaged panels ------------------------------------------------------------------------


def damaged_panels() -> dict[str, np.ndarray]:
    scattered = drawn(6, seed=30)
    scattered[np.random.default_rng(30).random(scattered.shape) < 0.1] = np.nan
    without = {name: drawn(4, seed=31) for name in ("E2", "inner", "all but E2")}
    without["E2"][:, columns("E2")] = np.nan
    without["inner"][:, (ASKED["ring"] == "inner").to_numpy()] = np.nan
    without["all but E2"][:, ~columns("E2")] = np.nan
    return {
        "one expert": drawn(1, 32),
        "two experts": drawn(2, 33),
        "three experts": drawn(3, 34),
        "a tenth missing": scattered,
        "all equal": np.zeros((4, len(ASKED))),
        "one expert, all equal": np.zeros((1, len(ASKED))),
        **{f"without {name}": values for name, values in without.items()},
    }


DAMAGED = damaged_panels()


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_panels_keep_the_shape_that_is_promised(name):
    values, panel = DAMAGED[name], tidy(DAMAGED[name])
    m = len(values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calls = (
            panel_concordance,
            panel_mean_ranks,
            panel_priorities,
            panel_shares,
            expert_consistency,
            component_scores,
            dimension_shares,
        )
        found = {call.__name__: call(panel, MODEL) for call in calls}
        friedman, pairs = dimension_tests(found["dimension_shares"])
        groups = {dimension: group_matrices(panel, MODEL, dimension) for dimension in DIMENSIONS}
    answered = ~np.isnan(values)
    concordance = found["panel_concordance"]
    assert list(concordance) == [
        "context",
        "row",
        *W_COLUMNS[:6],
        "p_corrected",
        *W_COLUMNS[6:],
        "printed_W",
        "printed_p",
    ]
    assert len(concordance) == 30 and (concordance["m"] <= m).all()
    defined = concordance["W"].notna()
    assert (concordance.loc[defined, "W"].between(0, 1 + 1e-12)).all() and (
        concordance.loc[defined, "p_exact"].between(0, 1)
    ).all()
    assert (defined == concordance["p_corrected"].notna()).all() and (
        concordance["method"].ne("") == defined
    ).all()
    assert (
        concordance.loc[defined, "p_corrected"] >= concordance.loc[defined, "p_exact"] - 1e-12
    ).all()
    assert len(found["panel_mean_ranks"]) == 27
    assert (
        found["panel_mean_ranks"]["mean_rank"].isna() == (found["panel_mean_ranks"]["m"] == 0)
    ).all()
    usable = [dimension for dimension in DIMENSIONS if len(groups[dimension][0]) > 1]
    assert list(dict.fromkeys(found["panel_priorities"]["dimension"])) == usable
    assert found["panel_priorities"].groupby("dimension")[
        "priority"
    ].sum().to_numpy() == pytest.approx(1.0)
    assert found["expert_consistency"].shape == (m, 3)
    complete = np.array([answered[:, columns(dimension)].all(axis=1) for dimension in DIMENSIONS]).T
    assert (found["expert_consistency"].notna().to_numpy() == complete).all()
    assert (
        found["component_scores"].shape == (9, 3)
        and found["panel_shares"]["n"].sum() == answered.sum()
    )
    assert list(found["dimension_shares"]) == [
        d for d in DIMENSIONS if answered[:, columns(d)].any()
    ]
    assert all(matrices.shape == (len(experts), 9, 9) for experts, matrices in groups.values())
    assert len(pairs) in (0, len(list(combinations(found["dimension_shares"], 2)))) and set(
        friedman
    ) == {"chi2", "df", "p"}


@pytest.mark.parametrize(
    ("name", "untouched"),
    [
        ("a tenth missing", DIMENSIONS),
        ("without E2", ["E1", "E3"]),
        ("without inner", DIMENSIONS),
        ("without all but E2", ["E2"]),
    ],
)
def test_damaged_panels_still_have_scores(name, untouched):
    scores = component_scores(tidy(DAMAGED[name]), MODEL)
    assert scores[untouched].notna().all(axis=None)
    assert scores.drop(columns=untouched).isna().all(axis=None)
