"""Which questions the next round need not ask, by the rule that judges a further round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.second_round import open_questions
from smartgov.model import Model, questionnaire
from smartgov.panels import signed_values

MOST_IQR, MOST_MOVED, FEWEST = 2.0, 0.15, 3
"""The rule of notebook 07, as its parameters have it."""


def judged_questions(
    panel: pd.DataFrame,
    model: Model,
    most_iqr: float = MOST_IQR,
    most_moved: float = MOST_MOVED,
    fewest: int = FEWEST,
) -> pd.DataFrame:
    """Whether each question is settled, judged on the last round that asked it.

    The one statement of the rule's reach: tables, pages and the next form all go by it. A question
    asked once, or by no expert answered both times, can be settled by agreement alone; one asked
    again also by stability, of the experts who answered both times. What a round left out stays as
    the round before left it.

    Returns
    -------
    pandas.DataFrame
        The model's questions, columns ``context, left, right``; ``round``, the last that asked
        each, 0 for none; ``agreed, stable, open`` as of
        :func:`smartgov.delphi.second_round.open_questions`.
    """
    asked = questionnaire(model)[["context", "left", "right"]]
    before = after = np.full((panel["expert"].nunique(), len(asked)), np.nan)
    last = np.zeros(len(asked), dtype=int)
    for number in sorted(set(panel["round"])):
        values = signed_values(panel, asked, number).values
        again = ~np.isnan(values).all(axis=0)
        before, after = np.where(again, after, before), np.where(again, values, after)
        last[again] = number
    both = ~(np.isnan(before) | np.isnan(after))
    after = np.where(both | ~both.any(axis=0), after, np.nan)
    low, _, high = stats.quartiles(after)
    measures = pd.DataFrame({"experts": (~np.isnan(after)).sum(axis=0), "iqr_after": high - low})
    measures["moved"] = pd.Series((both & (before != after)).sum(axis=0)) / both.sum(axis=0)
    rule = open_questions(measures, most_iqr, most_moved, fewest)
    return asked.assign(round=last).join(rule)
