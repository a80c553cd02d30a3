"""The questionnaire in fixed order: every field is asked directly, in the model's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pandas as pd

from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE
from smartgov.instruments.opening import AGREED
from smartgov.instruments.wording import Wording
from smartgov.model import Model

Texts = Mapping[str, Mapping[str, str]]
"""Field of a question → language → what the group answered in the round before."""
Name = Callable[[str], str]
"""A name in the language asked for."""


def plain_rows(asked: pd.DataFrame, model: Model, wording: Wording, texts: Texts) -> Iterator[dict]:
    """Rows of the survey sheet: one group a context, two fields a question.

    `asked` is what :func:`names.asked_questions` returns; the texts are shown with each question.
    """
    number = 0
    for context, questions in asked.groupby("context", sort=False):
        yield from group_rows(context, f"{context}__intro", wording, partial(model.label, context))
        for question in questions.itertuples(index=False):
            number += 1
            yield from _question_rows(question, number, model, wording, texts.get(question.field))
        yield {"type": "end_group", "name": context}


def group_rows(group: str, intro: str, wording: Wording, context: Name) -> Iterator[dict]:
    """A group shown on one page, once consent is given, and what to do in its context."""
    page = {"relevant": AGREED, "appearance": "field-list"}
    yield wording.row("begin_group", group, **page, label=context)

    def what_to_do(language: str) -> str:
        return wording.say("context.intro", language, context=context(language))

    yield wording.row("note", intro, label=what_to_do)


def question_rows(
    wording: Wording,
    kind: str,
    names: tuple[str, str],
    labels: tuple[Name, Name],
    unequal: str,
    hint: Name | None,
    **cells: str,
) -> Iterator[dict]:
    """The two fields of a question: which one, and how much more, asked unless both are equal."""
    must = {"required_message": "required"}
    texts = {"label": labels[0], **({"hint": hint} if hint else {}), **must}
    yield wording.row(kind, names[0], required="yes", **cells, **texts)
    asked = {"required": "yes", "relevant": unequal, "appearance": "columns-pack"}
    how_much = {"label": labels[1], "hint": "question.scale"}
    yield wording.row("select_one intensity", names[1], **asked, **how_much, **must)


def _question_rows(
    question, number: int, model: Model, wording: Wording, text: Mapping | None
) -> Iterator[dict]:
    def label(key: str, language: str) -> str:
        ids = {"context": question.context, "left": question.left, "right": question.right}
        names = {role: model.label(identifier, language) for role, identifier in ids.items()}
        return wording.say(key, language, number=number, **names)

    side, intensity = question.field + SIDE, question.field + INTENSITY
    yield from question_rows(
        wording,
        f"select_one {question.left}__{question.right}",
        (side, intensity),
        (partial(label, "question.pair"), partial(label, "question.pair_intensity")),
        f"${{{side}}} = 'left' or ${{{side}}} = 'right'",
        text and text.get,
    )


def plain_choices(asked: pd.DataFrame, model: Model, wording: Wording) -> Iterator[dict]:
    """Choices of the fixed form: one list a pair."""
    for left, right in asked[["left", "right"]].drop_duplicates().itertuples(index=False):
        pair = f"{left}__{right}"
        yield wording.choice(pair, "left", partial(model.label, left))
        yield wording.choice(pair, "equal", "question.equal")
        yield wording.choice(pair, "right", partial(model.label, right))


def intensity_choices(wording: Wording) -> Iterator[dict]:
    """The intensities; digits in every language, so that an export of labels can be read too."""
    for step in map(str, INTENSITIES):
        yield wording.choice("intensity", step, lambda language, step=step: step)
