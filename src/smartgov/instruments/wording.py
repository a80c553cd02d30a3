"""The words of a questionnaire in its languages, handed in by whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

IN_EVERY_LANGUAGE = ("label", "hint", "required_message", "constraint_message")
"""Columns of an XLSForm that stand there once a language."""
Text = str | Callable[[str], str]
"""Key of a text, or a function that gives it in a language."""


@dataclass(frozen=True)
class Wording:
    """Messages under the same dotted keys: language code → key → text with ``{placeholders}``.

    The first language is the default.
    """

    catalogues: dict[str, dict[str, str]]

    @property
    def languages(self) -> list[str]:
        """Codes of the languages, the default first."""
        return list(self.catalogues)

    def say(self, key: str, language: str, /, **values: object) -> str:
        """The text under `key`, its placeholders filled.

        Raises
        ------
        ValueError
            If the language or the key is unknown.
        """
        if language not in self.catalogues:
            raise ValueError(
                f"language {language!r} is not among those of the questionnaire:"
                f" {', '.join(self.languages)}."
            )
        if key not in self.catalogues[language]:
            raise ValueError(f"the words of language {language!r} lack {key!r}.")
        return self.catalogues[language][key].format(**values)

    def heading(self, kind: str, language: str) -> str:
        """Heading of a column of an XLSForm in one language.

        Examples
        --------
        >>> Wording({"kk": {"language": "Қазақша"}}).heading("label", "kk")
        'label::Қазақша (kk)'
        """
        return f"{kind}::{self.form_language(language)}"

    def form_language(self, language: str) -> str:
        """A language as an XLSForm names it: its own name and its code."""
        return f"{self.say('language', language)} ({language})"

    def columns(self, kind: str, text: Text) -> dict[str, str]:
        """One cell a language."""

        def words(language: str) -> str:
            return text(language) if callable(text) else self.say(text, language)

        return {self.heading(kind, language): words(language) for language in self.languages}

    def row(self, type: str, name: str, /, **cells: Text) -> dict[str, str]:
        """A row of an XLSForm's sheet survey; texts in every language.

        Examples
        --------
        >>> Wording({"kk": {"language": "Қазақша", "end": "Рахмет"}}).row("note", "n", label="end")
        {'type': 'note', 'name': 'n', 'label::Қазақша (kk)': 'Рахмет'}
        """
        row = {"type": type, "name": name}
        for kind, cell in cells.items():
            row |= self.columns(kind, cell) if kind in IN_EVERY_LANGUAGE else {kind: cell}
        return row

    def choice(self, list_name: str, name: str, label: Text) -> dict[str, str]:
        """A row of an XLSForm's sheet choices."""
        return {"list_name": list_name, "name": name, **self.columns("label", label)}

    def number(self, value: float, language: str) -> str:
        """A number as the language writes it, without needless zeros.

        Examples
        --------
        >>> Wording({"ru": {"decimal_mark": ","}}).number(2.5, "ru")
        '2,5'
        """
        shortest = f"{value:.2f}".rstrip("0").rstrip(".")
        return shortest.replace(".", self.say("decimal_mark", language))


def read_wording(files: dict[str, Path]) -> Wording:
    """Read one YAML catalogue a language, of which the first is the default.

    Raises
    ------
    ValueError
        If a file is missing, or a language lacks a text that another has.
    """
    catalogues = {}
    for language, path in files.items():
        if not path.is_file():
            raise ValueError(f"no words for language {language!r}: {path.name} does not exist.")
        catalogues[language] = dict(_flat(yaml.safe_load(path.read_text(encoding="utf-8"))))
    every = set().union(*catalogues.values())
    for language, texts in catalogues.items():
        if every - set(texts):
            raise ValueError(
                f"{files[language].name}: no text for {', '.join(sorted(every - set(texts)))}."
            )
    return Wording(catalogues)


def _flat(tree: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
