"""Clusters of raters: camps that were made are found, and none where there are none."""

import numpy as np
import pytest
from scipy.special import rel_entr

from smartgov.stats import comparison_matrix, group_consensus, priorities, priority_clusters
from smartgov.stats.ahp_clusters import STRUCTURE, _mean_silhouette

CENTRES = np.array([[0.6, 0.2, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6], [0.1, 0.6, 0.2, 0.1]])


def drawn(sizes, tight=400.0, seed=0):
    rng = np.random.default_rng(seed)
    return np.vstack([rng.dirichlet(tight * c, m) for c, m in zip(CENTRES, sizes, strict=False)])


@pytest.mark.parametrize("sizes", [(5, 5), (3, 9), (4, 5, 6), (20, 30, 40)])
def test_camps_that_were_made_are_found(sizes):
    found = priority_clusters(drawn(sizes))
    assert found.labels.tolist() == np.repeat(np.arange(len(sizes)) + 1, sizes).tolist()
    assert found.silhouette >= STRUCTURE


@pytest.mark.parametrize(("n", "most"), [(3, 7), (5, 0), (9, 0)])
def test_panels_who_judge_at_random_seldom_show_camps(n, most):
    steps = np.random.default_rng(5).integers(-8, 9, (50, 13, n * (n - 1) // 2))
    ratios = (np.abs(steps) + 1.0) ** np.where(steps < 0, -1, 1)
    panels = priorities(comparison_matrix(ratios))
    assert sum(priority_clusters(panel).labels.max() > 1 for panel in panels) <= most


def test_raters_who_stand_apart_alone_make_no_camps():
    assert set(priority_clusters(drawn((9, 1))).labels) == {1}
    assert len(set(priority_clusters(drawn((9, 1, 9))).labels)) == 3


@pytest.mark.parametrize("m", [2, 3, 5])
def test_too_few_for_two_camps_are_one(m):
    found = priority_clusters(drawn((m,)))
    assert found.labels.tolist() == [1] * m and np.isnan(found.silhouette)


def test_raters_of_one_mind_are_one_cluster():
    assert set(priority_clusters(np.tile(CENTRES[0], (8, 1))).labels) == {1}


def test_order_of_raters_and_items_changes_no_cluster():
    weights, rng = drawn((5, 6, 7)), np.random.default_rng(3)
    base = priority_clusters(weights).labels
    order = rng.permutation(len(base))
    found = priority_clusters(weights[order][:, rng.permutation(4)]).labels
    assert ((found[:, None] == found) == (base[order][:, None] == base[order])).all()


def test_the_distance_is_the_beta_entropy_of_two():
    p, q = CENTRES[:2]
    divergence = (rel_entr(p, (p + q) / 2).sum() + rel_entr(q, (p + q) / 2).sum()) / 2
    assert group_consensus([p, q]).beta == pytest.approx(divergence)


def test_silhouette_worked_on_a_line():
    # 0 and 1 are 1 apart, and 4 and 3 from the point 4, which is alone and counts 0
    line = np.array([0.0, 1, 4])
    distances = np.abs(line[:, None] - line)
    expected = ((4 - 1) / 4 + (3 - 1) / 3 + 0) / 3
    assert _mean_silhouette(distances, np.array([2, 2, 1])) == pytest.approx(expected)


def test_of_more_raters_than_distances_are_held_for_all_are_in_one(monkeypatch):
    priorities = drawn([5, 5])
    assert priority_clusters(priorities).labels.max() == 2
    monkeypatch.setattr("smartgov.stats.ahp_clusters.MOST_APART", 9)
    found = priority_clusters(priorities)
    assert (found.labels == 1).all() and np.isnan(found.silhouette)
