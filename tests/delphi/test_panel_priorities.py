"""Priorities, scores and dimensions of a panel: by LAPACK, by scipy, by hand."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from drawn_answers import (
    ASKED,
    DIMENSIONS,
    GROUPS,
    MIDDLE,
    MODEL,
    RANDOM_INDEX_OF_NINE,
    SMALL,
    columns,
    drawn,
    matrix_of,
    principal,
    tidy,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import friedmanchisquare, wilcoxon

from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    component_scores,
    dimension_shares,
    dimension_tests,
    expert_consistency,
    group_matrices,
    no_better_than_random,
    panel_priorities,
)
from smartgov.model import questionnaire

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
    experts, matrices = group_matrices(tidy(values), GROUPS["E2"])
    assert experts == (["expert_01"] if whole else []) + ["expert_02"]
    assert matrices.shape == (len(experts), 9, 9)
    ratios = WEIGHTS[:, None] / WEIGHTS[None, :]
    assert matrices == pytest.approx(np.broadcast_to(ratios, matrices.shape))


def test_an_expert_whose_comparisons_do_not_link_all_components_is_left_out():
    values = consistent_panel(3)
    about_first = ASKED["left"].eq(MIDDLE[0]) | ASKED["right"].eq(MIDDLE[0])
    values[1, (columns("E1") & about_first)] = np.nan
    panel = tidy(values)
    assert group_matrices(panel, GROUPS["E1"])[0] == ["expert_01", "expert_03"]
    assert group_matrices(panel, GROUPS["E2"])[0] == ["expert_01", "expert_02", "expert_03"]
    one_link = tidy(np.where((columns("E1") & (ASKED["right"] == MIDDLE[1])), 3.0, values))
    assert group_matrices(one_link, GROUPS["E1"])[0] == ["expert_01", "expert_02", "expert_03"]


def test_answers_that_were_given_stay_as_they_are():
    values = drawn(4, seed=9)
    values[0, np.flatnonzero(columns("E3"))[[2, 20]]] = np.nan
    _, matrices = group_matrices(tidy(values), GROUPS["E3"])
    for answers, matrix in zip(values[:, columns("E3")], matrices, strict=True):
        given = matrix_of(answers, 9)
        assert matrix[~np.isnan(given)].tolist() == given[~np.isnan(given)].tolist()
        assert matrix * matrix.T == pytest.approx(np.ones((9, 9)))


PRIORITIES = [
    "ring",
    "context",
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
    found = panel_priorities(tidy(values), MODEL, "middle")
    assert list(found) == PRIORITIES and FEWEST_FOR_INTERVAL == 5
    for dimension, part in found.groupby("context", sort=False):
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
    found = panel_priorities(tidy(consistent_panel(5)), MODEL, "middle")
    part = found[found["context"] == "E1"]
    assert part["priority"].to_numpy() == pytest.approx(WEIGHTS / WEIGHTS.sum())
    for end in ("low", "high"):
        assert part[end].to_numpy() == pytest.approx(part["priority"].to_numpy())
    assert part["rank"].tolist() == [3, 1, 8, 6, 1, 3, 6, 8, 3]
    assert part["median_cr"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_experts_with_gaps_are_counted_and_completed():
    values = drawn(4, seed=22)
    values[0, np.flatnonzero(columns("E1"))[3]] = np.nan
    values[:, np.flatnonzero(columns("E2"))[5]] = np.nan
    found = (
        panel_priorities(tidy(values), MODEL, "middle")
        .drop_duplicates("context")
        .set_index("context")
    )
    assert found["completed"].to_dict() == {"E1": 1, "E2": 4, "E3": 0}
    ratios = expert_consistency(tidy(values), MODEL, "middle")
    assert ratios.notna().all(axis=None)
    assert found["median_cr"].tolist() == pytest.approx(ratios.median().tolist())
    whole = expert_consistency(tidy(drawn(4, seed=22)), MODEL, "middle")
    assert (ratios["E1"] == whole["E1"]).tolist() == [False, True, True, True]


def test_answers_at_random_are_told_from_considered_ones():
    rng, contexts = np.random.default_rng(3), list(DIMENSIONS)
    at_random = tidy(rng.integers(-8, 9, (9, len(ASKED))))
    considered = tidy(np.tile(consistent_panel(1), (9, 1)) + rng.integers(-1, 2, (9, len(ASKED))))
    ratios = [expert_consistency(each, MODEL, "middle") for each in (at_random, considered)]
    assert no_better_than_random(ratios[0], MODEL, "middle") == contexts
    assert no_better_than_random(ratios[1], MODEL, "middle") == []
    ratios[0]["E2"] = ratios[1]["E2"]
    assert no_better_than_random(ratios[0], MODEL, "middle") == ["E1", "E3"]


def test_a_wider_level_gives_wider_intervals():
    panel = tidy(drawn(5, seed=1, model=SMALL), SMALL)
    narrow, wide = (
        panel_priorities(panel, SMALL, "middle", confidence=level) for level in (0.5, 0.99)
    )
    assert ((wide["low"] <= narrow["low"]) & (narrow["high"] <= wide["high"])).all()
    assert ((wide["high"] - wide["low"]) > (narrow["high"] - narrow["low"])).any()


def test_consistency_ratio_of_every_expert_by_lapack():
    values = drawn(3, seed=6)
    values[1, np.flatnonzero(columns("E2"))[0]] = np.nan
    values[2, columns("E1")] = consistent(WEIGHTS)
    found = expert_consistency(tidy(values), MODEL, "middle")
    assert list(found) == DIMENSIONS and list(found.index) == [
        "expert_01",
        "expert_02",
        "expert_03",
    ]
    assert found.notna().all(axis=None)
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
    scores = component_scores(tidy(values, SMALL), SMALL, "middle")
    # Means of the questions: 1, 1, 2; a = (1 + 1) / 2, b = (-1 + 2) / 2, c = (-1 - 2) / 2.
    assert scores["E1"].tolist() == [1.0, 0.5, -1.5]
    assert (scores[["E2", "E3"]] == 0).all(axis=None)
    assert list(scores.index) == MIDDLE[:3]


def test_scores_of_a_dimension_add_up_to_nothing():
    scores = component_scores(tidy(drawn(5, seed=3)), MODEL, "middle")
    assert scores.sum().to_numpy() == pytest.approx(0, abs=1e-12)


def test_a_missing_judgement_counts_for_no_expert():
    values = np.zeros((3, len(questionnaire(SMALL))))
    values[:, np.flatnonzero(columns("E2", SMALL))[0]] = (4, np.nan, 1)
    assert component_scores(tidy(values, SMALL), SMALL, "middle")["E2"].tolist() == [1.25, -1.25, 0]


@pytest.mark.parametrize(("unasked", "touched"), [("economic_growth", []), ("E2", ["E2"])])
def test_questions_that_nobody_answered_leave_other_dimensions_alone(unasked, touched):
    values = drawn(4, seed=7)
    whole = component_scores(tidy(values), MODEL, "middle")
    values[:, columns(unasked)] = np.nan
    found = component_scores(tidy(values), MODEL, "middle")
    assert_frame_equal(found.drop(columns=touched), whole.drop(columns=touched))
    assert found[touched].isna().all(axis=None)


def test_a_question_that_nobody_answered_leaves_other_components_alone():
    values = drawn(4, seed=7)
    whole = component_scores(tidy(values), MODEL, "middle")["E1"]
    values[:, np.flatnonzero(columns("E1"))[0]] = np.nan
    found = component_scores(tidy(values), MODEL, "middle")["E1"]
    assert found[2:].to_numpy() == pytest.approx(whole[2:].to_numpy())
    to_the_others = values[:, np.flatnonzero(columns("E1"))[1:8]]
    assert found.iloc[0] == pytest.approx(to_the_others.mean())


def test_a_component_that_nobody_compared_has_no_score():
    values = np.zeros((2, len(questionnaire(SMALL))))
    values[:, columns("E3", SMALL)] = [[np.nan, np.nan, 2], [np.nan, np.nan, 5]]
    scores = component_scores(tidy(values, SMALL), SMALL, "middle")["E3"]
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
