"""The message catalogue: every word that a figure or a result table shows.

A language is one YAML file beside this module. A message is looked up by its dotted key and
filled with the values it names; an unknown key or a missing value is an error at once, so that a
figure can never be drawn with a hole in it. A notebook chooses its language once, in the cell
that checks its parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("en", "kk", "ru")

_chosen = "en"


def use_language(language: str) -> None:
    """Choose the language of all messages from here on.

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
    """Messages in `language` inside the block, in the language of before after it.

    Raises
    ------
    ValueError
        If there is no catalogue of that language.
    """
    before = _chosen
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def language() -> str:
    """The chosen language."""
    return _chosen


@cache
def catalogue(language: str) -> dict[str, str]:
    """All messages of a language, keys dotted."""
    if language not in LANGUAGES:
        raise ValueError(
            f"language: found {language!r}; accepted is one of {', '.join(LANGUAGES)}."
        )
    source = files("smartgov.present").joinpath(f"messages_{language}.yaml")
    return dict(_flatten(yaml.safe_load(source.read_text(encoding="utf-8"))))


def _flatten(tree: dict, prefix: str = ""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def say(key: str, **values: object) -> str:
    """The message `key` in the chosen language, its placeholders filled with `values`.

    Raises
    ------
    ValueError
        If the catalogue has no such message.

    Examples
    --------
    >>> say("verdict.not_checkable")
    'not checkable'
    """
    messages = catalogue(_chosen)
    if key not in messages:
        raise ValueError(f"no message {key!r} in the catalogue of language {_chosen!r}.")
    return messages[key].format(**values)
