"""What answers call the contexts, components and sides: ids, or names in the study's languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from smartgov.files.problems import LOOK_ALIKES
from smartgov.files.sheets import UNSEEN
from smartgov.model import Model, questionnaire

LANGUAGES = ("en", "kk", "ru")
UNNAMED = re.compile(r"unnamed_\d+_(?:left|right)")
SIDES = {
    "left": ("left", "l", "сол жақ", "сол", "сол жақтағы", "левый", "левая", "левое", "слева"),
    "right": ("right", "r", "оң жақ", "оң", "оң жақтағы", "правый", "правая", "правое", "справа"),
    "equal": (
        *("equal", "equally", "e", "=", "both equal", "equally important"),
        *("both equally", "both equally important", "equal importance"),
        *("тең", "бірдей", "екеуі тең", "екеуі бірдей", "тең маңызды", "бірдей маңызды"),
        *("екеуі бірдей маңызды", "равно", "равны", "поровну", "одинаково", "одинаково важны"),
        *("оба одинаково важны", "равная важность"),
    ),
}
SIDE_WORDS = {word: side for side, words in SIDES.items() for word in words}
# Words for what sums a table up, or tries it out; with the second kind alone, no figure beside
SUMMARIES = re.findall(
    r"\w+",
    """
    total totals sum mean means average averages avg median medians geomean gmean standard stdev
    stddev std variance quartile percentile consensus aggregate aggregated consolidated test testing
    subtotal pooled collective demo dummy example
    итог итого итоги всего сумма сумм среднее средняя средние средний срзнач сргеом медиана медианы
    геомеан среднегеометрическое средневзвешенное стандартное стандотклон ско дисперсия дисп
    квартиль процентиль перцентиль консенсус агрегированное агрегированная сводное сводная
    свод усредненное усреднённое усредненная усреднённая тест тестовый тестовая проверка
    пример образец пробный пробная
    барлығы жиыны жиынтығы жиынтық сомасы қорытынды орташа орташасы медианасы консенсусы
    квартилі дисперсиясы сынақ мысал үлгі
    """,
)
PERHAPS_SUMMARIES = re.findall(
    r"\w+",
    """
    group grand overall all mode sngl mult max maximum min minimum sd dev deviation range count cv
    iqr var geo geom geometric harmonic weighted combined summary result results score scores value
    panel experts of the st agreement gm aij aip
    группа группы группе группам групповое групповая по общий общая общее мода макс максимум мин
    минимум ср знач геом геометрическое геометрическая взвешенное ст откл отклонение размах
    количество кол во счет счёт значение оценка результат экспертам эксперты всем сводка согласие
    жалпы топ топтың топтық саны ең көп аз үлкен кіші стандартты ауытқу мәні мән нәтиже бойынша
    геометриялық геометрия салмақталған мода модасы келісім баға бағасы
    """,
)
# Dashes, and quotation marks of all kinds
ALIKE = str.maketrans("‐‑‒–—―−’‘`´«»“”„", "-" * 7 + "'" * 4 + '"' * 5)
PARTS = {"side": "favours", "favours": "favours", "intensity": "intensity"}


def folded(text: str) -> str:
    """Text as names are compared: without what nobody sees or means.

    Lower case, single blanks of one kind, one kind of dash and of quotation mark, no dashes or full
    stops at the ends.

    Examples
    --------
    >>> folded("  Smart   City. "), folded("«Smart\u00a0city» – how\u200b much?")
    ('smart city', '"smart city" - how much?')
    """
    seen = re.sub(r"\s+", " ", UNSEEN.sub("", text).translate(ALIKE))
    return seen.strip(" .:;-").casefold()


@cache
def sums_up(code: str) -> bool:
    """Whether a row with this in place of an expert's code holds totals, or was a test.

    Examples
    --------
    >>> all(map(sums_up, ("Total:", "Group median", "СРГЕОМ", "TEST 1", "Ст. откл.", "SD")))
    True
    >>> any(map(sums_up, ("T-01", "SD-04", "Group 2", "MIN-3", "N", "Testov", "expert_01", "")))
    False
    """
    words = re.findall(r"[^\W\d_]+", code.casefold())
    known = [word for word in words if word in SUMMARIES or word in PERHAPS_SUMMARIES]
    if not words or not (words[0] in SUMMARIES or known == words):
        return False
    return any(word in SUMMARIES for word in words) or not re.search(r"\d", code)


def one_spelling(codes: Iterable[str]) -> dict[str, str]:
    """Experts' codes, each with the first spelling that differs only in what nobody sees or means.

    Capitals, blanks, kinds of dash and Cyrillic letters that look Latin make no other expert.

    Examples
    --------
    >>> one_spelling(["KZ-07", "kz-07", "К Z-07", "KZ-08"])  # the third: Cyrillic К
    {'KZ-07': 'KZ-07', 'kz-07': 'KZ-07', 'К Z-07': 'KZ-07', 'KZ-08': 'KZ-08'}
    """
    first: dict[str, str] = {}
    keys = {code: re.sub(r"[\s\u200b\ufeff]", "", code).translate(ALIKE) for code in codes}
    keys = {code: key.casefold().translate(LOOK_ALIKES) for code, key in keys.items()}
    return {code: first.setdefault(key, code) for code, key in keys.items()}


def identifiers(model: Model) -> dict[str, str]:
    """Every name by which a model's dimensions and components are known, folded, and their id.

    Ids come first; a name that two of them share is left out.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> known = identifiers(read_model())
    >>> known["e1"], known["ашық үкімет"], known["подотчетность"]
    ('E1', 'E2', 'accountability')
    """
    names: dict[str, set[str]] = {}
    both = [*model.dimensions.iterrows(), *model.components.iterrows()]
    for identifier, row in both:
        for name in (row[key] for key in (*LANGUAGES, "key") if isinstance(row.get(key), str)):
            names.setdefault(folded(name), set()).add(identifier)
    unique = {name: ids.pop() for name, ids in names.items() if len(ids) == 1}
    return unique | {folded(identifier): identifier for identifier, _ in both}


def nearest(text: str, known: dict[str, str]) -> str:
    """A hint at the id most like `text`, or an empty string."""
    close = get_close_matches(folded(text), known, n=1, cutoff=0.75)
    return f" (perhaps {known[close[0]]})" if close else ""


def question_of(heading: str) -> tuple[str, str, str, str] | None:
    """Context, left, right and part of a heading ``<context>__<left>__<right>[__<part>]``.

    Examples
    --------
    >>> question_of("E1__accountability__key_enablers__side")
    ('E1', 'accountability', 'key_enablers', 'favours')
    >>> question_of("E1__accountability__key_enablers")
    ('E1', 'accountability', 'key_enablers', 'signed')
    >>> question_of("name") is None
    True
    """
    parts = heading.split("__")
    if len(parts) not in (3, 4) or not all(parts):
        return None
    part = PARTS.get(parts[3].lower()) if len(parts) == 4 else "signed"
    return (*parts[:3], part) if part else None


def question_numbers(model: Model) -> dict[str, tuple[str, str, str]]:
    """Short codes of all questions, for tools that take no long ones, and what each asks.

    They are ``q001``, ``q002`` … in the order of :func:`smartgov.model.questionnaire`.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> question_numbers(read_model())["q001"]
    ('E1', 'economic_growth', 'policy_making')
    """
    asked = questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    return {f"q{number:03d}": question for number, question in enumerate(asked, start=1)}
