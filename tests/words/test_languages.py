"""The catalogues of words: the same messages in every language, in its own letters, all drawable,
every one said somewhere."""

from __future__ import annotations

import ast
import json
import re
import string
import unicodedata
from importlib.resources import files
from pathlib import Path

import matplotlib
import pytest
import yaml
from matplotlib.ft2font import FT2Font

from smartgov.files.layout import NOTEBOOKS, ROOT
from smartgov.words import LANGUAGES, catalogue, chosen_language, say, speaking, use_language

SAME_IN_ALL = {
    "answer.side",
    "column.W",
    "column.within",
    "feedback.blank",
    "rank_choices.cr",
    "rank_choices.kept",
    "reporting.rounds",
    "tables.group",
    "tables.of_ring",
}
"""Keys of messages that are a symbol or a name, so that a translation may be the English one."""

LATIN = {
    "W",
    "p",
    "n",
    "m",
    "k",
    "P",
    "E1",
    "E2",
    "E3",
    "Q27",
    "AHP",
    "CR",
    "CSV",
    "SVG",
    "PNG",
    "HTML",
    "SPSS",
    "Delphi",
    "KoboToolbox",
    "ODK",
    "LimeSurvey",
    *("F", "CI", "RI", "df", "s", "2m", "3e"),
    *("ACCORD", "DELPHISTAR", "CREDES", "AIJ", "Gattrell", "Niederberger", "Jünger", "Harker"),
    *(
        "smartgov",
        "Python",
        "NumPy",
        "SciPy",
        "pandas",
        "make",
        "feedback",
        "DOCX",
        "XLSX",
        "LaTeX",
        "PDF",
        "dpi",
    ),
}
"""Words in Latin letters that stand in running Kazakh and Russian text."""

CYRILLIC = set("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
ALPHABETS = {"kk": CYRILLIC | set("әғқңөұүһі"), "ru": CYRILLIC}
FILE_NAME = re.compile(r"(notebooks|data|figures|runs|tables)/[\w./-]*|[\w-]+\.\w+", re.ASCII)


def text_of(language: str) -> str:
    return files("smartgov.words").joinpath(f"{language}.yaml").read_text(encoding="utf-8")


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


def placeholders(message: str) -> list[tuple]:
    """Names of the values a message takes, each with its format, in alphabetical order."""
    return sorted(part[1:] for part in string.Formatter().parse(message) if part[1] is not None)


def same_as_english(language: str) -> set[str]:
    """Keys whose message is the English one."""
    return {
        key for key, message in CATALOGUES[language].items() if message == CATALOGUES["en"].get(key)
    }


def prose(message: str) -> str:
    """A message without its placeholders and without names of files."""
    return FILE_NAME.sub(" ", "".join(part[0] for part in string.Formatter().parse(message)))


def words(message: str) -> list[str]:
    """Runs of letters and digits that hold a letter, in the prose of a message."""
    return re.findall(
        r"\d*[^\W\d_]\w*", prose(message).translate(dict.fromkeys(map(ord, "²³"), " "))
    )


def foreign_words(message: str, alphabet: set[str]) -> list[str]:
    """Words that are neither in the alphabet nor allowed in Latin letters nor one Greek letter."""
    greek = re.compile("[α-ωΑ-Ω]")
    return [
        w
        for w in words(message)
        if not (set(w.lower()) <= alphabet or w in LATIN or greek.fullmatch(w))
    ]


@pytest.mark.parametrize("language", ALPHABETS)
def test_same_keys(language):
    missing, left_over = (
        sorted(set(CATALOGUES[a]) - set(CATALOGUES[b]))
        for a, b in (("en", language), (language, "en"))
    )
    assert not missing and not left_over


@pytest.mark.parametrize("language", CATALOGUES)
def test_no_key_twice(language):
    """A second key of the same name would silently replace the first."""

    def repeated(node: yaml.MappingNode) -> list[str]:
        keys = [key.value for key, _ in node.value]
        inner = [
            name
            for _, value in node.value
            if isinstance(value, yaml.MappingNode)
            for name in repeated(value)
        ]
        return [name for name in set(keys) if keys.count(name) > 1] + inner

    assert repeated(yaml.compose(text_of(language))) == []


@pytest.mark.parametrize("language", ALPHABETS)
def test_same_placeholders(language):
    english, translated = CATALOGUES["en"], CATALOGUES[language]
    wrong = {
        key: translated[key]
        for key in english.keys() & translated
        if placeholders(translated[key]) != placeholders(english[key])
    }
    assert wrong == {}


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_message_is_translated(language):
    assert same_as_english(language) <= SAME_IN_ALL


def test_every_exception_is_one():
    """Each message that may be the same in all languages is so in at least one of them."""
    assert set().union(*map(same_as_english, ALPHABETS)) >= SAME_IN_ALL


@pytest.mark.parametrize("language", ALPHABETS)
def test_words_are_in_the_letters_of_the_language(language):
    """No forgotten translation, and no Latin or look-alike letter inside a Cyrillic word."""
    found = {
        key: foreign_words(message, ALPHABETS[language])
        for key, message in CATALOGUES[language].items()
    }
    assert {key: foreign for key, foreign in found.items() if foreign} == {}


@pytest.mark.parametrize(
    ("language", "message", "found"),
    [
        ("ru", "доля of всех", ["of"]),
        ("ru", "panel. Группа", ["panel"]),
        ("ru", "гр\N{LATIN SMALL LETTER Y}ппа", ["гр\N{LATIN SMALL LETTER Y}ппа"]),
        ("kk", "\N{LATIN SMALL LETTER SCHWA}діс", ["\N{LATIN SMALL LETTER SCHWA}діс"]),
        ("ru", "келісім", ["келісім"]),
        ("kk", "W және χ², E1, {n} сұрақ, figures/{name}.csv, data/, verdicts.csv, 5.99", []),
    ],
)
def test_a_slip_of_letters_is_seen(language, message, found):
    assert foreign_words(message, ALPHABETS[language]) == found


def test_kazakh_has_its_own_letters():
    letters = set("".join(CATALOGUES["kk"].values()).lower())
    assert set("әғқңөұүі") <= letters


@pytest.mark.parametrize("face", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
@pytest.mark.parametrize("language", CATALOGUES)
def test_every_character_can_be_drawn(language, face):
    font = FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", face)))
    characters = set("".join(CATALOGUES[language].values())) - {"\n"}
    missing = {
        f"{c} {unicodedata.name(c, '')}" for c in characters if ord(c) not in font.get_charmap()
    }
    assert missing == set()


@pytest.mark.parametrize("language", ALPHABETS)
def test_quotation_marks_are_the_languages_own(language):
    wrong = [
        key
        for key, message in CATALOGUES[language].items()
        if re.search('[“”„"]', message) or message.count("«") != message.count("»")
    ]
    assert wrong == []


# Keys in the code ------------------------------------------------------------------------------

SOURCE, DOCS = ROOT / "src" / "smartgov", ROOT / "docs"
TEMPLATES = sorted([*SOURCE.rglob("*.j2"), *SOURCE.rglob("*.js"), *DOCS.rglob("*.j2")])
DATA = ROOT / "data"


def code() -> list[ast.AST]:
    """Everything in the modules of the house and in the code of the notebooks."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted([*SOURCE.rglob("*.py"), *DOCS.glob("*.py")])
    ]
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return [node for text in texts for node in ast.walk(ast.parse(text))]


def found_in(paths: list[Path], pattern: str) -> set[str]:
    return {
        found for path in paths for found in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


def test_every_key_that_is_said_exists():
    calls = [node for node in code() if isinstance(node, ast.Call) and node.args]
    said = found_in(TEMPLATES, r'say\("([\w.]+)"[,)]') | {
        call.args[0].value
        for call in calls
        if "say" in (getattr(call.func, "id", ""), getattr(call.func, "attr", ""))
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 100 and said <= set(CATALOGUES["en"])


def test_every_key_is_said():
    """As it stands, or as a start such as "dimension." to which an id of the code or data is
    added."""
    literals = found_in(TEMPLATES, r'"([\w.]+)"')
    literals |= {
        node.value
        for node in code()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    starts = {text for text in literals if re.fullmatch(r"[\w.]+\.", text)}
    ids = literals | found_in([*DATA.rglob("*.csv"), *DATA.rglob("*.yaml")], r"\w+")
    said = literals | {start + name.replace(" ", "_") for start in starts for name in ids}
    assert set(CATALOGUES["en"]) <= said


def test_a_message_or_language_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no message 'nothing.here' in the catalogue of language"):
        say("nothing.here", "ru")
    with pytest.raises(ValueError, match="found 'xx'; accepted is one of en, kk, ru"):
        say("answer.equal", "xx")
    with pytest.raises(ValueError, match="found 'xx'; accepted is one of en, kk, ru"):
        use_language("xx")
    with pytest.raises(KeyError, match="contact"):
        say("consent.contact", "en")


def test_a_block_speaks_its_language_and_the_one_of_before_after_it():
    with pytest.raises(ZeroDivisionError), speaking("kk"):
        assert (chosen_language(), say("answer.equal")) == ("kk", "бірдей")
        assert say("answer.equal", "ru") == "одинаково"
        raise ZeroDivisionError
    assert (chosen_language(), say("answer.equal")) == ("en", "equal")
