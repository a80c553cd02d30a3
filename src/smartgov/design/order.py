"""How often a panel's pairwise comparisons put the components in their true order."""

from __future__ import annotations

from itertools import combinations

import numpy as np

AT_ONCE = 2**20  # judgements drawn together


def orders_found(
    generator: np.random.Generator, panels: int, m: int, n: int, range_: float, noise: float
) -> dict[str, int]:
    """Draw panels of pairwise comparisons and count the right orders.

    The true priorities fall from first to last by equal factors, `range_` times in all. A
    rater's judgement of a pair is the true ratio times a random one, lognormal with a standard
    deviation of `noise` on the log scale, rounded to the nearest whole number from 1 to 9 or its
    inverse. The group's priorities are the geometric means of rows of its aggregated judgements,
    the logarithmic least squares of Crawford and Williams (1985).

    Returns
    -------
    dict
        ``panels``; those with the whole order right (``order``) and with the first component right
        (``first``). Equal priorities of two components are not the true order.

    Examples
    --------
    >>> found = orders_found(np.random.default_rng(1), 2000, 13, 3, range_=4, noise=0.8)
    >>> found["first"] > 1800
    True
    """
    theta = -np.log(range_) * np.arange(n) / (n - 1)
    pairs = np.array(list(combinations(range(n), 2)))
    towards = (pairs[:, [0]] == np.arange(n)).astype(float) - (pairs[:, [1]] == np.arange(n))
    counts = {"panels": panels, "order": 0, "first": 0}
    at_once = max(1, AT_ONCE // (m * len(pairs)))
    for done in range(0, panels, at_once):
        shape = (min(at_once, panels - done), m, len(pairs))
        judged = theta[pairs[:, 0]] - theta[pairs[:, 1]] + noise * generator.standard_normal(shape)
        size = np.clip(np.rint(np.exp(np.abs(judged))), 1, 9)
        group = (np.sign(judged) * np.log(size)).mean(axis=1)
        logs = (group @ towards).round(9)
        counts["order"] += int((np.diff(logs) < 0).all(axis=1).sum())
        counts["first"] += int((logs[:, :1] > logs[:, 1:]).all(axis=1).sum())
    return counts


def typical_consistency(n: int, range_: float, noise: float, raters: int = 400) -> float:
    """Median consistency ratio of raters as :func:`orders_found` draws them; seed 0."""
    from smartgov import stats

    theta = -np.log(range_) * np.arange(n) / (n - 1)
    upper = np.array(list(combinations(range(n), 2)))
    generator = np.random.default_rng(0)
    judged = (
        theta[upper[:, 0]]
        - theta[upper[:, 1]]
        + noise * generator.standard_normal((raters, len(upper)))
    )
    size = np.clip(np.rint(np.exp(np.abs(judged))), 1, 9)
    ratios = size ** np.sign(judged)
    return float(np.median(stats.consistency_ratio(stats.comparison_matrix(ratios))))
