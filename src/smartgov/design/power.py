"""How often a test of concordance sees the agreement that is there, or one that is not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy import special, stats

from smartgov.design.draws import drawn_w
from smartgov.stats.exact import exact_steps, w_distribution
from smartgov.stats.inputs import checked_choice

ALPHAS = (0.05, 0.01)
TESTS = ("chi2", "F", "exact")
CHEAP = 3e7  # steps of an exact distribution that is worth listing, about a second


@cache
def critical_w(test: str, m: int, n: int, alpha: float) -> float:
    """The smallest W that a test calls significant.

    Parameters
    ----------
    test : {"chi2", "F", "exact"}
        Friedman's chi-square with n - 1 degrees of freedom (1937); F = (m - 1) W / (1 - W) with
        n - 1 - 2/m and (m - 1) times as many (Kendall and Babington Smith, 1939); or the exact
        distribution without ties.
    m, n : int
    alpha : float

    Returns
    -------
    float
        NaN where the test is not to be had: no degrees of freedom, or an exact distribution too
        long to list; above 1 where no W is significant.

    Examples
    --------
    Three raters of three items need full agreement, which chi-square does not know:

    >>> [round(critical_w(test, 3, 3, 0.05), 3) for test in TESTS]
    [0.999, 0.852, 1.0]
    """
    checked_choice("test", test, TESTS)
    if test == "chi2":
        return float(special.chdtri(n - 1, alpha)) / (m * (n - 1))
    if test == "F":
        first = n - 1 - 2 / m
        return float(stats.beta.isf(alpha, first / 2, (m - 1) * first / 2)) if first > 0 else np.nan
    if exact_steps(np.tile(np.arange(1 - n, n, 2), (m, 1)))[0] > CHEAP:
        return np.nan
    found = w_distribution((m, n)).critical_w(alpha)
    return 2.0 if found is None else found


def significant(
    generator: np.random.Generator,
    panels: int,
    m: int,
    n: int,
    rho: float,
    equal: Sequence[float] = (0.0,),
) -> dict[str, float]:
    """How many drawn panels each test calls significant, at each level.

    Parameters as of :func:`smartgov.design.draws.drawn_w`.

    Returns
    -------
    dict
        ``panels``, those without a W (``undefined``, never significant), the sum of W over the
        others, and counts such as ``chi2_0.05``; without a count where the test is not to be had.
        The exact test is one of panels without ties.
    """
    w = drawn_w(generator, panels, m, n, rho, equal)
    defined = w[~np.isnan(w)]
    counts = {"panels": panels, "undefined": panels - len(defined), "w": float(defined.sum())}
    for test in TESTS if not any(equal) else TESTS[:2]:
        for alpha in ALPHAS:
            least = critical_w(test, m, n, alpha)
            if least == least:
                counts[f"{test}_{alpha}"] = int((defined >= least - 1e-9).sum())
    return counts
