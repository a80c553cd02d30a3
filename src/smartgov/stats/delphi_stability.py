"""Two Delphi rounds of the same experts: who is still there, who moved, what the group shows.

The panel's figures may stand still while experts swap places, so this module counts the
swappers beside the group. Rounds come as two arrays ``(m, n)`` with the same experts in the same
rows and the same items; NaN where not answered.
"""

from dataclasses import dataclass

import numpy as np

from .bootstrap import defined_values, drawn_sums, percentile_ends
from .concordance import deviations_and_squares, kendall_w, w_of_sums
from .inputs import checked_confidence, numeric_array
from .paired import complete_pairs


@dataclass(frozen=True)
class Attrition:
    """Experts who answered anything in both rounds or in one only.

    `share_lost` is `only_first` out of those who answered in the first round.
    """

    both: int
    only_first: int
    only_second: int
    share_lost: float


def attrition(before, after) -> Attrition:
    """Count experts who stayed, left and joined between two rounds.

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
    was, stayed = (~np.isnan(answers).all(axis=1) for answers in _rounds(before, after))
    if not was.any():
        raise ValueError(
            "before: every judgement is missing; accepted is a first round in which "
            "someone answered."
        )
    both, lost, joined = (
        int(group.sum()) for group in (was & stayed, was & ~stayed, stayed & ~was)
    )
    return Attrition(both, lost, joined, lost / (both + lost))


@dataclass(frozen=True)
class Movement:
    """How far experts moved, and how much of it the group's distribution shows.

    Attributes
    ----------
    pairs : ndarray of int, shape (n,)
        Experts who answered the item in both rounds; the others are shares of them.
    moved : ndarray, shape (n,)
        Experts whose answer changed.
    net : ndarray, shape (n,)
        The fewest experts who must have moved to turn the first distribution of answers into
        the second (total variation distance): all that the group's figures can show.
    hidden : ndarray, shape (n,)
        ``moved - net``: movement that cancels out in the group.
    """

    pairs: np.ndarray
    moved: np.ndarray
    net: np.ndarray
    hidden: np.ndarray


def movement(before, after) -> Movement:
    """Share of experts who moved on each item, and the share the group's figures hide.

    A panel can look perfectly stable while experts swap places; `hidden` is the size of that.

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
    pairs = [_item_pairs(before, after, i) for i in range(before.shape[1])]
    moved = np.array([np.mean(first != second) for first, second in pairs])
    net = np.array([_net_movement(first, second) for first, second in pairs])
    hidden = np.maximum(moved - net, 0.0)  # rounding can leave -1e-17
    return Movement(np.array([len(first) for first, _ in pairs]), moved, net, hidden)


def _net_movement(first, second):
    """Total variation distance between the distributions of first and second answers."""
    scale = np.union1d(first, second)
    shift = [np.mean(first == value) - np.mean(second == value) for value in scale]
    return np.abs(shift).sum() / 2


def _item_pairs(before, after, i):
    try:
        return complete_pairs(before[:, i], after[:, i])
    except ValueError as error:
        raise ValueError(f"item {i} (counting from 0): {error}") from None


@dataclass(frozen=True)
class WChange:
    """Kendall's W in two rounds of the same experts, and the bootstrap interval of the change.

    `m` experts have complete answers in both rounds; `undefined` draws had no W in one of the
    rounds and were set aside.
    """

    before: float
    after: float
    change: float
    low: float
    high: float
    m: int
    undefined: int


def w_change(before, after, *, confidence=0.95, draws=9999, seed=0) -> WChange:
    """Change of Kendall's W from one round to the next, over experts complete in both.

    Experts are drawn with replacement, each with the answers of both rounds, so that the two
    values of W keep their dependence. Copies of a rater raise both by the line described in
    :func:`w_interval`; it is inverted, which widens the change by ``m / (m - 1)``.

    Raises
    ------
    ValueError
        As :func:`kendall_w` for either round.

    References
    ----------
    Schmidt, R. C. (1997). Decision Sciences 28, 763-774 (W from round to round as a stopping
    rule).

    Examples
    --------
    >>> first = [[1, 2, 3], [3, 2, 1], [1, 3, 2], [2, 1, 3]]
    >>> change = w_change(first, [[1, 2, 3]] * 4, draws=199)
    >>> round(change.before, 4), change.after
    (0.0625, 1.0)
    """
    rounds = np.stack(_rounds(before, after))
    confidence = checked_confidence(confidence)
    rounds = rounds[:, ~np.isnan(rounds).any(axis=(0, 2))]
    m = rounds.shape[1]
    if m < 2:
        raise ValueError(
            f"found {m} expert(s) with complete answers in both rounds; accepted are at least two."
        )
    first, second = kendall_w(rounds).w.tolist()
    in_round = np.hstack([*map(deviations_and_squares, rounds)])
    drawn = w_of_sums(drawn_sums(in_round, draws, seed).reshape(draws, 2, -1), m)
    changes = defined_values((drawn[:, 1] - drawn[:, 0]) * m / (m - 1), "the change of W")
    low, high = percentile_ends(changes, confidence).tolist()
    return WChange(first, second, second - first, low, high, m, draws - len(changes))


def _rounds(before, after):
    before, after = numeric_array(before, "before"), numeric_array(after, "after")
    if before.shape != after.shape or before.ndim != 2 or not before.size:
        raise ValueError(
            f"found rounds of shapes {before.shape} and {after.shape}; accepted are "
            "two arrays (m, n) with the same experts in the same rows and NaN for "
            "those who left or joined."
        )
    return before, after
