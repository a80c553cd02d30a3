"""Priorities: laws, gaps, batches, bad input."""

import numpy as np
import pytest
from drawn_matrices import SCALE, matrices, upper, weights
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.stats import (
    comparison_matrix,
    complete_matrix,
    consistency,
    consistency_ratio,
    inconsistent_judgements,
    item_means,
    priorities,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)
NAN = np.nan


def test_three_items_by_hand():
    # rows 1 2 4 / 1/2 1 2 / 1/4 1/2 1: every row is a multiple of the first; w = 4 : 2 : 1
    consistent = upper([2, 4], [2])
    assert priorities(consistent) == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert consistency(consistent).cr == pytest.approx(0, abs=1e-12)
    # one cell changed to 2: row products 4, 1, 1/4; cube roots 1.587 : 1 : .630
    # the cycle a12 a23 a31 = 2 gives lambda = 1 + 2^(1/3) + 2^(-1/3) = 3.0536
    changed = upper([2, 2], [2])
    roots = np.cbrt([4, 1, 1 / 4])
    assert priorities(changed) == pytest.approx(roots / roots.sum())
    assert consistency(changed).lambda_max == pytest.approx(1 + 2 ** (1 / 3) + 2 ** (-1 / 3))


@pytest.mark.parametrize("x, n", [(9, 4), (9, 2), (5, 7), (1, 3)])
def test_one_item_x_times_above_all_others(x, n):
    # Goepel (2018), eq. 41: w = x / (x + n - 1)
    rows = [[x] * (n - 1)] + [[1] * (n - 1 - i) for i in range(1, n - 1)]
    assert priorities(upper(*rows))[0] == pytest.approx(x / (x + n - 1))


# Laws ----------------------------------------------------------------------------------------


@LAW
@given(weights)
def test_consistent_matrices_give_back_their_weights(w):
    matrix = w[:, None] / w
    for method in ("eigenvector", "geometric"):
        assert priorities(matrix, method) == pytest.approx(w / w.sum())
    assert consistency_ratio(matrix) == pytest.approx(0, abs=1e-10)
    assert inconsistent_judgements(matrix).factor == pytest.approx(1)


@LAW
@given(matrices)
def test_up_to_three_items_both_methods_agree(matrix):
    if len(matrix) <= 3:
        assert priorities(matrix, "geometric") == pytest.approx(priorities(matrix))


@LAW
@given(matrices, st.randoms(use_true_random=False))
def test_relabelling_items_permutes_the_priorities(matrix, random):
    order = list(range(len(matrix)))
    random.shuffle(order)
    shuffled = matrix[np.ix_(order, order)]
    assert priorities(shuffled) == pytest.approx(priorities(matrix)[order])
    assert consistency_ratio(shuffled) == pytest.approx(consistency_ratio(matrix))


@LAW
@given(matrices)
def test_turning_every_judgement_round_keeps_consistency(matrix):
    assert consistency_ratio(matrix.T) == pytest.approx(consistency_ratio(matrix))
    turned = priorities(matrix.T, "geometric")
    assert turned == pytest.approx(
        (1 / priorities(matrix, "geometric")) / (1 / priorities(matrix, "geometric")).sum()
    )


def test_a_large_batch_satisfies_the_equation_however_inconsistent():
    rng = np.random.default_rng(1)
    batch = comparison_matrix(rng.choice(SCALE, (3, 1500, 15)))
    result = consistency(batch)
    assert result.lambda_max.shape == (3, 1500) and result.priorities.shape == (3, 1500, 6)
    # power iteration, which needs no eigensolver: 200 multiplications settle any of them
    vectors = np.linalg.matrix_power(batch / 9, 200).sum(axis=-1)
    vectors /= vectors.sum(axis=-1, keepdims=True)
    images = (batch @ vectors[..., None])[..., 0]
    assert np.abs(result.priorities - vectors).max() < 1e-10
    assert np.abs(result.lambda_max - images.sum(axis=-1)).max() < 1e-10
    alone = consistency(batch[2, 77])
    assert isinstance(alone.cr, float)
    assert alone.priorities == pytest.approx(result.priorities[2, 77], rel=1e-11)


def test_ratios_far_beyond_the_scale_still_have_priorities():
    w = 10.0 ** np.array([0, 15, 30])
    assert priorities(w[:, None] / w) == pytest.approx(w / w.sum())
    circle = np.array([[1, 1e9, 1e-9], [1e-9, 1, 1e9], [1e9, 1e-9, 1]])
    assert priorities(circle) == pytest.approx([1 / 3] * 3)


def test_an_empty_batch_gives_empty_results():
    assert priorities(np.empty((0, 4, 4))).shape == (0, 4)


# Gaps ----------------------------------------------------------------------------------------


def test_harkers_missing_cell():
    # Harker (1987): 1 to 3 is missing; his matrix 2 2 0 / 1/2 1 2 / 0 1/2 2 has eigenvalue 3 and
    # eigenvector 4 : 2 : 1, that is .571 .286 .143
    gap = upper([2, NAN], [2])
    completed = complete_matrix(gap)
    assert completed[0] == pytest.approx([1, 2, 4])
    assert [f"{w:.3f}" for w in priorities(completed)] == ["0.571", "0.286", "0.143"]
    assert consistency(completed).lambda_max == pytest.approx(3)


def test_harker_comes_near_the_completion_of_least_lambda():
    # Bozoki, Fulop & Ronyai (2010) and AHPy's manual: c to d = 0.7303 minimises lambda
    gap = upper([1, 5, 2], [3, 4], [NAN])
    least = consistency(upper([1, 5, 2], [3, 4], [0.7302971])).lambda_max
    harker = complete_matrix(gap)
    assert harker[2, 3] == pytest.approx(0.73, abs=0.01)
    assert least <= consistency(harker).lambda_max <= least + 1e-4


@LAW
@given(weights, st.randoms(use_true_random=False))
def test_gaps_in_a_consistent_matrix_are_filled_exactly(w, random):
    n = len(w)
    matrix = w[:, None] / w
    holed = matrix.copy()
    for i in range(n):  # keep the chain 0-1-2-..., drop others by chance
        for j in range(i + 2, n):
            if random.random() < 0.6:
                holed[i, j] = holed[j, i] = NAN
    assert complete_matrix(holed) == pytest.approx(matrix)


@LAW
@given(matrices)
def test_harkers_vector_is_the_eigenvector_of_the_completed_matrix(matrix):
    n = len(matrix)
    if n < 4:
        return
    holed = matrix.copy()
    holed[0, n - 1] = holed[n - 1, 0] = NAN
    completed = complete_matrix(holed)
    w = priorities(completed)
    assert completed[0, n - 1] == pytest.approx(w[0] / w[n - 1])
    assert complete_matrix(matrix) == pytest.approx(matrix)


def test_gaps_in_a_batch():
    batch = np.stack([upper([2, NAN], [2]), upper([2, 4], [2])])
    assert complete_matrix(batch)[:, 0, 2] == pytest.approx([4, 4])


# Judgements ----------------------------------------------------------------------------------


def test_triangles_fill_matrices():
    assert upper([3, 1 / 5], [1 / 7]).tolist() == [[1, 3, 1 / 5], [1 / 3, 1, 1 / 7], [5, 7, 1]]
    assert comparison_matrix(np.ones((2, 5, 6))).shape == (2, 5, 4, 4)


PAIRS = [(0, 1), (0, 2), (1, 2)]


def test_item_means_by_hand():
    # a over b by 3, c over a by 2, b and c equal: a has 3 and -2, b -3 and 0, c 2 and 0
    assert item_means([[3, -2, 0], [3, NAN, NAN]], PAIRS)[0].tolist() == [0.5, -1.5, 1]
    # a judgement not given counts for neither side; an item never met has no mean
    found = item_means([3, NAN, NAN], PAIRS)
    assert found[:2].tolist() == [3, -3] and np.isnan(found[2])


@LAW
@given(st.lists(st.integers(-8, 8), min_size=3, max_size=3))
def test_turning_every_judgement_round_turns_the_item_means(judgements):
    there, back = (item_means(np.array(judgements) * sign, PAIRS) for sign in (1, -1))
    assert there == pytest.approx(-back) and there.sum() == pytest.approx(0)
    turned = item_means(np.negative(judgements), [pair[::-1] for pair in PAIRS])
    assert turned == pytest.approx(there)


GOOD = upper([2, 4], [2])


def with_cell(i, j, value):
    matrix = GOOD.copy()
    matrix[i, j] = value
    return matrix


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: priorities([[1, "2"], [0.5, 1]]), r"'2' at \[0, 1\]"),
        (lambda: priorities([[1, 2, 3], [0.5, 1, 2]]), r"shape \(2, 3\).*\(n, n\)"),
        (lambda: priorities([1, 2]), r"shape \(2,\)"),
        (lambda: priorities([[1]]), "at least 2"),
        (lambda: priorities(with_cell(0, 1, 3)), r"3 at \[0, 1\].*not the reciprocal"),
        (lambda: priorities(with_cell(1, 1, 2)), r"2 at \[1, 1\].*diagonal"),
        (lambda: priorities(with_cell(0, 1, -2)), r"-2 at \[0, 1\].*not positive"),
        (lambda: priorities(with_cell(2, 0, 0)), r"0 at \[2, 0\].*not positive"),
        (lambda: priorities(with_cell(0, 1, np.inf)), r"inf at \[0, 1\].*finite"),
        (lambda: priorities(upper([2, NAN], [2])), r"nan at \[0, 2\].*complete_matrix"),
        (lambda: consistency(np.stack([GOOD, with_cell(0, 1, 3)])), r"3 at \[1, 0, 1\]"),
        (lambda: priorities(with_cell(0, 1, 3), "geometric"), "not the reciprocal"),
        (lambda: priorities(GOOD, "mean"), "'eigenvector', 'geometric'"),
        (lambda: complete_matrix(with_cell(0, 1, NAN)), "one direction only"),
        (lambda: complete_matrix(with_cell(0, 0, NAN)), "on the diagonal"),
        (lambda: complete_matrix(upper([NAN, NAN], [2])), "no chain of comparisons links"),
        (lambda: complete_matrix(np.stack([GOOD, upper([NAN, NAN], [2])])), r"in matrix \[1\]"),
        (lambda: comparison_matrix([2, 3]), "found 2 a matrix.*1, 3, 6"),
        (lambda: comparison_matrix([2, 10, 3]), r"ratio 10 at \[1\].*1 to 9"),
        (lambda: comparison_matrix([2, 0.1, 3]), r"0\.1 at \[1\]"),
        (lambda: comparison_matrix([2, -3, 3]), r"-3 at \[1\]"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_large_batches_have_the_priorities_of_small_ones(monkeypatch):
    """Shared by all cores, also where one part has complex eigenvalues and another has none."""
    ratios = np.random.default_rng(3).choice([1 / 9, 1 / 3, 1.0, 2.0, 5.0], (101, 6))
    matrices = comparison_matrix(ratios)
    matrices[:60] = np.ones((4, 4))
    alone = consistency(matrices)
    monkeypatch.setattr("smartgov.stats.ahp.ON_ALL_CORES", 100)
    together = consistency(matrices)
    assert (together.priorities == alone.priorities).all() and (together.cr == alone.cr).all()
