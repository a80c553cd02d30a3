"""What a panel of pairwise comparisons prints: its specification, its figures, its check.

A panel is an integer array, experts by questions, of *signed values*: with judgements on a scale
from 1 to `scale`, a judgement of intensity `k` is ``k - 1`` where it favours the left alternative,
``1 - k`` where it favours the right one, and 0 where both are equal.  Questions come in groups
(the items that are ranked together), groups in blocks (the questions over which an expert's
judgements 'equal' are counted).

Everything is recomputed from the answers with integers and fractions; the p-value alone is a
float, and it is never trusted closer to a rounding boundary than :data:`P_GUARD`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.stats import chi2

from smartgov.audit.printed import Interval, parse_printed, print_value

P_GUARD = Fraction(1, 10**10)
"""A p-value nearer than this to the end of an interval is not accepted as inside."""


@dataclass(frozen=True)
class Target:
    """What the answers to one group have to print; ``None`` where nothing is asked.

    Attributes
    ----------
    W : Interval, optional
        Kendall's coefficient of concordance, corrected for ties.
    p : Interval, optional
        Its p-value from the chi-square distribution with ``n - 1`` degrees of freedom.
    mean_ranks : tuple of (Interval or None), optional
        One for each item; the smallest signed value has rank 1.
    """

    W: Interval | None = None
    p: Interval | None = None
    mean_ranks: tuple[Interval | None, ...] | None = None

    @classmethod
    def from_printed(
        cls,
        W: str | None = None,
        p: str | None = None,
        mean_ranks: tuple[str | None, ...] | None = None,
        rule: str = "either",
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
            return None if text is None else parse_printed(text).interval(rule)

        ranks = None if mean_ranks is None else tuple(map(read, mean_ranks))
        return cls(read(W), read(p), ranks)


@dataclass(frozen=True)
class Group:
    """Questions whose answers are ranked together.

    Attributes
    ----------
    context, name : str
        Identify the group: under which aspect, and which row of the table.
    n_items : int
        Number of questions.
    target : Target
        What they have to print.
    """

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
    """Groups over which the judgements 'equal' are counted together.

    Attributes
    ----------
    name : str
        Name of the block.
    groups : tuple of Group
    equal_counts : tuple of int
        For each expert the number of judgements 'equal' in the block.
    """

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

    Attributes
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
        ends = np.cumsum([group.n_items for group in self.groups]).tolist()
        starts = [0, *ends[:-1]]
        return tuple(zip(self.groups, map(slice, starts, ends), strict=True))

    def block_columns(self) -> tuple[tuple[Block, slice], ...]:
        """Every block with its columns in the panel."""
        ends = np.cumsum([block.n_questions for block in self.blocks]).tolist()
        starts = [0, *ends[:-1]]
        return tuple(zip(self.blocks, map(slice, starts, ends), strict=True))


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one group of answers.

    Attributes
    ----------
    mean_ranks : tuple of Fraction
    W : Fraction or None
        ``None`` where it is not defined: a single item, or every expert ties all items.
    p : float or None
    """

    mean_ranks: tuple[Fraction, ...]
    W: Fraction | None
    p: float | None


def doubled_ranks(values: np.ndarray) -> np.ndarray:
    """Twice the midranks within each row, which are whole numbers.

    Parameters
    ----------
    values : ndarray, shape (..., n)
        Answers; the smallest has rank 1, ties share the mean of their ranks.

    Returns
    -------
    ndarray of int, shape (..., n)

    Examples
    --------
    >>> doubled_ranks(np.array([[3, -1, 3]]))
    array([[5, 2, 5]])
    """
    mine, others = values[..., :, None], values[..., None, :]
    return 2 * (others < mine).sum(-1) + (others == mine).sum(-1) + 1


def tie_terms(values: np.ndarray) -> np.ndarray:
    """The correction for ties, the sum of ``t**3 - t`` over the tie classes of each row.

    Parameters
    ----------
    values : ndarray, shape (..., n)

    Returns
    -------
    ndarray of int, shape (...)

    Examples
    --------
    >>> tie_terms(np.array([[3, -1, 3], [0, 0, 0]]))
    array([ 6, 24])
    """
    sizes = (values[..., :, None] == values[..., None, :]).sum(-1)
    return (sizes**2 - 1).sum(-1)


def group_figures(values: np.ndarray) -> GroupFigures:
    """Mean ranks, Kendall's W corrected for ties, and its chi-square p-value.

    Parameters
    ----------
    values : ndarray of int, shape (m, n)
        Signed values of `m` experts on `n` items.

    Notes
    -----
    Kendall (1948): ``W = 12 S / (m**2 (n**3 - n) - m T)`` with `S` the sum of squared deviations
    of the rank sums and `T` the sum of :func:`tie_terms`; ``chi2 = m (n - 1) W``.

    Examples
    --------
    >>> group_figures(np.array([[1, 2, 3], [-4, 0, 5]])).W
    Fraction(1, 1)
    """
    m, n = values.shape
    sums = doubled_ranks(values).sum(axis=0)
    means = tuple(Fraction(int(total), 2 * m) for total in sums)
    room = m * m * (n**3 - n) - m * int(tie_terms(values).sum())
    if room == 0:
        return GroupFigures(means, None, None)
    # The rank sums are doubled, so their squared deviations are four times S: 12 S = 3 (4 S).
    W = Fraction(3 * int(((sums - m * (n + 1)) ** 2).sum()), room)
    return GroupFigures(means, W, float(chi2.sf(float(m * (n - 1) * W), n - 1)))


def misses(figures: GroupFigures, target: Target) -> list[str]:
    """The figures that do not print what they should, each as a phrase; empty if all do."""
    found = []
    if target.W is not None and (figures.W is None or figures.W not in target.W):
        found.append(f"W = {_shown(figures.W)}")
    if target.p is not None and not _p_inside(figures, target.p):
        found.append(f"p = {_shown(figures.p)}")
    for item, interval in enumerate(target.mean_ranks or ()):
        if interval is not None and figures.mean_ranks[item] not in interval:
            found.append(f"mean rank {item + 1} = {_shown(figures.mean_ranks[item])}")
    return found


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
    if panel.shape != (spec.m, spec.n_questions):
        raise ValueError(
            f"the panel has shape {panel.shape}; the specification asks for "
            f"{spec.m} experts and {spec.n_questions} questions."
        )
    if np.abs(panel).max(initial=0) >= spec.scale:
        raise ValueError(f"a signed value lies outside {1 - spec.scale}…{spec.scale - 1}.")
    for block, columns in spec.block_columns():
        counts = tuple((panel[:, columns] == 0).sum(axis=1).tolist())
        for expert, (found, asked) in enumerate(zip(counts, block.equal_counts, strict=True), 1):
            if found != asked:
                raise ValueError(
                    f"block {block.name!r}: expert {expert} has {found} judgements 'equal', "
                    f"{asked} are asked for."
                )
    for group, columns in spec.columns():
        missed = misses(group_figures(panel[:, columns]), group.target)
        if missed:
            raise ValueError(f"{group.label} prints {', '.join(missed)}, outside its target.")


@dataclass(frozen=True)
class PrintedCell:
    """One cell of the tables a panel prints: `row` and `column` name it, `text` is its string."""

    block: str
    row: str
    column: str
    text: str


def printed_cells(
    spec: PanelSpec,
    panel: np.ndarray,
    share_places: int = 2,
    figure_places: int = 3,
    rank_places: int = 2,
) -> tuple[PrintedCell, ...]:
    """The tables a panel prints, cell by cell.

    Parameters
    ----------
    spec : PanelSpec
    panel : ndarray of int, shape (spec.m, spec.n_questions)
    share_places, figure_places, rank_places : int
        Decimal places of the shares of judgements 'equal', of `W` and `p`, and of mean ranks.

    Returns
    -------
    tuple of PrintedCell
        Shares for each expert, block by block and over all questions; then `W` and `p` of every
        group with two or more items, and the mean ranks where the group's target has any.
    """
    return _share_cells(spec, panel, share_places) + tuple(
        cell
        for block, places in _groups_by_block(spec)
        for group, columns in places
        for cell in _figure_cells(block, group, panel[:, columns], figure_places, rank_places)
    )


def _groups_by_block(spec: PanelSpec) -> list[tuple[Block, list[tuple[Group, slice]]]]:
    places = iter(spec.columns())
    return [(block, [next(places) for _ in block.groups]) for block in spec.blocks]


def _share_cells(spec: PanelSpec, panel: np.ndarray, places: int) -> tuple[PrintedCell, ...]:
    parts = [(block.name, columns) for block, columns in spec.block_columns()]
    parts.append(("overall", slice(None)))
    return tuple(
        PrintedCell(
            name,
            f"expert_{expert:02d}",
            "equal",
            print_value(Fraction(int((row[columns] == 0).sum()), row[columns].size), places),
        )
        for name, columns in parts
        for expert, row in enumerate(panel, start=1)
    )


def _figure_cells(
    block: Block, group: Group, values: np.ndarray, figure_places: int, rank_places: int
) -> tuple[PrintedCell, ...]:
    if group.n_items < 2:
        return ()
    figures, row = group_figures(values), f"{group.context}.{group.name}"
    texts = {
        name: "" if value is None else print_value(value, figure_places)
        for name, value in (("W", figures.W), ("p", figures.p))
    }
    if group.target.mean_ranks is not None:
        for item, value in enumerate(figures.mean_ranks, start=1):
            texts[f"mean_rank_{item}"] = print_value(value, rank_places)
    return tuple(PrintedCell(block.name, row, column, text) for column, text in texts.items())


def _p_inside(figures: GroupFigures, interval: Interval) -> bool:
    if figures.p is None:
        return False
    if figures.W == 0:  # then p is 1 exactly
        return Fraction(1) in interval
    p = Fraction(figures.p)
    return p - P_GUARD in interval and p + P_GUARD in interval


def _shown(value: Fraction | float | None) -> str:
    return "not defined" if value is None else f"{float(value):.5g}"
