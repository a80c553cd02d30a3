"""One Delphi round: has the panel come together on an item, and how sure is that?"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .inputs import checked_confidence, checked_ratings, numeric_array
from .intervals import share_interval


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
        for the confidence.
    iqr : ndarray
        Distance between the quartiles.
    cv : ndarray
        Coefficient of variation, sample standard deviation over mean; NaN where the mean is not
        positive, for it has no meaning there.
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


def consensus(ratings, *, agree, confidence=0.95) -> Consensus:
    """Share agreeing, median, interquartile range and coefficient of variation of each item.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Experts by items; NaN where an expert did not answer.
    agree : number or collection of numbers
        A number means "this rating or higher agrees"; a collection lists the agreeing ratings.

    Raises
    ------
    ValueError
        For ratings that are not numbers, or an item with fewer than two answers.

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
    confidence = checked_confidence(confidence)
    answered = (~np.isnan(ratings)).sum(axis=0)
    if answered.min() < 2:
        item = int(answered.argmin())
        raise ValueError(
            f"ratings: found {answered[item]} answer(s) for item {item} (counting "
            "from 0); accepted are at least two."
        )
    agreed = numeric_array(agree if np.isscalar(agree) else list(agree), "agree")
    agreeing = (ratings >= agreed if np.isscalar(agree) else np.isin(ratings, agreed)).sum(0)
    shares = [
        share_interval(int(k), int(m), confidence=confidence)
        for k, m in zip(agreeing, answered, strict=True)
    ]
    medians = [median_interval(item, confidence=confidence) for item in ratings.T]
    lower, _, upper = quartiles(ratings)
    means = np.nanmean(ratings, axis=0)
    return Consensus(
        answered,
        agreeing,
        *np.array([(s.share, s.low, s.high) for s in shares]).T,
        *np.array([(s.median, s.low, s.high) for s in medians]).T,
        upper - lower,
        np.nanstd(ratings, axis=0, ddof=1) / np.where(means > 0, means, np.nan),
    )


def quartiles(ratings) -> np.ndarray:
    """Lower quartile, median and upper quartile of each item, interpolated linearly.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        NaN is left out.

    Returns
    -------
    ndarray, shape (3, n)
        NaN for an item without answers.

    Examples
    --------
    >>> quartiles([[5, 2], [4, 3], [4, 5], [5, 1]]).tolist()
    [[4.0, 1.75], [4.5, 2.5], [5.0, 3.5]]
    """
    ratings = numeric_array(ratings, "ratings")
    if ratings.ndim != 2:
        raise ValueError(f"ratings: found shape {ratings.shape}; accepted is (m, n).")
    found = np.full((3, ratings.shape[1]), np.nan)
    answered = ~np.isnan(ratings).all(axis=0)
    found[:, answered] = np.nanpercentile(ratings[:, answered], (25, 50, 75), axis=0)
    return found


@dataclass(frozen=True)
class MedianInterval:
    """A median and the ends of its interval."""

    median: float
    low: float
    high: float


def median_interval(values, *, confidence=0.95) -> MedianInterval:
    """Median with the distribution-free interval between two order statistics.

    Parameters
    ----------
    values : array_like, shape (m,)
        NaN is left out.
    confidence : float
        The interval covers with at least this probability; computed by
        ``scipy.stats.quantile_test``.

    Returns
    -------
    MedianInterval
        Ends are ``-inf`` and ``inf`` where m is too small (below six at 95 %).

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
    confidence = checked_confidence(confidence)
    given = ~np.isnan(values)
    if values.ndim != 1 or not given.any():
        raise ValueError(
            f"values: found shape {values.shape} with {int(given.sum())} numbers; accepted is a "
            "list with at least one number."
        )
    values = values[given]
    low, high = stats.quantile_test(values, q=0, p=0.5).confidence_interval(confidence)
    return MedianInterval(
        float(np.median(values)),
        float(-np.inf if np.isnan(low) else low),
        float(np.inf if np.isnan(high) else high),
    )
