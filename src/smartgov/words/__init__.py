"""Every word that a figure, a page or a form shows: one YAML file a language beside this module.

A message is looked up by its dotted key and filled with the values it names. An unknown key or a
missing value is an error at once, so that nothing can be shown with a hole in it. A notebook
chooses its language once, in the cell that checks its parameters; a form or a page names its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from string import Formatter

import yaml

LANGUAGES = ("en", "kk", "ru")

_chosen = "en"


def use_language(language: str) -> None:
    """Choose the language of all messages that name none, from here on.

    Raises
    ------
    ValueError
        If there is no catalogue of that language.
    """
    global _chosen
    catalogue(language)
    _chosen = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Messages that name no language are in `language` inside the block; raises as
    :func:`use_language`."""
    before = _chosen
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def chosen_language() -> str:
    """The language of messages that name none."""
    return _chosen


def say(key: str, language: str = "", /, **values: object) -> str:
    """The message `key`, its placeholders filled with `values`, decimals as the language has them.

    Parameters
    ----------
    key : str
    language : str
        One of :data:`LANGUAGES`; by default the chosen one.

    Raises
    ------
    ValueError
        If there is no catalogue of the language, or it has no such message.

    Examples
    --------
    >>> say("verdict.not_checkable"), say("answer.equal", "ru")
    ('not checkable', 'одинаково')
    >>> say("priorities.cr", "ru", cr=0.1)
    'медиана ОС экспертов 0,10'
    """
    language = language or _chosen
    messages = catalogue(language)
    if key not in messages:
        raise ValueError(f"no message {key!r} in the catalogue of language {language!r}.")
    return _Decimals(language).format(messages[key], **values)


class _Decimals(Formatter):
    """Fills a message in, numbers with the decimal mark of a language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, spec: str) -> str:
        text = super().format_field(value, spec)
        return with_decimal_mark(text, self.language) if isinstance(value, float) else text


def with_decimal_mark(number: str, language: str = "") -> str:
    """A number written with a point, as the language writes it.

    Examples
    --------
    >>> with_decimal_mark("0.25"), with_decimal_mark("0.25", "kk")
    ('0.25', '0,25')
    """
    return number.replace(".", catalogue(language or _chosen)["decimal_mark"])


@cache
def catalogue(language: str) -> dict[str, str]:
    """All messages of a language, keys dotted.

    Raises
    ------
    ValueError
        If there is no catalogue of that language.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"language: found {language!r}; accepted is one of {', '.join(LANGUAGES)}."
        )
    source = files("smartgov.words").joinpath(f"{language}.yaml")
    return dict(_flat(yaml.safe_load(source.read_text(encoding="utf-8"))))


def _flat(tree: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Messages by dotted key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
