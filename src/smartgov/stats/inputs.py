"""What the functions of this package accept, the sentence they answer with otherwise, and plain
numbers for plain questions."""

import numpy as np

__all__ = [
    "checked_choice",
    "checked_count",
    "checked_level",
    "checked_ratings",
    "numeric_array",
    "plain",
    "some_defined",
    "where",
]


def where(index) -> str:
    """Write an array index as a place a reader can find, e.g. ``[1, 3]``.

    >>> where((np.int64(1), 3))
    '[1, 3]'
    """
    return "[" + ", ".join(str(int(i)) for i in index) + "]"


def numeric_array(values, what: str, *, finite=True) -> np.ndarray:
    """Turn `values` into floats, or say which value is not a number.

    Parameters
    ----------
    values : array_like
        Numbers of any shape; ``NaN`` or ``None`` is a missing value.
    what : str
        What the values are, for the error sentence.
    finite : bool
        Stop at infinite values; callers that find them by other means save a pass.

    Returns
    -------
    ndarray of float

    Raises
    ------
    ValueError
        If a value is text, complex or of another kind, if rows have different lengths, or if
        `finite` and a value is infinite.
    """
    try:
        raw = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{what}: the rows have different lengths; accepted is a rectangular "
            "array of numbers, with NaN for a missing value."
        ) from None
    if raw.dtype.kind not in "biuf":
        raw = np.asarray(values, dtype=object)  # text must not make numbers text as well
        _raise_if_not_numeric(raw, what)
    array = raw.astype(float, copy=False)
    if finite and np.isinf(array).any():
        place = np.argwhere(np.isinf(array))[0]
        raise ValueError(
            f"{what}: found {array[tuple(place)]} at {where(place)}; "
            "accepted are finite numbers, with NaN for a missing value."
        )
    return array


def _raise_if_not_numeric(raw, what):
    for index in np.ndindex(raw.shape):
        value = raw[index]
        is_number = isinstance(value, (int, float, np.integer, np.floating, np.bool_))
        if not (is_number or value is None):
            raise ValueError(
                f"{what}: found {str(value)!r} at {where(index)}; accepted are "
                "numbers, with NaN for a missing value."
            )


def checked_ratings(ratings) -> np.ndarray:
    """Return ratings as a float array ``(..., m, n)``, m >= 2 raters by n >= 2 items.

    Raises
    ------
    ValueError
        If a rating is not a finite number or NaN, if the array has fewer than two dimensions,
        or if there are fewer than two raters or items.
    """
    array = numeric_array(ratings, "ratings")
    if array.ndim < 2:
        raise ValueError(
            f"ratings: found {array.ndim} dimension(s); accepted are (m, n) raters "
            "by items, or a batch (..., m, n)."
        )
    m, n = array.shape[-2:]
    if m < 2 or n < 2:
        raise ValueError(
            f"ratings: found {m} rater(s) and {n} item(s); accepted are at least "
            "two raters (rows) and at least two items (columns)."
        )
    return array


def checked_level(level) -> float:
    """Return a confidence level, or say that it is not between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(
            f"level: found {level!r}; accepted is a share between 0 and 1, such as 0.95."
        )
    return float(level)


def checked_count(name, value) -> int:
    """Return a number of draws, or say that it is not a whole number of at least 1."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name}: found {value!r}; accepted is a whole number of at least 1.")
    return int(value)


def some_defined(values, what):
    """Drop NaN from bootstrap values, or say that nothing is left."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        raise ValueError(
            f"{what} is undefined in all {len(values)} resamples; accepted are more "
            "resamples, or data that vary more."
        )
    return defined


def checked_choice(name, value, choices):
    """Return `value` if it is one of `choices`, or list what would have been accepted."""
    if value not in choices:
        raise ValueError(
            f"{name}: found {value!r}; accepted are "
            + ", ".join(repr(choice) for choice in choices)
            + "."
        )
    return value


def plain(array):
    """A Python number instead of an array without dimensions; other arrays as they are."""
    array = np.asarray(array)
    return array.item() if array.ndim == 0 else array
