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
    right = _is_number(value) and low < value < high
    _require(right, name, value, f"is a number between {low} and {high}")


def require_from_to(name: str, value: float, low: float, high: float) -> None:
    """Stop unless `value` is a number from `low` to `high`, the ends included."""
    right = _is_number(value) and low <= value <= high
    _require(right, name, value, f"is a number from {low} to {high}")


def require_whole(name: str, value: int, low: int, high: int) -> None:
    """Stop unless `value` is a whole number from `low` to `high`."""
    right = _is_number(value) and isinstance(value, int) and low <= value <= high
    _require(right, name, value, f"is a whole number from {low} to {high}")


def require_one_of(name: str, value: object, accepted: Collection) -> None:
    """Stop unless `value` is one of `accepted`."""
    _require(value in accepted, name, value, f"are {', '.join(map(repr, accepted))}")


def require_file(name: str, value: str) -> None:
    """Stop unless `value` is empty or a file, its path taken from the repository's root."""
    right = not value or (ROOT / value).is_file()
    _require(right, name, value, f"is a file, its path taken from {ROOT}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _require(right: bool, name: str, value: object, accepted: str) -> None:
    if not right:
        raise ValueError(f"parameter {name}: found {value!r}; accepted {accepted}.")
