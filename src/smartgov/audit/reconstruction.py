"""Whole answer sheets that print the figures of an article's tables.

Given how many judgements of every expert are 'equal' and what every group of questions prints
(:class:`~smartgov.audit.panel_tables.PanelSpec`), :func:`reconstruct` draws a panel: zeros are
spread over the groups, every group is answered so that it prints its figures, and where a group
cannot be answered with its zeros, single zeros move between it and the others.  The panel is then
recomputed from its answers; one that does not print what it should is never returned.

A reconstructed panel is one of very many.  It is not the article's panel.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from tqdm import tqdm

from smartgov.audit.group_goals import Goal, goal_of
from smartgov.audit.group_search import Orders, find_orders, signed_values, target_is_excluded
from smartgov.audit.panel_tables import Block, Group, PanelSpec, check_panel

ATTEMPTS = 20
REPAIRS = 400


class NoPanel(ValueError):
    """No panel was made.

    Attributes
    ----------
    group : Group
        The group that could not be answered.
    proven : bool
        Whether it is proved that no panel of this size prints the group's figures; otherwise a
        bounded search found none, which rules nothing out.
    """

    def __init__(self, sentence: str, group: Group, proven: bool) -> None:
        super().__init__(sentence)
        self.group = group
        self.proven = proven


def reconstruct(spec: PanelSpec, seed: int) -> np.ndarray:
    """One panel that prints everything the specification asks for.

    Parameters
    ----------
    spec : PanelSpec
    seed : int
        The same seed gives the same panel.

    Returns
    -------
    ndarray of int8, shape (spec.m, spec.n_questions)
        Signed values, recomputed with :func:`~smartgov.audit.panel_tables.check_panel`.

    Raises
    ------
    NoPanel
        Naming the group that failed, and whether that is a proof.

    Examples
    --------
    >>> from smartgov.audit.panel_tables import Target
    >>> pair = Group("E1", "growth", 2, Target.from_printed(W="1.000"))
    >>> spec = PanelSpec((Block("E1", (pair,), (0, 1, 0)),))
    >>> panel = reconstruct(spec, seed=1)
    >>> (panel == 0).sum(axis=1)
    array([0, 1, 0])
    """
    _stop_at_excluded_groups(spec)
    return _draw_panel(spec, seed, 0)


def reconstruct_many(
    spec: PanelSpec, count: int, seed: int, progress: bool | None = None
) -> np.ndarray:
    """Many distinct panels that all print what the specification asks for.

    Parameters
    ----------
    spec : PanelSpec
    count : int
        How many; panel `i` is the same whatever `count` is.
    seed : int
    progress : bool, optional
        Whether to show a progress bar; by default when the error stream is a terminal.

    Returns
    -------
    ndarray of int8, shape (count, spec.m, spec.n_questions)
        No two are equal.  Each is drawn afresh, zeros, weak orders and intensities, so that no
        panel is a neighbour of another; :func:`spread` measures how far apart they lie.

    Raises
    ------
    NoPanel
        As :func:`reconstruct` does, or when the draws keep repeating panels already found.
    """
    _stop_at_excluded_groups(spec)
    hidden = not (sys.stderr.isatty() if progress is None else progress)
    panels: dict[bytes, np.ndarray] = {}
    draw = 0
    with tqdm(total=count, disable=hidden, desc="panels", unit="panel") as bar:
        while len(panels) < count:
            if draw > 2 * count + ATTEMPTS:
                raise NoPanel(
                    f"{draw} draws gave {len(panels)} distinct panels, {count} were asked for; "
                    "there may be no more.",
                    spec.groups[0],
                    proven=False,
                )
            panel = _draw_panel(spec, seed, draw)
            draw += 1
            if panels.setdefault(panel.tobytes(), panel) is panel:
                bar.update()
    return np.array(list(panels.values())).reshape(count, spec.m, spec.n_questions)


@dataclass(frozen=True)
class Spread:
    """How far apart panels lie: shares of judgements in which two panels differ, over all pairs.

    Attributes
    ----------
    panels : int
    nearest, median, farthest : float
        Of the shares of differing judgements (a normalised Hamming distance, 0 to 1).
    sides : float
        The median share of judgements that favour another side, or none, in the other panel.
    """

    panels: int
    nearest: float
    median: float
    farthest: float
    sides: float


def spread(panels: np.ndarray) -> Spread:
    """Measure how far apart panels lie (see :class:`Spread`).

    Parameters
    ----------
    panels : ndarray of int, shape (count, m, questions)

    Raises
    ------
    ValueError
        For fewer than two panels.

    Examples
    --------
    >>> spread(np.array([[[1, 2, 0, -4]], [[1, 3, 0, 4]]]))
    Spread(panels=2, nearest=0.5, median=0.5, farthest=0.5, sides=0.25)
    """
    if len(panels) < 2:
        raise ValueError(f"found {len(panels)} panel; the spread is between two or more.")
    pairs = np.triu_indices(len(panels), k=1)
    shares = 1 - _agreement(panels)[pairs]
    sides = 1 - _agreement(np.sign(panels))[pairs]
    nearest, median, farthest = np.quantile(shares, (0, 0.5, 1)).round(6).tolist()
    return Spread(len(panels), nearest, median, farthest, round(float(np.median(sides)), 6))


def _agreement(panels: np.ndarray) -> np.ndarray:
    """For every two panels the share of equal entries."""
    flat = panels.reshape(len(panels), -1)
    total = np.zeros((len(panels), len(panels)), dtype=np.float32)
    for value in np.unique(flat):
        is_value = (flat == value).astype(np.float32)
        total += is_value @ is_value.T
    return total / flat.shape[1]


@dataclass(frozen=True)
class Question:
    """A pairwise comparison: `left` against `right` under a `context`.

    ``left`` and ``right`` are ``None`` for a question the tables imply and nothing names.
    """

    context: str
    left: str | None
    right: str | None

    @property
    def named(self) -> bool:
        """Whether it is known what is compared."""
        return self.left is not None and self.right is not None


def to_judgements(
    panel: np.ndarray,
    questions: Sequence[Question],
    experts: Sequence[str] | None = None,
    round_name: str | int = 1,
) -> pd.DataFrame:
    """A panel in tidy form, one judgement a row.

    Parameters
    ----------
    panel : ndarray of int, shape (m, questions)
        Signed values.
    questions : sequence of Question
        One for each column; an unnamed one becomes ``unnamed_1_left`` against
        ``unnamed_1_right``, numbered within its context.
    experts : sequence of str, optional
        Names of the rows; by default ``expert_01`` and so on.
    round_name : str or int
        Written into the column `round`.

    Returns
    -------
    DataFrame
        Columns ``expert, round, context, left, right, favours, intensity``.

    Raises
    ------
    ValueError
        When questions or experts do not match the panel's shape.

    Examples
    --------
    >>> growth = Question("E1", "growth", "policy")
    >>> row = to_judgements(np.array([[-4]]), [growth]).iloc[0]
    >>> row["favours"], int(row["intensity"])
    ('right', 5)
    """
    m, n = panel.shape
    experts = [f"expert_{row:02d}" for row in range(1, m + 1)] if experts is None else experts
    if (len(experts), len(questions)) != (m, n):
        raise ValueError(
            f"{len(experts)} experts and {len(questions)} questions are named; the panel has "
            f"{m} experts and {n} questions."
        )
    sides = _sides(questions)
    values = panel.astype(int).ravel()
    return pd.DataFrame(
        {
            "expert": np.repeat(np.array(experts, dtype=object), n),
            "round": round_name,
            "context": [question.context for question in questions] * m,
            "left": [left for left, _ in sides] * m,
            "right": [right for _, right in sides] * m,
            "favours": np.array(["right", "equal", "left"], dtype=object)[np.sign(values) + 1],
            "intensity": np.abs(values) + 1,
        }
    )


def _sides(questions: Sequence[Question]) -> list[tuple[str, str]]:
    unnamed: dict[str, int] = {}
    sides = []
    for question in questions:
        if question.named:
            sides.append((question.left, question.right))
            continue
        number = unnamed[question.context] = unnamed.get(question.context, 0) + 1
        sides.append((f"unnamed_{number}_left", f"unnamed_{number}_right"))
    return sides


# Drawing a panel.


def _stop_at_excluded_groups(spec: PanelSpec) -> None:
    for group in spec.groups:
        if target_is_excluded(spec.m, group.n_items, group.target, spec.scale - 1):
            raise NoPanel(
                f"{group.label} cannot be answered: no {spec.m} experts answering "
                f"{group.n_items} questions print its figures together, whatever is 'equal' "
                "(proved: none of the possible rank sums and ties does).",
                group,
                proven=True,
            )


def _draw_panel(spec: PanelSpec, seed: int, number: int) -> np.ndarray:
    rng = random.Random(f"{seed}/{number}")
    blocks = [_draw_block(spec, block, rng) for block in spec.blocks]
    panel = np.concatenate(blocks, axis=1).astype(np.int8)
    check_panel(spec, panel)
    return panel


def _draw_block(spec: PanelSpec, block: Block, rng: random.Random) -> np.ndarray:
    goals = [goal_of(spec.m, group.n_items, group.target) for group in block.groups]
    for _ in range(ATTEMPTS):
        zeros = _spread_zeros(block, rng)
        orders = [_orders(goal, zeros[:, g], spec, rng) for g, goal in enumerate(goals)]
        _repair(goals, zeros, orders, spec, rng)
        if None not in orders:
            return np.concatenate(
                [_answers(found, zeros[:, g], spec, rng) for g, found in enumerate(orders)],
                axis=1,
            )
    group = block.groups[orders.index(None)]
    raise NoPanel(
        f"{group.label} was not answered together with the judgements 'equal' of block "
        f"{block.name!r} in {ATTEMPTS} attempts of {REPAIRS} exchanges; this rules nothing out.",
        group,
        proven=False,
    )


def _spread_zeros(block: Block, rng: random.Random) -> np.ndarray:
    """For every expert and group a number of zeros, as if the zeros fell on random questions."""
    group_of = [g for g, group in enumerate(block.groups) for _ in range(group.n_items)]
    zeros = np.zeros((len(block.equal_counts), len(block.groups)), dtype=int)
    for expert, count in enumerate(block.equal_counts):
        for g in rng.sample(group_of, count):
            zeros[expert, g] += 1
    return zeros


def _orders(goal: Goal, zeros: np.ndarray, spec: PanelSpec, rng: random.Random) -> Orders | None:
    return find_orders(goal, zeros.tolist(), spec.scale - 1, rng)


def _repair(
    goals: list[Goal],
    zeros: np.ndarray,
    orders: list[Orders | None],
    spec: PanelSpec,
    rng: random.Random,
) -> None:
    """Move zeros between an unanswered group and others until it is answered; in place."""
    for _ in range(REPAIRS):
        open_groups = [g for g, found in enumerate(orders) if found is None]
        if not open_groups:
            return
        here = rng.choice(open_groups)
        there = rng.choice([g for g in range(len(goals)) if g != here] or [here])
        trial = zeros.copy()
        for _ in range(rng.randint(1, 3)):
            _move_one_zero(trial, here, there, goals, rng)
        other = _orders(goals[there], trial[:, there], spec, rng)
        if other is None and orders[there] is not None:
            continue
        zeros[:], orders[there] = trial, other
        orders[here] = _orders(goals[here], zeros[:, here], spec, rng)


def _move_one_zero(
    zeros: np.ndarray, here: int, there: int, goals: list[Goal], rng: random.Random
) -> None:
    source, sink = rng.sample((here, there), 2)
    able = np.flatnonzero((zeros[:, source] > 0) & (zeros[:, sink] < goals[sink].n))
    if len(able):
        expert = int(able[rng.randrange(len(able))])
        zeros[expert, source] -= 1
        zeros[expert, sink] += 1


def _answers(orders: Orders, zeros: np.ndarray, spec: PanelSpec, rng: random.Random) -> np.ndarray:
    lean = rng.random()  # one for a group, so that panels differ in direction, not only in detail
    return np.array(
        [
            signed_values(order, int(count), spec.scale - 1, lean, rng)
            for order, count in zip(orders, zeros, strict=True)
        ]
    )
