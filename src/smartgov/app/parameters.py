"""Checks of a notebook's parameters: a wrong value stops the run with a sentence."""

from __future__ import annotations

from collections.abc import Collection

from smartgov.files.layout import ROOT


def require_between(name: str, value: float, low: float, high: float) -> None:
    """Stop unless ``low < value < high``.

    Raises
    ------
    ValueError
        Naming the parameter, the value found and what is accepted.

    Examples
    --------
    >>> require_between("alpha", 5, 0, 1)
    Traceback (most recent call last):
        ...
    ValueError: parameter alpha: found 5; accepted is a number between 0 and 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value < high:
        raise ValueError(
            f"parameter {name}: found {value!r}; accepted is a number between {low} and {high}."
        )


def require_from_to(name: str, value: float, low: float, high: float) -> None:
    """Stop unless `value` is a number from `low` to `high`, the ends included."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(
            f"parameter {name}: found {value!r}; accepted is a number from {low} to {high}."
        )


def require_one_of(name: str, value: object, accepted: Collection) -> None:
    """Stop unless `value` is one of `accepted`."""
    if value not in accepted:
        raise ValueError(
            f"parameter {name}: found {value!r}; accepted are {', '.join(map(repr, accepted))}."
        )


def require_whole(name: str, value: int, low: int, high: int) -> None:
    """Stop unless `value` is a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(
            f"parameter {name}: found {value!r}; accepted is a whole number from {low} to {high}."
        )


def require_file(name: str, value: str) -> None:
    """Stop unless `value` is empty or a file, its path taken from the repository's root."""
    if value and not (ROOT / value).is_file():
        raise ValueError(
            f"parameter {name}: found {value!r}; accepted is a file, its path taken from {ROOT}."
        )
