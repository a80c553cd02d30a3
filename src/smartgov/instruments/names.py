"""Names of a questionnaire's fields, and the ids from which they can be made."""

from __future__ import annotations

import pandas as pd

from smartgov.model import Model, questionnaire

SIDE, INTENSITY = "__side", "__intensity"
SIDES = ("left", "equal", "right")
INTENSITIES = range(2, 10)
TAKEN = ("consent", "declined", "expert_code", "round", "settled", "meta")
PREFIXES = ("shuffle_", "shown_")
_ACCEPTED = (
    "a Latin letter followed by letters, digits and single underscores, not ending in one, "
    f"not starting with {' or '.join(PREFIXES)}"
)


def question_field(context: str, left: str, right: str) -> str:
    """Name shared by the two fields of a question.

    Examples
    --------
    >>> question_field("E1", "economic_growth", "policy_making") + SIDE
    'E1__economic_growth__policy_making__side'
    """
    return f"{context}__{left}__{right}"


def asked_questions(model: Model, languages: list[str]) -> pd.DataFrame:
    """The questionnaire of a model from which field names and labels can be made.

    Returns
    -------
    pandas.DataFrame
        As :func:`smartgov.model.questionnaire`, with ``number``, from 1, and ``field``.

    Raises
    ------
    ValueError
        If an id is that of a field of the form, or something asked about has no name in one of the
        languages.
    """
    asked = questionnaire(model)
    questions = asked[["context", "left", "right"]].itertuples(index=False)
    asked["number"] = range(1, len(asked) + 1)
    asked["field"] = [question_field(*question) for question in questions]
    used = list(dict.fromkeys([*asked["context"], *asked["left"], *asked["right"]]))
    _check_ids(used, set(asked["context"]))
    _check_names(model, used, languages)
    return asked


def _check_ids(ids: list[str], contexts: set[str]) -> None:
    """What a model file may have and a form may not."""
    for name in ids:
        if name.startswith(PREFIXES):
            raise ValueError(
                f"id {name!r} of the model cannot be part of a field name; accepted is {_ACCEPTED}."
            )
        if name in contexts and name.lower() in TAKEN:
            raise ValueError(
                f"context {name!r} has the name of a field of the form; accepted is any other than"
                f" {', '.join(TAKEN)}."
            )


def _check_names(model: Model, ids: list[str], languages: list[str]) -> None:
    lacking = {language: model.lacking(language) for language in languages}
    for name in ids:
        for language in languages:
            text = model.label(name, language)
            if name in lacking[language]:
                raise ValueError(
                    f"{name!r} of the model has no name in language {language!r}; accepted is a"
                    f" text under names: {language}."
                )
            if "${" in text:
                raise ValueError(
                    f"the name {text!r} of {name!r} holds '${{', which survey tools read as a"
                    " field."
                )
