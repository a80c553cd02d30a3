"""Panels drawn or exchanged for tests, and matrices and eigenvectors by LAPACK."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from smartgov.model import questionnaire, read_model

FIELDS = ["expert", "round", "context", "left", "right", "favours", "intensity"]
TURNED = {"left": "right", "right": "left", "equal": "equal"}
MODEL = read_model()
MIDDLE, INNER, DIMENSIONS = MODEL.ring("middle"), MODEL.ring("inner"), list(MODEL.dimensions.index)
ASKED = questionnaire(MODEL)
GROUPS = {group.context: group for group in MODEL.groups()}
SMALL = replace(MODEL, components=MODEL.components.loc[[*MIDDLE[:3], *INNER]])
"""Three components in either ring, so that a dimension has three questions."""
W_COLUMNS = ["m", "n", "W", "chi2", "p", "p_exact", "method", "W_low", "W_high"]
RANDOM_INDEX_OF_NINE = 1.45
"""Saaty (1980), nine items."""


def tidy(values, model=MODEL) -> pd.DataFrame:
    """Signed values, experts × the model's questions, one judgement a row; NaN has none."""
    questions = list(
        questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    )
    rows = [
        (
            f"expert_{number:02d}",
            1,
            *question,
            "left" if value > 0 else "right" if value < 0 else "equal",
            int(abs(value)) + 1,
        )
        for number, answers in enumerate(np.asarray(values, float), start=1)
        for question, value in zip(questions, answers, strict=True)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows, columns=FIELDS)


def drawn(m: int, seed: int, model=MODEL) -> np.ndarray:
    """Signed values with a fifth of them equal."""
    rng = np.random.default_rng(seed)
    values = rng.integers(-8, 9, (m, len(questionnaire(model)))).astype(float)
    return np.where(rng.random(values.shape) < 0.2, 0, values)


def columns(context: str, model=MODEL) -> np.ndarray:
    return (questionnaire(model)["context"] == context).to_numpy()


def mirrored(panel: pd.DataFrame) -> pd.DataFrame:
    """Every judgement the other way round."""
    return panel.assign(favours=panel["favours"].map(TURNED))


def exchanged(panel: pd.DataFrame) -> pd.DataFrame:
    """The same judgements with both alternatives in each other's place."""
    return mirrored(panel).rename(columns={"left": "right", "right": "left"})[FIELDS]


def relabelled(panel: pd.DataFrame) -> pd.DataFrame:
    """Experts under other names, in another order."""
    names = panel["expert"].unique()
    new = dict(zip(names, [f"expert_{91 - place}" for place in range(len(names))], strict=True))
    return panel.assign(expert=panel["expert"].map(new)).sort_values(
        "expert", kind="stable", ignore_index=True
    )


def principal(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Principal eigenvector, adding up to 1, and eigenvalue, by LAPACK."""
    values, vectors = np.linalg.eig(matrix)
    place = values.real.argmax()
    vector = np.abs(vectors[:, place].real)
    return vector / vector.sum(), float(values[place].real)


def matrix_of(answers: np.ndarray, k: int) -> np.ndarray:
    """One expert's reciprocal matrix from signed values in the order of the upper triangle."""
    matrix = np.eye(k)
    for (i, j), value in zip(combinations(range(k), 2), answers, strict=True):
        matrix[i, j] = abs(value) + 1 if value >= 0 else 1 / (abs(value) + 1)
        matrix[j, i] = 1 / matrix[i, j]
    return matrix
