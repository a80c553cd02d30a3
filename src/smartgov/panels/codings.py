"""How a judgement may be written in a cell, and what each way means.

Every coding turns a text into a side and an intensity, or ``None`` if the text is none of its
values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from smartgov.files.problems import is_date
from smartgov.panels.names import ALIKE, SIDE_WORDS, folded

Answer = tuple[str, str] | None
LABELLED = re.compile(r"(\d{1,3})(?:\s*[.,:;()–—-]\s*|\s+)([^\W\d].*)", re.DOTALL)
OR_ANOTHER = re.compile(r"(?:or|to|или|либо|до|әлде|немесе|не|oder|bis)\b", re.IGNORECASE)
NUMBER_BEHIND = re.compile(r"([^\d(]+)\((\d)\)")
# What Saaty's scale calls its steps, and from which to which number people use each name
NAMES_OF_STEPS = {
    r"(?<!very )strong|\bсущественн|едәуір": (4, 6),
    r"(?<!очень )сильн(?!ее)|значительн|әлдеқайда": (4, 8),
    r"very strong|очень сильн": (6, 9),
    r"moderate|умеренн|біршама": (2, 4),
    r"extreme|absolute|чрезвычайн|абсолютн|барынша": (8, 9),
}
NOT_ANSWERED = {"", "n/a", "na", "nan", "null", "no answer", "нет ответа", "жауап жоқ"}


class Names(NamedTuple):
    """The ids of a question's alternatives; what folded names and words stand for; texts that stand
    for no answer."""

    left: str
    right: str
    known: dict[str, str]
    words: dict[str, str] = SIDE_WORDS
    missing: frozenset[str] = frozenset()


def whole(text: str) -> str:
    """A whole number without its decimal zeros, as a spreadsheet may add them; else the text.

    Examples
    --------
    >>> whole("5,0"), whole("3.00"), whole("2,5")
    ('5', '3', '2,5')
    """
    return re.sub(r"^([+-]?\d+)[.,]0+$", r"\1", text)


def one_way(text: str) -> str:
    """A code as it is compared: without decimal zeros and capitals, one kind of dash and of blank.

    Examples
    --------
    >>> one_way("−1.0"), one_way("–1"), one_way("DK")
    ('-1', '-1', 'dk')
    """
    return whole(re.sub(r"\s+", " ", text.translate(ALIKE)).casefold())


def side(text: str, names: Names) -> str:
    """``left``, ``right`` or ``equal`` from a code, a word for it or a component's name.

    An answer that is none of these comes back as it is, for the rules to refuse.

    Examples
    --------
    >>> side("Слева", Names("a", "b", {})), side("Data", Names("ict_innovation", "data", {"data":
    ...     "data"}))
    ('left', 'right')
    """
    word = folded(whole(text))
    component = names.known.get(word)
    if component is not None and component in (names.left, names.right):
        return "left" if component == names.left else "right"
    return names.words.get(word, text)


def intensity(text: str) -> str:
    """The number that labels of a scale begin with, or end with in brackets; else the text.

    A label may name its neighbours on the scale. What could be a date, or names another number or
    step, stays as it is, for the rules to refuse.

    Examples
    --------
    >>> [intensity(text) for text in ("5 – strongly more", "2 (between 1 and 3)", "7.0", "many")]
    ['5', '2', '7', 'many']
    >>> intensity("Strong (5)"), intensity("3 – strongly more")
    ('5', '3 – strongly more')
    >>> [intensity(text) for text in ("2,5", "3 - 5", "3 or 5", "3 (or 7)", "3-May", "3 strong?")]
    ['2,5', '3 - 5', '3 or 5', '3 (or 7)', '3-May', '3 strong?']
    """
    behind = NUMBER_BEHIND.fullmatch(text)
    labelled = LABELLED.fullmatch(f"{behind[2]} {behind[1]}" if behind else text)
    if not labelled or is_date(text):
        return whole(text)
    number, label = labelled.groups()
    others = {int(other) for other in re.findall(r"\d{1,3}", label)} - {int(number)}
    between = {int(number) - 1, int(number) + 1}
    doubtful = OR_ANOTHER.match(label) or "?" in label or others not in (set(), between)
    return text if doubtful or another_step(text) else number


def another_step(text: str) -> str:
    """What to say of a label that calls its number by the name of another step, else nothing.

    Where a form had five strengths, “3 – strongly” is Saaty's 5.

    Examples
    --------
    >>> another_step("5 – strongly more"), another_step("4 – between moderately and strongly")
    ('', '')
    >>> another_step("3 – strongly more")
    "; Saaty's scale calls 3 moderate, 5 strong, 7 very strong and 9 extreme: write its numbers"
    """
    number = re.search(r"\d", text)
    spans = [of for name, of in NAMES_OF_STEPS.items() if re.search(name, text, re.IGNORECASE)]
    lows, highs = zip(*spans, strict=True) if spans and number else ((0,), (9,))
    if min(lows) <= int(number[0] if number else 0) <= max(highs):
        return ""
    return (
        "; Saaty's scale calls 3 moderate, 5 strong, 7 very strong and 9 extreme: write its numbers"
    )


def signed(text: str, names: Names) -> Answer:
    """Steps from equality, positive to the left: -8 to 8.

    Examples
    --------
    >>> none = Names("", "", {})
    >>> signed("4", none), signed("0", none), signed("-8,0", none), signed("9", none)
    (('left', '5'), ('equal', '1'), ('right', '9'), None)
    """
    number = _integer(text)
    if number is None or abs(number) > 8:
        return None
    return _sided(number, abs(number) + 1)


def bipolar(text: str, names: Names) -> Answer:
    """Intensity with a sign, positive to the left: -9 to -2, 1, 2 to 9.

    Examples
    --------
    >>> none = Names("", "", {})
    >>> bipolar("9", none), bipolar("1", none), bipolar("-3", none), bipolar("0", none)
    (('left', '9'), ('equal', '1'), ('right', '3'), None)
    """
    number = _integer(text)
    if number is None or abs(number) > 9 or number in (0, -1):
        return None
    return _sided(0 if number == 1 else number, abs(number))


def ratio(text: str, names: Names) -> Answer:
    """Saaty's number: 2 to 9 for the left, their inverses (1/5, 0.2 or 0,2) for the right.

    Examples
    --------
    >>> none = Names("", "", {})
    >>> ratio("3", none), ratio("1/5", none), ratio("0,14", none), ratio("0,6", none)
    (('left', '3'), ('right', '5'), ('right', '7'), None)
    >>> ratio("0.1", none) is None  # an eighth, a ninth, …
    True
    """
    meant = ratios(text)
    return meant[0] if meant and (len(meant) == 1 or _exact(text)) else None


def ratios(text: str) -> list[tuple[str, str]]:
    """Every judgement that a ratio may stand for, its decimals having been rounded or cut.

    The first is the one that it stands for exactly, if there is any.

    Examples
    --------
    >>> ratios("1 : 5"), ratios("0.2"), ratios("0.33"), ratios("10")
    ([('right', '5')], [('right', '5'), ('right', '4'), ('right', '6')], [('right', '3')], [])
    """
    text = re.sub(r"\s*[/:⁄∕]\s*", "/", unicodedata.normalize("NFKC", text))
    number = _integer(re.sub(r"^([2-9])/1$", r"\1", text))
    if number is not None:
        return [_sided(0 if number == 1 else 1, number)] if 1 <= number <= 9 else []
    if re.fullmatch(r"1/[1-9]", text):
        return [_sided(0 if text == "1/1" else -1, int(text[2]))]
    if not re.fullmatch(r"0?[.,]\d{1,20}", text):
        return []
    share = Fraction(text.replace(",", "."))
    last = Fraction(1, 10 ** len(re.split("[.,]", text)[1]))
    inverses = {k: Fraction(1, k) for k in range(2, 10)}
    near = [
        k
        for k, inverse in inverses.items()
        if abs(share - inverse) <= last / 2 or 0 <= inverse - share < last
    ]
    return [_sided(-1, k) for k in sorted(near, key=lambda k: share != inverses[k])]


def if_missing(text: str) -> str:
    """What to do with a number that tools write where nothing was answered, else nothing.

    Examples
    --------
    >>> if_missing("-99"), if_missing("9"), if_missing("10")
    ('; where it stands for no answer, an empty cell, or missing: in a mapping file', '', '')
    """
    cure = "; where it stands for no answer, an empty cell, or missing: in a mapping file"
    return cure if re.fullmatch(r"-\d+|[7-9]\d+", one_way(text)) else ""


def too_short(text: str) -> str:
    """What the decimals of a ratio leave open, or an empty string.

    Examples
    --------
    >>> too_short("0.3"), too_short("0.2"), too_short("0.33")
    (' (1/3 or 1/4? save more decimals, or fractions)', '', '')
    """
    meant = ratios(text)
    either = " or ".join(f"1/{size}" for _, size in meant)
    open_ = len(meant) > 1 and not _exact(text)
    return f" ({either}? save more decimals, or fractions)" if open_ else ""


def _exact(text: str) -> bool:
    """Whether decimals are those of an inverse, all of them."""
    return text.replace(",", ".").lstrip("0").rstrip("0") in (".5", ".25", ".2", ".125")


def words(text: str, names: Names) -> Answer:
    """A side with its intensity in one cell: ``L5``, ``right 3``, ``Data: 7``, ``equal``.

    Examples
    --------
    >>> names = Names("ict_innovation", "data", {"data": "data"})
    >>> words("L5", names), words("Data: 7", names), words("тең", names), words("6", names)
    (('left', '5'), ('right', '7'), ('equal', '1'), None)
    """
    if text == "1" or side(text, names) == "equal":
        return "equal", "1"
    parts = re.fullmatch(r"(?:([1-9])\W+)?(\D+?)\W*([1-9])?", text)
    if not parts or bool(parts[1]) == bool(parts[3]):
        return None
    found = side(parts[2], names)
    return (found, parts[1] or parts[3]) if found in ("left", "right", "equal") else None


def _integer(text: str) -> int | None:
    text = one_way(text)
    return int(text) if re.fullmatch(r"[+-]?\d{1,3}", text) else None


def _sided(sign: int, size: int) -> tuple[str, str]:
    return ("left" if sign > 0 else "right" if sign < 0 else "equal"), str(size)


CODINGS: dict[str, Callable[[str, Names], Answer]] = {
    "signed": signed,
    "bipolar": bipolar,
    "ratio": ratio,
    "words": words,
}
ACCEPTED = {
    "signed": "a whole number from -8 (right, intensity 9) over 0 (equal) to 8 (left, intensity 9)",
    "bipolar": "a whole number from -9 to -2 (right), 1 (equal), or 2 to 9 (left)",
    "ratio": "a whole number from 1 to 9, or an inverse such as 1/5, 0.2 or 0,33",
    "words": "equal, or a side and its intensity from 2 to 9, such as L5 or right 3",
}
