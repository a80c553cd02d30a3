"""The panel in which a weighted score is largest among all that print the same figures.

For blocks of small groups this is a linear problem in whole numbers: how many experts of a kind
answer a group with a given weak order and a given number of zeros.  Rank sums, ties and counts of
'equal' are linear in these numbers, the best score of each choice is known
(:func:`~smartgov.audit.entity_scores.best_values`), and the combinations of rank sums and ties
that print a group's figures are listed.  OR-Tools' CP-SAT solves it and certifies its bound: no
panel has a larger score.  Blocks with larger groups are bounded by
:mod:`smartgov.audit.lead_bounds` and answered by tilting.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from smartgov.audit.entity_scores import (
    best_values,
    question_weights,
    score_steps,
    scoring_named,
    tilted_values,
)
from smartgov.audit.group_goals import goal_of, meeting_states
from smartgov.audit.group_search import signed_values, weak_orders
from smartgov.audit.lead_bounds import largest_in_block, outwards, zero_range
from smartgov.audit.panel_tables import (
    Block,
    Group,
    PanelSpec,
    Target,
    check_panel,
    doubled_ranks,
    tie_terms,
)
from smartgov.audit.reconstruction import Question, reconstruct

UNITS = 1000
"""Scores enter the solver as whole numbers of this many parts of the largest weight, rounded up."""

EFFORT = 10.0
"""Deterministic time CP-SAT may take for one block, so that runs repeat exactly."""


@dataclass(frozen=True)
class Extreme:
    """How large a weighted score can be.

    Attributes
    ----------
    bound : float
        No panel that meets the specification has a larger one.
    score : float
        That of `panel`.
    panel : ndarray of int, shape (m, questions)
        A panel that meets the specification, recomputed.
    solved : bool
        Whether CP-SAT certified the bound; otherwise blocks it could not take are bounded one
        group at a time.
    """

    bound: float
    score: float
    panel: np.ndarray
    solved: bool


def extreme_panel(
    spec: PanelSpec,
    questions: Sequence[Question],
    contexts: Sequence[str],
    weights: dict[str, float],
    scoring: str = "mean_signed_value",
    base: np.ndarray | None = None,
    effort: float = EFFORT,
) -> Extreme:
    """The largest weighted sum of entities' scores, and a panel that has it or comes near.

    Parameters
    ----------
    spec : PanelSpec
    questions : sequence of Question
        One for each column of the panel.
    contexts : sequence of str
        The questions' contexts the entities are scored in.
    weights : dict of str to float
        All compared entities and their weights.
    scoring : str
        A key of :data:`~smartgov.audit.entity_scores.SCORINGS`.
    base : ndarray of int, shape (m, questions), optional
        A panel that meets the specification, kept in the blocks that do not matter; by default
        a reconstructed one.
    effort : float
        Deterministic time for CP-SAT; what it has not settled by then stays between `score` and
        `bound`, which holds in any case.

    Returns
    -------
    Extreme

    Raises
    ------
    ValueError
        When no panel meets the specification.
    """
    pull = question_weights(questions, contexts, weights) / spec.m
    gains = score_steps(spec.scale, scoring)
    panel = (reconstruct(spec, 0) if base is None else base).copy()
    bound, solved = 0.0, True
    for number, (block, columns) in enumerate(spec.block_columns()):
        if not pull[columns].any():
            continue
        if all(goal_of(spec.m, g.n_items, g.target).enumerable for g in block.groups):
            best, panel[:, columns] = _solved_block(
                spec, block, pull[columns], gains, effort, panel[:, columns]
            )
        else:
            best, solved = largest_in_block(spec, block, pull[columns], gains), False
            part = PanelSpec((spec.blocks[number],), spec.scale)
            panel[:, columns] = tilted_values(part, panel[:, columns], pull[columns], scoring)
        bound += best
    check_panel(spec, panel)
    score = float((scoring_named(scoring)(panel) @ pull).sum())
    return Extreme(outwards(bound), score, panel, solved)


@dataclass
class _BlockModel:
    """A block as a problem in whole numbers."""

    spec: PanelSpec
    block: Block
    kinds: list[tuple[int, list[int]]]  # a count of 'equal', and the experts who share it
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    # (group, kind, zeros, order) -> the number of experts who answer so
    uses: dict[tuple[int, int, int, tuple[int, ...]], cp_model.IntVar] = field(default_factory=dict)
    score: list[cp_model.LinearExpr] = field(default_factory=list)


def _solved_block(
    spec: PanelSpec,
    block: Block,
    pull: np.ndarray,
    gains: tuple[float, ...],
    effort: float,
    answers: np.ndarray,
) -> tuple[float, np.ndarray]:
    """The certified bound of a block's score, and the best answers found from those given."""
    problem = _BlockModel(spec, block, _kinds(block))
    size = float(np.abs(pull).max())  # simple weights become simple numbers, without rounding
    pulls = _by_group(block, pull / size)
    for g, group in enumerate(block.groups):
        _add_group(problem, g, group, pulls[g], gains)
    _add_counts(problem)
    _add_hint(problem, answers)
    problem.model.maximize(sum(problem.score))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(problem.model)
    if status == cp_model.INFEASIBLE:
        raise ValueError(
            f"block {block.name!r}: no answers of {spec.m} experts print its figures together "
            "with their judgements 'equal' (proved by CP-SAT)."
        )
    bound = size * solver.best_objective_bound / UNITS
    if status == cp_model.UNKNOWN:
        return bound, answers
    return bound, _read_answers(problem, solver, pulls, gains)


def _kinds(block: Block) -> list[tuple[int, list[int]]]:
    """Experts whose zeros are forced in every group are alike; all others stand alone."""
    kinds: list[tuple[int, list[int]]] = []
    for expert, count in enumerate(block.equal_counts):
        alike = [kind for kind in kinds if kind[0] == count]
        if alike and count in (0, block.n_questions):
            alike[0][1].append(expert)
        else:
            kinds.append((count, [expert]))
    return kinds


def _by_group(block: Block, pull: np.ndarray) -> list[tuple[float, ...]]:
    ends = np.cumsum([group.n_items for group in block.groups])[:-1]
    return [tuple(part.tolist()) for part in np.split(pull, ends)]


def _add_group(
    problem: _BlockModel, g: int, group: Group, pull: tuple[float, ...], gains: tuple[float, ...]
) -> None:
    model, offsets = problem.model, []
    for k, (count, experts) in enumerate(problem.kinds):
        mine = []
        for zeros in zero_range(problem.block, group, count):
            for order in weak_orders(group.n_items):
                gain, _ = best_values(order, zeros, pull, gains)
                if not math.isfinite(gain):
                    continue
                use = model.new_int_var(0, len(experts), f"{g} {k} {zeros} {order}")
                problem.uses[g, k, zeros, order] = use
                problem.score.append(math.ceil(gain * UNITS) * use)
                ties = int(tie_terms(np.array(order))) // 6
                offsets.append(((*(rank - 2 for rank in order[:-1]), ties), use))
                mine.append(use)
        model.add(sum(mine) == len(experts))
    if group.target == Target():
        return
    states = meeting_states(goal_of(problem.spec.m, group.n_items, group.target, generous=True))
    axes = []
    for axis, size in enumerate(states.shape):
        total = model.new_int_var(0, size - 1, f"{g} axis {axis}")
        model.add(total == sum(offset[axis] * use for offset, use in offsets))
        axes.append(total)
    model.add_allowed_assignments(axes, np.argwhere(states).tolist())


def _add_counts(problem: _BlockModel) -> None:
    """An expert's zeros in the groups add up to the count printed for the block."""
    for k, (count, experts) in enumerate(problem.kinds):
        if len(experts) == 1:
            zeros = [key[2] * use for key, use in problem.uses.items() if key[1] == k]
            problem.model.add(sum(zeros) == count)


def _add_hint(problem: _BlockModel, answers: np.ndarray) -> None:
    """Start the solver from answers that are known to print the figures."""
    starts = np.cumsum([0, *(group.n_items for group in problem.block.groups)])
    used: Counter[tuple[int, int, int, tuple[int, ...]]] = Counter()
    for g in range(len(problem.block.groups)):
        values = answers[:, starts[g] : starts[g + 1]]
        orders, zeros = doubled_ranks(values).tolist(), (values == 0).sum(axis=1).tolist()
        for k, (_, experts) in enumerate(problem.kinds):
            used.update((g, k, zeros[expert], tuple(orders[expert])) for expert in experts)
    for key, use in problem.uses.items():
        problem.model.add_hint(use, used[key])


def _read_answers(
    problem: _BlockModel,
    solver: cp_model.CpSolver,
    pulls: list[tuple[float, ...]],
    gains: tuple[float, ...],
) -> np.ndarray:
    rng = random.Random(0)
    block, steps = problem.block, len(gains)
    starts = np.cumsum([0, *(group.n_items for group in block.groups)])
    answers = np.zeros((problem.spec.m, block.n_questions), dtype=int)
    free = {
        (g, k): list(experts)
        for g in range(len(block.groups))
        for k, (_, experts) in enumerate(problem.kinds)
    }
    for (g, k, zeros, order), use in problem.uses.items():
        for _ in range(solver.value(use)):
            expert, columns = free[g, k].pop(), slice(starts[g], starts[g + 1])
            if not any(pulls[g]):
                answers[expert, columns] = signed_values(order, zeros, steps, 0.5, rng)
            else:
                answers[expert, columns] = best_values(order, zeros, pulls[g], gains)[1]
    return answers
