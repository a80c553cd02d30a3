"""The words of a questionnaire in its languages, handed in by whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Wording:
    """Messages of several languages under the same dotted keys.

    Attributes
    ----------
    catalogues : dict of str to dict
        Language code → key → text with ``{placeholders}``. The first language is the default.
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

    def columns(
        self, kind: str, text: str | Callable[[str], str], **values: object
    ) -> dict[str, str]:
        """One cell a language: the text under a key, or what a function of the language returns."""

        def words(language: str) -> str:
            return text(language) if callable(text) else self.say(text, language, **values)

        return {self.heading(kind, language): words(language) for language in self.languages}

    def number(self, value: float, language: str) -> str:
        """A number as the language writes it, without needless zeros.

        Examples
        --------
        >>> Wording({"ru": {"decimal_mark": ","}}).number(2.5, "ru")
        '2,5'
        """
        return (
            f"{value:.2f}".rstrip("0").rstrip(".").replace(".", self.say("decimal_mark", language))
        )


def read_wording(files: dict[str, Path]) -> Wording:
    """Read one YAML catalogue a language.

    Parameters
    ----------
    files : dict of str to Path
        Language code → file; the first language is the default of the form.

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
