"""Permutation p-values of Kendall's W: listed where that can be done, bounded everywhere.

The permutation distribution takes the raters' orders, ties included, and lets every rater be any
of its n! relabellings with equal chance; the p-value is the chance of a W at least as large as
the panel's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

LISTED = {2: 200, 3: 15}
"""For each number of items the largest number of raters whose exact p-values are listed."""

CUSTOMARY = {2: 10**9, 3: 15, 4: 8, 5: 5, 6: 4}
"""Panels for which an exact p is customary: the largest number of raters for so many items."""

CUSTOMARY_BEYOND = 4
"""The same for more items than these."""

DRAWS = 999
"""A Monte-Carlo p is taken to rest on this many draws or more."""


@lru_cache(maxsize=128)
def exact_pairs(m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every W of `m` raters and `n` items with every exact p-value that can stand beside it.

    Parallel arrays, sorted by W; W is corrected for ties, p allows for them.  Sizes outside
    :data:`LISTED` are refused.

    Examples
    --------
    Two raters agree on the order of three items, or one of them ties two:

    >>> w, p = exact_pairs(2, 3)
    >>> sorted(set(p[w == 1].round(3).tolist()))
    [0.167, 0.333]
    """
    if n not in LISTED or not 1 <= m <= LISTED[n]:
        raise ValueError(
            f"exact p-values of {m} raters and {n} items are not listed; accepted are "
            + ", ".join(f"{items} items with up to {most} raters" for items, most in LISTED.items())
            + "."
        )
    pairs = _pairs_of_two(m) if n == 2 else _pairs_of_three(m)
    w, p = np.unique(np.concatenate(pairs, axis=1), axis=1)
    return w, p


def permutation_bounds(
    w_low: ArrayLike, w_high: ArrayLike, m: ArrayLike, n: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Between what any permutation p lies, whatever the ties, for W between two values.

    Over permutations the tie-corrected chi2 = m (n - 1) W has mean n - 1 exactly and a variance
    of at most 2 (n - 1)(1 - 1/m), because the raters' rank vectors are uncorrelated in pairs
    (Kendall, 1970, sect. 6.8, argues so without ties; unequal tie patterns only lower it).
    Cantelli's inequality, P(X - mean >= t) <= v / (v + t^2), turns that into bounds.

    Examples
    --------
    >>> low, high = permutation_bounds(0.9, 0.9, 10, 5)
    >>> float(low), float(high.round(3))
    (0.0, 0.007)
    """
    m, n = np.asarray(m, dtype=float), np.asarray(n, dtype=float)
    variance = 2 * (n - 1) * (1 - 1 / m)
    above = np.maximum(m * (n - 1) * np.asarray(w_low) - (n - 1), 0.0)
    below = np.maximum((n - 1) - m * (n - 1) * np.asarray(w_high), 0.0)
    with np.errstate(invalid="ignore"):
        high = np.where(above > 0, variance / (variance + above**2), 1.0)
        low = np.where(below > 0, 1 - variance / (variance + below**2), 0.0)
    return low, high


def monte_carlo_bounds(low: ArrayLike, high: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The same for a Monte-Carlo p: four standard errors of :data:`DRAWS` draws more either way."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)

    def slack(p: np.ndarray) -> np.ndarray:
        return 4 * np.sqrt(p * (1 - p) / DRAWS) + 1 / (DRAWS + 1)

    return np.maximum(low - slack(low), 0.0), np.minimum(high + slack(high), 1.0)


def is_customary(m: ArrayLike, n: ArrayLike) -> np.ndarray:
    """Whether a panel is small enough for :data:`CUSTOMARY`."""
    m, n = np.asarray(m), np.asarray(n)
    most = np.full(n.shape, CUSTOMARY_BEYOND)
    for items, raters in CUSTOMARY.items():
        most = np.where(n == items, raters, most)
    return m <= most


def _pairs_of_two(m: int) -> list[np.ndarray]:
    """With two items: a sign test among the raters who do not tie them."""
    pairs = []
    for untied in range(1, m + 1):
        lead = np.arange(untied % 2, untied + 1, 2)
        p = np.where(lead == 0, 1.0, 2 * special.bdtrc((untied + lead) // 2 - 1, untied, 0.5))
        pairs.append(np.array([lead**2 / (m * untied), p]))
    return pairs


_STRICT = ((-2, 0), (-2, 2), (0, -2), (0, 2), (2, -2), (2, 0))
_TIED_FIRST = ((-1, -1), (-1, 2), (2, -1))
_TIED_LAST = ((1, 1), (1, -2), (-2, 1))


def _pairs_of_three(m: int) -> list[np.ndarray]:
    """With three items: one distribution for each number of raters of the three kinds of order."""
    pairs = []
    tied = _point_mass(m)
    for first in range(m + 1):
        both = tied
        for last in range(m + 1 - first):
            strict = both
            for untied in range(m + 1 - first - last):
                squares = 8 * untied + 6 * (first + last)
                if squares:
                    pairs.append(_tail(strict, m, squares))
                strict = _one_rater_more(strict, _STRICT)
            both = _one_rater_more(both, _TIED_LAST)
        tied = _one_rater_more(tied, _TIED_FIRST)
    return pairs


def _point_mass(m: int) -> np.ndarray:
    chances = np.zeros((4 * m + 5, 4 * m + 5))
    chances[2 * m + 2, 2 * m + 2] = 1.0
    return chances


def _one_rater_more(chances: np.ndarray, orders: tuple[tuple[int, int], ...]) -> np.ndarray:
    # The grid is wide enough for m raters, so nothing but zeros is rolled over its edge.
    return sum(np.roll(chances, order, axis=(0, 1)) for order in orders) / len(orders)


def _tail(chances: np.ndarray, m: int, squares: int) -> np.ndarray:
    """W and the chance of a W at least as large, for every reachable spread."""
    first, second = np.nonzero(chances)
    d, e = first - (2 * m + 2), second - (2 * m + 2)
    spread = d**2 + e**2 + (d + e) ** 2
    values, place = np.unique(spread, return_inverse=True)
    mass = np.bincount(place, weights=chances[first, second])
    return np.array([values / (m * squares), np.cumsum(mass[::-1])[::-1]])
