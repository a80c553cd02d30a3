"""What every questionnaire opens with: informed consent, the expert's code, the round."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from smartgov.instruments.wording import Wording

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


def consent_text(wording: Wording, language: str, questions: int, contact: str) -> str:
    """What an expert is told before being asked to take part."""
    told = wording.say("consent.text", language, questions=questions, minutes=minutes(questions))
    return (
        f"{told} {wording.say('consent.contact', language, contact=contact)}" if contact else told
    )


def opening_rows(wording: Wording, questions: int, round: int, contact: str) -> Iterator[dict]:
    """Rows of the survey sheet up to the first question."""
    yield {
        "type": "select_one consent",
        "name": "consent",
        "required": "yes",
        **wording.columns(
            "label", lambda language: _consent(wording, language, questions, contact)
        ),
        **wording.columns("required_message", "required"),
    }
    yield {
        "type": "note",
        "name": "declined",
        "relevant": "${consent} = 'no'",
        **wording.columns("label", "consent.declined"),
    }
    yield {
        "type": "text",
        "name": "expert_code",
        "required": "yes",
        "relevant": AGREED,
        "constraint": f"regex(., '^{CODE_PATTERN}$')",
        **wording.columns("label", "code.label"),
        **wording.columns("hint", "code.hint"),
        **wording.columns("constraint_message", "code.error"),
        **wording.columns("required_message", "required"),
    }
    yield {"type": "calculate", "name": "round", "calculation": f"'{round}'"}


def _consent(wording: Wording, language: str, questions: int, contact: str) -> str:
    question = wording.say("consent.question", language)
    return f"{consent_text(wording, language, questions, contact)}\n\n{question}"


def opening_choices(wording: Wording) -> Iterator[dict]:
    """Choices of the consent question."""
    for answer in ("yes", "no"):
        yield {
            "list_name": "consent",
            "name": answer,
            **wording.columns("label", f"consent.{answer}"),
        }
