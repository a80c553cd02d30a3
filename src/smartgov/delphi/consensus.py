"""How far a panel's experts agree: on rankings, on priorities, on single questions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.panel_results import FEWEST_FOR_INTERVAL, group_matrices, has_w, ranked_groups
from smartgov.model import Model, questionnaire
from smartgov.panels import signed_values
from smartgov.stats.inputs import complete_raters

SIDES = {"left": range(1, 9), "equal": [0], "right": range(-8, 0)}
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
        complete = complete_raters(items)
        w = low = high = np.nan
        if has_w(complete):
            found = stats.w_interval(complete, confidence=confidence, seed=seed)
            w = found.w
            if len(complete) >= FEWEST_FOR_INTERVAL:
                low, high = found.low, found.high
        rows.append((context, row, len(complete), w, low, high))
    return pd.DataFrame(rows, columns=["context", "row", "m", "W", "low", "high"])


def priority_consensus(panel: pd.DataFrame, model: Model, ring: str) -> pd.DataFrame:
    """How alike the experts' own priorities of a ring are in each of its contexts.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, experts``; ``consensus``, Goepel's indicator from 0 to 1 (see
        :func:`smartgov.stats.group_consensus`); ``clusters``, the number of clusters of experts
        who weigh alike (see :func:`smartgov.stats.priority_clusters`), and ``sizes``, their
        experts, joined by " + ". NaN and no sizes for fewer than two experts whose comparisons
        link all components. Gaps are filled as for the group's priorities.
    """
    rows = []
    for group in model.groups(ring):
        experts, matrices = group_matrices(panel, group)
        found = np.nan, np.nan, ""
        if len(experts) > 1:
            own = stats.priorities(matrices)
            sizes = np.bincount(stats.priority_clusters(own).labels)[1:]
            found = stats.group_consensus(own).indicator, len(sizes), " + ".join(map(str, sizes))
        rows.append((group.context, len(experts), *found))
    table = pd.DataFrame(rows, columns=["context", "experts", "consensus", "clusters", "sizes"])
    return table.astype({"consensus": float, "clusters": "Int64"})


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
    """
    signed = signed_values(panel, questionnaire(model), round)
    several = (~np.isnan(signed.values)).sum(axis=0) > 1
    values = signed.values[:, several]
    lower, median, upper = stats.quartiles(values)
    experts = (~np.isnan(values)).sum(axis=0)
    agreeing = np.array([np.isin(values, list(answers)).sum(axis=0) for answers in SIDES.values()])
    most = agreeing.max(axis=0)
    shares = [
        stats.share_interval(int(k), int(m), confidence=confidence)
        for k, m in zip(most, experts, strict=True)
    ]
    table = signed.questions[several].assign(
        experts=experts,
        median=median,
        iqr=upper - lower,
        side=np.array(list(SIDES))[agreeing.argmax(axis=0)],
        agreeing=most,
        share=most / experts,
        low=[each.low for each in shares],
        high=[each.high for each in shares],
    )
    table.loc[experts < FEWEST_FOR_INTERVAL, ["low", "high"]] = np.nan
    return table
