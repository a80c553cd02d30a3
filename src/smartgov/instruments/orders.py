"""In what order a copy on paper asks its questions, and which alternative it prints first.

On paper an order cannot be drawn when the form is opened, so it is drawn when the page is written:
each copy has a number, and the same number always gives the same order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Copy:
    """One order of the questions: `number` 0 is the model's, and where ``exchanged`` the right
    alternative is printed on the left."""

    questions: pd.DataFrame
    number: int


def fixed_copy(asked: pd.DataFrame) -> Copy:
    """The questions in the model's order; `asked` is what :func:`names.asked_questions` returns."""
    return Copy(asked.assign(exchanged=False), 0)


def drawn_copy(asked: pd.DataFrame, number: int, seed: int) -> Copy:
    """Contexts of a ring, pairs of a context and sides in an order drawn from seed and number."""
    rng = np.random.default_rng([seed, number])
    parts = []
    for _, ring in asked.groupby("ring", sort=False):
        contexts = ring["context"].unique()
        for context in contexts[rng.permutation(len(contexts))]:
            part = ring[ring["context"] == context]
            parts.append(part.iloc[rng.permutation(len(part))])
    drawn = pd.concat(parts, ignore_index=True)
    return Copy(drawn.assign(exchanged=rng.random(len(drawn)) < 0.5), number)
