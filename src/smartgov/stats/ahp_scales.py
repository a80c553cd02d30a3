"""Judgement scales: what the steps 1 to 9 are worth as ratios; Saaty's answer is one of many."""

import numpy as np

from .ahp import SCALE, checked_matrix
from .inputs import checked_choice

SCALES = {
    "linear": lambda x: x,
    "logarithmic": lambda x: np.log2(x + 1),
    "power": np.square,
    "balanced": lambda x: (0.45 + 0.05 * x) / (0.55 - 0.05 * x),
}
"""Ratio of a judgement of x steps, 1 to 9; its reciprocal for the other side."""


def rescaled(matrix, scale) -> np.ndarray:
    """Reciprocal matrices with every judgement of 1 to 9 read on another scale.

    Saaty's scale is *linear*: three steps are three times as much. On the *logarithmic* scale
    higher steps add less, on the *power* scale more; the *balanced* one spreads the priorities of
    two items evenly, x steps giving the favoured one 0.45 + 0.05 x. The random indices of
    :data:`~smartgov.stats.RANDOM_INDEX` are for the linear scale alone.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Judgements 1 to 9 and their reciprocals; NaN in both cells of a missing pair.
    scale : {"linear", "logarithmic", "power", "balanced"}

    Raises
    ------
    ValueError
        Also for a ratio beyond 9: gaps are filled after rescaling, not before.

    References
    ----------
    Ishizaka, A., & Labib, A. (2011). Expert Systems with Applications 38, 14336-14345 (review of
    the scales). - Salo, A. A., & Hämäläinen, R. P. (1997). Journal of Multi-Criteria Decision
    Analysis 6, 309-319 (balanced). - Goepel, K. D. (2019). International Journal of Information
    Technology & Decision Making 18, 445-463 (comparison).

    Examples
    --------
    >>> [rescaled([[1, 3], [1/3, 1]], scale)[0, 1].round(2).item() for scale in SCALES]
    [3.0, 2.0, 9.0, 1.5]
    """
    checked_choice("scale", scale, SCALES)
    matrix = checked_matrix(matrix, missing=True)
    steps = np.maximum(matrix, 1 / matrix)
    if np.nanmax(steps) > SCALE * (1 + 1e-9):
        raise ValueError(
            f"matrix: found ratio {np.nanmax(steps):g}; accepted are intensities 1 to {SCALE} and"
            " their reciprocals, with gaps not yet filled."
        )
    ratios = SCALES[scale](np.minimum(steps, SCALE))
    return np.where(matrix < 1, 1 / ratios, ratios)
