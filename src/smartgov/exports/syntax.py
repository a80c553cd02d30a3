"""The study's tests as a syntax file for SPSS and PSPP.

Kendall's W of every component in every dimension (Table 4) and of the inner ring within every
component (Table 3); Friedman's test of the shares of equal judgements over the dimensions, and
Wilcoxon's of every two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from smartgov.exports.variables import prefix, share_name
from smartgov.model import Model
from smartgov.panels.names import question_numbers

HEADER = """\
* Tests of a Delphi panel. Run this in the folder that holds {data}.
* W and chi-square are corrected for ties; experts with a missing judgement are left out of a test.
SET FORMAT=F12.6.
GET FILE='{data}'.
"""


@dataclass(frozen=True)
class RepeatedTest:
    """One test of the syntax file, of the kind ``KENDALL``, ``FRIEDMAN`` or ``WILCOXON``.

    `place` is dimension and component for Table 4, component and further ring for Table 3, and
    dimensions for shares.
    """

    kind: str
    title: str
    variables: tuple[str, ...]
    round: int
    place: tuple[str, ...]


def repeated_tests(table: pd.DataFrame, model: Model, rounds: list[int]) -> list[RepeatedTest]:
    """All tests that can be made from the variables of :func:`smartgov.exports.wide_table`.

    Groups of fewer than two questions have no W and are left out, as are questions that the round
    did not ask.
    """
    tests = []
    for round_ in rounds:
        tests += [*_concordance(model, round_), *_shares(model, round_)]
    return [test for test in tests if set(test.variables) <= set(table.columns)]


def _concordance(model: Model, round: int) -> list[RepeatedTest]:
    numbers = {question: name for name, question in question_numbers(model).items()}
    asked: dict[tuple[str, ...], list[str]] = {}
    for group in model.groups():
        for context, left, right in group.pairs:
            # Table 4 has a group a component in each dimension, Table 3 one at each component
            place = (context, left) if group.in_dimension else (context, group.ring)
            name = prefix(round) + numbers[context, left, right]
            asked.setdefault(place, []).append(name)
    titles = {place: " in ".join(map(model.label, reversed(place))) for place in asked}
    return [
        RepeatedTest("KENDALL", titles[place], tuple(names), round, place)
        for place, names in asked.items()
        if len(names) > 1
    ]


def _shares(model: Model, round: int) -> list[RepeatedTest]:
    several = list(model.dimensions.index)
    overall = [tuple(several)] if len(several) > 2 else []
    tests = []
    for group in [*overall, *combinations(several, 2)]:
        title, pair = "shares of equal judgements", len(group) == 2
        title += f", {' and '.join(group)}" if pair else ""
        names = tuple(share_name(column, round) for column in group)
        tests.append(RepeatedTest("WILCOXON" if pair else "FRIEDMAN", title, names, round, group))
    return tests


def syntax(tests: list[RepeatedTest], data: str) -> str:
    """Text of the syntax file; `data` names the data file.

    Examples
    --------
    >>> test = RepeatedTest("WILCOXON", "two shares", ("equal_E1", "equal_E2"), 1, ("E1", "E2"))
    >>> print(syntax([test], "panel.sav").splitlines()[-1])
    NPAR TESTS /WILCOXON=equal_E1 WITH equal_E2 (PAIRED).
    """
    lines = [HEADER.format(data=data)]
    for test in tests:
        paired = test.kind == "WILCOXON"
        names = f"{' WITH '.join(test.variables)} (PAIRED)" if paired else " ".join(test.variables)
        lines += [f"* Round {test.round}: {test.title}.", f"NPAR TESTS /{test.kind}={names}.", ""]
    return "\n".join(lines)
