"""Translations of the site: complete where they are said to be, and true to their markup."""

import re
import runpy
import sys
from collections import Counter

import pytest
from sphinx.util.i18n import CatalogRepository

from smartgov.files.layout import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import build

COMPLETE = [
    "codebook",
    "ledger",
    "outputs",
    "panel",
    "solutions",
    "notebooks/README",
    "notebooks/01_literature_definition_coding",
    "notebooks/02_model_construction",
    "notebooks/03_delphi_round_one",
    "notebooks/04_delphi_round_two",
    "notebooks/05_smart_city_vs_smart_government",
    "notebooks/06_audit_of_printed_results",
    "notebooks/07_your_panel",
    "notebooks/08_how_many_experts",
    "notebooks/solutions/01_solutions",
    "notebooks/solutions/02_solutions",
    "notebooks/solutions/03_solutions",
    "notebooks/solutions/04_solutions",
    "notebooks/solutions/05_solutions",
    "notebooks/solutions/06_solutions",
    "notebooks/solutions/08_solutions",
]
"""Catalogues that are finished in every language, as ``notebooks/README``; others may be in English
still where they are not translated."""
FINISHED = [(language, name) for language in build.TRANSLATED for name in COMPLETE]
KEPT = {
    "code": r"``?([^`]+)``?",
    "a formula": r"\$+([^$]+)\$+",
    "a link": r"\]\(([^)]+)\)",
    "bold": r"\*\*",
    "a number": r"\d+(?:[.,]\d+)*",
    "a placeholder": r"\{\w*\}",
}
"""What a translation has as often as the message, wherever in it."""


def flaws(message: str, translation: str) -> list[str]:
    """What a translation lost or added."""
    found = []
    for what, pattern in KEPT.items():
        here, there = (Counter(re.findall(pattern, text)) for text in (message, translation))
        found += [f"{what} {piece!r} is missing" for piece in here - there]
        found += [f"{what} {piece!r} is new" for piece in there - here]
    return found


@pytest.fixture(scope="module")
def templates():
    return build.templates()


@pytest.mark.parametrize(("language", "name"), FINISHED)
def test_a_finished_catalogue_has_every_message_and_no_other(language, name, templates):
    wanted = {message.id for message in templates[name]}
    catalog = build.read(build.catalogue(name, language))
    assert {message.id for message in catalog} == wanted
    left = [m.id for m in catalog if m.id and (not m.string or m.fuzzy)]
    assert not left, f"{len(left)} messages are missing or fuzzy; the first: {left[0]}"


def test_sphinx_finds_the_finished_catalogues_from_the_staged_pages():
    places = runpy.run_path(str(ROOT / "docs" / "conf.py"))["locale_dirs"]
    found = {
        (language, each.domain)
        for language in build.TRANSLATED
        for each in CatalogRepository(build.WORK / "pages", places, language, "utf-8").catalogs
    }
    assert set(FINISHED) <= found


PATHS = sorted((ROOT / "docs" / "locale").rglob("*.po"))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: "-".join(p.parts[-4:]))
def test_every_translation_keeps_code_formulas_links_and_numbers(path):
    wrong = {m.id: flaws(m.id, m.string) for m in build.read(path) if m.id and m.string}
    assert not {message: found for message, found in wrong.items() if found}


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("**Жауап** `W` $m$ [мұнда](a.md), 0,43", []),
        ("Жауап `W` $m$ [мұнда](a.md), 0,43", ["bold '**' is missing"]),
        ("**Жауап** `w` $m$ [мұнда](a.md), 0,43", ["code 'W' is missing", "code 'w' is new"]),
        ("**Жауап** `W` m [мұнда](a.md), 0,43", ["a formula 'm' is missing"]),
        ("**Жауап** `W` $m$ мұнда, 0,43", ["a link 'a.md' is missing"]),
        ("**Жауап** `W` $m$ [мұнда](a.md)", ["a number '0,43' is missing"]),
    ],
)
def test_each_flaw_is_seen(translation, found):
    assert flaws("**Answer** `W` $m$ [here](a.md), 0,43", translation) == found
