"""Exercises of the notebooks: what answer is right, and a hint where it is not."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import NamedTuple


class Exercise(NamedTuple):
    """How an answer is checked, and what helps whoever gave another one."""

    accepts: Callable[[object], bool]
    hint: str


def near(right: float, within: float = 0.001) -> Callable[[object], bool]:
    """Accepts numbers at most `within` from the right one."""
    return lambda answer: isinstance(answer, Real) and abs(answer - right) <= within


def text(right: str) -> Callable[[object], bool]:
    """Accepts a printed number, with a decimal comma or a point."""
    return lambda answer: str(answer).strip().replace(".", ",") == right


EXERCISES: dict[str, Exercise] = {
    "03.1": Exercise(
        near(234 / 336),
        "add up the four ranks of each item, take S around their mean 8, and take m ΣT ="
        " 4 × (6 + 6) off the denominator; 0.609 is W without the correction.",
    ),
    "03.2": Exercise(
        near(0.6738),
        "multiply each row of the matrix and take the third root: the first is (4 × 5)^(1/3);"
        " then divide by the sum of the three roots.",
    ),
    "03.3": Exercise(
        near(0.0739),
        "matrix times priorities, each line divided by its priority: the mean of the three is"
        " lambda, about 3.09; CI = (lambda − 3) / 2 and CR = CI / 0.58.",
    ),
    "03.4": Exercise(
        text("1,58"),
        "nine experts have 18 half ranks: multiply each mean by 18 and see whether a whole number"
        " near it, divided by 18 again, prints the same two decimals.",
    ),
    "04.1": Exercise(
        near(29, 0),
        "the smallest k with 0,9 to the power k below 0,05: ln 0,05 / ln 0,9, rounded up.",
    ),
    "04.2": Exercise(
        near(4.5),
        "seven ordered answers: the quartiles stand at places 0,25 × 6 = 1,5 and 4,5, counted from"
        " 0, halfway between neighbours.",
    ),
    "04.3": Exercise(near(0.5), "two of the four answer otherwise the second time."),
    "04.4": Exercise(
        near(0.636, 0.0006),
        "seen: (9 + 9 + 0 + 0) / 4 = 4,5; chance: the mean of all sixteen squared differences,"
        " 12,375.",
    ),
    "06.1": Exercise(
        lambda answer: tuple(map(str, answer or ())) == ("2,10", "2,15"),
        "ten experts have 20 half ranks: 2,13 × 20 = 42,6, so look at 42/20 and 43/20.",
    ),
    "06.2": Exercise(
        near(0.041, 0.0006), "chi-square is 11 × 3 × 0,250 = 8,25, with three degrees of freedom."
    ),
    "06.3": Exercise(near(3.6), "(8 − 2)² / (8 + 2): experts who tie the two items do not count."),
    "06.4": Exercise(
        lambda answer: str(answer).strip().lower() == "consistent",
        "of several reasonable readings the kindest is judged.",
    ),
}
"""By id: number of the notebook, a point, number of the exercise."""


def check_exercise(exercise_id: str, answer: object) -> None:
    """Say in one line whether an answer is right, or else a hint.

    Parameters
    ----------
    exercise_id : str
        As the notebook names it.
    answer : object
        Anything; None asks for an answer, and what is not right gets the hint.

    Examples
    --------
    >>> check_exercise("03.4", "1,58")
    03.4: right.
    >>> check_exercise("03.5", 1)
    03.5 is no exercise; there are 03.1, 03.2, 03.3, 03.4.
    """
    if exercise_id not in EXERCISES:
        notebook = str(exercise_id).partition(".")[0]
        ids = [name for name in EXERCISES if name.startswith(notebook)] or list(EXERCISES)
        print(f"{exercise_id} is no exercise; there are {', '.join(ids)}.")
    elif answer is None:
        print(f"{exercise_id}: put your answer in the place of None.")
    elif EXERCISES[exercise_id].accepts(answer):
        print(f"{exercise_id}: right.")
    else:
        print(f"{exercise_id}: not yet. Hint: {EXERCISES[exercise_id].hint}")
