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
    """The message `key`, its placeholders filled with `values`.

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
    """
    language = language or _chosen
    messages = catalogue(language)
    if key not in messages:
        raise ValueError(f"no message {key!r} in the catalogue of language {language!r}.")
    return messages[key].format(**values)


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
