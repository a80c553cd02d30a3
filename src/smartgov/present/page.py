"""Pages made from the templates beside this module, and how numbers are written on them.

Whatever is put into a page is escaped; a value that a template names and does not get is an error.
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from smartgov.words import say, with_decimal_mark

MISSING = "–"


def render(template: str, language: str = "en", **values: object) -> str:
    """A page.

    Parameters
    ----------
    template : str
        Name of a file in ``templates``, without ``.j2``.
    language : str
        Language of what the template itself says.
    **values
        What the template names.
    """

    def own(key: str, **filled: object) -> str:
        return say(key, language, **filled)

    source = _environment().get_template(f"{template}.j2")
    return source.render(values, language=language, say=own)


@cache
def _environment() -> Environment:
    """The templates, strict about names and about what is put into HTML."""
    made = Environment(
        loader=PackageLoader("smartgov.present"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["blanks"] = _blanks
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return made


def _blanks(text: object) -> Markup:
    """What stands in ⟨…⟩, for an author to fill in, marked."""
    return Markup(re.sub("⟨.*?⟩", r"<mark>\g<0></mark>", str(escape(text))))


def decimals(digits: int):
    """A function that writes a number with so many decimals, in the chosen language; NaN is a
    dash."""
    return lambda value: MISSING if value != value else with_decimal_mark(f"{value:.{digits}f}")


def p_words(value: float) -> str:
    """A p-value to three decimals, in the chosen language.

    Examples
    --------
    >>> p_words(0.0421), p_words(float("nan"))
    ('0.042', '–')
    """
    return f"<\u00a0{decimals(3)(0.001)}" if value < 0.001 else decimals(3)(value)
