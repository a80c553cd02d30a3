"""The questionnaire of a model as an XLSForm: the sheets survey, choices and settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from smartgov.files.workbook import save_sheets
from smartgov.instruments.feedback import QUESTION, group_sentences
from smartgov.instruments.form import Form, form_language
from smartgov.instruments.names import asked_questions
from smartgov.instruments.opening import AGREED, opening_choices, opening_rows
from smartgov.instruments.plain import Texts, intensity_choices, plain_choices, plain_rows
from smartgov.instruments.settled import Settled
from smartgov.instruments.shuffled import shuffled_choices, shuffled_rows
from smartgov.model import Model
from smartgov.words import say


def questionnaire_sheets(
    model: Model,
    languages: Sequence[str],
    *,
    round: int = 1,
    fixed_order: bool = True,
    feedback: pd.DataFrame | None = None,
    settled: Settled | None = None,
    contact: str = "",
) -> dict[str, list[dict]]:
    """The three sheets of the form, each a list of rows that map headings to cells.

    Parameters
    ----------
    model : Model
        What is compared; its names are needed in every language.
    languages : sequence of str
        Languages of the form, its default first.
    round : int
        1, 2, …
    fixed_order : bool
        Ask in the model's order instead of one drawn for each respondent.
    feedback : pandas.DataFrame, optional
        The group's answers in the round before, from
        :func:`smartgov.instruments.feedback.group_answers`; needed from round two on.
    settled : Settled, optional
        Which questions are left out, and why; by default none.
    contact : str
        Whom an expert can ask about the study; left out where empty.

    Raises
    ------
    ValueError
        If the model cannot be asked (see :func:`names.asked_questions`), a language has no words,
        or feedback is missing, given for round one, or is not that of the model's questions; if
        every question is settled.
    """
    form = Form(tuple(languages))
    asked = asked_questions(model, languages)
    asked = settled.still_open(asked) if settled else asked
    texts = feedback_texts(asked, model, languages, round, feedback)
    survey = list(opening_rows(form, len(asked), round, contact))
    if settled and settled.reasons.any():
        text = partial(settled.text, model)
        survey.append(form.row("note", "settled", relevant=AGREED, label=text))
    choices = [*opening_choices(form), *intensity_choices(form)]
    if fixed_order:
        survey += plain_rows(asked, model, form, texts)
        choices += plain_choices(asked, model, form)
    else:
        survey += shuffled_rows(asked, form, texts)
        choices += shuffled_choices(asked, model, form, texts)
    settings = _settings(form.languages[0], round, survey, choices)
    return {"survey": survey, "choices": choices, "settings": [settings]}


def feedback_texts(
    asked: pd.DataFrame,
    model: Model,
    languages: Sequence[str],
    round: int,
    feedback: pd.DataFrame | None,
) -> Texts:
    """What stands beside each question about the group's answers; nothing in round one."""
    if isinstance(round, bool) or not isinstance(round, int) or round < 1:
        raise ValueError(f"round: found {round!r}; accepted is a whole number from 1.")
    if (round > 1) != (feedback is not None):
        found = "no answers of the round" if feedback is None else "answers of a round"
        raise ValueError(
            f"round {round}: found {found} before; accepted are none in round 1, and those of the"
            " group from round 2 on."
        )
    if feedback is None:
        return {}
    ordered = asked[QUESTION].merge(feedback, on=QUESTION, how="left", validate="one_to_one")
    return dict(zip(asked["field"], group_sentences(ordered, model, languages), strict=True))


def _settings(default: str, round: int, survey: list[dict], choices: list[dict]) -> dict:
    """Title, id, and a version that changes exactly when the form does."""
    content = json.dumps([survey, choices], ensure_ascii=False, sort_keys=True)
    return {
        "form_title": say("form.title", default, round=round),
        "form_id": f"pairwise_round_{round}",
        "version": hashlib.sha256(content.encode()).hexdigest()[:12],
        "default_language": form_language(default),
        "style": "pages",
    }


def write_xlsform(model: Model, languages: Sequence[str], path: Path, **options) -> Path:
    """Write the form as an XLSX workbook; `options` as in :func:`questionnaire_sheets`."""
    return save_sheets(questionnaire_sheets(model, languages, **options), path)
