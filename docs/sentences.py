"""What the ledger says, in three languages: patterns with numbers and names left open.

Checks write their findings in English. Here each clause of a finding is taken apart into a pattern
("{1} × {2} × {3} = {4}, {5} degrees of freedom: p = {6}") and what fills it; the pattern is a
message of the catalogue `ledger.po`, and numbers, names and claims are put in again in the words
of the language. So 368 claims need some 300 messages.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from smartgov.article.published import INNER_COMPARISONS, claims, read_printed
from smartgov.files.layout import DERIVED
from smartgov.model import read_model
from smartgov.words import say

LOCALE = Path(__file__).resolve().parent / "locale"
MEANT = {
    **{f"abstract_{language}": "place" for language in ("en", "kk", "ru")},
    **{f"smart_{name}": "term" for name in ("economy", "city", "government")},
    **dict.fromkeys(("undefined_term", "concept_and_order", "concept_and_effects"), "code"),
}
"""Ids in findings that are no component, by the kind of word that says them."""
NUMBER = r"(?<![\w.,])[−-]?\d+(?:[.,:-]\d+)*(?:\*|%)?(?!\w)"
CELLS = ("table2", "table3", "table4")


@cache
def verdicts() -> pd.DataFrame:
    """`data/derived/verdicts.csv` with row, column and kind of each claim, indexed by its id."""
    judged = read_printed(DERIVED / "verdicts.csv").set_index("claim_id", drop=False)
    return judged.join(claims()[["row", "column", "kind"]])


@cache
def clashes() -> pd.DataFrame:
    """`data/derived/clashes.csv`, indexed by the clash's id."""
    return read_printed(DERIVED / "clashes.csv").set_index("clash", drop=False)


@cache
def names(language: str) -> dict[str, str]:
    """What an id is called, however a finding writes it (economic_growth, economic growth)."""
    model = read_model(language=language)
    called = {name: model.label(name) for name in model.components.index}
    called |= {name: say(f"comparison.{name}", language) for name in INNER_COMPARISONS}
    for name in [name for name in called if "_" in name]:
        called[name.replace("_vs_", " against ").replace("_", " ")] = called[name]
    return called | {name: say(f"{kind}.{name}", language) for name, kind in MEANT.items()}


@cache
def _open() -> re.Pattern:
    """What a pattern leaves open: claims, quotations, cells with their number, names, numbers."""

    def any_of(these: Iterable[str]) -> str:
        return "|".join(map(re.escape, sorted(these, key=len, reverse=True)))

    named = any_of(name for name in names("en") if name != "data")  # mostly no component
    cell = rf"(?:W|p|{any_of(INNER_COMPARISONS)}) {NUMBER}"
    column = rf"(?:{named}|W|p)"
    return re.compile(
        rf"(?P<claim>\b(?:{any_of(verdicts().index)})(?![\w.]\w))|(?P<quoted>«[^»]*»)"
        rf"|(?P<cells>\b{cell}(?: and {cell})*)|(?P<names>\b(?:{named})(?:, {column})*(?!\w)"
        rf"|\b[Wp](?:, [Wp])*(?= that no panel))|(?P<expert>expert[_ ](?P<no>\d+))"
        rf"|(?P<kept>\bE[123]\b|\bQ27\b)|(?P<number>{NUMBER}(?:, {NUMBER}(?! degree| of))*)"
    )


def clauses(finding: str) -> list[str]:
    """A finding, parted at the semicolons that stand in no brackets or quotation."""
    return re.split(r"; (?![^(]*\))(?![^«]*»)", finding)


def pattern(clause: str) -> tuple[str, list[re.Match]]:
    """A clause with {1}, {2}, … where something is left open, and what that is.

    >>> pattern("13 × 2 × 0,21 = 5,46")[0]
    '{1} × {2} × {3} = {4}'
    """
    found = list(_open().finditer(clause))
    count = iter(range(1, len(found) + 1))
    braces = clause.replace("{", "{{").replace("}", "}}") if not found else clause
    return _open().sub(lambda _: f"{{{next(count)}}}", braces), found


def said(finding: str, language: str, link: Callable[[str], str] = str) -> Markup:
    """A finding in a language, as HTML; a claim that it names is a link.

    A pattern that has no translation is said in English.
    """
    parts = []
    for clause in clauses(finding):
        message, found = pattern(clause)
        filled = [_filled(each, language, link) for each in found]
        parts.append(Markup(escape(translated(message, language))).format("", *filled))
    return Markup("; ").join(parts)


def _filled(found: re.Match, language: str, link: Callable[[str], str]) -> Markup:
    text, called = found[0], names(language)
    if found["claim"]:
        return Markup('<a href="{}">{}</a>').format(link(text), text)
    if found["expert"]:
        return escape(say("site.expert", language, code=found["no"]))
    if found["cells"] or found["names"]:
        words = re.sub(
            "|".join(sorted(map(re.escape, called), key=len, reverse=True)),
            lambda name: called[name[0]],
            text,
        )
        return escape(words.replace(" and ", f" {say('site.and', language)} "))
    return escape(text)


def translated(message: str, language: str) -> str:
    """A message of `ledger.po`; in English, and where there is no translation, itself."""
    if language == "en":
        return message
    found = _catalogue(language).get(message)
    return (found and not found.fuzzy and found.string) or message


@cache
def _catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "ledger.po"
    return read(path) if path.exists() else Catalog()


def read(path: Path) -> Catalog:
    """A catalogue as it lies on disk."""
    with path.open("rb") as file:
        return read_po(file)


def statement(claim: pd.Series, language: str) -> Markup:
    """What a claim states; of a sentence only which abstract says it is left open."""
    if claim["place"] in CELLS:
        return said(claim["statement"], language)
    message = translated(_of_an_abstract(claim), language)
    named = "{1}" in message and say("site.the." + claim["place"], language)
    return escape(message.replace("{1}", named or ""))


def _of_an_abstract(claim: pd.Series) -> str:
    """A sentence's statement with {1} for the abstract that it begins with."""
    return re.sub(r"^The (Kazakh|English|Russian) abstract", "{1}", claim["statement"])


def messages() -> Iterator[str]:
    """Every message of the ledger, in its order."""
    for _, claim in verdicts().iterrows():
        cell = claim.place in CELLS
        yield pattern(claim.statement)[0] if cell else _of_an_abstract(claim)
        because = claim.because.removeprefix("because ")  # as the page says it
        for finding in (claim.worked, claim.readings, claim.nearest, because, claim.method):
            yield from (pattern(clause)[0] for clause in clauses(without_kind(finding)) if clause)
    for clash in clashes().itertuples():
        yield from (pattern(clause)[0] for clause in clauses(clash.name))
        yield clash.sure


def without_kind(method: str) -> str:
    """A method without the name of its check in front."""
    return re.sub(r"^\w+: ", "", method)


def template() -> Catalog:
    """What there is to translate of the ledger; a number alone says itself."""
    catalog = Catalog()
    for message in messages():
        if re.search(r"[^\W\d_]{2}", re.sub(r"\{\d+\}", "", message)):
            catalog.add(message)
    return catalog
