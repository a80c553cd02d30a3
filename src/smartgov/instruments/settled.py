"""Questions that a round has settled: left out of the next form, which names them and says why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from smartgov.model import Model
from smartgov.words import say, with_decimal_mark

QUESTION = ["context", "left", "right"]
REASONS = ("agreed", "stable")


@dataclass(frozen=True)
class Settled:
    """What a rule says of a model's questions.

    `judged` has the columns ``context, left, right, agreed, stable``, a question a row; `most_iqr`
    and `most_moved` are what agreement and stability were held against.
    """

    judged: pd.DataFrame
    most_iqr: float
    most_moved: float

    @property
    def reasons(self) -> pd.Series:
        """``agreed``, ``stable`` or, of an open question, nothing; one a question."""
        stable = self.judged["stable"].map({True: "stable", False: ""})
        return stable.mask(self.judged["agreed"], "agreed")

    def still_open(self, asked: pd.DataFrame) -> pd.DataFrame:
        """The questions asked, without those that are settled; numbers stay.

        Raises
        ------
        ValueError
            If none is left.
        """
        settled = self.judged.loc[self.reasons != "", QUESTION]
        left_out = pd.MultiIndex.from_frame(asked[QUESTION]).isin(pd.MultiIndex.from_frame(settled))
        if left_out.all():
            raise ValueError(
                f"all {len(asked)} questions are settled, so that another round would ask nothing;"
                " ASK=all asks them again."
            )
        return asked[~left_out]

    def sentences(self, model: Model, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """Why questions are settled, and which: contexts with their pairs; nothing if none is."""
        found = []
        for reason in REASONS:
            rows = self.judged[self.reasons == reason]
            by_context = [
                (model.label(context, language), self._pairs(part, model, language))
                for context, part in rows.groupby("context", sort=False)
            ]
            if by_context:
                found.append((self.because(reason, language, n=len(rows)), by_context))
        return found

    def text(self, model: Model, language: str) -> str:
        """All of :meth:`sentences` in one text, below its heading."""
        lines = [say("settled.heading", language)]
        for because, by_context in self.sentences(model, language):
            lines += [because, *(f"{context}: {pairs}" for context, pairs in by_context)]
        return "\n\n".join(lines)

    @staticmethod
    def _pairs(rows: pd.DataFrame, model: Model, language: str) -> str:
        sides = rows[["left", "right"]].map(lambda name: model.label(name, language))
        return "; ".join(f"{left} – {right}" for left, right in sides.itertuples(index=False))

    def because(self, reason: str, language: str, n: int) -> str:
        """Why `n` questions are settled."""
        limits = {"most_iqr": self.most_iqr, "most_moved": 100 * self.most_moved}
        shown = {name: with_decimal_mark(f"{limit:g}", language) for name, limit in limits.items()}
        return say(f"settled.{reason}", language, n=n, **shown)
