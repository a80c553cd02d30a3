"""How surprising a W is if raters order the items at random: ways to a p-value.

"exact"
    every arrangement counted, given the ties.
"permutation"
    Monte Carlo: every rater's ratings shuffled.
"chi-square"
    Friedman's, ``kendall_w(ratings).p``, which fits many raters and misleads for few.
"auto"
    exact where counting is affordable, else chi-square for many raters and permutation for few;
    the result says which.
"""

from dataclasses import dataclass

import numpy as np

from .concordance import kendall_w, rank_deviations
from .exact import exact_steps, w_distribution
from .inputs import checked_choice, checked_ratings, checked_whole, complete_raters

AFFORDABLE_STEPS = 1e9  # "auto" counts exactly up to here: a few seconds
SHUFFLED_AT_ONCE = 20_000
# From here on S varies as chi-square does to half a percent, and "auto" no longer shuffles
MANY_RATERS = 200


@dataclass(frozen=True)
class ConcordanceP:
    """A p-value of W and how it was found; ``float(result)`` is the p-value.

    Attributes
    ----------
    p : float
        Probability of a W at least as large as observed if every rater orders at random.
    method : str
        "exact", "chi-square" or "permutation": the one used, also under "auto".
    w : float
        The observed W.
    as_large, total : int
        Arrangements with W at least as large, and all of them: counted ("exact"; one rater held
        fixed) or drawn ("permutation"); None for "chi-square". The exact p is the fraction
        ``as_large / total``.
    """

    p: float
    method: str
    w: float
    as_large: int | None
    total: int | None

    def __float__(self):
        return self.p


def concordance_pvalue(ratings, method="auto", *, draws=100_000, seed=0) -> ConcordanceP:
    """p-value of Kendall's W for one panel.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Raters with a missing rating are left out; ties are taken as they are.
    method : {"auto", "exact", "chi-square", "permutation"}
        See the top of this module. The permutation p is ``(as_large + 1) / (draws + 1)``: never
        0, and a valid p-value at any number of draws.

    Raises
    ------
    ValueError
        As :func:`kendall_w`; where "exact" is too much to count.

    References
    ----------
    Legendre, P. (2005). Journal of Agricultural, Biological, and Environmental Statistics 10,
    226-245 (permutation). - Phipson, B., & Smyth, G. K. (2010). Statistical Applications in
    Genetics and Molecular Biology 9, 39 (the added ones).

    Examples
    --------
    Three raters agree fully on three items. Chi-square calls that p = .0498; of the 36 ways to
    arrange two raters against the first, one does so:

    >>> panel = [[1, 2, 3], [1, 2, 3], [1, 2, 3]]
    >>> exact = concordance_pvalue(panel)
    >>> exact.method, exact.as_large, exact.total, round(exact.p, 4)
    ('exact', 1, 36, 0.0278)
    >>> round(kendall_w(panel).p, 4)
    0.0498
    """
    checked_choice("method", method, ("auto", "exact", "chi-square", "permutation"))
    draws = checked_whole("draws", draws)
    ratings = checked_ratings(ratings)
    found = kendall_w(ratings)
    w, deviations = found.w, rank_deviations(complete_raters(ratings))
    if method == "auto":
        method = _affordable(deviations)
    if method == "exact":
        return _exact(deviations, w)
    if method == "chi-square":
        return ConcordanceP(found.p, method, w, None, None)
    as_large = _shuffled_as_large(deviations, draws, np.random.default_rng(seed))
    return ConcordanceP((as_large + 1) / (draws + 1), "permutation", w, as_large, draws)


def _affordable(deviations):
    """The most exact method that is affordable."""
    # two items take the fewest steps, about one for every two raters
    perhaps = len(deviations) ** 2 <= 2 * AFFORDABLE_STEPS
    if perhaps and exact_steps(deviations)[0] <= AFFORDABLE_STEPS:
        return "exact"
    squares = (deviations**2).sum(axis=1)
    # raters that count: the variance of S is that of chi-square times one less their inverse
    count = squares.sum() ** 2 / (squares**2).sum()
    return "chi-square" if count >= MANY_RATERS else "permutation"


def _exact(deviations, w):
    # doubled rank deviations rank like the ratings they came from
    distribution = w_distribution(deviations)
    share = distribution.p_at_least(_statistic(deviations.sum(axis=0)))
    as_large = int(share * distribution.total)
    return ConcordanceP(float(share), "exact", w, as_large, distribution.total)


def _shuffled_as_large(deviations, draws, rng):
    """How many of the panels drawn have an S at least as large as the one observed."""
    observed = _statistic(deviations.sum(axis=0))
    as_large = 0
    for start in range(0, draws, SHUFFLED_AT_ONCE):
        size = min(SHUFFLED_AT_ONCE, draws - start)
        as_large += int((_statistic(_shuffled_sums(deviations, size, rng)) >= observed).sum())
    return as_large


def _statistic(sums):
    """S of rank-sum deviations (..., n): a whole number, so that comparing needs no tolerance."""
    return (sums**2).sum(axis=-1)


def _shuffled_sums(deviations, size, rng):
    """Rank-sum deviations of `size` panels, every rater shuffled but the first."""
    n = deviations.shape[1]
    sums = np.tile(deviations[0], (size, 1))
    for rater in deviations[1:]:
        sums += rng.permuted(np.broadcast_to(rater, (size, n)), axis=1)
    return sums
