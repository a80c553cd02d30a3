"""Which printed figures cannot stand beside which.

An *oracle* answers whether some panel prints a given subset of a row's figures.  From that alone
follow the smallest subsets that no panel prints, and a verdict for each figure.  The verdicts are
as good as the oracle: those of :class:`smartgov.audit.mean_ranks.RowAtSize` are exact
enumerations, that of :class:`ConcordanceOracle` is interval arithmetic, which never rules out what
a panel prints but may let pass what none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

from smartgov.audit.concordance import ConcordanceRow, misfit, p_interval, w_interval
from smartgov.audit.mean_ranks import PrintedRow, RowAtSize
from smartgov.audit.printed import Interval, Printed

Feasible = Callable[[Iterable[str]], bool]


class Oracle(Protocol):
    """What can be asked about the figures of one row."""

    def feasible(self, kept: Iterable[str]) -> bool:
        """Whether some panel prints all of the figures `kept`."""

    def determines(self, kept: Iterable[str], figure: str) -> bool:
        """Whether every panel that prints the figures `kept` also prints `figure`."""


@dataclass(frozen=True)
class Judgement:
    """The verdict on one figure, given the others of its row.

    Attributes
    ----------
    verdict : str
        ``contradicted``: it belongs to a smallest set of figures that no panel prints;
        ``reproduced``: some panel prints all others, and every such panel prints this one too;
        ``consistent``: neither.
    against : tuple of frozenset of str
        For ``contradicted`` the other members of each such set.  An empty one means that the
        figure by itself is impossible for the panels the oracle knows.
    """

    verdict: str
    against: tuple[frozenset[str], ...] = ()


def minimal_conflicts(figures: Sequence[str], feasible: Feasible) -> tuple[frozenset[str], ...]:
    """All smallest sets of figures that cannot stand together.

    Every subset is asked for unless it contains a conflict already found, so the list is
    complete, and each set becomes feasible when any one member is dropped.

    Parameters
    ----------
    figures : sequence of str
        Names; the number of questions can reach two to the power of their number.
    feasible : callable
        Takes a set of names.  Dropping figures must never turn a feasible set infeasible.

    Returns
    -------
    tuple of frozenset of str
        The smaller ones first, then in the order of `figures`.

    Examples
    --------
    >>> together = lambda kept: not {"W", "p"} <= set(kept)
    >>> [sorted(conflict) for conflict in minimal_conflicts(["W", "chi2", "p"], together)]
    [['W', 'p']]
    """
    conflicts: list[frozenset[str]] = []
    if feasible(frozenset(figures)):
        return ()
    for size in range(1, len(figures) + 1):
        for subset in map(frozenset, combinations(figures, size)):
            if not any(known <= subset for known in conflicts) and not feasible(subset):
                conflicts.append(subset)
    return tuple(conflicts)


def judge_row(figures: Sequence[str], oracle: Oracle) -> dict[str, Judgement]:
    """A verdict for every figure of a row.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> printed = {name: parse_printed(text) for name, text in
    ...            {"a": "1.58", "b": "1.78", "c": "2.65", "W": "0.505"}.items()}
    >>> row = PrintedRow({name: printed[name] for name in "abc"}, W=printed["W"])
    >>> verdicts = judge_row("abcW", RowAtSize(row, 13))
    >>> verdicts["b"].verdict, verdicts["W"].verdict
    ('contradicted', 'consistent')
    """
    conflicts = minimal_conflicts(figures, oracle.feasible)
    return {figure: _judge(figure, figures, conflicts, oracle) for figure in figures}


def _judge(
    figure: str, figures: Sequence[str], conflicts: Sequence[frozenset[str]], oracle: Oracle
) -> Judgement:
    against = tuple(conflict - {figure} for conflict in conflicts if figure in conflict)
    if against:
        return Judgement("contradicted", against)
    others = [name for name in figures if name != figure]
    if others and not conflicts and oracle.determines(others, figure):
        return Judgement("reproduced")
    return Judgement("consistent")


class RowOverSizes:
    """A row of mean ranks over several panel sizes, with the size as one more figure, ``m``.

    Parameters
    ----------
    row : PrintedRow
    m : int
        The number of raters that is printed, or implied elsewhere.
    sizes : sequence of int
        The numbers of raters a panel may have had when ``m`` is not kept.
    rule, ties
        See :class:`smartgov.audit.mean_ranks.RowAtSize`.
    """

    def __init__(
        self,
        row: PrintedRow,
        m: int,
        sizes: Sequence[int],
        rule: str = "either",
        ties: str = "corrected",
    ) -> None:
        self.m = m
        self._at = {size: RowAtSize(row, size, rule, ties) for size in (m, *sizes)}

    def feasible(self, kept: Iterable[str]) -> bool:
        """Whether some panel, of `m` raters if ``m`` is kept, prints the figures `kept`."""
        return any(at.feasible(figures) for at, figures in self._asked(kept))

    def determines(self, kept: Iterable[str], figure: str) -> bool:
        """Whether every such panel also prints `figure` (for ``m``: has that size)."""
        if figure == "m":
            return [at.m for at, figures in self._asked(kept) if at.feasible(figures)] == [self.m]
        return all(at.determines(figures, figure) for at, figures in self._asked(kept))

    def _asked(self, kept: Iterable[str]) -> list[tuple[RowAtSize, list[str]]]:
        kept = set(kept)
        sizes = [self.m] if "m" in kept else list(self._at)
        return [(self._at[size], sorted(kept - {"m"})) for size in sizes]


class ConcordanceOracle:
    """W, chi2 and p of one test at a known panel size, by interval arithmetic.

    Parameters
    ----------
    row : ConcordanceRow
    m, n : int
        Raters and items.
    rule : str
    p_methods : sequence of str
        See :func:`smartgov.audit.concordance.misfit`.
    """

    def __init__(
        self,
        row: ConcordanceRow,
        m: int,
        n: int,
        rule: str = "either",
        p_methods: Sequence[str] = ("chi2",),
    ) -> None:
        self.row, self.m, self.n, self.rule, self.p_methods = row, m, n, rule, p_methods
        self.figures = tuple(name for name in ("W", "chi2", "p") if getattr(row, name))

    def feasible(self, kept: Iterable[str]) -> bool:
        """Whether the intervals of the figures `kept` meet; if not, no panel prints them."""
        left_out = {name: None for name in self.figures if name not in set(kept)}
        row = replace(self.row, **left_out)
        return misfit(row, self.m, self.n, self.rule, self.p_methods) is None

    def determines(self, kept: Iterable[str], figure: str) -> bool:
        """Whether the chi-square relation leaves `figure` no other printed value.

        A p among the `kept` figures is not used: it can only narrow W further.
        """
        kept = set(kept) - {"p"}
        row = replace(self.row, **{name: None for name in self.figures if name not in kept})
        if not kept:
            return False
        w = w_interval(row, self.m, self.n, self.rule)
        value = {
            "W": lambda: w,
            "chi2": lambda: w * (self.m * (self.n - 1)),
            "p": lambda: p_interval(w, self.m, self.n),
        }[figure]()
        return bool(w) and _within(value, getattr(self.row, figure), self.rule)


def _within(value: Interval, printed: Printed, rule: str) -> bool:
    allowed = printed.interval(rule)
    return value & allowed == value
