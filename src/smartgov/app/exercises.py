"""Exercises of the notebooks: what answer is right, and a hint where it is not."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import NamedTuple

import numpy as np

from smartgov.stats import kendall_w


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


def these(*right: object) -> Callable[[object], bool]:
    """Accepts the right names or numbers, in any order."""
    return lambda answer: (
        isinstance(answer, list | tuple | set)
        and sorted(map(str, answer)) == sorted(map(str, right))
    )


def judgements(answer: object, m: int, n: int) -> np.ndarray | None:
    """The answers of `m` experts to `n` questions, from −8 to 8; None if they are none."""
    rows = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(rows, list | tuple) or len(rows) != m:
        return None
    for row in rows:
        if not isinstance(row, list | tuple) or len(row) != n:
            return None
        if not all(isinstance(value, int) and -8 <= value <= 8 for value in row):
            return None
    return np.array(rows)


def sides(judged: np.ndarray) -> np.ndarray:
    """Sums of A, B and C over the comparisons A : B, A : C and B : C, each seen from its side."""
    ab, ac, bc = judged.sum(axis=0)
    return np.array([ab + ac, bc - ab, -ac - bc])


def turned_round(answer: object) -> bool:
    """The panel of exercise 05.1 with the same W and zeros, and A last."""
    given, judged = np.array([[4, 6, 1], [2, 5, -1], [0, 3, 2]]), judgements(answer, 3, 3)
    if judged is None:
        return False
    a, *others = sides(judged)
    zeros = (judged == 0).sum(axis=1).tolist() == (given == 0).sum(axis=1).tolist()
    w = [kendall_w(panel, undefined="nan").w for panel in (given, judged)]
    return zeros and abs(w[0] - w[1]) < 1e-9 and a < min(others)


def data_leads(answer: object) -> bool:
    """Answers of one expert in the order of exercise 05.2, without zeros, with data ahead."""
    judged = judgements([answer], 1, 3)
    if judged is None or 0 in judged:
        return False
    *others, data = sides(judged)
    return judged[0, 0] < judged[0, 1] < judged[0, 2] and data > max(others)


def all_of(*right: str) -> Callable[[object], bool]:
    """Accepts a list of printed numbers, in this order."""
    return lambda answer: (
        isinstance(answer, list | tuple)
        and len(answer) == len(right)
        and all(text(one)(given) for one, given in zip(right, answer, strict=True))
    )


EXERCISES: dict[str, Exercise] = {
    "01.1": Exercise(
        near(0.4),
        "observed are 14 of 20; one says yes in 8 of 20, the other in 10 of 20, so chance gives"
        " 0,4 × 0,5 + 0,6 × 0,5.",
    ),
    "01.2": Exercise(
        near(0.0769),
        "observed are 14 of 20 again; but now they say yes in 3 and in 5 of 20, and chance gives"
        " 0,15 × 0,25 + 0,85 × 0,75.",
    ),
    "01.3": Exercise(
        these("circularity", "undefined_term"),
        "ask of each rule: is there a stem of smart, is there a contrast or a term of the study, is"
        " smart joined to a word that makes no term of the study?",
    ),
    "02.1": Exercise(
        near(66, 0),
        "6 × 5 / 2 pairs in each of two dimensions, and 4 × 3 / 2 pairs at each of six components.",
    ),
    "02.2": Exercise(
        these(17, 20),
        "for each number of questions take the counts next to 0,35 times it: 5/15 = 0,33 and 6/15 ="
        " 0,40 rule out 15.",
    ),
    "02.3": Exercise(
        near(11, 0), "3 divided by 0,265 and by 0,275: which whole numbers are between the two?"
    ),
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
    "05.1": Exercise(
        turned_round,
        "put a minus sign before every answer; 0 stays 0, and every ranking is reversed.",
    ),
    "05.2": Exercise(
        data_leads,
        "data are on the right of the last two comparisons, so these two have to be negative; keep"
        " the order, smallest first.",
    ),
    "05.3": Exercise(near(2.4), "rank r becomes n + 1 − r, with n = 3, and so does the mean rank."),
    "05.4": Exercise(
        near(0.25),
        "the ranks of 5, 1, 3 and 2 are 4, 1, 3 and 2; those of the positive ones add up to 9, the"
        " middle is 5: of 16 patterns of signs count those at least 4 away from it.",
    ),
    "06.1": Exercise(
        all_of("2,10", "2,15"),
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
    "08.1": Exercise(near(1 / 8), "whatever the first says, the other three have to say it too."),
    "08.2": Exercise(near(1 / 4), "for three experts it was 1/3."),
    "08.3": Exercise(near(0.0095, 0.0001), "the root of 0.9 × 0.1 divided by the panels."),
    "08.4": Exercise(near(1 / 6), "in how many of the second expert's six orders do both agree?"),
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
