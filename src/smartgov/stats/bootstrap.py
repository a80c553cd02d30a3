"""The percentile bootstrap (Efron & Tibshirani, 1993), in the steps that all intervals share."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from .inputs import checked_whole

AT_ONCE = 4_000_000  # rows drawn that are in memory together


def drawn_rows(size, draws, seed) -> np.ndarray:
    """Positions of `size` rows drawn with replacement, shape (draws, size)."""
    return np.random.default_rng(seed).integers(size, size=(checked_whole("draws", draws), size))


def drawn_sums(rows, draws, seed) -> np.ndarray:
    """Sums over rows drawn with replacement as by :func:`drawn_rows`, shape (draws, columns).

    What a statistic needs of a drawn panel is often sums alone; no drawn panel is then built.
    Sums of whole numbers are exact.
    """
    rows = np.asarray(rows, float)
    return np.concatenate([times @ rows for times in times_drawn(len(rows), draws, seed)])


def times_drawn(size, draws, seed) -> Iterator[np.ndarray]:
    """How often :func:`drawn_rows` draws each row, shape (some of the draws, size)."""
    yield from (times.astype(float) for times in _times(size, checked_whole("draws", draws), seed))


@lru_cache(maxsize=1)
def _times(size, draws, seed) -> list[np.ndarray]:
    """Counted once for all groups of items that the same raters judge."""
    rng, at_once, counted = np.random.default_rng(seed), max(AT_ONCE // size, 1), []
    for start in range(0, draws, at_once):
        drawn = rng.integers(size, size=(min(at_once, draws - start), size))
        times = np.array([np.bincount(each, minlength=size) for each in drawn])
        counted.append(times.astype(np.min_scalar_type(times.max())))
    return counted


def percentile_ends(values, confidence):
    """Both ends of the percentile interval, over the first axis."""
    return np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)


def defined_values(values, what):
    """The values of the draws where the statistic exists, or a ValueError that none is left."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        raise ValueError(
            f"{what} is undefined in all {len(values)} draws; accepted are more draws, or data "
            "that vary more."
        )
    return defined
