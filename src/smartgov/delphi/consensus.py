"""How far a panel's experts agree: on rankings, on priorities, on single questions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.panel_results import (
    FEWEST_FOR_INTERVAL,
    complete_experts,
    group_matrices,
    has_w,
    ranked_groups,
)
from smartgov.model import Model, questionnaire
from smartgov.panels import signed_values

ANSWERS = {"left": range(1, 9), "equal": [0], "right": range(-8, 0)}
"""Signed judgements by the side they take."""


def concordance_intervals(
    panel: pd.DataFrame, model: Model, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Bootstrap interval over experts of every W of :func:`panel_results.panel_concordance`.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, row, m, W, low, high``; NaN where W is undefined. There is no interval
        below :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` experts.
    """
    rows = []
    for context, row, items in ranked_groups(panel, model):
        complete = complete_experts(items)
        w = low = high = np.nan
        if has_w(complete):
            found = stats.w_interval(complete, confidence=confidence, seed=seed)
            w = found.w
            if len(complete) >= FEWEST_FOR_INTERVAL:
                low, high = found.low, found.high
        rows.append((context, row, len(complete), w, low, high))
    return pd.DataFrame(rows, columns=["context", "row", "m", "W", "low", "high"])


def priority_consensus(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """Goepel's consensus indicator of the experts' priorities of a ring in each of its contexts.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, experts, consensus``, the last from 0 to 1 (see
        :func:`smartgov.stats.group_consensus`); NaN for fewer than two experts whose comparisons
        link all components. Gaps are filled as for the group's priorities.
    """
    rows = []
    for group in model.groups(ring):
        experts, matrices = group_matrices(panel, group)
        several = len(experts) > 1
        consensus = stats.group_consensus(stats.priorities(matrices)).indicator if several else None
        rows.append((group.context, len(experts), consensus))
    table = pd.DataFrame(rows, columns=["context", "experts", "consensus"])
    return table.astype({"consensus": float})


def question_consensus(
    panel: pd.DataFrame, model: Model, confidence: float = 0.95, round: int | None = None
) -> pd.DataFrame:
    """Median, interquartile range and the side most experts take, question by question.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, left, right, experts``; ``median`` and ``iqr`` of the signed
        judgements; ``side`` (``left``, ``equal`` or ``right``, of equally frequent ones the
        first), ``agreeing`` experts who take it, their ``share`` and its Wilson interval ``low,
        high``. A question with fewer than two answers has no row; there is no interval below
        :data:`~smartgov.delphi.panel_results.FEWEST_FOR_INTERVAL` experts.

    Raises
    ------
    ValueError
        If fewer than two questions have two answers.
    """
    signed = signed_values(panel, questionnaire(model), round)
    several = (~np.isnan(signed.values)).sum(axis=0) > 1
    values = signed.values[:, several]
    by_side = [
        stats.consensus(values, agree=list(answers), confidence=confidence)
        for answers in ANSWERS.values()
    ]
    side = np.argmax([found.agreeing for found in by_side], axis=0)

    def on_its_side(figure: str) -> np.ndarray:
        return np.choose(side, [getattr(found, figure) for found in by_side])

    experts = by_side[0].answered
    shown = experts >= FEWEST_FOR_INTERVAL
    return signed.questions[several].assign(
        experts=experts,
        median=by_side[0].median,
        iqr=by_side[0].iqr,
        side=np.array(list(ANSWERS))[side],
        agreeing=on_its_side("agreeing"),
        share=on_its_side("share"),
        low=np.where(shown, on_its_side("share_low"), np.nan),
        high=np.where(shown, on_its_side("share_high"), np.nan),
    )
