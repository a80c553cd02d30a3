"""The questionnaire in fixed order: every field is asked directly, in the model's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pandas as pd

from smartgov.instruments.columns import columns
from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE
from smartgov.instruments.opening import AGREED
from smartgov.model import Model
from smartgov.words import say

Texts = Mapping[str, Mapping[str, str]]
"""Field of a question → language → what the group answered in the round before."""


def names_of(model: Model, language: str, /, **ids: str) -> dict[str, str]:
    """Names, in `language`, of the ids given by keyword."""
    return {role: model.label(identifier, language) for role, identifier in ids.items()}


def plain_rows(
    asked: pd.DataFrame, model: Model, languages: Sequence[str], texts: Texts
) -> Iterator[dict]:
    """Rows of the survey sheet: one group a context, two fields a question.

    Parameters
    ----------
    asked : pandas.DataFrame
        Questions as :func:`names.asked_questions` returns them.
    texts : mapping
        Shown with each question; empty in round one.
    """
    number = 0
    for context, questions in asked.groupby("context", sort=False):
        yield group_row(context, languages, partial(model.label, context))
        yield intro_row(
            f"{context}__intro",
            languages,
            lambda language, c=context: names_of(model, language, context=c),
        )
        for question in questions.itertuples(index=False):
            number += 1
            yield from _question_rows(question, number, model, languages, texts.get(question.field))
        yield {"type": "end_group", "name": context}


def group_row(name: str, languages: Sequence[str], label) -> dict:
    """Opening row of a group shown on one page, once consent is given."""
    return {
        "type": "begin_group",
        "name": name,
        "relevant": AGREED,
        "appearance": "field-list",
        **columns(languages, "label", label),
    }


def intro_row(name: str, languages: Sequence[str], names) -> dict:
    """What to do in a context; `names` gives the context's name in a language."""
    return {
        "type": "note",
        "name": name,
        **columns(
            languages, "label", lambda language: say("context.intro", language, **names(language))
        ),
    }


def intensity_row(name: str, languages: Sequence[str], relevant: str, label) -> dict:
    """The second field of a question: how much more, asked unless both are equal."""
    return {
        "type": "select_one intensity",
        "name": name,
        "required": "yes",
        "relevant": relevant,
        "appearance": "columns-pack",
        **columns(languages, "label", label),
        **columns(languages, "hint", "question.scale"),
        **columns(languages, "required_message", "required"),
    }


def _question_rows(
    question, number: int, model: Model, languages: Sequence[str], text: Mapping | None
) -> Iterator[dict]:
    def label(key: str):
        ids = {"context": question.context, "left": question.left, "right": question.right}
        return lambda language: say(
            key, language, number=number, **names_of(model, language, **ids)
        )

    side, intensity = question.field + SIDE, question.field + INTENSITY
    yield {
        "type": f"select_one {question.left}__{question.right}",
        "name": side,
        "required": "yes",
        **columns(languages, "label", label("question.pair")),
        **(columns(languages, "hint", lambda language: text[language]) if text else {}),
        **columns(languages, "required_message", "required"),
    }
    yield intensity_row(
        intensity,
        languages,
        f"${{{side}}} = 'left' or ${{{side}}} = 'right'",
        label("question.pair_intensity"),
    )


def plain_choices(asked: pd.DataFrame, model: Model, languages: Sequence[str]) -> Iterator[dict]:
    """Choices of the fixed form: one list a pair, and the intensities."""
    for left, right in asked[["left", "right"]].drop_duplicates().itertuples(index=False):
        pair = f"{left}__{right}"
        yield {
            "list_name": pair,
            "name": "left",
            **columns(languages, "label", partial(model.label, left)),
        }
        yield {"list_name": pair, "name": "equal", **columns(languages, "label", "question.equal")}
        yield {
            "list_name": pair,
            "name": "right",
            **columns(languages, "label", partial(model.label, right)),
        }


def intensity_choices(languages: Sequence[str]) -> Iterator[dict]:
    """The intensities; digits in every language, so that an export of labels can be read too."""
    for step in INTENSITIES:
        yield {
            "list_name": "intensity",
            "name": str(step),
            **columns(languages, "label", lambda language, n=step: str(n)),
        }
