"""The group's priorities: aggregation, consensus, uncertainty."""

import numpy as np
import pytest
from drawn_matrices import SCALE, groups
from hypothesis import given, settings
from scipy import stats

from smartgov.stats import (
    aggregate,
    comparison_matrix,
    consistency,
    group_consensus,
    priorities,
    priority_interval,
)

LAW = settings(derandomize=True, max_examples=40, deadline=None)


def two(ratio):
    return [[1, ratio], [1 / ratio, 1]]


def test_saatys_three_people_and_the_apple():
    # Saaty, in the Decision Lens note on combining judgements: 2, 3 and 4 give the cube root of
    # 24, and the reciprocals give its reciprocal
    group = [two(2), two(3), two(4)]
    assert aggregate(group)[0, 1] == pytest.approx(24 ** (1 / 3))
    assert aggregate(group)[1, 0] == pytest.approx((1 / 2 * 1 / 3 * 1 / 4) ** (1 / 3))


@LAW
@given(groups)
def test_aggregated_judgements_are_reciprocal_and_between_the_raters(group):
    joint = aggregate(group)
    assert joint * joint.T == pytest.approx(np.ones_like(joint))
    assert (joint >= group.min(axis=0) - 1e-12).all()
    assert (joint <= group.max(axis=0) + 1e-12).all()


@LAW
@given(groups)
def test_both_aggregations_agree_under_full_agreement(group):
    same = np.repeat(group[:1], 4, axis=0)
    assert aggregate(same) == pytest.approx(group[0])
    assert aggregate(same, "priorities") == pytest.approx(priorities(group[0]))
    assert priorities(aggregate(same)) == pytest.approx(aggregate(same, "priorities"))


@LAW
@given(groups)
def test_both_aggregations_agree_with_geometric_means(group):
    # Barzilai & Golany (1994): means of logarithms may be taken in either order
    assert priorities(aggregate(group), "geometric") == pytest.approx(
        aggregate(group, "priorities", method="geometric")
    )


@LAW
@given(groups)
def test_the_group_is_no_less_consistent_than_its_worst_member(group):
    # the Perron root of a geometric mean of matrices is at most the geometric mean of theirs
    # (Elsner, Johnson & Dias da Silva, 1988); Xu (2000), EJOR 126, 683-687, for AHP
    members = consistency(group, "alonso-lamata-2006").lambda_max
    joint = consistency(aggregate(group), "alonso-lamata-2006").lambda_max
    assert joint <= np.exp(np.log(members).mean()) + 1e-9


def test_batches_of_groups():
    batch = comparison_matrix(np.random.default_rng(0).choice(SCALE, (4, 3, 6)))
    for how, shape in (("judgements", (4, 4, 4)), ("priorities", (4, 4))):
        together = aggregate(batch.reshape(4, 3, 4, 4), how)
        assert together.shape == shape
        assert together[2] == pytest.approx(aggregate(batch[2], how))


# Consensus -------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 5, 9])
def test_goepels_test_of_no_consensus(k):
    # Goepel (2018), sec. 9: k raters, k items, each puts another one 9 times above the others
    extreme = np.full((k, k), 1.0) + 8 * np.eye(k)
    result = group_consensus(extreme / extreme.sum(axis=1, keepdims=True))
    assert result.indicator == pytest.approx(0)


def test_full_agreement_is_full_consensus():
    result = group_consensus([[0.5, 0.3, 0.2]] * 4)
    assert result.indicator == pytest.approx(1) and result.beta == pytest.approx(0, abs=1e-12)


def test_entropies_are_scipys():
    rows = np.random.default_rng(1).dirichlet(np.ones(4), 6)
    result = group_consensus(rows)
    assert result.alpha == pytest.approx(np.mean([stats.entropy(row) for row in rows]))
    assert result.gamma == pytest.approx(stats.entropy(rows.mean(axis=0)))
    assert result.homogeneity == pytest.approx(np.exp(result.alpha - result.gamma))
    batch = group_consensus(np.stack([rows, rows[::-1, ::-1]]))
    assert batch.indicator == pytest.approx([result.indicator] * 2)


# Uncertainty -----------------------------------------------------------------------------------


def test_bootstrap_over_raters():
    group = comparison_matrix(np.random.default_rng(2).choice(SCALE[6:13], (8, 6)))
    first, again = (priority_interval(group, draws=400, seed=1) for _ in range(2))
    assert (first.low == again.low).all() and (first.high == again.high).all()
    assert (first.low <= first.priorities).all() and (first.priorities <= first.high).all()
    assert first.priorities == pytest.approx(priorities(aggregate(group)))
    # the same groups, aggregated one by one
    rows = np.random.default_rng(1).integers(8, size=(400, 8))
    drawn = [priorities(aggregate(group[each])) for each in rows]
    assert first.low == pytest.approx(np.quantile(drawn, 0.025, axis=0))
    assert first.high == pytest.approx(np.quantile(drawn, 0.975, axis=0))


def test_raters_who_agree_have_no_spread():
    result = priority_interval([two(3)] * 5, draws=100)
    assert result.low == pytest.approx([0.75, 0.25])
    assert result.high == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: aggregate(two(2)), "one matrix a rater"),
        (lambda: aggregate([two(2), [[1, 2], [2, 1]]]), r"2 at \[1, 0, 1\]"),
        (lambda: aggregate([two(2)], "means"), "'judgements', 'priorities'"),
        (lambda: group_consensus([[0.5, 0.5]]), r"\(1, 2\).*two raters"),
        (lambda: group_consensus([[0.5, 0.4], [0.5, 0.5]]), r"\[0\.5, 0\.4\] at \[0\]"),
        (lambda: group_consensus([[1.5, -0.5], [0.5, 0.5]]), "zero or more"),
        (lambda: priority_interval([two(2)]), "at least two raters"),
        (lambda: priority_interval([two(2), two(3)], confidence=1), "between 0 and 1"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
