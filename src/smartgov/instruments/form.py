"""Rows of an XLSForm: what an expert reads stands in a column for each language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartgov.words import say

IN_EVERY_LANGUAGE = ("label", "hint", "required_message", "constraint_message")
"""Columns that stand there once a language."""
Text = str | Callable[[str], str]
"""Key of a message, or a function that gives a text in a language."""


def form_language(language: str) -> str:
    """A language as an XLSForm names it: its own name and its code."""
    return f"{say('language', language)} ({language})"


def heading(kind: str, language: str) -> str:
    """Heading of a column in one language.

    Examples
    --------
    >>> heading("label", "kk")
    'label::Қазақша (kk)'
    """
    return f"{kind}::{form_language(language)}"


@dataclass(frozen=True)
class Form:
    """A form in its languages, the default first."""

    languages: tuple[str, ...]

    def columns(self, kind: str, text: Text) -> dict[str, str]:
        """One cell a language."""
        return {
            heading(kind, language): text(language) if callable(text) else say(text, language)
            for language in self.languages
        }

    def row(self, type: str, name: str, /, **cells: Text) -> dict[str, str]:
        """A row of the sheet survey; texts in every language.

        Examples
        --------
        >>> Form(("en",)).row("note", "n", relevant="false()", label="page.fixed")
        {'type': 'note', 'name': 'n', 'relevant': 'false()',
         'label::English (en)': 'Order of the questions: fixed'}
        """
        row = {"type": type, "name": name}
        for kind, cell in cells.items():
            row |= self.columns(kind, cell) if kind in IN_EVERY_LANGUAGE else {kind: cell}
        return row

    def choice(self, list_name: str, name: str, label: Text) -> dict[str, str]:
        """A row of the sheet choices."""
        return {"list_name": list_name, "name": name, **self.columns("label", label)}
