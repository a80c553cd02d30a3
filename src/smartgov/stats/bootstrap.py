"""The percentile bootstrap (Efron & Tibshirani, 1993), in the steps that all intervals share."""

import numpy as np

from .inputs import checked_whole


def drawn_rows(size, draws, seed) -> np.ndarray:
    """Positions of `size` rows drawn with replacement, shape (draws, size)."""
    return np.random.default_rng(seed).integers(size, size=(checked_whole("draws", draws), size))


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
