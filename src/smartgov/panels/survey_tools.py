"""Exports of KoboToolbox, ODK and LimeSurvey: which column asks what.

Headings of KoboToolbox and ODK are field names behind the names of their groups, joined by ``/``,
``-`` or whatever was set, or the labels instead.  Headings of LimeSurvey
are question codes with subquestions in brackets, ``code[sub][scale]`` or ``code_sub_scale``,
perhaps followed by the text; its codes have no underscores, so its questions go by number
(:func:`~smartgov.panels.names.question_numbers`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from smartgov.files.problems import Problem
from smartgov.files.sheets import Sheet
from smartgov.model import Model
from smartgov.panels.forms import EXPERT_HEADINGS, Columns, wide_columns
from smartgov.panels.names import LANGUAGES, folded, question_numbers, question_of

EXPERT_BEHIND = re.compile(
    r"(?:_|\W)(?:" + "|".join(each for each in EXPERT_HEADINGS if each != "expert") + ")$"
)
KOBO_MARKS = {
    *("_uuid", "_id", "_submission_time", "__version__", "_index"),
    *("instanceid", "submissiondate", "key", "deviceid"),
}
LIMESURVEY_MARKS = {"submitdate", "lastpage", "startlanguage", "datestamp", "ipaddr", "refurl"}
LIMESURVEY_TEXTS = {
    *("response id", "date submitted", "last page"),
    *("start language", "date last action", "ip address"),
    *("id ответа", "дата отправки", "дата записи", "последняя страница", "начальный язык"),
}
QUALTRICS_MARKS = {
    *("responseid", "recordeddate", "distributionchannel", "userlanguage"),
    *("response id", "recorded date", "distribution channel", "user language"),
}
SUBMITTED = ("submitdate", "date submitted", "дата отправки", "дата записи", "datum abgeschickt")
NO_DATE = date(1980, 1, 1)  # LimeSurvey's, where it keeps no dates
# Fields of our questionnaires that hold no answer, behind whatever groups
FORM_ITSELF = re.compile(r"(?:^|[^\w]|_)(?:shuffle|shown)_")
SENT_OFF = ("_submission_time", "submissiondate", "datestamp", "end", "today")
NUMBERED = re.compile(r"(q\d{3,})(s|side|i|intensity)?", re.IGNORECASE)


def last_name(heading: str) -> str:
    """A field's own name, without the groups before it.

    Examples
    --------
    >>> [last_name(text) for text in ("middle/E1/E1__a__b__side", "group > Expert code")]
    ['E1__a__b__side', 'Expert code']
    """
    return re.split(r"[/|>:.-]", heading)[-1].strip()


def form_itself(heading: str) -> bool:
    """Whether a field is one of our questionnaire's own, such as the order that was drawn."""
    return bool(FORM_ITSELF.search(heading))


def heading_names(heading: str) -> set[str]:
    """What a heading may be called, folded: the field's own name, or the code before its text."""
    return {folded(last_name(heading)), folded(_code(heading)[0])}


def is_qualtrics(sheet: Sheet) -> bool:
    """Whether columns that Qualtrics adds are there."""
    return len({*map(folded, sheet.header)} & QUALTRICS_MARKS) >= 2


# KoboToolbox and ODK.


def is_kobo(sheet: Sheet, model: Model) -> bool:
    """Whether columns that these tools add are there, or questions behind group names."""
    names = {*map(folded, map(last_name, sheet.header))}
    found = ((question_of(heading), _behind_groups(heading, model)) for heading in sheet.header)
    return any(own and own != plain for plain, own in found) or len(names & KOBO_MARKS) >= 2


def kobo_columns(sheet: Sheet, model: Model) -> Columns:
    """Columns of a KoboToolbox or ODK export, headed by names or by labels."""
    columns = wide_columns(sheet, last_name)
    asked = {h: _behind_groups(h, model) for h in sheet.header if not form_itself(h)}
    questions = {heading: question for heading, question in asked.items() if question}
    behind = (heading for heading in sheet.header if EXPERT_BEHIND.search(f" {folded(heading)}"))
    return replace(
        columns,
        expert=columns.expert or next(behind, None),
        questions=questions or labelled_questions(sheet, model),
    )


def _behind_groups(heading: str, model: Model) -> tuple[str, str, str, str] | None:
    """The question that a heading ends with, behind names of groups joined by any separator."""
    plain = question_of(last_name(heading))
    contexts = {group.context for group in model.groups()}
    if plain and plain[0] not in contexts:
        # groups joined by _ run into the context
        ends = [each for each in contexts if plain[0].endswith(f"_{each}")]
        return (max(ends, key=len), *plain[1:]) if ends else plain
    return plain


def labelled_questions(sheet: Sheet, model: Model) -> dict[str, tuple[str, str, str, str]]:
    """Questions read off headings that name a context and two of its components, left before right.

    Components that are compared in one context only need no word for it. Of two headings about one
    question the first holds the side, the second the intensity.
    """
    contexts: dict[frozenset, list[str]] = {}
    for context, *pair in (question for group in model.groups() for question in group.pairs):
        contexts.setdefault(frozenset(pair), []).append(context)
    ids, pattern = _names_in_all_languages(model)
    asked: dict[tuple, list[str]] = {}
    for heading, text in sheet.said().items():
        named = list(dict.fromkeys(ids[name] for name in pattern.findall(folded(text))))
        only = contexts.get(frozenset(named), []) if len(named) == 2 else []
        told = [(only[0], *named)] if len(only) == 1 else []
        for context in named if len(named) == 3 else ():
            pair = [each for each in named if each != context]
            told += [(context, *pair)] if context in contexts.get(frozenset(pair), ()) else []
        if len(told) == 1:
            asked.setdefault(told[0], []).append(heading)
    columns = {}
    for question, headings in asked.items():
        parts = ("words",) if len(headings) == 1 else ("favours", "intensity")
        columns |= {h: (*question, part) for h, part in zip(headings, parts, strict=False)}
    return columns


def _names_in_all_languages(model: Model) -> tuple[dict[str, str], re.Pattern]:
    """Ids by name, and a pattern that finds names in a text, the longest where several fit."""
    ids: dict[str, str] = {}
    for things in (model.components, model.dimensions):
        for identifier, row in things.iterrows():
            names = (row[language] for language in LANGUAGES if isinstance(row.get(language), str))
            ids |= {folded(name): identifier for name in names}
    longest_first = sorted(ids, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    return ids, re.compile(rf"(?<![^\W_])(?:{names})(?![^\W_])")


# LimeSurvey.


def is_limesurvey(sheet: Sheet) -> bool:
    """Whether columns that LimeSurvey adds are there, in whatever language."""
    codes = {folded(_code(heading)[0]) for heading in sheet.header}
    texts = {folded(heading) for heading in sheet.header}
    named = len(codes & LIMESURVEY_MARKS) >= 2 or len(texts & LIMESURVEY_TEXTS) >= 2
    return named or _submitted_by_content(sheet) is not None


def submitted_at(sheet: Sheet) -> int | None:
    """The column of the day on which a response was sent off, by its name or by what it holds."""
    names = map(heading_names, sheet.header)
    named = [i for i, known in enumerate(names) if known & {*SUBMITTED}]
    return named[0] if named else _submitted_by_content(sheet)


def _submitted_by_content(sheet: Sheet) -> int | None:
    """LimeSurvey's columns in whatever language: a date or nothing, a page, a language's code."""
    columns = list(zip(*(cells[:8] for cells in sheet.rows), strict=True))
    threes = zip(columns, columns[1:], columns[2:], strict=False)
    for place, (sent, page, language) in enumerate(threes):
        if (
            all(not text or re.match(r"\d{1,4}[-./]\d\d?[-./]\d", text) for text in sent)
            and any(sent)
            and all(re.fullmatch(r"\d{0,3}|-1", text) for text in page)
            and all(re.fullmatch(r"(?!no|ok)[a-z]{2}(?:-[A-Za-z-]+)?", text) for text in language)
        ):
            return place
    return None


def limesurvey_columns(sheet: Sheet, model: Model) -> Columns:
    """Columns of a LimeSurvey export, headed by codes, by texts or by both.

    By code a question is ``q001`` with a part: ``q001side`` and ``q001intensity`` (or ``q001s``,
    ``q001i``); scales 1 and 2 of an array, ``E1[q001][1]`` and ``E1[q001][2]``; or one column with
    both, read as the coding `words`. Without codes its text names the context and both components.
    """
    numbers = question_numbers(model)
    questions, expert = {}, None
    for heading in dict.fromkeys(sheet.header):
        codes = _code(heading)
        if {folded(codes[0]), folded(heading)} & {*EXPERT_HEADINGS}:
            expert = expert or heading
        named = re.search(r"\w+?__\w+__\w+", heading)
        question = question_of(named[0]) if named else _numbered(codes, numbers)
        if question:
            questions[heading] = question
    return Columns(expert, questions or labelled_questions(sheet, model))


def numbers_beyond(sheet: Sheet, model: Model) -> list[Problem]:
    """Questions by number that the model does not ask: then the others are not its own either."""
    known = question_numbers(model)
    accepted = f"q001 to {[*known][-1]}, the questions of this model (MODEL=file if it is another)"
    numbered = ((h, filter(None, map(NUMBERED.fullmatch, _code(h)))) for h in sheet.header)
    return [
        Problem(sheet.file, 1, heading, f"question {number[1]}", accepted)
        for heading, numbers in numbered
        for number in numbers
        if number[1].lower() not in known
    ]


def _code(heading: str) -> list[str]:
    """Code of a question, of its subquestion and number of its scale.

    Examples
    --------
    >>> _code("E1[q001][2]. Smart city [Economic growth | Policy making]"), _code("E1_q001_0")
    (['E1', 'q001', '2'], ['E1', 'q001', '1'])
    """
    code = re.match(r"\w*(?:\[\w*\])*", heading)[0]
    if "[" in code:
        return re.findall(r"\w+", code)
    parts = code.split("_")
    if len(parts) > 1 and parts[-1] in ("0", "1") and NUMBERED.fullmatch(parts[-2]):
        parts[-1] = str(int(parts[-1]) + 1)  # this way of writing counts scales from 0
    return parts if any(map(NUMBERED.fullmatch, parts)) else [code]


def _numbered(codes: list[str], numbers: dict[str, tuple]) -> tuple | None:
    if {*map(str.lower, codes)} & {"comment", "other"}:  # a remark, or an answer of one's own
        return None
    for place, code in enumerate(codes):
        match = NUMBERED.fullmatch(code)
        if match and match[1].lower() in numbers:
            scale = codes[place + 1] if place + 1 < len(codes) else ""
            part = (match[2] or {"1": "side", "2": "intensity"}.get(scale, "")).lower()[:1]
            named = {"s": "favours", "i": "intensity", "": "words"}[part]
            return *numbers[match[1].lower()], named
    return None


# Dates, whichever tool.


def dates_sent_off(sheet: Sheet) -> tuple[date, date] | None:
    """First and last day on which answers were sent off, if the export says."""
    submitted = submitted_at(sheet)
    columns = [] if submitted is None else [submitted]
    names = list(map(heading_names, sheet.header))
    columns += [i for name in SENT_OFF for i, known in enumerate(names) if name in known]
    for column in columns:
        days = [day for cells in sheet.rows if (day := _day(cells[column]))]
        if days:
            return min(days), max(days)
    return None


def _day(text: str) -> date | None:
    iso = re.match(r"(\d{4})-(\d\d)-(\d\d)", text)
    local = re.match(r"(\d\d)\.(\d\d)\.(\d{4})", text)
    parts = iso.groups() if iso else local.groups()[::-1] if local else None
    try:
        day = date(*map(int, parts)) if parts else None
    except ValueError:
        return None
    return None if day == NO_DATE else day
