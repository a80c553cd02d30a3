"""What a panel must keep to: rules for one cell (the schema's) and rules that join cells or rows.

A *raw* table holds strings, one judgement a row, whatever form it came in: the seven fields of
the tidy form; ``file`` and ``row``, the place it was read from; and ``at_expert, at_question,
at_favours, at_intensity``, the headings there. ``at_question`` is empty where context, left and
right have columns of their own. A judgement not given has neither side nor intensity. Millions of
judgements have few distinct texts: columns are categorical, and rules look at each text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import ceil, prod

import numpy as np
import pandas as pd

from smartgov.files.problems import Problem, in_cell
from smartgov.model import Model
from smartgov.panels.codings import another_step, if_missing
from smartgov.panels.names import UNNAMED, identifiers, nearest
from smartgov.panels.privacy import shown
from smartgov.panels.schema import FIELDS, accepted, fields_by_name, panel_schema, refuses

RAW = (*FIELDS, "file", "row", "at_expert", "at_question", "at_favours", "at_intensity")
QUESTION = ("context", "left", "right")
SIGN = {"left": 1, "equal": 0, "right": -1}
PAIR = ["round", "context", "a", "b"]
_HAS_A_HEADING = ("expert", "favours", "intensity")
ANSWERED_AT_LEAST = 0.5


def check(
    raw: pd.DataFrame, model: Model, least: float = ANSWERED_AT_LEAST
) -> tuple[pd.DataFrame, list[Problem]]:
    """Hold a raw table against every rule; `least` is the share of a round that each answers.

    Returns
    -------
    panel : DataFrame
        The judgements given that break no rule of their own, typed, in tidy form, texts as
        categories; a pair asked twice with one answer stands once.
    problems : list of Problem
        All that was found, in the order of the rows.
    """
    given = raw[is_given(raw)]
    problems, wrong_cells = _cell_problems(raw, given, model)
    wrong_questions, no_questions = question_problems(raw, model)
    problems += wrong_questions
    panel = given[~given.index.isin(wrong_cells | no_questions)]
    panel = panel.assign(**{n: by_code(panel[n]).astype(int) for n in ("round", "intensity")})
    again = repeated(question_keys(panel))
    problems += [
        *_equal_problems(panel),
        *_repeat_problems(panel, again),
        *_half_empty_problems(raw, least),
    ]
    problems.sort(key=lambda p: (p.file, p.row or 0))
    panel = panel.loc[~again, list(FIELDS)].reset_index(drop=True)
    texts = {name: by_code(panel[name]) for name in FIELDS if name not in ("round", "intensity")}
    return panel.assign(**texts), problems


def by_code(column: pd.Series) -> pd.Categorical:
    """A column of texts with each distinct one held once, in the order of the alphabet."""
    names = pd.Index(sorted(column.unique()), dtype="str")
    return pd.Categorical.from_codes(names.get_indexer(pd.Index(column)), names)


def is_given(raw: pd.DataFrame) -> np.ndarray:
    """Which rows of a raw table hold a judgement."""
    return ((raw["favours"] != "") | (raw["intensity"] != "")).to_numpy()


def unnamed_in(judgements: pd.DataFrame) -> set[str]:
    """Alternatives that the article's tables imply and nothing names."""
    return {
        name
        for side in ("left", "right")
        for name in judgements[side].unique()
        if UNNAMED.fullmatch(name)
    }


# One cell.

ACCEPTED = {
    "expert": "the expert's code, 1 to 64 characters, in every row (a merged cell fills the first"
    " of its rows only); totals and remarks have no row here",
    "favours": "left, right or equal, or the favoured component by its name",
}

IN_WORDS = (
    "; for numbers, the tool's choice texts (in Qualtrics “Use choice text”), or what each number"
    " means as words: in a mapping file"
)


def _cell_problems(
    raw: pd.DataFrame, given: pd.DataFrame, model: Model
) -> tuple[list[Problem], set]:
    """Problems of codes, rounds and answers, and the labels of the rows that have them."""
    problems, broken = [], set()
    for name, field in fields_by_name(panel_schema(model)).items():
        if name in QUESTION:
            continue
        rows = given if name in ("favours", "intensity") else raw
        wrong = {text for text in rows[name].unique() if refuses(field, text)}
        wanted = ACCEPTED.get(name, accepted(field))
        for row in rows[rows[name].isin(wrong)].itertuples():
            text = getattr(row, name)
            comma = name == "intensity" and re.fullmatch(r"\d+,\d+", text)
            hint = " (a decimal comma)" if comma else ""
            said = wanted + (if_missing(text) if name in ("favours", "intensity") else "")
            said += IN_WORDS if name == "favours" and re.fullmatch(r"\d+", text) else ""
            said += another_step(text) if name == "intensity" else ""
            broken.add(row.Index)
            problems.append(_problem(row, name, in_cell(text) + hint, said))
    return problems, broken


def _problem(row, field: str, found: str, accepted_: str) -> Problem:
    """Place a problem; a question read off a heading is wrong once, in row 1."""
    if field in QUESTION and row.at_question:
        return Problem(row.file, 1, row.at_question, found, accepted_)
    heading = getattr(row, f"at_{field}") if field in _HAS_A_HEADING else field
    return Problem(row.file, row.row, heading, found, accepted_)


# The question that a row answers.


def question_problems(raw: pd.DataFrame, model: Model) -> tuple[list[Problem], set]:
    """Problems of contexts and pairs, and the labels of the rows that have them.

    Whether a context or a component exists is the schema's rule; that the components differ and
    stand in the ring that is compared in the context joins three cells and is a rule of its own.
    """
    fields = fields_by_name(panel_schema(model, sorted(unnamed_in(raw))))
    asked, names = _asked_by_ring(model), identifiers(model)
    problems, broken = [], set()
    code, first = distinct_rows(raw, QUESTION)
    distinct = raw.iloc[first][list(QUESTION)].itertuples(index=False, name=None)
    for number, question in enumerate(distinct):
        for field, text, remark, accepted_ in _faults(question, fields, asked, names):
            rows = raw[code == number]
            broken |= set(rows.index)
            for row in rows.itertuples():
                place = _PLACE_IN_HEADING[field] if row.at_question else ""
                problems.append(_problem(row, field, text + place + remark, accepted_))
    return problems, broken


_PLACE_IN_HEADING = {
    "context": " as the context",
    "left": " on the left side",
    "right": " on the right side",
}


def _asked_by_ring(model: Model) -> dict[str, tuple[list[str], list[str]]]:
    """For every ring that is asked about its contexts and its components."""
    asked: dict[str, tuple[list[str], list[str]]] = {}
    for group in model.groups():
        contexts, _ = asked.setdefault(group.ring, ([], [*group.components]))
        contexts.append(group.context)
    return asked


def _faults(
    question: tuple[str, str, str], fields: dict, asked: dict, names: dict[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Field, its text, a remark on it, and what is accepted there."""
    context, left, right = question
    here = {ring: ids for ring, (contexts, ids) in asked.items() if context in contexts}
    with_left = {ring: ids for ring, ids in here.items() if left in ids} or here
    components = here or {ring: ids for ring, (_, ids) in asked.items()}
    known = {ring: contexts for ring, (contexts, _) in asked.items()}
    for name, text in zip(QUESTION, question, strict=True):
        ids = sum(known.values(), [])
        if refuses(fields[name], text):
            remark = nearest(text, {word: i for word, i in names.items() if i in ids})
            yield name, in_cell(text), remark, _one_of(known)
        elif name != "context" and here and text not in ids and not UNNAMED.fullmatch(text):
            yield name, repr(text), f", which is not compared in {context}", _one_of(known)
        known = with_left if name == "left" and here else components
        known = {"": next(iter(known.values()))} if len(known) == 1 else known
    if left == right:
        yield "right", repr(left), ", the same as on the left", "another component than on the left"


def _one_of(names: dict[str, list[str]]) -> str:
    """Names by ring in words; a ring without a name is the only one.

    Examples
    --------
    >>> _one_of({"": ["a", "b"]}), _one_of({"middle": ["E1", "E2"], "inner": ["a"]})
    ('one of a, b', 'one of E1, E2 (middle ring), or a (inner ring)')
    """
    return "one of " + ", or ".join(
        ", ".join(ids) + (f" ({ring} ring)" if ring else "") for ring, ids in names.items()
    )


# Cells of one row.


def _equal_problems(panel: pd.DataFrame) -> Iterator[Problem]:
    """The intensity is 1 exactly when neither side is favoured."""
    wrong = panel[(panel["favours"] == "equal") != (panel["intensity"] == 1)]
    for row in wrong.itertuples():
        for_equal = f"1 with equal, or left or right with {row.intensity}"
        for_a_side = f"2 to 9 with {row.favours}, or 1 with equal"
        wanted = for_equal if row.favours == "equal" else for_a_side
        yield _problem(row, "intensity", f"{row.intensity} with {row.favours}", wanted)


# Several rows.


def question_keys(panel: pd.DataFrame) -> pd.DataFrame:
    """Expert, round, context and the pair without regard to its sides."""
    names = pd.Index(sorted({*panel["left"].unique(), *panel["right"].unique()}))
    sides = [names.get_indexer(pd.Index(panel[side])) for side in ("left", "right")]
    a, b = (pd.Categorical.from_codes(end(*sides), names) for end in (np.minimum, np.maximum))
    return panel[["expert", "round", "context"]].assign(a=a, b=b)


def distinct_rows(table: pd.DataFrame, columns: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows agree in these columns: their number in order of appearance, and first rows."""
    together, kinds = _together(table, columns)
    if kinds > len(table):
        together, kinds = pd.factorize(together)[0], len(table)
    first = np.full(kinds, len(table), dtype=np.int32)
    first[together[::-1]] = np.arange(len(table), dtype=np.int32)[::-1]  # the last put in stays
    in_order = np.argsort(first)[: (first < len(table)).sum()]
    number = np.empty(kinds, dtype=np.int32)
    number[in_order] = np.arange(len(in_order), dtype=np.int32)
    return number[together], first[in_order]


def _together(table: pd.DataFrame, columns: Iterable[str]) -> tuple[np.ndarray, int]:
    """One number a row, the same where these columns are, and a number above all of them."""
    coded = [_coded(table[name]) for name in columns]
    small = prod(many for _, many in coded) < 2**31
    together, kinds = np.zeros(len(table), dtype=np.int32 if small else np.int64), 1
    for codes, many in coded:
        if kinds * many >= 2**63:
            together, kinds = pd.factorize(together)[0], len(table)
        together *= many
        together += codes
        kinds *= many
    return together, kinds


def _coded(column: pd.Series) -> tuple[np.ndarray, int]:
    """A number a row, the same where texts are, and how many texts there may be."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), max(len(column.cat.categories), 1)
    codes, texts = pd.factorize(column)
    return codes, max(len(texts), 1)


def repeated(keys: pd.DataFrame) -> np.ndarray:
    """Which rows of :func:`question_keys` were there before; sorted, for millions fill a hash."""
    number, again = _together(keys, keys)[0], np.zeros(len(keys), dtype=bool)
    in_order = np.sort(number)
    if (in_order[1:] == in_order[:-1]).any():
        order = np.argsort(number, kind="stable")
        again[order[1:]] = number[order[1:]] == number[order[:-1]]
    return again


def _repeat_problems(panel: pd.DataFrame, again: np.ndarray) -> Iterator[Problem]:
    """A pair asked twice has one answer; an expert's code stands for one sheet of answers."""
    panel = panel[panel["expert"].isin(panel["expert"][again].unique())]
    if panel.empty:
        return
    texts = panel.select_dtypes("category").columns
    panel = panel.astype(dict.fromkeys(texts, "str"))
    keys = question_keys(panel).astype({"a": "str", "b": "str"})
    turned = (panel["left"] != keys["a"]).map({True: -1, False: 1})
    sign = panel["favours"].map(SIGN)
    frame = panel.assign(a=keys["a"], b=keys["b"], value=turned * sign * panel["intensity"])
    key = ["expert", "round", "context", "a", "b"]
    first = ["first_row", "first_heading", "first_value", "first_left"]
    frame[first] = frame.groupby(key)[["row", "at_question", "value", "left"]].transform("first")
    mirrored = (frame["left"] != frame["first_left"]) & (frame["value"] == frame["first_value"])
    again = frame[frame.duplicated(key) & ~mirrored]  # a whole matrix says each answer twice
    for (expert, round_), rows in again.groupby(["expert", "round"], sort=False):
        asked = len(frame[(frame["expert"] == expert) & (frame["round"] == round_)]) - len(rows)
        if len(rows) > 1 and 2 * len(rows) >= asked:
            yield _code_twice(rows.iloc[0])
            continue
        for row in rows[rows["value"] != rows["first_value"]].itertuples():
            column = f", column {row.first_heading}" if row.first_heading else ""
            there = f"row {row.first_row}{column}"
            pair = f"{row.left} against {row.right} in {row.context}"
            found = f"{row.favours} {row.intensity} for {pair}"
            wanted = f"the answer of {there}, as the same expert was asked the same pair there"
            yield _problem(row, "favours", found, wanted)


def _code_twice(row) -> Problem:
    found = f"{shown(row.expert)}, the code of row {row.first_row}, again in round {row['round']}"
    accepted_ = (
        "one code for one expert (capitals, blanks and Cyrillic look-alikes make no difference),"
        " and each expert once a round"
    )
    return Problem(row.file, row.row, row.at_expert, found, accepted_)


def asked_in(raw: pd.DataFrame) -> pd.DataFrame:
    """The questions that each round asked: columns ``round, context, a, b``.

    The first round asked what somebody answered; a later one, which may re-ask few questions in the
    full form, what half or more of its experts did. Where nobody answered, all columns count.
    """
    return _asked(raw)[0]


def _asked(raw: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The questions that each round asked, and which rows answer one of them first."""
    keys, given = question_keys(raw), np.flatnonzero(is_given(raw))
    pair, first = distinct_rows(keys, PAIR)
    once = given[~repeated(keys.iloc[given])]
    pairs = keys.iloc[first][PAIR].assign(experts=np.bincount(pair[once], minlength=len(first)))
    answering = keys.iloc[once][["round", "expert"]]
    of_round = answering.iloc[distinct_rows(answering, answering)[1]]["round"].value_counts()
    half = pairs["round"].map(of_round.to_dict()).astype(float) / 2
    asked = (pairs["experts"] > 0) & ((pairs["round"] == "1") | (pairs["experts"] >= half))
    asked |= ~pairs["round"].isin(pairs["round"][asked])
    return pairs.loc[asked, PAIR], once[asked.to_numpy()[pair[once]]]


def answers_given(raw: pd.DataFrame) -> pd.DataFrame:
    """How many of a round's questions each expert answered.

    Returns
    -------
    DataFrame
        One row an expert and round: the columns of `raw`, ``answered`` and ``asked``.
    """
    asked, answers = _asked(raw)
    who, first = distinct_rows(raw, ["round", "expert"])
    everyone, questions = raw.iloc[first], asked["round"].value_counts().to_dict()
    return everyone.assign(
        answered=np.bincount(who[answers], minlength=len(first)),
        asked=[questions[number] for number in everyone["round"]],
    )


def _half_empty_problems(raw: pd.DataFrame, least: float) -> Iterator[Problem]:
    """An expert answered enough of the questions that the round asked."""
    for row in answers_given(raw).itertuples():
        if row.expert and row.answered < least * row.asked:
            by = f"by {shown(row.expert)} in round {row.round}"
            wanted = (
                f"{ceil(least * row.asked)} answers or more; MIN_ANSWERED={least:g} leaves out"
                " everyone who gave fewer"
            )
            found = f"{row.answered} of {row.asked} questions answered {by}"
            yield Problem(row.file, row.row, "", found, wanted)
