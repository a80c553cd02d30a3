"""What a panel must keep to: rules for one cell (the schema's) and rules that join cells or rows.

A *raw* table holds strings, one judgement a row, whatever form it came in: the seven fields of
the tidy form; ``file`` and ``row``, the place it was read from; and ``at_expert, at_question,
at_favours, at_intensity``, the headings there. ``at_question`` is empty where context, left and
right have columns of their own. A judgement not given has neither side nor intensity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from smartgov.study.model import Model
from smartgov.study.panels.names import UNNAMED, identifiers, nearest
from smartgov.study.panels.privacy import shown
from smartgov.study.panels.problems import Problem
from smartgov.study.panels.schema import FIELDS, accepted, cell_rules, panel_schema

RAW = (*FIELDS, "file", "row", "at_expert", "at_question", "at_favours", "at_intensity")
QUESTION = ("context", "left", "right")
ANSWERED_AT_LEAST = 0.5


def check(raw: pd.DataFrame, model: Model) -> tuple[pd.DataFrame, list[Problem]]:
    """Hold a raw table against every rule.

    Parameters
    ----------
    raw : DataFrame
        Columns ``RAW``, all strings but ``row``.
    model : Model

    Returns
    -------
    panel : DataFrame
        The judgements given that break no rule of their own, typed, in tidy form; a pair asked
        twice with one answer stands once.
    problems : list of Problem
        All that was found, in the order of the rows.
    """
    given = raw[(raw["favours"] != "") | (raw["intensity"] != "")]
    schema = panel_schema(model, sorted(unnamed_in(raw)))
    problems, broken = _cell_problems(raw, given, schema, model)
    panel = given.drop(index=broken, errors="ignore").astype({name: int if name in ("round", "intensity") else "str" for name in FIELDS})
    for rule in (_pair_problems, _equal_problems, _repeat_problems):
        problems += rule(panel, model)
    problems += _half_empty_problems(raw)
    problems.sort(key=lambda p: (p.file, p.row or 0))
    once = ~question_keys(panel).duplicated()
    return panel.loc[once.to_numpy(), list(FIELDS)].reset_index(drop=True), problems


def unnamed_in(judgements: pd.DataFrame) -> set[str]:
    """Alternatives that the article's tables imply and nothing names."""
    return {name for side in ("left", "right") for name in judgements[side].unique() if UNNAMED.fullmatch(name)}


# One cell.


def _cell_problems(raw: pd.DataFrame, given: pd.DataFrame, schema: dict, model: Model) -> tuple[list[Problem], set]:
    """Problems, and the labels of the rows that have them."""
    known = identifiers(model)
    problems, broken = [], set()
    for name, field in cell_rules(schema).items():
        rows = given if name in ("favours", "intensity") else raw
        wrong = {text for text in rows[name].unique() if field.read_cell(text)[1]}
        for row in rows[rows[name].isin(wrong)].itertuples():
            text = getattr(row, name)
            hint = nearest(text, known) if name in QUESTION else ""
            if name == "intensity" and re.fullmatch(r"[+-]?\d+,\d+", text):
                hint = " (a decimal comma)"
            broken.add(row.Index)
            problems.append(_problem(row, name, (repr(text) if text else "an empty cell") + hint, accepted(field)))
    return problems, broken


def _problem(row, field: str, found: str, accepted_: str) -> Problem:
    """Place a problem; a question read off a heading is wrong once, in row 1."""
    if field in QUESTION and row.at_question:
        return Problem(row.file, 1, row.at_question, f"the {_WORD[field]} {found}", accepted_)
    heading = {"expert": row.at_expert, "favours": row.at_favours, "intensity": row.at_intensity}.get(field, field)
    return Problem(row.file, row.row, heading, found, accepted_)


_WORD = {"context": "context", "left": "left component", "right": "right component"}


# Cells of one row.


def _pair_problems(panel: pd.DataFrame, model: Model) -> Iterator[Problem]:
    """The two components differ and stand in the ring that is compared in this context."""
    ring_of = {c: model.ring(rule["ring"]) for rule in model.questionnaire_rules for c in model.contexts(rule)}
    for question, rows in panel.groupby(list(QUESTION), sort=False):
        context, left, right = question
        members = ring_of[context]
        strangers = [name for name in (left, right) if name not in members and not UNNAMED.fullmatch(name)]
        if not strangers and left != right:
            continue
        found = f"{left!r} against {right!r} in context {context!r}"
        for row in rows.itertuples():
            yield _problem(row, "right" if right in strangers or left == right else "left", found,
                           "two different components of " + ", ".join(members))  # fmt: skip


def _equal_problems(panel: pd.DataFrame, model: Model) -> Iterator[Problem]:
    """The intensity is 1 exactly when neither side is favoured."""
    wrong = panel[(panel["favours"] == "equal") != (panel["intensity"] == 1)]
    for row in wrong.itertuples():
        wanted = "1 with equal" if row.favours == "equal" else f"2 to 9 with {row.favours}, or equal with 1"
        yield _problem(row, "intensity", f"{row.intensity} with {row.favours}", wanted)


# Several rows.


def question_keys(panel: pd.DataFrame) -> pd.DataFrame:
    """Expert, round, context and the pair without regard to its sides."""
    in_order = (panel["left"] < panel["right"]).to_numpy()
    first = panel["left"].where(in_order, panel["right"])
    return panel[["expert", "round", "context"]].assign(a=first, b=panel["right"].where(in_order, panel["left"]))


def _repeat_problems(panel: pd.DataFrame, model: Model) -> Iterator[Problem]:
    """A pair asked twice has one answer; an expert's code stands for one sheet of answers."""
    keys = question_keys(panel)
    turned = (panel["left"] != keys["a"]).map({True: -1, False: 1})
    sign = panel["favours"].map({"left": 1, "equal": 0, "right": -1})
    frame = panel.assign(a=keys["a"], b=keys["b"], value=turned * sign * panel["intensity"])
    key = ["expert", "round", "context", "a", "b"]
    frame["first_row"] = frame.groupby(key)["row"].transform("first")
    frame["first_value"] = frame.groupby(key)["value"].transform("first")
    again = frame[frame.duplicated(key)]
    for (expert, round_), rows in again.groupby(["expert", "round"], sort=False):
        asked = len(frame[(frame["expert"] == expert) & (frame["round"] == round_)]) - len(rows)
        if len(rows) > 1 and 2 * len(rows) >= asked:
            yield _code_twice(rows.iloc[0])
            continue
        for row in rows[rows["value"] != rows["first_value"]].itertuples():
            yield _problem(row, "favours",
                           f"{row.favours} {row.intensity} for {row.left} against {row.right} in {row.context}",
                           f"the answer of row {row.first_row}, as the same expert was asked the same pair there")  # fmt: skip


def _code_twice(row) -> Problem:
    found = f"{shown(row.expert)}, the code of row {row.first_row}, again in round {row['round']}"
    return Problem(row.file, row.row, row.at_expert, found, "one code for one expert, and one sheet of answers a round")


def _half_empty_problems(raw: pd.DataFrame) -> Iterator[Problem]:
    """An expert answered half or more of the questions that the round asked."""
    numbers = question_keys(raw).groupby(["context", "a", "b"], sort=False).ngroup()
    frame = raw.assign(key=numbers, given=(raw["favours"] != "") | (raw["intensity"] != ""))
    asked = frame.groupby("round")["key"].nunique()
    answered = frame[frame["given"]].groupby(["round", "expert"])["key"].nunique()
    for row in frame.drop_duplicates(["round", "expert"]).itertuples():
        count, of = answered.get((row.round, row.expert), 0), asked[row.round]
        if row.expert and count < ANSWERED_AT_LEAST * of:
            yield Problem(row.file, row.row, "", f"{count} of {of} questions answered by {shown(row.expert)} in round {row.round}",
                          f"{-(-of // 2)} answers or more, or the sheet left out")  # fmt: skip
