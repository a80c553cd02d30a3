"""Panels drawn from raters who agree to a known degree and say *equal* as often as is wanted.

Rater j scores item i at ``sqrt(rho) b[i] + sqrt(1 - rho) e[j, i]``: b are the items' true places,
equally spaced with mean 0 and variance 1, e independent standard normal. So rho is the
correlation of two raters' scores (Thurstone, 1927, case V; Kendall and Babington Smith, 1939, for
rho = 0). A rater calls equal, 0, all that is too small to matter to them: the smallest scores, as
many as their share of equal answers says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

AT_ONCE = 2**20  # scores drawn together


def true_places(n: int) -> np.ndarray:
    """Equally spaced places of n items, mean 0 and variance 1.

    Examples
    --------
    >>> true_places(3).round(3).tolist()
    [-1.225, 0.0, 1.225]
    """
    places = np.arange(n) - (n - 1) / 2
    return places / places.std()


@cache
def equal_threshold(share: float, rho: float, n: int) -> float:
    """The score below which, in size, this share of a rater's answers lies.

    Examples
    --------
    >>> round(equal_threshold(0.5, 0, 4), 3), equal_threshold(0, 0.3, 4)
    (0.674, 0.0)
    """
    if not share:
        return 0.0
    means, spread = np.sqrt(rho) * true_places(n), np.sqrt(1 - rho)

    def below(threshold: float) -> float:
        ends = [ndtr((sign * threshold - means) / spread) for sign in (1, -1)]
        return float(np.mean(ends[0] - ends[1])) - share

    return brentq(below, 0, 40)


def drawn_w(
    generator: np.random.Generator,
    panels: int,
    m: int,
    n: int,
    rho: float = 0.0,
    equal: Sequence[float] = (0.0,),
) -> np.ndarray:
    """Kendall's W, corrected for ties, of drawn panels.

    Parameters
    ----------
    generator : numpy.random.Generator
    panels : int
    m, n : int
        Raters and items.
    rho : float
        Correlation of two raters' scores, from 0 to below 1.
    equal : sequence of float
        Shares of equal answers, each below 1; every rater gets one of them at random.

    Returns
    -------
    ndarray of float, shape (panels,)
        NaN where every rater ties all items.

    Examples
    --------
    >>> w = drawn_w(np.random.default_rng(1), 20_000, 5, 4, rho=0.3)
    >>> float(w.mean().round(2))
    0.46
    """
    at_once = max(1, AT_ONCE // (m * n))
    parts = [
        _w_of(_scores(generator, min(at_once, panels - done) * m, n, rho, equal), m)
        for done in range(0, panels, at_once)
    ]
    return np.concatenate(parts)


def drawn_ratings(
    generator: np.random.Generator,
    panels: int,
    m: int,
    n: int,
    rho: float = 0.0,
    equal: Sequence[float] = (0.0,),
) -> np.ndarray:
    """The scores themselves, shape (panels, m, n); parameters as of :func:`drawn_w`."""
    scores = _scores(generator, panels * m, n, rho, equal)
    return np.moveaxis(scores.reshape(n, panels, m), 0, -1)


def _scores(generator, raters: int, n: int, rho: float, equal: Sequence[float]) -> np.ndarray:
    """Scores of shape (n, raters), items first so that items are compared along whole rows."""
    thresholds = np.array([equal_threshold(share, rho, n) for share in equal], dtype=np.float32)
    scores = generator.standard_normal((n, raters), dtype=np.float32)
    scores *= np.float32(np.sqrt(1 - rho))
    scores += (np.sqrt(rho) * true_places(n)).astype(np.float32)[:, None]
    if thresholds.any():
        own = thresholds[generator.integers(len(thresholds), size=raters)]
        scores[np.abs(scores) <= own] = 0
    return scores


def _w_of(scores: np.ndarray, m: int) -> np.ndarray:
    """W of panels of m raters, from doubled rank deviations (see stats.concordance)."""
    deviations = np.zeros(scores.shape, dtype=np.int8)
    for i, other in combinations(range(len(scores)), 2):
        above = (scores[i] > scores[other]).view(np.int8) - (scores[i] < scores[other]).view(
            np.int8
        )
        deviations[i] += above
        deviations[other] -= above
    by_panel = deviations.reshape(len(scores), -1, m)
    sums = by_panel.sum(axis=2, dtype=np.int32)
    squares = np.einsum("ipj,ipj->p", by_panel, by_panel, dtype=np.int32)
    with np.errstate(invalid="ignore"):
        return (sums**2).sum(axis=0) / (m * squares)
