"""Delphi rounds: has the panel come together, and have its members stopped moving?

Two questions that one number cannot answer at once. *Consensus* is about one round: how many
agree, how far apart the middle half is. *Stability* is about two rounds and the same experts:
the panel's figures may stand still while experts swap places, so this module counts the
swappers beside the group.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.sparse.csgraph import connected_components
from statsmodels.stats.contingency_tables import SquareTable

from .agreement import cohen_kappa
from .concordance import kendall_w
from .inputs import (
    checked_choice,
    checked_count,
    checked_level,
    checked_ratings,
    numeric_array,
    some_defined,
)
from .intervals import share_interval
from .paired import complete_pairs

__all__ = [
    "Attrition",
    "Consensus",
    "MedianInterval",
    "Movement",
    "SymmetryTest",
    "WChange",
    "attrition",
    "bowker_symmetry",
    "consensus",
    "median_interval",
    "movement",
    "stuart_maxwell",
    "w_change",
    "weighted_kappa",
]


# One round: consensus ------------------------------------------------------------------------


@dataclass(frozen=True)
class Consensus:
    """Measures of consensus on n items in one round; every array has shape (n,).

    Attributes
    ----------
    answered : ndarray of int
        Experts who rated the item.
    agreeing : ndarray of int
        Of these, experts whose rating counts as agreeing.
    share, share_low, share_high : ndarray
        Share agreeing with its Wilson interval.
    median, median_low, median_high : ndarray
        Median with its order-statistic interval; infinite ends where the experts are too few
        for the level.
    iqr : ndarray
        Distance between the quartiles (linear interpolation).
    cv : ndarray
        Coefficient of variation, sample standard deviation over mean.
    level : float
        Confidence level of the intervals.
    """

    answered: np.ndarray
    agreeing: np.ndarray
    share: np.ndarray
    share_low: np.ndarray
    share_high: np.ndarray
    median: np.ndarray
    median_low: np.ndarray
    median_high: np.ndarray
    iqr: np.ndarray
    cv: np.ndarray
    level: float


def consensus(ratings, *, agree, level=0.95) -> Consensus:
    """Share agreeing, median, interquartile range and coefficient of variation of each item.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Experts by items; NaN where an expert did not answer.
    agree : number or collection of numbers
        A number means "this rating or higher agrees"; a collection lists the agreeing ratings.
    level : float
        Confidence level.

    Returns
    -------
    Consensus

    Raises
    ------
    ValueError
        For ratings that are not numbers, an item with fewer than two answers, or a mean that is
        not positive (the coefficient of variation has no meaning there).

    References
    ----------
    von der Gracht, H. A. (2012). Technological Forecasting and Social Change 79, 1525-1536
    (review of the measures); Wilson (1927) for the share; see :func:`median_interval`.

    Examples
    --------
    >>> result = consensus([[5, 2], [4, 3], [4, 5], [5, 1], [3, 3]], agree=4)
    >>> result.share.tolist(), result.median.tolist(), result.iqr.tolist()
    ([0.8, 0.2], [4.0, 3.0], [1.0, 1.0])
    """
    ratings = checked_ratings(ratings)
    level = checked_level(level)
    if ratings.ndim != 2:
        raise ValueError(
            f"ratings: found {ratings.ndim} dimensions; accepted is (m, n) experts by items."
        )
    answers = [column[~np.isnan(column)] for column in ratings.T]
    _raise_for_bad_items(answers)
    agreeing = np.array([int(_agrees(column, agree).sum()) for column in answers])
    answered = np.array([len(column) for column in answers])
    shares = [share_interval(k, m, level=level) for k, m in zip(agreeing, answered, strict=False)]
    medians = [median_interval(column, level=level) for column in answers]
    return Consensus(
        answered,
        agreeing,
        *np.array([(s.share, s.low, s.high) for s in shares]).T,
        *np.array([(s.median, s.low, s.high) for s in medians]).T,
        np.array([stats.iqr(column) for column in answers]),
        np.array([stats.variation(column, ddof=1) for column in answers]),
        level,
    )


def _agrees(ratings, agree):
    return ratings >= agree if np.isscalar(agree) else np.isin(ratings, list(agree))


def _raise_for_bad_items(answers):
    for i, column in enumerate(answers):
        if len(column) < 2:
            raise ValueError(
                f"ratings: found {len(column)} answer(s) for item {i} (counting "
                "from 0); accepted are at least two."
            )
        if column.mean() <= 0:
            raise ValueError(
                f"ratings: found mean {column.mean():g} for item {i} (counting from "
                "0); the coefficient of variation accepts positive means only."
            )


class MedianInterval(NamedTuple):
    """A median and the ends of its interval."""

    median: float
    low: float
    high: float


def median_interval(values, *, level=0.95) -> MedianInterval:
    """Median with the distribution-free interval between two order statistics.

    Parameters
    ----------
    values : array_like, shape (m,)
        NaN is left out.
    level : float
        The interval covers with at least this probability; computed by
        ``scipy.stats.quantile_test``.

    Returns
    -------
    MedianInterval
        Ends are ``-inf`` and ``inf`` where m is too small for the level (below six at 95 %).

    Raises
    ------
    ValueError
        If no value is left, or the array is not one-dimensional.

    References
    ----------
    Conover, W. J. (1999). Practical Nonparametric Statistics, 3rd ed. (quantile test).

    Examples
    --------
    >>> median_interval([3, 4, 4, 5, 5, 5, 2])
    MedianInterval(median=4.0, low=2.0, high=5.0)
    """
    values = numeric_array(values, "values")
    level = checked_level(level)
    if values.ndim != 1 or np.isnan(values).all():
        raise ValueError(
            f"values: found shape {values.shape} with "
            f"{int((~np.isnan(values)).sum())} numbers; accepted is a list with at "
            "least one number."
        )
    values = values[~np.isnan(values)]
    low, high = stats.quantile_test(values, q=0, p=0.5).confidence_interval(level)
    return MedianInterval(
        float(np.median(values)),
        float(-np.inf if np.isnan(low) else low),
        float(np.inf if np.isnan(high) else high),
    )


# Two rounds: who is still there, who moved, and what the group shows ---------------------------


@dataclass(frozen=True)
class Attrition:
    """Who answered in which round.

    Attributes
    ----------
    both, only_first, only_second, neither : int
        Experts who answered anything in the rounds named.
    share_lost : float
        `only_first` out of those who answered in the first round.
    item_both, item_only_first, item_only_second : ndarray of int, shape (n,)
        The same for every item.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    share_lost: float
    item_both: np.ndarray
    item_only_first: np.ndarray
    item_only_second: np.ndarray


def attrition(before, after) -> Attrition:
    """Count experts who stayed, left and joined between two rounds.

    Parameters
    ----------
    before, after : array_like, shape (m, n)
        The same experts in the same rows and the same items; NaN where not answered.

    Returns
    -------
    Attrition

    Raises
    ------
    ValueError
        If the rounds differ in shape, or nobody answered in the first.

    Examples
    --------
    >>> nan = float("nan")
    >>> attrition([[1, 2], [3, 4], [5, 5]], [[1, 2], [nan, nan], [5, nan]]).share_lost
    0.3333333333333333
    """
    before, after = _rounds(before, after)
    was, stayed = ~np.isnan(before), ~np.isnan(after)
    expert_was, expert_stayed = was.any(axis=1), stayed.any(axis=1)
    if not expert_was.any():
        raise ValueError(
            "before: every judgement is missing; accepted is a first round in which "
            "someone answered."
        )
    lost = int((expert_was & ~expert_stayed).sum())
    return Attrition(
        int((expert_was & expert_stayed).sum()),
        lost,
        int((~expert_was & expert_stayed).sum()),
        int((~expert_was & ~expert_stayed).sum()),
        lost / int(expert_was.sum()),
        (was & stayed).sum(axis=0),
        (was & ~stayed).sum(axis=0),
        (~was & stayed).sum(axis=0),
    )


@dataclass(frozen=True)
class Movement:
    """How far experts moved, and how much of it the group's distribution shows.

    Every array has shape (n,), one value an item; shares are of `pairs`, the experts who
    answered in both rounds.

    Attributes
    ----------
    pairs : ndarray of int
    moved, up, down : ndarray
        Shares of experts whose answer changed, rose, fell.
    net : ndarray
        The least share of experts who must have moved to turn the first distribution of answers
        into the second (total variation distance): all that the group's figures can show.
    hidden : ndarray
        ``moved - net``: movement that cancels out in the group.
    """

    pairs: np.ndarray
    moved: np.ndarray
    up: np.ndarray
    down: np.ndarray
    net: np.ndarray
    hidden: np.ndarray


def movement(before, after) -> Movement:
    """Share of experts who moved on each item, and the share the group's figures hide.

    A panel can look perfectly stable while experts swap places; `hidden` is the size of that.

    Parameters
    ----------
    before, after : array_like, shape (m, n)
        The same experts in the same rows; NaN where not answered.

    Returns
    -------
    Movement

    Raises
    ------
    ValueError
        If the rounds differ in shape, or an item has no expert who answered in both.

    References
    ----------
    Scheibe, M., Skutsch, M., & Schofer, J. (1975), in Linstone & Turoff (eds.), The Delphi
    Method, ch. IV.C (stability of the group's distribution as half the summed differences);
    Chaffin, W. W., & Talley, W. K. (1980). Technological Forecasting and Social Change 16,
    67-73 (individual against group stability).

    Examples
    --------
    Two experts swap; the group's answers are the same in both rounds:

    >>> result = movement([[1, 4], [4, 1]], [[4, 4], [1, 2]])
    >>> result.moved.tolist(), result.net.tolist(), result.hidden.tolist()
    ([1.0, 0.5], [0.0, 0.5], [1.0, 0.0])
    """
    before, after = _rounds(before, after)
    rows = []
    for i in range(before.shape[1]):
        first, second = _item_pairs(before, after, i)
        scale = np.union1d(first, second)
        shift = [np.mean(first == value) - np.mean(second == value) for value in scale]
        net = np.abs(shift).sum() / 2
        moved = np.mean(first != second)
        rows.append(
            (
                len(first),
                moved,
                np.mean(second > first),
                np.mean(second < first),
                net,
                max(moved - net, 0.0),
            )
        )  # rounding can leave -1e-17
    pairs, *shares = np.array(rows).T
    return Movement(pairs.astype(int), *shares)


def _item_pairs(before, after, i):
    try:
        return complete_pairs(before[:, i], after[:, i])
    except ValueError as error:
        raise ValueError(f"item {i} (counting from 0): {error}") from None


@dataclass(frozen=True)
class WChange:
    """Kendall's W in two rounds of the same experts, and the bootstrap interval of the change.

    `m` experts have complete answers in both rounds; `undefined` resamples had no W in one of
    the rounds and were set aside.
    """

    before: float
    after: float
    change: float
    low: float
    high: float
    m: int
    level: float
    resamples: int
    undefined: int


def w_change(before, after, *, level=0.95, resamples=9999, seed=0) -> WChange:
    """Change of Kendall's W from one round to the next, over experts complete in both.

    Experts are drawn with replacement, each with the answers of both rounds, so that the two
    values of W keep their dependence. Copies of a rater raise both by the line described in
    :func:`w_interval`; it is inverted, which widens the change by ``m / (m - 1)``.

    Parameters
    ----------
    before, after : array_like, shape (m, n)
        The same experts in the same rows; NaN where not answered.
    level, resamples, seed
        As in :func:`w_interval`.

    Returns
    -------
    WChange

    Raises
    ------
    ValueError
        As :func:`kendall_w` for either round.

    References
    ----------
    Schmidt, R. C. (1997). Decision Sciences 28, 763-774 (W from round to round as a stopping
    rule); percentile bootstrap as in :func:`w_interval`.

    Examples
    --------
    >>> first = [[1, 2, 3], [3, 2, 1], [1, 3, 2], [2, 1, 3]]
    >>> change = w_change(first, [[1, 2, 3]] * 4, resamples=199)
    >>> round(change.before, 4), change.after
    (0.0625, 1.0)
    """
    before, after = _rounds(before, after)
    level = checked_level(level)
    complete = ~np.isnan(before).any(axis=1) & ~np.isnan(after).any(axis=1)
    rounds = np.stack([before[complete], after[complete]])
    m = rounds.shape[1]
    if m < 2:
        raise ValueError(
            f"found {m} expert(s) with complete answers in both rounds; accepted are at least two."
        )
    first, second = kendall_w(rounds).w
    size = checked_count("resamples", resamples), m
    draws = np.random.default_rng(seed).integers(m, size=size)
    drawn = kendall_w(rounds[:, draws], undefined="nan").w
    changes = (drawn[1] - drawn[0]) * m / (m - 1)
    defined = some_defined(changes, "the change of W")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return WChange(
        float(first),
        float(second),
        float(second - first),
        float(low),
        float(high),
        m,
        level,
        resamples,
        resamples - len(defined),
    )


# Two rounds of one item: tests and agreement with oneself --------------------------------------


def weighted_kappa(before, after, *, categories=None, weights="quadratic") -> float:
    """Weighted kappa between an item's answers in two rounds (each expert with themself).

    Parameters
    ----------
    before, after : array_like, shape (m,)
        The same experts in the same order; NaN where not answered.
    categories : sequence, optional
        The whole scale in order, e.g. ``range(1, 6)``; by default the answers that occur, so
        name it when part of the scale was not used.
    weights : {"quadratic", "linear"}

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`cohen_kappa`; kappa is 0/0 where everybody gave one answer in both rounds.

    References
    ----------
    Cohen, J. (1968). Psychological Bulletin 70, 213-220.

    Examples
    --------
    >>> round(weighted_kappa([1, 2, 3, 4], [1, 2, 4, 4], categories=range(1, 6)), 3)
    0.917
    """
    checked_choice("weights", weights, ("quadratic", "linear"))
    first, second = complete_pairs(before, after)
    return cohen_kappa([first, second], weights=weights, categories=categories)


@dataclass(frozen=True)
class SymmetryTest:
    """Chi-square test on the table of first against second answers.

    `moved` of `pairs` experts changed their answer; with none moved the statistic and its
    degrees of freedom are 0 and p is 1.
    """

    statistic: float
    df: int
    p: float
    moved: int
    pairs: int


def bowker_symmetry(before, after) -> SymmetryTest:
    """Bowker's test: do as many experts move from a to b as from b to a, for every a and b?

    Parameters
    ----------
    before, after : array_like, shape (m,)
        The same experts in the same order; NaN where not answered.

    Returns
    -------
    SymmetryTest
        Degrees of freedom count the pairs of answers between which somebody moved: an empty
        pair cannot contribute. Large-sample; for few movers read it as a description.

    Raises
    ------
    ValueError
        If nobody answered in both rounds, or the shapes differ.

    References
    ----------
    Bowker, A. H. (1948). JASA 43, 572-574. Statistic by statsmodels' ``SquareTable.symmetry``.

    Examples
    --------
    >>> bowker_symmetry([1, 1, 1, 2, 2], [2, 2, 2, 2, 1]).statistic
    1.0
    """
    table = _square_table(before, after)
    moves = table + table.T
    df = int((moves[np.triu_indices(len(table), 1)] > 0).sum())
    statistic = float(SquareTable(table, shift_zeros=False).symmetry().statistic)
    p = float(stats.chi2.sf(statistic, df)) if df else 1.0
    return SymmetryTest(statistic if df else 0.0, df, p, _movers(table), int(table.sum()))


def stuart_maxwell(before, after) -> SymmetryTest:
    """Stuart and Maxwell's test: is each answer given as often in both rounds?

    Answers between which experts moved, directly or through others, form a component; each is
    tested by statsmodels' ``SquareTable.homogeneity`` and statistics and degrees of freedom add
    up. (On the whole table its covariance matrix is singular as soon as an answer is untouched.)

    Parameters
    ----------
    before, after : array_like, shape (m,)
        The same experts in the same order; NaN where not answered.

    Returns
    -------
    SymmetryTest

    Raises
    ------
    ValueError
        If nobody answered in both rounds, or the shapes differ.

    References
    ----------
    Stuart, A. (1955). Biometrika 42, 412-416; Maxwell, A. E. (1970). British Journal of
    Psychiatry 116, 651-655.

    Examples
    --------
    >>> round(stuart_maxwell([1, 1, 1, 2, 2], [2, 2, 2, 2, 1]).statistic, 9)
    1.0
    """
    table = _square_table(before, after)
    moves = table * (1 - np.eye(len(table)))
    count, label = connected_components(moves, directed=False)
    statistic, df = 0.0, 0
    for component in range(count):
        members = np.flatnonzero(label == component)
        if len(members) > 1:
            part = SquareTable(table[np.ix_(members, members)], shift_zeros=False).homogeneity()
            statistic, df = statistic + float(part.statistic), df + len(members) - 1
    p = float(stats.chi2.sf(statistic, df)) if df else 1.0
    return SymmetryTest(statistic, df, p, _movers(table), int(table.sum()))


def _square_table(before, after):
    """Counts of experts by first answer (rows) and second answer (columns)."""
    first, second = complete_pairs(before, after)
    scale = np.union1d(first, second)
    table = np.zeros((len(scale), len(scale)))
    np.add.at(table, (np.searchsorted(scale, first), np.searchsorted(scale, second)), 1)
    return table


def _movers(table):
    return int(table.sum() - np.trace(table))


def _rounds(before, after):
    before, after = numeric_array(before, "before"), numeric_array(after, "after")
    if before.shape != after.shape or before.ndim != 2 or not before.size:
        raise ValueError(
            f"found rounds of shapes {before.shape} and {after.shape}; accepted are "
            "two arrays (m, n) with the same experts in the same rows and NaN for "
            "those who left or joined."
        )
    return before, after
