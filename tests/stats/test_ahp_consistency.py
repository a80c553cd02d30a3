"""Consistency: published matrices, random indices, contradictions, bad input."""

import numpy as np
import pytest
from drawn_matrices import SCALE, matrices, upper
from hypothesis import given, settings

from smartgov.stats import (
    RANDOM_INDEX,
    comparison_matrix,
    completed_consistency_ratio,
    consistency,
    consistency_ratio,
    consistent_by_chance,
    inconsistent_judgements,
    priorities,
    random_index,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)

# Published matrices: judgements, table of random indices, priorities, lambda, CR as printed -----
PUBLISHED = {
    "Saaty (1990), EJOR 48, 9-26: buying a house, 8 criteria": (
        upper(
            [5, 3, 7, 6, 6, 1 / 3, 1 / 4],
            [1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
            [6, 3, 4, 6, 1 / 5],
            [1 / 3, 1 / 4, 1 / 7, 1 / 8],
            [1 / 2, 1 / 5, 1 / 6],
            [1 / 5, 1 / 6],
            [1 / 2],
        ),
        "saaty-1980",
        "0.173 0.054 0.188 0.018 0.031 0.036 0.167 0.333",
        "9.669",
        "0.169",
    ),
    "Saaty (2008), IJSSci 1, 83-98: consumption of drinks, as printed by AHPy's manual": (
        upper(
            [9, 5, 2, 1, 1, 1 / 2],
            [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
            [1 / 3, 1 / 4, 1 / 3, 1 / 9],
            [1 / 2, 1, 1 / 3],
            [2, 1 / 2],
            [1 / 3],
        ),
        "saaty-2005",
        "0.177 0.019 0.042 0.116 0.190 0.129 0.327",
        None,
        "0.022",
    ),
    "Saaty (1977), JMP 15, 234-281: distances from Philadelphia": (
        upper([1 / 3, 8, 3, 3, 7], [9, 3, 3, 9], [1 / 6, 1 / 5, 2], [1 / 3, 6], [6]),
        "saaty-1980",
        "0.262 0.397 0.033 0.116 0.164 0.027",
        "6.45",
        None,
    ),
    "Saaty, 3 x 3, as printed in the manual of SuperDecisions (its seventh digit is cut off)": (
        upper([2, 3], [2]),
        "saaty-1980",
        "0.539615 0.296961 0.163424",
        None,
        None,
    ),
    "Wikipedia, choosing a leader, criteria, as printed by AHPy's manual": (
        upper([4, 3, 7], [1 / 3, 3], [5]),
        "saaty-2005",
        "0.548 0.127 0.270 0.056",
        None,
        "0.044",
    ),
    "AHPy's manual: four items, table of Donegan and Dodd": (
        upper([1, 5, 2], [3, 4], [3 / 4]),
        "donegan-dodd-1991",
        "0.3742 0.3917 0.0991 0.1349",
        None,
        "0.0372",
    ),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_published_matrices_to_every_printed_digit(source):
    matrix, table, weights, value, ratio = PUBLISHED[source]
    result = consistency(matrix, table)
    for weight, printed in zip(result.priorities, weights.split(), strict=True):
        assert f"{weight:.{len(printed) - 2}f}" == printed
    for found, printed in ((result.lambda_max, value), (result.cr, ratio)):
        if printed:
            assert f"{found:.{len(printed.partition('.')[2])}f}" == printed
    assert consistency_ratio(matrix, table) == result.cr
    assert (priorities(matrix) == result.priorities).all()


@LAW
@given(matrices)
def test_eigenvector_and_value_satisfy_their_equation(matrix):
    result = consistency(matrix, "alonso-lamata-2006")
    w = result.priorities
    assert w.sum() == pytest.approx(1) and (w > 0).all()
    assert matrix @ w == pytest.approx(result.lambda_max * w, rel=1e-10)
    assert result.lambda_max == pytest.approx(np.linalg.eigvals(matrix).real.max())
    assert result.lambda_max >= len(matrix) - 1e-9  # Saaty (1977)


# Random indices ------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(3, 10))
def test_saatys_random_indices_by_simulation(n):
    # mean CI of matrices filled at random from the 17 values of the scale; Saaty (2005) prints
    # two decimals, and 20000 matrices have a standard error below .003
    draws = np.random.default_rng(n).choice(SCALE, (20_000, n * (n - 1) // 2))
    simulated = consistency(comparison_matrix(draws)).ci.mean()
    assert simulated == pytest.approx(random_index(n, "saaty-2005"), abs=0.015)


def test_the_fit_of_alonso_and_lamata_is_close_to_the_tables_from_five_items_on():
    for n in range(5, 16):
        assert random_index(n, "alonso-lamata-2006") == pytest.approx(
            random_index(n, "saaty-2005"), abs=0.03
        )


def test_two_items_are_always_consistent():
    assert consistency_ratio([[1, 9], [1 / 9, 1]]) == 0
    assert all(random_index(2, table) == 0 for table in RANDOM_INDEX)


# Contradictions ------------------------------------------------------------------------------


def test_the_spoilt_judgement_comes_first():
    w = np.array([5, 3, 2, 1, 1.5])
    matrix = w[:, None] / w
    matrix[1, 3], matrix[3, 1] = 1 / 8, 8  # was 3
    worst = inconsistent_judgements(matrix)
    assert (worst.row[0], worst.column[0]) == (1, 3)
    assert worst.judged[0] == 1 / 8 < worst.implied[0]
    assert worst.factor[0] == pytest.approx(worst.implied[0] / worst.judged[0])
    assert (np.diff(worst.factor) <= 1e-9).all() and len(worst.factor) == 10
    batch = inconsistent_judgements(np.stack([matrix, matrix.T]))
    assert batch.row.shape == (2, 10) and batch.row[1, 0] == 1


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: consistency_ratio(np.ones((3, 3)), "saaty"), "'saaty-1980'"),
        (lambda: consistency_ratio(np.ones((16, 16))), "16 items; 'saaty-1980' ends at 15"),
        (lambda: inconsistent_judgements([[1, 2], [1, 1]]), r"2 at \[0, 1\]"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(("n", "gaps"), [(4, 1), (5, 2), (7, 3), (9, 1), (9, 9)])
def test_the_random_index_with_gaps_is_that_of_completed_random_matrices(n, gaps):
    """Random matrices with as many comparisons left out have a mean ratio near 1, as whole ones."""
    rng = np.random.default_rng(n + gaps)
    ratios = rng.choice(np.r_[np.arange(1, 10), 1 / np.arange(2, 10)], (1500, n * (n - 1) // 2))
    whole = completed_consistency_ratio(comparison_matrix(ratios))
    for row in ratios:
        row[rng.permutation(len(row))[:gaps]] = np.nan
    found = completed_consistency_ratio(comparison_matrix(ratios))
    assert np.nanmean(found) == pytest.approx(whole.mean(), rel=0.08)
    assert np.isnan(found).mean() < 0.02


def test_a_gap_changes_a_consistent_experts_ratio_little_and_a_tree_has_none():
    matrix = comparison_matrix([2, 4, 8, 2, 5, 2])
    with_gap = matrix.copy()
    with_gap[0, 3] = with_gap[3, 0] = np.nan
    assert completed_consistency_ratio(matrix) == consistency_ratio(matrix)
    assert completed_consistency_ratio(with_gap) < 0.02
    for missing, rest in (([(0, 2), (0, 3), (1, 3)], "a tree"), ([(0, 1), (0, 2), (0, 3)], "two")):
        few = matrix.copy()
        for i, j in missing:
            few[i, j] = few[j, i] = np.nan
        assert np.isnan(completed_consistency_ratio(few)), rest
    assert completed_consistency_ratio(np.ones((20, 20))) < 1e-9, "beyond the end of Saaty's table"
    assert completed_consistency_ratio(np.ones((2, 2))) == 0


def test_few_raters_at_random_are_not_taken_for_consistent_ones():
    """The share of drawn groups told from chance at 5 % is at most about that."""
    rng, n, m = np.random.default_rng(2), 5, 7
    scale = np.r_[np.arange(1, 10), 1 / np.arange(2, 10)]
    groups = completed_consistency_ratio(comparison_matrix(rng.choice(scale, (300, m, 10))))
    told = np.mean([consistent_by_chance(group, n) <= 0.05 for group in groups])
    assert 0 < told < 0.09
    assert np.isnan(consistent_by_chance([np.nan], n))
