"""Pairwise comparison matrices that several test modules draw."""

from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smartgov.stats import comparison_matrix

SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]


def upper(*rows):
    """A matrix from the rows of its upper triangle."""
    return comparison_matrix([ratio for row in rows for ratio in row])


def triangles(n):
    """Ratios that fill one matrix of n items."""
    pairs = n * (n - 1) // 2
    return st.lists(st.sampled_from(SCALE), min_size=pairs, max_size=pairs)


matrices = st.integers(2, 7).flatmap(triangles).map(comparison_matrix)
groups = (
    st.tuples(st.integers(2, 5), st.integers(2, 6))
    .flatmap(lambda shape: st.lists(triangles(shape[1]), min_size=shape[0], max_size=shape[0]))
    .map(comparison_matrix)
)
weights = st.integers(2, 8).flatmap(lambda n: hnp.arrays(float, n, elements=st.floats(0.1, 10)))
