"""The panel by stakeholder group, as far as a group hides its members."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.panel_results import (
    group_matrices,
    group_priorities,
    has_w,
    priority_ranks,
    ranked_groups,
)
from smartgov.model import Model
from smartgov.panels.privacy import SMALLEST_GROUP
from smartgov.stats.inputs import complete_raters

EVERYONE = ("", "")
"""In place of heading and value: all experts, in a group or not."""


def stakeholder_groups(
    panel: pd.DataFrame, attributes: pd.DataFrame
) -> dict[tuple[str, str], pd.DataFrame]:
    """Answers of all experts, then of every group that is large enough to be shown.

    A group are the experts with one value under one heading; those without a value are in none.
    A smaller group than :data:`~smartgov.panels.privacy.SMALLEST_GROUP` would show what its
    members answered.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers of one round.
    attributes : pandas.DataFrame
        Side information, one expert a row (the index), one heading a column.

    Examples
    --------
    >>> experts = list("abcde")
    >>> found = stakeholder_groups(pd.DataFrame({"expert": experts}),
    ...     pd.DataFrame({"sector": ["state"] * 3 + ["firm"] * 2}, index=experts))
    >>> {group: len(part) for group, part in found.items()}
    {('', ''): 5, ('sector', 'state'): 3}
    """
    found = {EVERYONE: panel}
    for heading in attributes:
        stated = attributes[heading].replace("", np.nan).dropna()
        for value, members in stated.groupby(stated):
            part = panel[panel["expert"].isin(members.index)]
            if part["expert"].nunique() >= SMALLEST_GROUP:
                found[heading, value] = part
    return found


def group_results(panel: pd.DataFrame, attributes: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Priorities of every ring in every context, by stakeholder group.

    Returns
    -------
    pandas.DataFrame
        Columns ``attribute, group, ring, context, row, experts, priority, rank``, the first two
        empty for all experts together; a context that fewer than
        :data:`~smartgov.panels.privacy.SMALLEST_GROUP` of a group answered has no rows.
    """
    rows = []
    for (attribute, value), part in stakeholder_groups(panel, attributes).items():
        for group in model.groups():
            experts, matrices = group_matrices(part, group)
            if len(experts) >= SMALLEST_GROUP:
                priorities = group_priorities(matrices)
                ranks = priority_ranks(priorities).astype(int)
                about = attribute, value, group.ring, group.context
                rows += [
                    (*about, row, len(experts), priority, rank)
                    for row, priority, rank in zip(group.components, priorities, ranks, strict=True)
                ]
    columns = ["attribute", "group", "ring", "context", "row", "experts", "priority", "rank"]
    return pd.DataFrame(rows, columns=columns)


def group_agreement(panel: pd.DataFrame, attributes: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Kendall's W of every group of questions, by stakeholder group.

    Returns
    -------
    pandas.DataFrame
        Columns ``attribute, group, context, row, m, W``, as :func:`group_results`; NaN where W is
        undefined.
    """
    rows = []
    for (attribute, value), part in stakeholder_groups(panel, attributes).items():
        for context, row, items in ranked_groups(part, model):
            complete = complete_raters(items)
            if len(complete) >= SMALLEST_GROUP:
                w = stats.kendall_w(complete).w if has_w(complete) else np.nan
                rows.append((attribute, value, context, row, len(complete), w))
    return pd.DataFrame(rows, columns=["attribute", "group", "context", "row", "m", "W"])


def expert_priorities(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Each expert's own priorities, and the cluster of experts who weigh alike.

    Returns
    -------
    pandas.DataFrame
        Columns ``ring, context, expert, row, priority, cluster``, see
        :func:`smartgov.stats.priority_clusters`. Gaps are filled; experts whose comparisons do not
        link all components have no rows in that context.
    """
    rows = []
    for group in model.groups():
        experts, matrices = group_matrices(panel, group)
        if not experts:
            continue
        own = stats.priorities(matrices)
        clusters = stats.priority_clusters(own).labels if len(experts) > 1 else [1]
        rows += [
            (group.ring, group.context, expert, row, priority, cluster)
            for expert, priorities, cluster in zip(experts, own, clusters, strict=True)
            for row, priority in zip(group.components, priorities, strict=True)
        ]
    columns = ["ring", "context", "expert", "row", "priority", "cluster"]
    return pd.DataFrame(rows, columns=columns)
