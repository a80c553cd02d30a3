"""Panels that several test modules draw: small, with ties, sometimes with gaps."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def panels(most_raters=6, most_items=6, least_raters=2, least_items=2, values=4):
    """Panels (m, n) of whole numbers in which at least one rater tells two items apart."""
    shapes = st.tuples(st.integers(least_raters, most_raters), st.integers(least_items, most_items))
    ratings = shapes.flatmap(
        lambda shape: hnp.arrays(float, shape, elements=st.integers(1, values))
    )
    return ratings.filter(lambda panel: (panel != panel[:, :1]).any())


def random_panels(seed, count, values=5, gaps=0.0):
    """A list of random panels of different shapes; `gaps` is the share of missing ratings."""
    rng = np.random.default_rng(seed)
    drawn = []
    while len(drawn) < count:
        m, n = rng.integers(3, 14), rng.integers(2, 9)
        panel = rng.integers(1, values + 1, (m, n)).astype(float)
        panel[rng.random((m, n)) < gaps] = np.nan
        complete = panel[~np.isnan(panel).any(axis=1)]
        if len(complete) >= 2 and (complete != complete[:, :1]).any():
            drawn.append(panel)
    return drawn
