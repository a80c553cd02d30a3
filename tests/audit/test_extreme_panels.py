"""Bounds on scores and the panels that reach them, against brute force over all panels."""

import itertools
from functools import lru_cache

import numpy as np
import pytest
from article_tables import COMPONENTS, INNER_RING, article_questions, article_spec

from smartgov.audit.entity_scores import SCORINGS, entity_scores
from smartgov.audit.extreme_panels import extreme_panel
from smartgov.audit.lead_bounds import score_bounds, zero_range
from smartgov.audit.panel_tables import (
    Block,
    Group,
    PanelSpec,
    Target,
    check_panel,
    group_figures,
    misses,
)
from smartgov.audit.reconstruction import Question, reconstruct_many

TRIPLE = tuple(Question("x", *pair) for pair in (("a", "b"), ("a", "c"), ("b", "c")))


def spec_of(target, counts, scale):
    return PanelSpec((Block("x", (Group("x", "triple", 3, target),), counts),), scale)


@lru_cache
def all_panels(spec):
    """Every panel that meets the specification of one group of three: brute force."""
    steps = spec.scale - 1
    sheets = np.array(list(itertools.product(range(-steps, steps + 1), repeat=3)))
    zeros = (sheets == 0).sum(axis=1)
    by_expert = [sheets[zeros == count] for count in spec.blocks[0].equal_counts]
    target = spec.groups[0].target
    panels = (np.array(rows) for rows in itertools.product(*by_expert))
    return np.array([panel for panel in panels if not misses(group_figures(panel), target)])


CASES = [
    (Target.from_printed(W="0.2"), (0, 1), 3),
    (Target.from_printed(W="0.8"), (1, 2), 4),
    (Target.from_printed(mean_ranks=("1.5", "2.0", "2.5")), (0, 0), 3),
    (Target.from_printed(mean_ranks=("1.67", "1.67", "2.67")), (1, 1, 2), 3),
]
WEIGHTS = [(1, -1, 0), (0, 1, -1), (-1, 0, 1), (1, -0.5, -0.5), (-0.5, -0.5, 1), (0, 1, 0)]


@pytest.mark.parametrize("scoring", SCORINGS)
@pytest.mark.parametrize(("target", "counts", "scale"), CASES)
def test_extremes_are_the_largest_of_all_panels(target, counts, scale, scoring):
    spec = spec_of(target, counts, scale)
    panels = all_panels(spec)
    assert len(panels)
    scores = entity_scores(panels, TRIPLE, ["x"], "abc", scoring)
    for weights in WEIGHTS:
        sums = scores @ np.array(weights)
        named = dict(zip("abc", weights, strict=True))
        bounds = score_bounds(spec, TRIPLE, ["x"], named, scoring)
        # With one group the zeros cannot move, so dropping their sum gives nothing away.
        assert bounds.high == pytest.approx(sums.max(), abs=1e-8)
        assert bounds.low == pytest.approx(sums.min(), abs=1e-8)
        extreme = extreme_panel(spec, TRIPLE, ["x"], named, scoring)
        check_panel(spec, extreme.panel)
        assert extreme.score == pytest.approx(sums.max(), abs=1e-8)
        assert extreme.score <= extreme.bound <= sums.max() + 0.01
        assert extreme.solved


def test_bounds_hold_for_panels_of_the_article_and_the_solver_sharpens_them():
    spec, questions = article_spec(), article_questions()
    panels = reconstruct_many(spec, 6, seed=3, progress=False)
    scores = entity_scores(panels, questions, COMPONENTS, INNER_RING)
    weights = dict(zip(INNER_RING, (1.0, -1.0, 0.0), strict=True))
    bounds = score_bounds(spec, questions, COMPONENTS, weights)
    leads = scores @ list(weights.values())
    assert (bounds.low <= leads).all()
    assert (leads <= bounds.high).all()
    extreme = extreme_panel(spec, questions, COMPONENTS, weights, base=panels[0])
    check_panel(spec, extreme.panel)
    # The counts of 'equal' have to add up over the nine groups: that lowers the bound.
    assert leads.max() < extreme.score <= extreme.bound < bounds.high - 1
    np.testing.assert_array_equal(extreme.panel[:, :111], panels[0][:, :111])


def test_larger_groups_are_bounded_by_strongest_answers():
    spec, questions = article_spec(), article_questions()
    weights = dict.fromkeys(COMPONENTS, 0.0) | {"policy_making": 1.0}
    extreme = extreme_panel(spec, questions, ["E1"], weights)
    assert not extreme.solved
    check_panel(spec, extreme.panel)
    assert extreme.score <= extreme.bound <= 8


def test_zero_ranges_leave_room_for_the_rest_of_the_block():
    groups = (Group("x", "one", 3), Group("x", "two", 2))
    block = Block("x", groups, (0, 1, 4, 5))
    assert [zero_range(block, groups[0], count) for count in block.equal_counts] == [
        range(1),
        range(2),
        range(2, 4),
        range(3, 4),
    ]


def test_nothing_to_bound_is_said():
    spec = spec_of(Target.from_printed(W="1.000"), (3, 3), 3)
    with pytest.raises(ValueError, match="cannot be answered by 2 experts"):
        score_bounds(spec, TRIPLE, ["x"], {"a": 1.0, "b": 0.0, "c": 0.0})
    some = reconstruct_many(spec_of(Target(), (3, 3), 3), 1, seed=0, progress=False)[0]
    with pytest.raises(ValueError, match="proved by CP-SAT"):
        extreme_panel(spec, TRIPLE, ["x"], {"a": 1.0, "b": 0.0, "c": 0.0}, base=some)
