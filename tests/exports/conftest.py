"""An invented panel of two rounds with missing judgements."""

import numpy as np
import pytest

from smartgov.audit.reconstruction import Question, to_judgements
from smartgov.model import questionnaire, read_model


@pytest.fixture(scope="session")
def model():
    return read_model()


@pytest.fixture(scope="session")
def panel(model):
    """Eleven experts; round two repeats the inner ring only, and the last expert has left."""
    import pandas as pd

    asked = questionnaire(model)
    questions = [
        Question(*question)
        for question in asked[["context", "left", "right"]].itertuples(index=False)
    ]
    rng = np.random.default_rng(7)
    values = np.where(
        rng.random((11, len(questions))) < 0.35, 0, rng.integers(-8, 9, (11, len(questions)))
    )
    values[:, :8] += 3 - np.arange(8) // 2  # one group on which experts agree
    values[:, 36:43] = 0  # and one that nobody tells apart
    values = values.clip(-8, 8)
    values[:, 44:51] = 2
    first = to_judgements(values, questions)
    inner = (asked["ring"] == "inner").to_numpy()
    second = to_judgements(
        values[:10, inner] * -1,
        [q for q, kept in zip(questions, inner, strict=False) if kept],
        round_name=2,
    )
    gone = rng.choice(len(first), size=25, replace=False)
    return pd.concat([first.drop(index=gone), second], ignore_index=True)
