"""What each expert reads between two rounds: their own answer, the group's, and where they stand.

Answers are signed: intensity less one, positive towards the left alternative, negative towards
the right one, 0 where both are equally important. The group is summarised by its median and its
middle half, from the lower to the upper quartile (linear interpolation between the ordered
answers, Hyndman and Fan 1996, definition 7), as Delphi studies usually feed back (Linstone and
Turoff, eds., 1975, The Delphi Method). Where an expert's own comparisons contradict each other,
the one that fits the others least is named (Saaty, 2003).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.model import Model, questionnaire
from smartgov.panels import comparison_matrices, last_round, privacy, signed_values
from smartgov.words import say, with_decimal_mark

QUESTION = ["context", "left", "right"]
SMALLEST_GROUP = 4
"""Below this, an expert who knows their own answer can work out the others' from the quartiles."""

MOST_INCONSISTENT = 0.10
"""Saaty's tolerance: the largest consistency ratio of which nothing is said."""


def group_answers(panel: pd.DataFrame, model: Model, round: int = 1) -> pd.DataFrame:
    """Median and quartiles of the group for every question of a model, signed.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, left, right, round, n, low, median, high``; `n` experts answered, the
        figures are NaN where nobody did.

    Raises
    ------
    ValueError
        If nobody answered any of the model's questions in this round.
    """
    values = _answers(panel, model, round).to_numpy()
    low, median, high = stats.quartiles(values)
    group = questionnaire(model)[QUESTION].assign(round=round, n=(~np.isnan(values)).sum(axis=0))
    return group.assign(low=low, median=median, high=high)


def stakeholder_groups(attributes: pd.DataFrame) -> pd.Series:
    """The combination of side information each expert has; empty where any of it is missing.

    Examples
    --------
    >>> experts = pd.DataFrame({"sector": ["state", ""], "age": ["old", "young"]})
    >>> stakeholder_groups(experts).tolist()
    ['state, old', '']
    """
    known = (attributes != "").all(axis=1)
    return attributes.agg(", ".join, axis=1).where(known, "")


def stakeholder_medians(
    panel: pd.DataFrame, model: Model, members: Collection[str], round: int = 1
) -> np.ndarray:
    """The signed median of a stakeholder group for every question of a model.

    NaN where fewer than :data:`smartgov.panels.privacy.SMALLEST_GROUP` of its members answered:
    with their own answer and a median of two, an expert knows the other's.

    Raises
    ------
    ValueError
        If none of the members answered in this round.
    """
    values = _answers(panel[panel["expert"].isin(members)], model, round).to_numpy()
    few = (~np.isnan(values)).sum(axis=0) < privacy.SMALLEST_GROUP
    _, median, _ = stats.quartiles(values)
    return np.where(few, np.nan, median)


def expert_feedback(panel: pd.DataFrame, model: Model, expert: str, round: int = 1) -> pd.DataFrame:
    """One expert's answers beside the group's.

    Returns
    -------
    pandas.DataFrame
        As :func:`group_answers`, with ``own`` (signed, NaN if not answered) and ``stands``:
        ``inside`` the group's middle half, ``towards_left`` or ``towards_right`` of it,
        ``not_answered``, or ``no_group`` where nobody else answered.

    Raises
    ------
    ValueError
        If the expert, or everybody, gave no answer in this round.
    """
    answers = _answers(panel, model, round)
    if expert not in answers.index:
        raise ValueError(
            f"expert {expert!r} gave no answer in round {round}; those who did:"
            f" {', '.join(map(str, answers.index))}."
        )
    table = group_answers(panel, model, round).assign(own=answers.loc[expert].to_numpy())
    return table.assign(stands=[_stands(row) for row in table.itertuples()])


def expert_priorities(
    panel: pd.DataFrame, model: Model, expert: str, round: int = 1
) -> pd.DataFrame:
    """What follows from an expert's comparisons, beside what follows from the group's.

    Priorities are the principal eigenvector (Saaty, 1980); the group's are those of its judgements'
    geometric means. Gaps are filled from the same expert's other comparisons (Harker, 1987). A
    question that the round left out keeps the answers of the last round that asked it.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, component, own, group``, a row for each component of a context in which
        the expert's comparisons link all components; `group` is NaN where nobody else's do.
    """
    answers, rows = _answers(last_round(panel[panel["round"] <= round]), model, round), []
    for (_, context), asked in questionnaire(model).groupby(["ring", "context"], sort=False):
        signed = answers[asked.index].to_numpy()
        matrices = stats.comparison_matrix((np.abs(signed) + 1) ** np.where(signed < 0, -1.0, 1.0))
        linked = stats.links_all_items(matrices)
        if not linked[answers.index == expert].all():
            continue
        complete = stats.complete_matrix(matrices[linked])
        own = stats.priorities(complete[answers.index[linked] == expert][0])
        nobody = np.full(len(own), np.nan)
        group = stats.priorities(stats.aggregate(complete)) if len(complete) > 1 else nobody
        components = dict.fromkeys([*asked["left"], *asked["right"]])
        rows += [(context, *row) for row in zip(components, own, group, strict=True)]
    return pd.DataFrame(rows, columns=["context", "component", "own", "group"])


def _answers(panel: pd.DataFrame, model: Model, round: int) -> pd.DataFrame:
    """Experts who answered in a round × the model's questions, signed."""
    signed = signed_values(panel, questionnaire(model), round)
    answers = pd.DataFrame(signed.values, index=signed.experts).dropna(how="all")
    if answers.empty:
        rounds = sorted(panel["round"].unique().tolist())
        raise ValueError(
            f"round {round}: nobody answered a question of this model; the panel holds rounds"
            f" {rounds}."
        )
    return answers


def _stands(row) -> str:
    if np.isnan(row.own):
        return "not_answered"
    if row.n < 2:
        return "no_group"
    if row.own > row.high:
        return "towards_left"
    return "towards_right" if row.own < row.low else "inside"


def least_consistent(
    panel: pd.DataFrame, model: Model, expert: str, round: int = 1
) -> pd.DataFrame:
    """The judgement that most spoils an expert's consistency, wherever the ratio is above 0.10.

    Judgements are compared with the ratios of the expert's own priorities (Saaty, 2003, European
    Journal of Operational Research 145, 85-91). One that no other answer of the scale would bring
    nearer is passed over for the next.

    Returns
    -------
    pandas.DataFrame
        Columns ``context, cr, left, right, own, implied``, a row for each context whose
        comparisons the expert made in full: `own` is the signed answer given, `implied` the
        nearest to the ratio of the priorities.
    """
    answers, rows = panel[panel["expert"] == expert], []
    largest = len(stats.RANDOM_INDEX["saaty-1980"])  # for more components there is no ratio
    for group in model.groups():
        components = group.components
        if not 3 <= len(components) <= largest:
            continue
        (matrix,) = comparison_matrices(answers, group, round)
        if np.isnan(matrix).any() or (cr := stats.consistency_ratio(matrix)) <= MOST_INCONSISTENT:
            continue
        found = stats.inconsistent_judgements(matrix)
        own, implied = _nearest_answers(found.judged), _nearest_answers(found.implied)
        if (own != implied).any():
            worst = int((own != implied).argmax())
            pair = components[found.row[worst]], components[found.column[worst]]
            rows.append((group.context, cr, *pair, own[worst], implied[worst]))
    return pd.DataFrame(rows, columns=["context", "cr", "left", "right", "own", "implied"])


def _nearest_answers(ratios: np.ndarray) -> np.ndarray:
    """The signed answers that state ratios best."""
    steps = np.where(ratios < 1, 1 - 1 / ratios, ratios - 1)
    return np.rint(steps).clip(-8, 8).astype(int)


def answer_words(value: float, left: str, right: str, language: str) -> str:
    """A signed answer in words: the alternative preferred and the intensity, or equal.

    Examples
    --------
    >>> [answer_words(value, "Data", "Trust", "en") for value in (-2.5, 0, 7)]
    ['Trust, 3.5', 'equal', 'Data, 8']
    """
    if value == 0:
        return say("answer.equal", language)
    name = left if value > 0 else right
    intensity = _number(abs(value) + 1, language)
    return say("answer.side", language, name=name, intensity=intensity)


def _number(value: float, language: str) -> str:
    """A number as the language writes it, without needless zeros."""
    return with_decimal_mark(f"{value:.2f}".rstrip("0").rstrip("."), language)


def inconsistency_sentences(
    judgements: pd.DataFrame, model: Model, language: str
) -> dict[str, str]:
    """What is said of each row of :func:`least_consistent`, by the name of its context."""
    sentences = {}
    for row in judgements.itertuples():
        left, right = model.label(row.left, language), model.label(row.right, language)
        own, implied = (answer_words(v, left, right, language) for v in (row.own, row.implied))
        sentences[model.label(row.context, language)] = say(
            "feedback.inconsistent",
            language,
            cr=_number(row.cr, language),
            most=_number(MOST_INCONSISTENT, language),
            left=left,
            right=right,
            own=own,
            implied=implied,
        )
    return sentences


def group_sentences(
    group: pd.DataFrame, model: Model, languages: Sequence[str]
) -> list[dict[str, str]]:
    """What a questionnaire says about the group's answers, for each question in each language."""
    return [
        {language: group_sentence(row, model, language) for language in languages}
        for row in group.itertuples()
    ]


def group_sentence(row, model: Model, language: str) -> str:
    """The group's median and middle half in one sentence; `row` as of :func:`group_answers`."""
    if not row.n:
        return say("group.none", language, round=row.round)
    left, right = model.label(row.left, language), model.label(row.right, language)
    # from left to right, as the alternatives stand on the page
    median, start, end = (
        answer_words(v, left, right, language) for v in (row.median, row.high, row.low)
    )
    key = "group.same" if row.low == row.high else "group.sentence"
    return say(key, language, round=row.round, n=row.n, median=median, start=start, end=end)


def safe_codes(panel: pd.DataFrame) -> list[str]:
    """The codes of a panel's experts, if a file can be named after each.

    Raises
    ------
    ValueError
        If a code holds other signs than letters, digits, ``-`` and ``_``, or two differ only in
        capitals.
    """
    codes = list(dict.fromkeys(panel["expert"]))
    odd = [
        code
        for code in codes
        if not isinstance(code, str) or not re.fullmatch(r"\w[\w-]{0,63}", code)
    ]
    if odd:
        raise ValueError(
            f"expert code {odd[0]!r}: no file can be named so; accepted are up to 64 letters,"
            " digits, - and _."
        )
    if len({code.casefold() for code in codes}) < len(codes):
        raise ValueError(
            "two expert codes differ only in capitals; their sheets would overwrite each other."
        )
    return codes


def small_groups(group: pd.DataFrame) -> pd.DataFrame:
    """Questions so few experts answered that the quartiles give the others' answers away."""
    return group[group["n"].between(1, SMALLEST_GROUP - 1)]
