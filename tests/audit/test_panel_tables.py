"""Figures of a panel against scipy's Friedman test, printed cells, and the checks' sentences."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import friedmanchisquare, rankdata

from smartgov.audit.panel_tables import (
    Block,
    Group,
    PanelSpec,
    Target,
    check_panel,
    departures,
    group_figures,
    misses,
    printed_cells,
)
from smartgov.audit.printed import Interval
from smartgov.stats import rank_deviations

VALUES = st.tuples(st.integers(2, 9), st.integers(3, 6)).flatmap(
    lambda shape: arrays(np.int8, shape, elements=st.integers(-8, 8))
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(VALUES)
def test_figures_are_those_of_the_friedman_test(values):
    m, n = values.shape
    figures = group_figures(values)
    np.testing.assert_array_equal(rank_deviations(values), 2 * rankdata(values, axis=1) - (n + 1))
    assert sum(figures.mean_ranks) == Fraction(n * (n + 1), 2)
    if figures.W is None:
        assert (values == values[:, :1]).all()
        return
    # scipy's statistic is corrected for ties; Friedman's chi-square is m (n - 1) W.
    test = friedmanchisquare(*values.T)
    assert float(m * (n - 1) * figures.W) == pytest.approx(test.statistic, abs=1e-9)
    assert float(figures.p) == pytest.approx(test.pvalue, abs=1e-12)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(VALUES, st.randoms(use_true_random=False))
def test_relabelling_experts_or_items_changes_nothing(values, rng):
    m, n = values.shape
    experts, items = rng.sample(range(m), m), rng.sample(range(n), n)
    before, after = group_figures(values), group_figures(values[experts][:, items])
    assert (after.W, after.p) == (before.W, before.p)
    assert after.mean_ranks == tuple(before.mean_ranks[item] for item in items)


def test_two_experts_who_contradict_each_other_by_hand():
    figures = group_figures(np.array([[-2, 0, 5], [4, 0, -3]]))
    assert figures.mean_ranks == (2, 2, 2)
    assert figures.W == 0
    assert figures.p == 1


def test_ties_by_hand():
    # Ranks 1.5 1.5 3 and 1 2.5 2.5: rank sums 2.5, 4, 5.5, S = 4.5, one pair tied by each:
    # W = 12 * 4.5 / (4 * 24 - 2 * 12) = 54 / 72.
    assert Fraction(3, 4) == group_figures(np.array([[0, 0, 3], [-1, 2, 2]])).W


def test_one_item_or_only_ties_have_no_w():
    assert group_figures(np.array([[3], [0]])).W is None
    assert group_figures(np.array([[2, 2], [0, 0]])).p is None
    assert misses(group_figures(np.array([[3], [0]])), Target.from_printed(W="0.000"))


def spec_of(values, target=None):
    n = values.shape[1]
    counts = tuple((values == 0).sum(axis=1).tolist())
    return PanelSpec((Block("E1", (Group("E1", "growth", n, target or Target()),), counts),))


def test_printed_cells_are_strings_of_the_exact_figures():
    values = np.array([[0, 0, 3], [-1, 2, 2], [1, 0, 0]])
    spec = spec_of(values, Target(mean_ranks=(None, None, None)))
    texts = printed_cells(spec, values)
    assert texts["E1", "expert_01", "equal"] == "0.67"
    assert texts["overall", "expert_02", "equal"] == "0.00"
    assert texts["E1", "E1.growth", "mean_rank_3"] == "2.33"
    assert {column for _, row, column in texts if row == "E1.growth"} == {
        "W",
        "p",
        "mean_rank_1",
        "mean_rank_2",
        "mean_rank_3",
    }


@pytest.mark.parametrize(
    ("panel", "sentence"),
    [
        ([[1, 2], [0, 3]], "expert 2 has 1 judgements 'equal', 0 are asked for"),
        ([[1, 2], [2, 1]], "prints W = 0"),
        ([[1, 2], [1, 9]], "outside -8…8"),
        ([[1, 2]], "shape (1, 2)"),
    ],
)
def test_check_names_what_is_wrong(panel, sentence):
    spec = spec_of(np.array([[1, 2], [1, 3]]), Target.from_printed(W="1.000"))
    check_panel(spec, np.array([[-5, 2], [1, 3]]))
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        check_panel(spec, np.array(panel))


def test_a_p_value_next_to_the_end_of_its_interval_is_on_its_own_side():
    figures = group_figures(np.array([[1, 2, 3], [1, 3, 2], [-1, 4, 2]]))
    little = Fraction(1, 10**30)  # far below what floats can tell apart
    assert misses(figures, Target(p=Interval(figures.p + little, Fraction(1))))
    assert not misses(figures, Target(p=Interval(figures.p - little, Fraction(1))))


def test_every_departure_is_named():
    spec = spec_of(np.array([[1, 2], [1, 3]]), Target.from_printed(W="1.000"))
    found = list(departures(spec, np.array([[0, 2], [0, -9]])))
    phrases = ("outside -8…8", "expert 1 has 1", "expert 2 has 1", "prints W = 0")
    assert len(found) == 4
    assert all(phrase in sentence for phrase, sentence in zip(phrases, found, strict=True))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Block("E1", (Group("E1", "a", 2),), (3,)), "0 to 2 is accepted"),
        (lambda: Group("E1", "a", 0), "1 or more"),
        (lambda: Group("E1", "a", 2, Target(mean_ranks=(None,))), "2 items and 1 mean ranks"),
        (
            lambda: PanelSpec((Block("x", (Group("E1", "a", 2),), (1,)), Block("y", (), (0, 0)))),
            "different numbers of experts",
        ),
        (lambda: PanelSpec((Block("x", (Group("E1", "a", 2),) * 2, (1,)),)), "given twice"),
        (
            lambda: PanelSpec((Block("x", tuple(Group("E1", k, 2) for k in "abab"), (1,)),)),
            r"\('E1', 'a'\) is given twice",
        ),
    ],
)
def test_specifications_that_cannot_be_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
