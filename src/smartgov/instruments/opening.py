"""What every questionnaire opens with: informed consent, the expert's code, the round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from smartgov.instruments.columns import columns
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
    """What an expert is told before being asked to take part."""
    text = say("consent.text", language, questions=questions, minutes=minutes(questions))
    return f"{text} {say('consent.contact', language, contact=contact)}" if contact else text


def opening_rows(
    languages: Sequence[str], questions: int, round: int, contact: str
) -> Iterator[dict]:
    """Rows of the survey sheet up to the first question."""
    yield {
        "type": "select_one consent",
        "name": "consent",
        "required": "yes",
        **columns(languages, "label", lambda language: _consent(language, questions, contact)),
        **columns(languages, "required_message", "required"),
    }
    yield {
        "type": "note",
        "name": "declined",
        "relevant": "${consent} = 'no'",
        **columns(languages, "label", "consent.declined"),
    }
    yield {
        "type": "text",
        "name": "expert_code",
        "required": "yes",
        "relevant": AGREED,
        "constraint": f"regex(., '^{CODE_PATTERN}$')",
        **columns(languages, "label", "expert_code.label"),
        **columns(languages, "hint", "expert_code.hint"),
        **columns(languages, "constraint_message", "expert_code.error"),
        **columns(languages, "required_message", "required"),
    }
    yield {"type": "calculate", "name": "round", "calculation": f"'{round}'"}


def _consent(language: str, questions: int, contact: str) -> str:
    question = say("consent.question", language)
    return f"{consent_text(language, questions, contact)}\n\n{question}"


def opening_choices(languages: Sequence[str]) -> Iterator[dict]:
    """Choices of the consent question."""
    for answer in ("yes", "no"):
        yield {
            "list_name": "consent",
            "name": answer,
            **columns(languages, "label", f"consent.{answer}"),
        }
