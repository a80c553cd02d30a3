"""Columns of an XLSForm: one for each language of the questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from smartgov.words import say


def form_language(language: str) -> str:
    """A language as an XLSForm names it: its own name and its code.

    Examples
    --------
    >>> form_language("kk")
    'Қазақша (kk)'
    """
    return f"{say('language', language)} ({language})"


def heading(kind: str, language: str) -> str:
    """Heading of a column in one language, such as ``label::English (en)``."""
    return f"{kind}::{form_language(language)}"


def columns(
    languages: Sequence[str], kind: str, text: str | Callable[[str], str]
) -> dict[str, str]:
    """One cell a language: the message under a key, or what a function of the language returns."""
    return {
        heading(kind, language): text(language) if callable(text) else say(text, language)
        for language in languages
    }
