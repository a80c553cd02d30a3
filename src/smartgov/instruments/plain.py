"""The questionnaire in fixed order: every field is asked directly, in the model's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pandas as pd

from smartgov.instruments.form import Form
from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE
from smartgov.instruments.opening import AGREED
from smartgov.model import Model
from smartgov.words import say

Texts = Mapping[str, Mapping[str, str]]
"""Field of a question → language → what the group answered in the round before."""
Name = Callable[[str], str]
"""A name in the language asked for."""


def plain_rows(asked: pd.DataFrame, model: Model, form: Form, texts: Texts) -> Iterator[dict]:
    """Rows of the survey sheet: one group a context, two fields a question.

    `asked` is what :func:`names.asked_questions` returns; the texts are shown with each question.
    """
    for context, questions in asked.groupby("context", sort=False):
        yield from group_rows(context, f"{context}__intro", form, partial(model.label, context))
        for question in questions.itertuples(index=False):
            yield from _question_rows(question, model, form, texts.get(question.field))
        yield {"type": "end_group", "name": context}


def group_rows(group: str, intro: str, form: Form, context: Name) -> Iterator[dict]:
    """A group shown on one page, once consent is given, and what to do in its context."""
    page = {"relevant": AGREED, "appearance": "field-list"}
    yield form.row("begin_group", group, **page, label=context)

    def what_to_do(language: str) -> str:
        return say("context.intro", language, context=context(language))

    yield form.row("note", intro, label=what_to_do)


def question_rows(
    form: Form,
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
    yield form.row(kind, names[0], required="yes", **cells, **texts)
    asked = {"required": "yes", "relevant": unequal, "appearance": "columns-pack"}
    how_much = {"label": labels[1], "hint": "question.scale"}
    yield form.row("select_one intensity", names[1], **asked, **how_much, **must)


def _question_rows(question, model: Model, form: Form, text: Mapping | None) -> Iterator[dict]:
    def label(key: str, language: str) -> str:
        ids = {"context": question.context, "left": question.left, "right": question.right}
        names = {role: model.label(identifier, language) for role, identifier in ids.items()}
        return say(key, language, number=question.number, **names)

    side, intensity = question.field + SIDE, question.field + INTENSITY
    yield from question_rows(
        form,
        f"select_one {question.left}__{question.right}",
        (side, intensity),
        (partial(label, "question.pair"), partial(label, "question.pair_intensity")),
        f"${{{side}}} = 'left' or ${{{side}}} = 'right'",
        text and text.get,
    )


def plain_choices(asked: pd.DataFrame, model: Model, form: Form) -> Iterator[dict]:
    """Choices of the fixed form: one list a pair."""
    for left, right in asked[["left", "right"]].drop_duplicates().itertuples(index=False):
        pair = f"{left}__{right}"
        yield form.choice(pair, "left", partial(model.label, left))
        yield form.choice(pair, "equal", "question.equal")
        yield form.choice(pair, "right", partial(model.label, right))


def intensity_choices(form: Form) -> Iterator[dict]:
    """The intensities; digits in every language, so that an export of labels can be read too."""
    for step in map(str, INTENSITIES):
        yield form.choice("intensity", step, lambda language, step=step: step)
