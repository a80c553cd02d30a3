"""What the ledger and the notebooks' outputs say, in three languages: patterns left open.

Checks write their findings in English. Here each clause of a finding is taken apart into a pattern
("{1} × {2} × {3} = {4}, {5} degrees of freedom: p = {6}") and what fills it; the pattern is a
message of the catalogue `ledger.po`, and numbers, names and claims are put in again in the words
of the language. So 368 claims need some 300 messages. What the cells of notebooks print is said in
the same way; its messages that the ledger has not are in `outputs.po`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from smartgov.article.checks import VERDICTS
from smartgov.article.published import INNER_COMPARISONS, claims, read_printed
from smartgov.files.layout import DERIVED, ROOT
from smartgov.model import read_model
from smartgov.words import say

LOCALE = Path(__file__).resolve().parent / "locale"
MEANT = {
    **{f"abstract_{language}": "place" for language in ("en", "kk", "ru")},
    **{f"smart_{name}": "term" for name in ("economy", "city", "government")},
    **dict.fromkeys(("undefined_term", "concept_and_order", "concept_and_effects"), "code"),
}
"""Ids in findings that are no component, by the kind of word that says them."""
NUMBER = r"(?<![\w.,])[−-]?\d+(?:[.,:-]\d+)*(?:\*(?!\*)|%)?(?!\w)"
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
    """What an id is called, however it is written (economic_growth, economic growth, its label)."""
    model, english = read_model(language=language), read_model(language="en")
    called = {english.label(name): model.label(name) for name in model.components.index}
    called |= {name: model.label(name) for name in model.components.index}
    called |= {name: say(f"comparison.{name}", language) for name in INNER_COMPARISONS}
    for name in [name for name in called if "_" in name]:
        called[name.replace("_vs_", " against ").replace("_", " ")] = called[name]
    called |= {name: say(f"{kind}.{name}", language) for name, kind in MEANT.items()}
    return {name: words.replace("\n", " ") for name, words in called.items()}  # figures break lines


@cache
def _open() -> re.Pattern:
    """What a pattern leaves open: claims, quotations, cells with their number, names, numbers."""

    def any_of(these: Iterable[str]) -> str:
        return "|".join(map(re.escape, sorted(these, key=len, reverse=True)))

    named = any_of(name for name in names("en") if name != "data")  # mostly no component
    verdict = rf"\d+ (?:{any_of(_verdict_words())})"
    cell = rf"(?:W|p|{any_of(INNER_COMPARISONS)}) {NUMBER}"
    column = rf"(?:{named}|W|p)"
    return re.compile(
        rf"(?P<claim>\b(?:{any_of(verdicts().index)})(?![\w.]\w))|(?P<quoted>«[^»]*»)"
        rf"|(?P<verdicts>{verdict}(?:, {verdict})*)|(?P<values>\{{[^{{}}]*\}}|[{{}}]|\[[^][]*\])"
        rf"|(?P<cells>\b{cell}(?: and {cell})*)|(?P<names>\b(?:{named})(?:, {column})*(?!\w)"
        rf"|\b[Wp](?:, [Wp])*(?= that no panel))|(?P<expert>expert[_ ](?P<no>\d+))"
        rf"|(?P<kept>\bE[123]\b|\bQ27\b)|(?P<number>{NUMBER}(?:, {NUMBER}(?! degree| of))*)"
    )


def _verdict_words() -> dict[str, str]:
    """The id of each verdict, by its English words."""
    return {say("verdict." + verdict, "en"): verdict for verdict in VERDICTS}


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
    return _open().sub(lambda _: f"{{{next(count)}}}", clause), found


def said(finding: str, language: str, link: Callable | None = str) -> Markup:
    """A finding in a language, as HTML; a claim that it names is a link where there are links.

    A pattern that has no translation is said in English.
    """
    parts = []
    for clause in clauses(finding):
        message, found = pattern(clause)
        filled = [_filled(each, language, link) for each in found]
        parts.append(Markup(escape(translated(message, language))).format("", *filled))
    return Markup("; ").join(parts)


def _filled(found: re.Match, language: str, link: Callable | None) -> Markup:
    text, called = found[0], names(language)
    if found["verdicts"]:
        counts = (one.split(" ", 1) for one in text.split(", "))
        counted = (
            say(f"verdict.{_verdict_words()[words]}", language) + f" – {n}" for n, words in counts
        )
        return escape(", ".join(counted))
    if found["claim"] and link:
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
    """A message in a language; in English, and where there is no translation, itself."""
    return message if language == "en" else _catalogue(language).get(message, message)


@cache
def _catalogue(language: str) -> dict[str, str]:
    """What has a translation in `outputs.po` and `ledger.po`, with it."""
    return translations("outputs", language) | translations("ledger", language)


def catalogue(name: str, language: str) -> Path:
    """The file that a translator fills."""
    return LOCALE / language / "LC_MESSAGES" / f"{name}.po"


@cache
def translations(name: str, language: str) -> dict[str, str]:
    """The messages of a catalogue that are translated, with what they become."""
    path = catalogue(name, language)
    found = read(path) if path.exists() else ()
    return {each.id: each.string for each in found if each.id and each.string and not each.fuzzy}


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


def templates() -> dict[str, Catalog]:
    """What there is to translate of the ledger and of outputs; a number alone says itself."""
    found = {"ledger": Catalog(), "outputs": Catalog()}
    for message in messages():
        if re.search(r"[^\W\d_]{2}", re.sub(r"\{\d+\}", "", message)):
            found["ledger"].add(message)

    ledger = {message.id for message in found["ledger"]}

    def note(piece: str, words: str = r"\b[a-z]{2,}\b(?!\()") -> str:
        for message in (pattern(clause)[0] for clause in clauses(piece)):
            if re.search(words, message) and not {message, piece} & ledger:
                found["outputs"].add(message)
        return piece

    def note_cell(piece: str) -> str:
        return note(piece, r"\b[a-z]{2,} [a-z]{2,}\b")  # one word alone is an id

    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        in_outputs(nbformat.read(path, as_version=4), note, note_cell)
    return found


def in_outputs(notebook: nbformat.NotebookNode, tell: Callable, tell_cell: Callable) -> None:
    """Put in a notebook's outputs what `tell` makes of each line, `tell_cell` of a table's cell.

    A list's dash, the indent of a line, the colon after its label and names of columns stay.
    """

    def told(text: str) -> str:
        joined = re.sub(r"(?<=\S)\n  (?=\S)", " ", text)  # an item of a list on several lines
        return re.sub(r"^(\||- | +)?(?:(?<= {4})([a-z ]+)(: ))?(.+)$", line, joined, flags=re.M)

    def line(found: re.Match) -> str:
        mark, label, colon, words = (each or "" for each in found.groups())
        if mark == "|" and not found.string.startswith("\n|---", found.end()):
            return re.sub(r"(?<=\| )[^|]+(?= \|)", lambda cell: tell_cell(cell[0]), found[0])
        return found[0] if mark == "|" else mark + (label and tell(label)) + colon + tell(words)

    for output in (each for cell in notebook.cells for each in cell.get("outputs", ())):
        if output.output_type == "stream":
            output.text = told(output.text)
        elif "text/markdown" in output.get("data", ()):
            output.data["text/markdown"] = told(output.data["text/markdown"])


def speak(notebook: nbformat.NotebookNode, language: str) -> None:
    """Say a notebook's outputs in a language; of tables the verdicts and what is no id."""
    known = _catalogue(language)

    def tell(piece: str) -> str:
        return known.get(piece) or said(piece, language, None).unescape()

    def tell_cell(piece: str) -> str:
        if piece in VERDICTS:
            return say("verdict." + piece, language)
        patterns = {pattern(clause)[0] for clause in clauses(piece)}
        return tell(piece) if piece in known or patterns <= known.keys() else piece

    in_outputs(notebook, tell, tell_cell)
