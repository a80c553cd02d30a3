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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smartgov.audit.group_goals import Goal, goal_of
from smartgov.audit.group_search import find_orders, signed_values, target_is_excluded
from smartgov.audit.panel_tables import Block, PanelSpec, check_panel

ATTEMPTS = 20
EXCHANGES = 400


class NoPanel(ValueError):
    """No panel was made: none prints a group's figures, or a bounded search found none, which
    rules nothing out; the sentence says which."""


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
    >>> from smartgov.audit.panel_tables import Group, Target
    >>> pair = Group("E1", "growth", 2, Target.from_printed(W="1.000"))
    >>> spec = PanelSpec((Block("E1", (pair,), (0, 1, 0)),))
    >>> panel = reconstruct(spec, seed=1)
    >>> (panel == 0).sum(axis=1)
    array([0, 1, 0])
    """
    return reconstruct_many(spec, 1, seed)[0]


def reconstruct_many(spec: PanelSpec, count: int, seed: int) -> np.ndarray:
    """Many distinct panels that all print what the specification asks for.

    Parameters
    ----------
    spec : PanelSpec
    count : int
        How many; panel `i` is the same whatever `count` is.
    seed : int

    Returns
    -------
    ndarray of int8, shape (count, spec.m, spec.n_questions)
        No two are equal.  Each is drawn afresh, zeros, weak orders and intensities, so that no
        panel is a neighbour of another.

    Raises
    ------
    NoPanel
        As :func:`reconstruct` does, or when the draws keep repeating panels already found.
    """
    for group in spec.groups:
        if target_is_excluded(spec.m, group.n_items, group.target):
            raise NoPanel(
                f"{group.label} cannot be answered: no {spec.m} experts answering "
                f"{group.n_items} questions print its figures together, whatever is 'equal' "
                "(proved: none of the possible rank sums and ties does)."
            )
    panels: dict[bytes, np.ndarray] = {}
    for draw in range(2 * count + ATTEMPTS):
        if len(panels) == count:
            break
        panel = _draw_panel(spec, random.Random(f"{seed}/{draw}"))
        panels.setdefault(panel.tobytes(), panel)
    if len(panels) < count:
        raise NoPanel(
            f"{2 * count + ATTEMPTS} draws gave {len(panels)} distinct panels, {count} were asked "
            "for; there may be no more."
        )
    return np.array(list(panels.values())).reshape(count, spec.m, spec.n_questions)


# Drawing a panel.


def _draw_panel(spec: PanelSpec, rng: random.Random) -> np.ndarray:
    blocks = [_draw_block(spec, block, rng) for block in spec.blocks]
    panel = np.concatenate(blocks, axis=1).astype(np.int8)
    check_panel(spec, panel)
    return panel


def _draw_block(spec: PanelSpec, block: Block, rng: random.Random) -> np.ndarray:
    goals = [goal_of(spec.m, group.n_items, group.target) for group in block.groups]
    for _ in range(ATTEMPTS):
        zeros = _spread_zeros(block, rng)
        orders = [_orders(goal, zeros[:, g], spec, rng) for g, goal in enumerate(goals)]
        _exchange_zeros(goals, zeros, orders, spec, rng)
        open_groups = _unanswered(orders)
        if not open_groups:
            answers = [_answers(found, zeros[:, g], spec, rng) for g, found in enumerate(orders)]
            return np.concatenate(answers, axis=1)
    group = block.groups[open_groups[0]]
    raise NoPanel(
        f"{group.label} was not answered together with the judgements 'equal' of block "
        f"{block.name!r} in {ATTEMPTS} attempts of {EXCHANGES} exchanges; this rules nothing out."
    )


def _spread_zeros(block: Block, rng: random.Random) -> np.ndarray:
    """For every expert and group a number of zeros, as if the zeros fell on random questions."""
    group_of = [g for g, group in enumerate(block.groups) for _ in range(group.n_items)]
    zeros = np.zeros((len(block.equal_counts), len(block.groups)), dtype=int)
    for expert, count in enumerate(block.equal_counts):
        for g in rng.sample(group_of, count):
            zeros[expert, g] += 1
    return zeros


def _orders(
    goal: Goal, zeros: np.ndarray, spec: PanelSpec, rng: random.Random
) -> np.ndarray | None:
    return find_orders(goal, zeros.tolist(), spec.scale - 1, rng)


def _unanswered(orders: list[np.ndarray | None]) -> list[int]:
    return [g for g, found in enumerate(orders) if found is None]


def _exchange_zeros(
    goals: list[Goal],
    zeros: np.ndarray,
    orders: list[np.ndarray | None],
    spec: PanelSpec,
    rng: random.Random,
) -> None:
    """Move zeros between an unanswered group and others until it is answered; in place."""
    for _ in range(EXCHANGES):
        open_groups = _unanswered(orders)
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


def _answers(
    orders: np.ndarray, zeros: np.ndarray, spec: PanelSpec, rng: random.Random
) -> np.ndarray:
    lean = rng.random()  # one for a group, so that panels differ in direction, not only in detail
    return np.array(
        [
            signed_values(tuple(order), int(count), spec.scale - 1, lean, rng)
            for order, count in zip(orders.tolist(), zeros, strict=True)
        ]
    )


# Tidy form.


@dataclass(frozen=True)
class Question:
    """A pairwise comparison: `left` against `right` under a `context`.

    ``left`` and ``right`` are ``None`` for a question the tables imply and nothing names.
    """

    context: str
    left: str | None
    right: str | None


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
    """Left and right of every question, with a number for the unnamed ones."""
    unnamed: dict[str, int] = {}
    sides = []
    for question in questions:
        if question.left is not None and question.right is not None:
            sides.append((question.left, question.right))
            continue
        number = unnamed[question.context] = unnamed.get(question.context, 0) + 1
        sides.append((f"unnamed_{number}_left", f"unnamed_{number}_right"))
    return sides
