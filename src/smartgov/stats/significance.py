"""How surprising a W is if raters order the items at random: four ways to a p-value.

"chi2"         Friedman's chi-square: fits many raters, misleads for few.
"beta"         Kendall and Babington Smith's beta (or F) approximation: closer for few raters.
"exact"        every arrangement counted, given the ties.
"permutation"  Monte Carlo: every rater's ratings shuffled, with an interval for the exact p.
"auto"         exact where counting is affordable, else permutation; the result says which.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from .concordance import kendall_w, rank_deviations
from .exact import exact_steps, w_distribution
from .inputs import checked_choice, checked_count, checked_level, checked_ratings

__all__ = ["ConcordanceP", "concordance_pvalue"]

METHODS = ("auto", "exact", "permutation", "beta", "chi2")
AFFORDABLE_STEPS = 1e9  # "auto" counts exactly up to here: a few seconds
PERMUTATIONS_AT_ONCE = 20_000


@dataclass(frozen=True)
class ConcordanceP:
    """A p-value of W and how it was found; ``float(result)`` is the p-value.

    Attributes
    ----------
    p : float
        Probability of a W at least as large as observed if every rater orders at random.
    method : str
        "exact", "permutation", "beta" or "chi2": the one used, also under "auto".
    w : float
        The observed W.
    low, high : float
        For "permutation" the Clopper-Pearson interval for the exact p; otherwise both are `p`.
    as_large, total : int or None
        Arrangements with W at least as large, and all of them: counted ("exact"; one rater held
        fixed) or drawn ("permutation"). The exact p is the fraction ``as_large / total``.
    """

    p: float
    method: str
    w: float
    low: float
    high: float
    as_large: int | None = None
    total: int | None = None

    def __float__(self):
        return self.p


def concordance_pvalue(
    ratings, method="auto", *, ties=True, permutations=100_000, seed=0, level=0.95
) -> ConcordanceP:
    """p-value of Kendall's W for one panel.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Raters by items; raters with a missing judgement are left out listwise.
    method : {"auto", "exact", "permutation", "beta", "chi2"}
        See the top of this module.
    ties : bool
        Correction for ties in W; it changes "chi2" and "beta", while "exact" and "permutation"
        take the ties as they are.
    permutations : int
        Shuffled panels to draw.
    seed : int or numpy.random.Generator
        Where the draws start.
    level : float
        Confidence level of the interval for the exact p.

    Returns
    -------
    ConcordanceP
        The permutation p is ``(as_large + 1) / (permutations + 1)``: never 0, and a valid
        p-value at any number of draws.

    Raises
    ------
    ValueError
        As :func:`kendall_w`; for a batch; where "exact" is too much to count; where "beta" has
        two raters and two items.

    References
    ----------
    Friedman (1937) for chi2. - Kendall, M. G., & Babington Smith, B. (1939). Annals of
    Mathematical Statistics 10, 275-287 (beta). - Legendre, P. (2005). Journal of Agricultural,
    Biological, and Environmental Statistics 10, 226-245 (F and permutation). - Phipson, B., &
    Smyth, G. K. (2010). Statistical Applications in Genetics and Molecular Biology 9, 39
    (the added ones). - Clopper & Pearson (1934) for the interval.

    Examples
    --------
    Three raters agree fully on three items. Chi-square calls that p = .0498; of the 36 ways to
    arrange two raters against the first, one does so:

    >>> panel = [[1, 2, 3], [1, 2, 3], [1, 2, 3]]
    >>> exact = concordance_pvalue(panel)
    >>> exact.method, exact.as_large, exact.total, round(exact.p, 4)
    ('exact', 1, 36, 0.0278)
    >>> round(concordance_pvalue(panel, "chi2").p, 4)
    0.0498
    """
    checked_choice("method", method, METHODS)
    checked_level(level)
    checked_count("permutations", permutations)
    ratings = checked_ratings(ratings)
    if ratings.ndim != 2:
        raise ValueError(
            f"ratings: found {ratings.ndim} dimensions; accepted is one panel "
            "(m, n) raters by items."
        )
    result = kendall_w(ratings, ties=ties)
    if method in ("chi2", "beta"):
        p = result.p if method == "chi2" else _beta_p(result.w, result.m, result.n)
        return ConcordanceP(p, method, result.w, p, p)
    deviations = rank_deviations(ratings[~np.isnan(ratings).any(axis=1)])
    affordable = method == "auto" and exact_steps(deviations)[0] <= AFFORDABLE_STEPS
    if method == "exact" or affordable:
        return _exact(deviations, result.w)
    return _permutation(deviations, result.w, permutations, seed, level)


def _beta_p(w, m, n):
    """Upper tail of Beta(a, (m - 1) a), a = (n - 1)/2 - 1/m (Kendall & Babington Smith, 1939)."""
    a = (n - 1) / 2 - 1 / m
    if a <= 0:
        raise ValueError(
            "method: 'beta' found two raters and two items, where it has no degrees "
            "of freedom; accepted there is 'exact'."
        )
    return float(stats.beta.sf(w, a, (m - 1) * a))


def _exact(deviations, w):
    # doubled rank deviations rank like the ratings they came from
    distribution = w_distribution(deviations)
    share = distribution.p_at_least(_statistic(deviations.sum(axis=0)))
    p = float(share)
    return ConcordanceP(p, "exact", w, p, p, int(share * distribution.total), distribution.total)


def _permutation(deviations, w, permutations, seed, level):
    observed = _statistic(deviations.sum(axis=0))
    rng = np.random.default_rng(seed)
    as_large = 0
    for start in range(0, permutations, PERMUTATIONS_AT_ONCE):
        size = min(PERMUTATIONS_AT_ONCE, permutations - start)
        drawn = _statistic(_shuffled_sums(deviations, size, rng))
        as_large += int((drawn >= observed).sum())
    low, high = proportion_confint(as_large, permutations, alpha=1 - level, method="beta")
    p = (as_large + 1) / (permutations + 1)
    return ConcordanceP(p, "permutation", w, float(low), float(high), as_large, permutations)


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
