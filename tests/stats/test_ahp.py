"""Priorities and consistency: published matrices, laws, gaps, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smartgov.stats import (
    RANDOM_INDEX,
    comparison_matrix,
    complete_matrix,
    consistency,
    consistency_ratio,
    geometric_consistency_index,
    inconsistent_judgements,
    judgement_ratio,
    priorities,
    random_index,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)
NAN = np.nan


def upper(*rows):
    """A matrix from the rows of its upper triangle."""
    return comparison_matrix([ratio for row in rows for ratio in row])


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
    assert geometric_consistency_index(changed) == pytest.approx(np.log(2) ** 2 / 3)


@pytest.mark.parametrize("x, n", [(9, 4), (9, 2), (5, 7), (1, 3)])
def test_one_item_x_times_above_all_others(x, n):
    # Goepel (2018), eq. 41: w = x / (x + n - 1)
    rows = [[x] * (n - 1)] + [[1] * (n - 1 - i) for i in range(1, n - 1)]
    assert priorities(upper(*rows))[0] == pytest.approx(x / (x + n - 1))


# Laws ----------------------------------------------------------------------------------------

SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
matrices = (
    st.integers(2, 7)
    .flatmap(
        lambda n: st.lists(
            st.sampled_from(SCALE), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2
        )
    )
    .map(comparison_matrix)
)
weights = st.integers(2, 8).flatmap(lambda n: hnp.arrays(float, n, elements=st.floats(0.1, 10)))


@LAW
@given(weights)
def test_consistent_matrices_give_back_their_weights(w):
    matrix = w[:, None] / w
    for method in ("eigenvector", "geometric"):
        assert priorities(matrix, method) == pytest.approx(w / w.sum())
    assert consistency_ratio(matrix) == pytest.approx(0, abs=1e-10)
    assert geometric_consistency_index(matrix) == pytest.approx(0, abs=1e-10)
    assert inconsistent_judgements(matrix).factor == pytest.approx(1)


@LAW
@given(matrices)
def test_eigenvector_and_value_satisfy_their_equation(matrix):
    result = consistency(matrix, "alonso-lamata-2006")
    w = result.priorities
    assert w.sum() == pytest.approx(1) and (w > 0).all()
    assert matrix @ w == pytest.approx(result.lambda_max * w, rel=1e-10)
    assert result.lambda_max == pytest.approx(np.linalg.eigvals(matrix).real.max())
    assert result.lambda_max >= result.n - 1e-9  # Saaty (1977)


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
    assert geometric_consistency_index(shuffled) == pytest.approx(
        geometric_consistency_index(matrix)
    )


@LAW
@given(matrices)
def test_turning_every_judgement_round_keeps_consistency(matrix):
    assert consistency_ratio(matrix.T) == pytest.approx(consistency_ratio(matrix))
    turned = priorities(matrix.T, "geometric")
    assert turned == pytest.approx(
        (1 / priorities(matrix, "geometric")) / (1 / priorities(matrix, "geometric")).sum()
    )


def test_a_large_batch_gives_what_lapack_gives_however_inconsistent():
    rng = np.random.default_rng(1)
    batch = comparison_matrix(rng.choice(SCALE, (3, 1500, 15)))
    result = consistency(batch)
    assert result.lambda_max.shape == (3, 1500) and result.priorities.shape == (3, 1500, 6)
    values, vectors = np.linalg.eig(batch)
    largest = values.real.argmax(axis=-1)[..., None]
    expected = np.abs(np.take_along_axis(vectors, largest[..., None], axis=-1)[..., 0])
    expected /= expected.sum(axis=-1, keepdims=True)
    assert np.abs(result.priorities - expected).max() < 1e-10
    assert np.abs(result.lambda_max - values.real.max(axis=-1)).max() < 1e-10
    alone = consistency(batch[2, 77])
    assert isinstance(alone.cr, float)
    assert alone.priorities == pytest.approx(result.priorities[2, 77], rel=1e-11)


def test_ratios_beyond_single_precision_still_have_priorities():
    w = 10.0 ** np.array([0, 15, 30])
    assert priorities(w[:, None] / w) == pytest.approx(w / w.sum())
    circle = np.array([[1, 1e9, 1e-9], [1e-9, 1, 1e9], [1e9, 1e-9, 1]])
    assert priorities(circle) == pytest.approx([1 / 3] * 3)


def test_an_empty_batch_gives_empty_results():
    assert priorities(np.empty((0, 4, 4))).shape == (0, 4)


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
    assert geometric_consistency_index([[1, 9], [1 / 9, 1]]) == 0


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


# Judgements ----------------------------------------------------------------------------------


def test_judgements_by_pair_and_by_triangle_build_the_same_matrix():
    by_pair = comparison_matrix({("a", "b"): 3, ("c", "a"): 5, ("b", "c"): 1 / 7}, items="abc")
    assert by_pair == pytest.approx(comparison_matrix([3, 1 / 5, 1 / 7]))
    assert comparison_matrix(np.ones((2, 5, 6))).shape == (2, 5, 4, 4)


def test_favours_and_intensity_become_ratios():
    assert judgement_ratio([["left", "right"], ["equal", "right"]], [[9, 9], [1, 2]]).tolist() == [
        [9, 1 / 9],
        [1, 0.5],
    ]


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
        (lambda: priorities(with_cell(0, 1, np.inf)), r"inf at \[0, 1\].*infinite"),
        (lambda: priorities(upper([2, NAN], [2])), r"nan at \[0, 2\].*complete_matrix"),
        (lambda: consistency(np.stack([GOOD, with_cell(0, 1, 3)])), r"3 at \[1, 0, 1\]"),
        (lambda: priorities(with_cell(0, 1, 3), "geometric"), "not the reciprocal"),
        (lambda: priorities(GOOD, "mean"), "'eigenvector', 'geometric'"),
        (lambda: consistency_ratio(GOOD, "saaty"), "'saaty-1980'"),
        (lambda: consistency_ratio(np.ones((16, 16))), "16 items; 'saaty-1980' ends at 15"),
        (lambda: complete_matrix(with_cell(0, 1, NAN)), "one direction only"),
        (lambda: complete_matrix(with_cell(0, 0, NAN)), "on the diagonal"),
        (lambda: complete_matrix(upper([NAN, NAN], [2])), "no chain of comparisons links"),
        (lambda: complete_matrix(np.stack([GOOD, upper([NAN, NAN], [2])])), r"in matrix \[1\]"),
        (lambda: comparison_matrix([2, 3]), "found 2 a matrix.*1, 3, 6"),
        (lambda: comparison_matrix([2, 10, 3]), r"ratio 10 at \[1\].*1 to 9"),
        (lambda: comparison_matrix([2, 0.1, 3]), r"0\.1 at \[1\]"),
        (lambda: comparison_matrix([2, -3, 3]), r"-3 at \[1\]"),
        (lambda: comparison_matrix([2, 3, 3], items="ab"), "2 for 3 judgements"),
        (lambda: comparison_matrix({("a", "b"): 2}), "list of all items"),
        (lambda: comparison_matrix({("a", "z"): 2}, items="ab"), "'z'"),
        (lambda: comparison_matrix({("a", "a"): 1}, items="ab"), "two different items"),
        (lambda: comparison_matrix({("a", "b"): 12}, items="ab"), "12 at 'a', 'b'"),
        (lambda: comparison_matrix({("a", "b"): 2, ("b", "a"): 2}, items="ab"), "twice"),
        (lambda: judgement_ratio("up", 3), "'left', 'right', 'equal'"),
        (lambda: judgement_ratio(["left"], [10]), r"10 at \[0\]"),
        (lambda: judgement_ratio(["left"], [1]), "above 1"),
        (lambda: judgement_ratio(["equal"], [2]), "accepted is 1 with 'equal'"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
