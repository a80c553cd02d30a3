"""What a panel of pairwise comparisons prints: its specification, its figures, its check.

A panel is an integer array, experts by questions, of *signed values*: with judgements on a scale
from 1 to `scale`, a judgement of intensity `k` is ``k - 1`` where it favours the left alternative,
``1 - k`` where it favours the right one, and 0 where both are equal.  Questions come in groups
(the items that are ranked together), groups in blocks (the questions over which an expert's
judgements 'equal' are counted).

Everything is recomputed from the answers with integers and fractions; of a p-value forty digits
are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

import numpy as np

from smartgov.audit.p_values import chi2_p_exact
from smartgov.audit.printed import Interval, parse_printed, print_value
from smartgov.stats import rank_deviations


@dataclass(frozen=True)
class Target:
    """What the answers to one group have to print; ``None`` where nothing is asked."""

    W: Interval | None = None
    """Kendall's coefficient of concordance, corrected for ties."""
    p: Interval | None = None
    """Its p-value from the chi-square distribution with n - 1 degrees of freedom."""
    mean_ranks: tuple[Interval | None, ...] | None = None
    """One for each item; the smallest signed value has rank 1."""

    @classmethod
    def from_printed(
        cls,
        W: str | None = None,
        p: str | None = None,
        mean_ranks: tuple[str | None, ...] | None = None,
    ) -> Target:
        """Read the figures as strings; each counts for the decimal places it shows.

        Raises
        ------
        ValueError
            As :func:`smartgov.audit.printed.parse_printed` does.

        Examples
        --------
        >>> Target.from_printed(W="0,125").W.low
        Fraction(249, 2000)
        """

        def read(text: str | None) -> Interval | None:
            return None if text is None else parse_printed(text).interval()

        ranks = None if mean_ranks is None else tuple(map(read, mean_ranks))
        return cls(read(W), read(p), ranks)


@dataclass(frozen=True)
class Group:
    """Questions whose answers are ranked together: `name` is the row of the table they print."""

    context: str
    name: str
    n_items: int
    target: Target = field(default_factory=Target)

    def __post_init__(self) -> None:
        if self.n_items < 1:
            raise ValueError(f"{self.label} has {self.n_items} items; a group has 1 or more.")
        ranks = self.target.mean_ranks
        if ranks is not None and len(ranks) != self.n_items:
            raise ValueError(
                f"{self.label} has {self.n_items} items and {len(ranks)} mean ranks; give one "
                "for each item, None where it is not printed."
            )

    @property
    def label(self) -> str:
        """The group as error messages call it."""
        return f"group {self.name!r} in context {self.context!r}"


@dataclass(frozen=True)
class Block:
    """Groups over which each expert's judgements 'equal' are counted together."""

    name: str
    groups: tuple[Group, ...]
    equal_counts: tuple[int, ...]

    def __post_init__(self) -> None:
        for expert, count in enumerate(self.equal_counts, start=1):
            if not 0 <= count <= self.n_questions:
                raise ValueError(
                    f"block {self.name!r}: expert {expert} has {count} judgements 'equal'; the "
                    f"block has {self.n_questions} questions, so 0 to {self.n_questions} is "
                    "accepted."
                )

    @property
    def n_questions(self) -> int:
        """Number of questions in the block."""
        return sum(group.n_items for group in self.groups)


@dataclass(frozen=True)
class PanelSpec:
    """A questionnaire and what its panel prints.

    Parameters
    ----------
    blocks : tuple of Block
        In the order of the panel's columns.
    scale : int
        The strongest intensity a judgement can have (9 on the scale of Saaty 1980).

    Raises
    ------
    ValueError
        When blocks count different numbers of experts, or two groups have the same names.
    """

    blocks: tuple[Block, ...]
    scale: int = 9

    def __post_init__(self) -> None:
        sizes = {block.name: len(block.equal_counts) for block in self.blocks}
        if len(set(sizes.values())) != 1:
            raise ValueError(
                f"the blocks count judgements of different numbers of experts: {sizes}; give "
                "every block one count for each expert."
            )
        names = [(group.context, group.name) for group in self.groups]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the group {twice[0]} is given twice; every group needs a name.")

    @property
    def m(self) -> int:
        """Number of experts."""
        return len(self.blocks[0].equal_counts)

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups in the order of the panel's columns."""
        return tuple(group for block in self.blocks for group in block.groups)

    @property
    def n_questions(self) -> int:
        """Number of questions, the panel's columns."""
        return sum(block.n_questions for block in self.blocks)

    def columns(self) -> tuple[tuple[Group, slice], ...]:
        """Every group with its columns in the panel."""
        return tuple(zip(self.groups, _slices(g.n_items for g in self.groups), strict=True))

    def block_columns(self) -> tuple[tuple[Block, slice], ...]:
        """Every block with its columns in the panel."""
        return tuple(zip(self.blocks, _slices(b.n_questions for b in self.blocks), strict=True))


def _slices(widths: Iterator[int]) -> list[slice]:
    ends = list(accumulate(widths, initial=0))
    return list(map(slice, ends[:-1], ends[1:]))


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one group of answers; W and p are ``None`` where W is not defined."""

    mean_ranks: tuple[Fraction, ...]
    W: Fraction | None
    p: Fraction | None


def group_figures(values: np.ndarray) -> GroupFigures:
    """Mean ranks, Kendall's W corrected for ties, and its chi-square p-value.

    Parameters
    ----------
    values : ndarray of int, shape (m, n)
        Signed values of `m` experts on `n` items.

    Returns
    -------
    GroupFigures
        From D and Q, see :mod:`smartgov.audit.states`.  W is not defined for a single item, or
        where every expert ties all items.

    Examples
    --------
    >>> group_figures(np.array([[1, 2, 3], [-4, 0, 5]])).W
    Fraction(1, 1)
    """
    m, n = values.shape
    deviations = rank_deviations(values)
    sums, squares = deviations.sum(axis=0).tolist(), int((deviations**2).sum())
    means = tuple(Fraction(n + 1, 2) + Fraction(total, 2 * m) for total in sums)
    if squares == 0:
        return GroupFigures(means, None, None)
    W = Fraction(sum(total**2 for total in sums), m * squares)
    return GroupFigures(means, W, chi2_p_exact(m * (n - 1) * W, n - 1))


def misses(figures: GroupFigures, target: Target) -> list[str]:
    """The figures that do not print what they should, each as a phrase; empty if all do."""
    asked = [("W", figures.W, target.W), ("p", figures.p, target.p)]
    for item, interval in enumerate(target.mean_ranks or ()):
        asked.append((f"mean rank {item + 1}", figures.mean_ranks[item], interval))
    return [
        f"{name} = {'not defined' if value is None else f'{float(value):.5g}'}"
        for name, value, interval in asked
        if interval is not None and (value is None or value not in interval)
    ]


def check_panel(spec: PanelSpec, panel: np.ndarray) -> None:
    """Recompute everything the specification asks for from the answers.

    Parameters
    ----------
    spec : PanelSpec
    panel : ndarray of int, shape (spec.m, spec.n_questions)

    Raises
    ------
    ValueError
        Naming the first block, expert or group whose figures are not the ones asked for.
    """
    first = next(departures(spec, panel), None)
    if first is not None:
        raise ValueError(first)


def departures(spec: PanelSpec, panel: np.ndarray) -> Iterator[str]:
    """Where a panel is not what its specification asks for, a sentence each."""
    if panel.shape != (spec.m, spec.n_questions):
        yield (
            f"the panel has shape {panel.shape}; the specification asks for "
            f"{spec.m} experts and {spec.n_questions} questions."
        )
        return
    if np.abs(panel).max(initial=0) >= spec.scale:
        yield f"a signed value lies outside {1 - spec.scale}…{spec.scale - 1}."
    for block, columns in spec.block_columns():
        counts = (panel[:, columns] == 0).sum(axis=1).tolist()
        for expert, (found, asked) in enumerate(zip(counts, block.equal_counts, strict=True), 1):
            if found != asked:
                yield (
                    f"block {block.name!r}: expert {expert} has {found} judgements 'equal', "
                    f"{asked} are asked for."
                )
    for group, columns in spec.columns():
        missed = misses(group_figures(panel[:, columns]), group.target)
        if missed:
            yield f"{group.label} prints {', '.join(missed)}, outside its target."


def printed_cells(spec: PanelSpec, panel: np.ndarray) -> dict[tuple[str, str, str], str]:
    """The tables a panel prints, cell by cell: W and p to three decimals, all else to two.

    Parameters
    ----------
    spec : PanelSpec
    panel : ndarray of int, shape (spec.m, spec.n_questions)

    Returns
    -------
    dict
        By block, row and column.  Shares for each expert, block by block and over all questions;
        then `W` and `p` of every group with two or more items, and the mean ranks where the
        group's target has any.
    """
    cells = {}
    parts = [(block.name, columns) for block, columns in spec.block_columns()]
    for name, columns in [*parts, ("overall", slice(None))]:
        for expert, row in enumerate(panel[:, columns] == 0, start=1):
            share = Fraction(int(row.sum()), row.size)
            cells[name, f"expert_{expert:02d}", "equal"] = print_value(share, 2)
    block_of = [block.name for block in spec.blocks for _ in block.groups]
    for name, (group, columns) in zip(block_of, spec.columns(), strict=True):
        for column, text in _row(group, panel[:, columns]).items():
            cells[name, f"{group.context}.{group.name}", column] = text
    return cells


def _row(group: Group, values: np.ndarray) -> dict[str, str]:
    """What a group's row of a table prints, by column."""
    if group.n_items < 2:
        return {}
    figures = group_figures(values)
    row = {
        name: "" if value is None else print_value(value, 3)
        for name, value in (("W", figures.W), ("p", figures.p))
    }
    if group.target.mean_ranks is not None:
        for item, rank in enumerate(figures.mean_ranks, start=1):
            row[f"mean_rank_{item}"] = print_value(rank, 2)
    return row
