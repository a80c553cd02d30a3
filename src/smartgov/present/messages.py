"""The message catalogue: every word that a figure or a result table shows.

A language is one YAML file beside this module. A message is looked up by its dotted key and
filled with the values it names; an unknown key or a missing value is an error at once, so that a
figure can never be drawn with a hole in it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

LANGUAGE = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """All messages of a language, keys dotted."""
    source = files("smartgov.present").joinpath(f"messages_{language}.yaml")
    if not source.is_file():
        raise ValueError(f"no message catalogue for language {language!r}; found: en.")
    return dict(_flatten(yaml.safe_load(source.read_text(encoding="utf-8"))))


def _flatten(tree: dict, prefix: str = ""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def say(key: str, language: str = LANGUAGE, /, **values: object) -> str:
    """The message `key`, its placeholders filled with `values`.

    Raises
    ------
    ValueError
        If the catalogue has no such message.

    Examples
    --------
    >>> say("verdict.not_checkable")
    'not checkable'
    """
    messages = catalogue(language)
    if key not in messages:
        raise ValueError(f"no message {key!r} in the catalogue of language {language!r}.")
    return messages[key].format(**values)
