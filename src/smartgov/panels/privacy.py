"""Who answered stays unknown: codes issued anew, and a look at what could give an expert away."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from smartgov.files.personal import PATTERNS

SMALLEST_GROUP = 3
PERSONAL_HEADING = re.compile(
    r"name|e-?mail|phone|device|imei|(^|_)sim|subscriber|serial|uuid|token|(^|_)ip|user|submitt"
    r"|latitude|longitude|altitude|gps|location|address|(^|[_/])(start|end|today|_?id|_index)$"
    r"|date|time|имя|фамил|отчеств|фио|почт|телеф|адрес|аты-?жөні|есім|тегі|пошта",
    re.IGNORECASE,
)
NO_NAMES = {
    *("expert", "panel", "respondent", "participant"),
    *("эксперт", "участник", "сарапшы", "қатысушы"),
}


def personal_kind(text: str) -> str:
    """What a text would tell about a person, or an empty string.

    Examples
    --------
    >>> [personal_kind(text) for text in ("a.serik@example.org", "Serik Akhmetov", "Айгүл")]
    ['an e-mail address', 'a name', 'a name']
    >>> personal_kind("A-07"), personal_kind("expert_three"), personal_kind("KZ-AST")
    ('', '', '')
    """
    text = text.strip()
    kind = next((kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(text)), "")
    return kind or ("a name" if _looks_like_name(text) else "")


def _looks_like_name(text: str) -> bool:
    """Letters only, and a capitalised word, or two words of which one is long."""
    words = [word for word in re.split(r"[ ._-]+", text) if word]
    if not words or not all(word.isalpha() for word in words) or words[0].casefold() in NO_NAMES:
        return False
    capitalised = any(len(word) > 2 and word.istitle() for word in words)
    return capitalised or (len(words) > 1 and any(len(word) > 3 for word in words))


def personal_column(heading: str, cells: Sequence[str]) -> str:
    """Why a column must not be kept as side information, or an empty string.

    Its heading speaks of persons, devices, places or moments; or most experts are alone with what
    stands there, as with a name in whatever spelling.

    Examples
    --------
    >>> personal_column("ФИО", ["a", "a"]), personal_column("who", ["x", "y", "z"])
    ('a column of names, devices, places or times', 'a column in which 3 of 3 values belong to one
    expert alone')
    >>> personal_column("sector", ["state", "state", "business", "state"])
    ''
    """
    if PERSONAL_HEADING.search(heading):
        return "a column of names, devices, places or times"
    alone = sum(count == 1 for text, count in Counter(cells).items() if text)
    why = f"a column in which {alone} of {len(cells)} values belong to one expert alone"
    return why if 2 * alone > len(cells) else ""


def shown(code: str) -> str:
    """A code as it may stand in a message: one that looks personal is not repeated.

    Examples
    --------
    >>> shown("A-07"), shown("serik@example.org")
    ("'A-07'", 'a code that looks like an e-mail address')
    """
    kind = personal_kind(code)
    return f"a code that looks like {kind}" if kind else repr(code)


def reissued(codes: Iterable[str], secret: str, joined: Iterable[str] = ()) -> dict[str, str]:
    """New codes ``expert_01`` …, in an order that follows neither the file nor the old codes.

    The secret decides the order. Made from the content of the answers' file, it gives the same
    codes whenever that file is read, and nobody without the file can work them out. Who `joined`
    later comes last, so that nobody else's code changes.

    Examples
    --------
    >>> sorted(reissued(["x", "y", "z"], "some file").values())
    ['expert_01', 'expert_02', 'expert_03']
    """
    order = []
    for group in (set(codes), set(joined) - set(codes)):
        drawn = sorted(group)
        random.Random(secret).shuffle(drawn)
        order += drawn
    width = max(2, len(str(len(order))))
    return {code: f"expert_{number:0{width}d}" for number, code in enumerate(order, start=1)}


def code_warnings(codes: Sequence[str]) -> list[str]:
    """Sentences if old codes look as if they name persons; the codes are not repeated."""
    kinds = Counter(kind for code in codes if (kind := personal_kind(code)))
    return [
        f"{count} of {len(codes)} experts' codes look like {kind}; they are replaced here, and the"
        " questionnaire should not ask for them."
        for kind, count in kinds.items()
    ]


def smallest_groups(attributes: pd.DataFrame) -> list[str]:
    """Sentences about combinations of side information that fewer than three experts share.

    The measure is k-anonymity (Sweeney, 2002, International Journal of Uncertainty, Fuzziness
    and Knowledge-Based Systems 10, 557-570): k is the size of the smallest group. `attributes`
    holds one expert a row, one kept attribute a column.

    Examples
    --------
    >>> smallest_groups(pd.DataFrame({"sector": ["state"] * 4 + ["business"]}))
    ['1 of 5 experts share sector with fewer than 2 others; this could identify them: keep less, or
    group the values.']
    """
    if attributes.empty:
        return []
    sizes = attributes.value_counts(dropna=False)
    alone = sizes[sizes < SMALLEST_GROUP].sum()
    named = " and ".join(attributes.columns)
    sentence = (
        f"{alone} of {len(attributes)} experts share {named} with fewer than {SMALLEST_GROUP - 1}"
        " others; this could identify them: keep less, or group the values."
    )
    return [sentence] if alone else []
