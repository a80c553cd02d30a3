"""Which questions the next round need not ask, by the rule that judges a further round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.delphi.second_round import open_questions, stability
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

    A question asked once can be settled by agreement alone; one asked again also by stability, of
    the experts who answered both times. What a round left out stays as the round before left it.

    Returns
    -------
    pandas.DataFrame
        The model's questions, columns ``context, left, right, agreed, stable``; see
        :func:`smartgov.delphi.second_round.open_questions`.
    """
    asked = questionnaire(model)[["context", "left", "right"]]
    rounds = [signed_values(panel, asked, each).values for each in sorted(set(panel["round"]))]
    measures = pd.concat(
        [
            _measures([values[:, [place]] for values in rounds], asked.iloc[[place]])
            for place in range(len(asked))
        ],
        ignore_index=True,
    )
    rule = open_questions(measures, most_iqr, most_moved, fewest)
    return asked.join(rule[["agreed", "stable"]])


def _measures(rounds: list[np.ndarray], question: pd.DataFrame) -> pd.DataFrame:
    """What the rule asks of one question, from its column in every round that asked it."""
    answers = [values for values in rounds if not np.isnan(values).all()]
    if len(answers) > 1:
        return stability(*answers[-2:], question.reset_index(drop=True))
    only = answers[0] if answers else np.full((1, 1), np.nan)
    low, _, high = stats.quartiles(only)
    experts = (~np.isnan(only)).sum(axis=0)
    return pd.DataFrame({"experts": experts, "iqr_after": high - low, "moved": np.nan})
