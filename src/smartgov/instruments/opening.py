"""What every questionnaire opens with: informed consent, the expert's code, the round."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from smartgov.instruments.form import Form
from smartgov.words import say

AGREED = "${consent} = 'yes'"
CODE_PATTERN = "[A-Za-z0-9_-]{2,20}"
SECONDS_A_QUESTION = 12
"""Assumed, not measured: an expert reads two names and ticks twice."""


def minutes(questions: int) -> int:
    """Time to announce, rounded up to five minutes.

    Examples
    --------
    >>> minutes(135)
    30
    """
    return 5 * ceil(questions * SECONDS_A_QUESTION / 300)


def consent_text(language: str, questions: int, contact: str) -> str:
    """What an expert reads before being asked to take part."""
    text = say("consent.text", language, questions=questions, minutes=minutes(questions))
    return f"{text} {say('consent.contact', language, contact=contact)}" if contact else text


def opening_rows(form: Form, questions: int, round: int, contact: str) -> Iterator[dict]:
    """Rows of the survey sheet up to the first question."""

    def consent(language: str) -> str:
        question = say("consent.question", language)
        # A form would read ${ as the start of another question's name
        text = consent_text(language, questions, contact).replace("${", "$\u2060{")
        return f"{text}\n\n{question}"

    must = {"required_message": "required"}
    yield form.row("select_one consent", "consent", required="yes", label=consent, **must)
    declined = "${consent} = 'no'"
    yield form.row("note", "declined", relevant=declined, label="consent.declined")
    code = {
        "label": "expert_code.label",
        "hint": "expert_code.hint",
        "constraint_message": "expert_code.error",
    }
    rule = {"required": "yes", "relevant": AGREED, "constraint": f"regex(., '^{CODE_PATTERN}$')"}
    yield form.row("text", "expert_code", **rule, **code, **must)
    yield form.row("calculate", "round", calculation=f"'{round}'")


def opening_choices(form: Form) -> Iterator[dict]:
    """Choices of the consent question."""
    return (form.choice("consent", answer, f"consent.{answer}") for answer in ("yes", "no"))
