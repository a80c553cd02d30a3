"""The questionnaire in fixed order: every field is asked directly, in the model's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import pandas as pd

from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE
from smartgov.instruments.opening import AGREED
from smartgov.instruments.wording import Wording
from smartgov.model import Model

Texts = Mapping[str, Mapping[str, str]]
"""Field of a question → language → what the group answered in the round before."""


def names_of(model: Model, language: str, /, **ids: str) -> dict[str, str]:
    """Names, in `language`, of the ids given by keyword."""
    return {role: model.label(identifier, language) for role, identifier in ids.items()}


def plain_rows(asked: pd.DataFrame, model: Model, wording: Wording, texts: Texts) -> Iterator[dict]:
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
        yield group_row(context, wording, partial(model.label, context))
        yield intro_row(
            f"{context}__intro",
            wording,
            lambda language, c=context: names_of(model, language, context=c),
        )
        for question in questions.itertuples(index=False):
            number += 1
            yield from _question_rows(question, number, model, wording, texts.get(question.field))
        yield {"type": "end_group", "name": context}


def group_row(name: str, wording: Wording, label) -> dict:
    """Opening row of a group shown on one page, once consent is given."""
    return {
        "type": "begin_group",
        "name": name,
        "relevant": AGREED,
        "appearance": "field-list",
        **wording.columns("label", label),
    }


def intro_row(name: str, wording: Wording, names) -> dict:
    """What to do in a context; `names` gives the context's name in a language."""
    return {
        "type": "note",
        "name": name,
        **wording.columns(
            "label", lambda language: wording.say("context.intro", language, **names(language))
        ),
    }


def intensity_row(name: str, wording: Wording, relevant: str, label) -> dict:
    """The second field of a question: how much more, asked unless both are equal."""
    return {
        "type": "select_one intensity",
        "name": name,
        "required": "yes",
        "relevant": relevant,
        "appearance": "columns-pack",
        **wording.columns("label", label),
        **wording.columns("hint", "question.scale"),
        **wording.columns("required_message", "required"),
    }


def _question_rows(
    question, number: int, model: Model, wording: Wording, text: Mapping | None
) -> Iterator[dict]:
    def label(key: str):
        ids = {"context": question.context, "left": question.left, "right": question.right}
        return lambda language: wording.say(
            key, language, number=number, **names_of(model, language, **ids)
        )

    side, intensity = question.field + SIDE, question.field + INTENSITY
    yield {
        "type": f"select_one {question.left}__{question.right}",
        "name": side,
        "required": "yes",
        **wording.columns("label", label("question.pair")),
        **(wording.columns("hint", lambda language: text[language]) if text else {}),
        **wording.columns("required_message", "required"),
    }
    yield intensity_row(
        intensity,
        wording,
        f"${{{side}}} = 'left' or ${{{side}}} = 'right'",
        label("question.pair_intensity"),
    )


def plain_choices(asked: pd.DataFrame, model: Model, wording: Wording) -> Iterator[dict]:
    """Choices of the fixed form: one list a pair, and the intensities."""
    for left, right in asked[["left", "right"]].drop_duplicates().itertuples(index=False):
        pair = f"{left}__{right}"
        yield {
            "list_name": pair,
            "name": "left",
            **wording.columns("label", partial(model.label, left)),
        }
        yield {"list_name": pair, "name": "equal", **wording.columns("label", "question.equal")}
        yield {
            "list_name": pair,
            "name": "right",
            **wording.columns("label", partial(model.label, right)),
        }


def intensity_choices(wording: Wording) -> Iterator[dict]:
    """The intensities; digits in every language, so that an export of labels can be read too."""
    for step in INTENSITIES:
        yield {
            "list_name": "intensity",
            "name": str(step),
            **wording.columns("label", lambda language, n=step: str(n)),
        }
