"""What the functions of this package accept, and the sentence they answer with otherwise."""

import sys

import numpy as np


def where(index) -> str:
    """Write an array index as a place a reader can find.

    >>> where((np.int64(1), 3))
    '[1, 3]'
    """
    return "[" + ", ".join(str(int(i)) for i in index) + "]"


def plain(array):
    """A Python number instead of an array without dimensions; other arrays as they are."""
    array = np.asarray(array)
    return array.item() if array.ndim == 0 else array


def unmasked(values):
    """Values with None where they are masked, also in rows that are masked arrays themselves.

    >>> unmasked([np.ma.array([1, 2], mask=[False, True]), [3, 4]])
    [[1, None], [3, 4]]
    """
    if isinstance(values, np.ma.MaskedArray):
        return np.where(np.ma.getmaskarray(values), None, values.data).tolist()
    return [unmasked(row) for row in values] if isinstance(values, (list, tuple)) else values


def is_missing(value) -> bool:
    """Whether a value stands for none: None, NaN, or what pandas puts in its place."""
    none = value is None or type(value).__name__ in ("NAType", "NaTType")
    return none or bool(value != value)


def numeric_array(values, what: str) -> np.ndarray:
    """Turn `values` into finite floats, NaN, None or masked a missing one; `what` names them.

    Raises
    ------
    ValueError
        If a value is text, complex, infinite or of another kind, or if rows have different
        lengths.
    """
    values = unmasked(values)
    try:
        raw = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{what}: the rows have different lengths; accepted is a rectangular "
            "array of numbers, with NaN for a missing value."
        ) from None
    if raw.dtype.kind not in "biuf":
        raw = np.array(values, dtype=object)  # text must not make numbers text as well
        _raise_if_not_numeric(raw, what)
    array = raw.astype(float, copy=False)
    infinite = np.isinf(array)
    if infinite.any():
        place = np.argwhere(infinite)[0]
        raise ValueError(
            f"{what}: found {array[tuple(place)]} at {where(place)}; "
            "accepted are finite numbers, with NaN for a missing value."
        )
    return array


def _raise_if_not_numeric(raw, what):
    for index in np.ndindex(raw.shape):
        value = raw[index]
        if is_missing(value):
            raw[index] = None
        elif isinstance(value, int) and abs(value) > sys.float_info.max:
            raise ValueError(
                f"{what}: found a whole number beyond {sys.float_info.max:.0e} at {where(index)}; "
                "accepted are smaller ones."
            )
        elif not isinstance(value, (int, float, np.integer, np.floating, np.bool_)):
            raise ValueError(
                f"{what}: found {str(value)!r} at {where(index)}; accepted are "
                "numbers, with NaN for a missing value."
            )


def checked_ratings(ratings, *, batch=False) -> np.ndarray:
    """Return ratings as a float array ``(m, n)``, m >= 2 raters by n >= 2 items.

    Raises
    ------
    ValueError
        If a rating is not a finite number or NaN, if there are fewer than two raters or items,
        or for anything but one panel, unless `batch` lets an array ``(..., m, n)`` pass.
    """
    array = numeric_array(ratings, "ratings")
    if array.ndim < 2 or (array.ndim > 2 and not batch):
        raise ValueError(
            f"ratings: found {array.ndim} dimension(s); accepted is one panel (m, n), raters "
            "by items" + (", or a batch (..., m, n)." if batch else ".")
        )
    m, n = array.shape[-2:]
    if m < 2 or n < 2:
        raise ValueError(
            f"ratings: found {m} rater(s) and {n} item(s); accepted are at least "
            "two raters (rows) and at least two items (columns)."
        )
    return array


def complete_raters(ratings) -> np.ndarray:
    """The raters (rows) without a missing rating."""
    return ratings[~np.isnan(ratings).any(axis=1)]


def checked_confidence(confidence) -> float:
    """Return a confidence level, or say that it is not between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence: found {confidence!r}; accepted is a share between 0 and 1, such as 0.95."
        )
    return float(confidence)


def is_whole(value) -> bool:
    """Whether a value is a whole number, and no truth value."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def checked_whole(name, value) -> int:
    """Return a whole number of at least 1, or say that it is none."""
    if not is_whole(value) or value < 1:
        raise ValueError(f"{name}: found {value!r}; accepted is a whole number of at least 1.")
    return int(value)


def checked_choice(name, value, choices):
    """Return `value` if it is one of `choices`, or list what would have been accepted."""
    if not isinstance(value, (str, type(None))) or value not in choices:
        accepted = ", ".join(map(repr, choices))
        raise ValueError(f"{name}: found {value!r}; accepted are {accepted}.")
    return value
