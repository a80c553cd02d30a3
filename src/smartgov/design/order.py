"""How often a panel's pairwise comparisons put the components in their true order."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from smartgov import stats

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
    pairs = np.array(list(combinations(range(n), 2)))
    towards = (pairs[:, [0]] == np.arange(n)).astype(float) - (pairs[:, [1]] == np.arange(n))
    counts = {"panels": panels, "order": 0, "first": 0}
    at_once = max(1, AT_ONCE // (m * len(pairs)))
    for done in range(0, panels, at_once):
        side, size = _judgements(generator, n, range_, noise, min(at_once, panels - done), m)
        logs = ((side * np.log(size)).mean(axis=1) @ towards).round(9)
        counts["order"] += int((np.diff(logs) < 0).all(axis=1).sum())
        counts["first"] += int((logs[:, :1] > logs[:, 1:]).all(axis=1).sum())
    return counts


def _judgements(
    generator: np.random.Generator, n: int, range_: float, noise: float, *raters: int
) -> tuple[np.ndarray, np.ndarray]:
    """The side that each judgement favours, 1 or -1, and its intensity, shape (*raters, pairs)."""
    theta, (left, right) = -np.log(range_) * np.arange(n) / (n - 1), np.triu_indices(n, 1)
    errors = generator.standard_normal((*raters, len(left)))
    judged = theta[left] - theta[right] + noise * errors
    return np.sign(judged), np.clip(np.rint(np.exp(np.abs(judged))), 1, 9)


def typical_consistency(n: int, range_: float, noise: float) -> float:
    """Median consistency ratio of 400 raters as :func:`orders_found` draws them; seed 0."""
    side, size = _judgements(np.random.default_rng(0), n, range_, noise, 400)
    return float(np.median(stats.consistency_ratio(stats.comparison_matrix(size**side))))
