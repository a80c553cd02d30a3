"""A panel in tidy form, one judgement a row, and the tables that statistics are computed from.

A judgement has the signed value ``intensity - 1`` if it favours the left alternative, its
negative if the right one, and 0 if neither: 1 on Saaty's scale is no preference, 9 is eight steps
from it (Saaty, 1980, The Analytic Hierarchy Process, ch. 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.files.personal import heading_shown
from smartgov.files.problems import Problem, stop_at
from smartgov.model import Group, Model, read_model
from smartgov.panels.forms import read_tidy, read_wide, wide_columns
from smartgov.panels.names import one_spelling
from smartgov.panels.recognition import open_answers, unknown_headings
from smartgov.panels.rules import (
    QUESTION,
    SIGN,
    by_code,
    check,
    distinct_rows,
    question_keys,
    unnamed_in,
)
from smartgov.panels.understood import FORMATS

GO_THROUGH = (
    "other files of answers go through make rerun PANEL=… NAME=…, which drops what it does not need"
)


def read_panel(path: Path | str, model: Model | None = None) -> pd.DataFrame:
    """Read a panel file of the design, tidy or wide, and hold it against every rule.

    Parameters
    ----------
    path : Path or str
        CSV, XLSX or Parquet. Tidy: ``expert, round, context, left, right, favours, intensity``.
        Wide: ``expert``, perhaps ``round``, and one column a question named
        ``<context>__<left>__<right>`` with signed values -8 to 8, or two columns with
        ``__side`` and ``__intensity`` behind that name.
    model : Model, optional
        By default the repository's.

    Returns
    -------
    DataFrame
        The judgements given, in tidy form and in the file's order; `round` and `intensity` are
        whole numbers. A judgement not given has no row.

    Raises
    ------
    PanelProblems
        Listing everything that is wrong, another column than these included. Answers as a
        survey tool saves them are read by :func:`smartgov.panels.read_answers`.
    """
    model = read_model() if model is None else model
    sheet, form, _ = open_answers(Path(path), model)
    if form not in ("tidy", "wide"):
        found = f"a {FORMATS[form]}" if form else unknown_headings(sheet)
        accepted = f"a panel in tidy or wide form (see data/README.md); {GO_THROUGH}"
        stop_at([Problem(sheet.file, 1, "", found, accepted)])
    tidy = form == "tidy"
    reading = read_tidy(sheet, model) if tidy else read_wide(sheet, model, wide_columns(sheet))
    accepted = f"the columns of the tidy or the wide form only; {GO_THROUGH}"
    unread = [
        Problem(sheet.file, 1, heading_shown(heading), "a column of another kind", accepted)
        for heading in sheet.header
        if reading.read and heading not in reading.read
    ]
    written = reading.raw["expert"]
    panel, broken_rules = check(
        reading.raw.assign(expert=by_code(written.map(one_spelling(written.unique())))), model
    )
    stop_at([*sheet.problems, *reading.problems, *unread, *broken_rules])
    return panel


def recoded(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel with codes in place of whatever its experts are called.

    Codes of the form ``expert_01`` stay. Any other name might be a person's: then all experts get
    such codes, in the order of a hash of their names, which follows neither the file nor the
    alphabet.

    Examples
    --------
    >>> recoded(pd.DataFrame({"expert": ["Ann", "Ben", "Ann"]}))["expert"].nunique()
    2
    """
    names = panel["expert"]
    if all(re.fullmatch(r"expert_\d+", str(name)) for name in names.unique()):
        return panel
    order = sorted(map(str, names.unique()), key=lambda name: sha256(name.encode()).hexdigest())
    codes = {name: f"expert_{place:02d}" for place, name in enumerate(order, start=1)}
    return panel.assign(expert=by_code(names.map(codes)))


def by_round(panel: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """What the experts of the last round had said by the end of each, counted in that round.

    A question that a round no longer asked keeps the answer of the last round that did: it was
    settled. A question asked again and not answered is missing.

    Examples
    --------
    >>> panel = pd.DataFrame({"expert": ["a", "a", "a", "b"], "round": [1, 1, 2, 1],
    ...     "context": "E1", "left": "x", "right": ["y", "z", "y", "y"], "intensity": [2, 3, 4, 5]})
    >>> {n: rows["intensity"].tolist() for n, rows in by_round(panel).items()}
    {1: [2, 3], 2: [3, 4]}
    """
    panel = panel.reset_index(drop=True)
    numbers = sorted(panel["round"].unique().tolist())
    stayed = panel["expert"].isin(panel.loc[panel["round"] == numbers[-1], "expert"])
    pair = question_keys(panel)[["context", "a", "b"]].assign(round=panel["round"])
    stood = {}
    for number in numbers:
        until = pair[pair["round"] <= number]
        latest = until.groupby(["context", "a", "b"])["round"].transform("max")
        rows = panel.loc[until.index]
        stood[number] = rows[stayed[rows.index] & (rows["round"] == latest)].assign(round=number)
    return stood


def last_round(panel: pd.DataFrame) -> pd.DataFrame:
    """What the experts of the last round say by then; see :func:`by_round`."""
    return by_round(panel)[panel["round"].max()]


def of_round(panel: pd.DataFrame, round: int | None) -> pd.DataFrame:
    """The rows of one round; with none named those of the only one.

    Raises
    ------
    ValueError
        If no round is named and the panel has several.
    """
    if round is None and panel["round"].nunique() > 1:
        rounds = sorted(panel["round"].unique().tolist())
        raise ValueError(f"found rounds {rounds}; accepted is one of them by its number.")
    return panel if round is None else panel[panel["round"] == round]


class SignedValues(NamedTuple):
    """Experts by questions: signed values, shape (m, q), -8 to 8; NaN where one is missing.

    `questions` has the columns ``context, left, right``, a row for each column of `values`.
    """

    experts: list[str]
    questions: pd.DataFrame
    values: np.ndarray


def signed_values(
    panel: pd.DataFrame,
    questions: pd.DataFrame | Iterable[tuple] | None = None,
    round: int | None = None,
) -> SignedValues:
    """A panel's judgements of one round as an array of signed values.

    Parameters
    ----------
    panel : DataFrame
        Tidy form.
    questions : DataFrame or iterable of (context, left, right), optional
        Columns wanted, as of :func:`smartgov.model.questionnaire`; by default every named
        question of the round, as first asked.
    round : int, optional
        By default the panel's only one.

    Returns
    -------
    SignedValues
        Every expert of the panel has a row, also one who did not answer this round. A judgement
        whose sides were exchanged is turned round.

    Examples
    --------
    >>> panel = pd.DataFrame([("a", 1, "E1", "x", "y", "left", 4), ("b", 1, "E1", "y", "x", "left",
    ...                       3)],
    ...     columns=["expert", "round", "context", "left", "right", "favours", "intensity"])
    >>> signed_values(panel).values.ravel().tolist()
    [3.0, -2.0]
    """
    experts = panel["expert"].unique().tolist()
    rows = of_round(panel, round)
    if questions is None:
        questions = _asked(rows)
    if not isinstance(questions, pd.DataFrame):
        questions = pd.DataFrame(list(questions), columns=list(QUESTION))
    questions = questions[list(QUESTION)].reset_index(drop=True)
    rows = rows[rows["context"].isin(questions["context"])]
    column, turned = _columns(rows, questions)
    rows, column, turned = (each[column >= 0] for each in (rows, column, turned))
    signed = rows["favours"].map(SIGN).to_numpy(int) * (rows["intensity"].to_numpy() - 1)
    values = np.full((len(experts), len(questions)), np.nan)
    values[_codes(rows["expert"], experts), column] = np.where(turned, -signed, signed)
    return SignedValues(experts, questions, values)


def _columns(rows: pd.DataFrame, questions: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The question that each row answers, by its place (-1 for none), and whether turned round."""
    contexts = questions["context"].unique()
    names = pd.unique(questions[["left", "right"]].to_numpy().ravel())
    # one place more than there are names, which a code of -1 finds
    straight = np.full((len(contexts) + 1, len(names) + 1, len(names) + 1), -1)
    turned = straight.copy()
    context, left, right = _question_codes(questions, contexts, names)
    straight[context, left, right] = turned[context, right, left] = range(len(questions))
    at = _question_codes(rows, contexts, names)
    exchanged = straight[at] < 0
    return np.where(exchanged, turned[at], straight[at]), exchanged


def _question_codes(table: pd.DataFrame, contexts, names) -> tuple[np.ndarray, ...]:
    known = (contexts, names, names)
    return tuple(_codes(table[key], known_) for key, known_ in zip(QUESTION, known, strict=True))


def _codes(column: pd.Series, names: Iterable[str]) -> np.ndarray:
    """The place of each text among `names`, which differ; -1 for another."""
    return pd.Index(names).get_indexer(pd.Index(column))


def _asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Named questions in the order in which they first stand, each pair once."""
    unnamed = unnamed_in(rows)
    named = rows[~rows["left"].isin(unnamed) & ~rows["right"].isin(unnamed)]
    return named.loc[~question_keys(named)[["context", "a", "b"]].duplicated(), list(QUESTION)]


def table2_columns(panel: pd.DataFrame, model: Model) -> pd.Series:
    """For every row of a panel the column of Table 2 that counts its answer.

    In a context of several rings, the components tell which one is compared; questions of the
    article's tables that name neither side count as those of the first.
    """
    groups = model.groups()
    of_component = {
        (group.context, name): group.column for group in groups for name in group.components
    }
    of_context = {group.context: group.column for group in reversed(groups)}
    code, first = distinct_rows(panel, QUESTION)
    columns = []
    for context, left, right in panel.iloc[first][list(QUESTION)].itertuples(index=False):
        known = {(context, left), (context, right)} & of_component.keys()
        columns.append(of_component[min(known)] if known else of_context.get(context, np.nan))
    return pd.Series(np.array(columns, dtype=object)[code], panel.index, dtype=object)


def equal_shares(panel: pd.DataFrame, model: Model, round: int | None = None) -> pd.DataFrame:
    """How many of each expert's judgements favour neither side, as Table 2 counts them.

    Unnamed questions count in their context.

    Returns
    -------
    DataFrame
        Columns ``expert, column, equal, answered, share``: every expert in every column of
        Table 2 (a dimension, or a further ring); `share` is NaN where nothing was answered.
    """
    rows = of_round(panel, round)
    named = rows.assign(column=table2_columns(rows, model), equal=rows["favours"] == "equal")
    counts = named.groupby(["expert", "column"])["equal"].agg(equal="sum", answered="size")
    everyone = [panel["expert"].unique().tolist(), model.columns]
    grid = pd.MultiIndex.from_product(everyone, names=["expert", "column"])
    counts = counts.reindex(grid, fill_value=0)
    given = counts["answered"].where(counts["answered"] > 0)
    return counts.assign(share=counts["equal"] / given).reset_index().astype({"expert": "str"})


def in_wide_form(panel: pd.DataFrame) -> pd.DataFrame:
    """A panel with one expert a row, or one an expert and round, as :func:`read_panel` reads it.

    Returns
    -------
    DataFrame
        ``expert, round`` and a column of signed values (-8 to 8, missing where there is none) for
        each named question, headed ``<context>__<left>__<right>``.

    Examples
    --------
    >>> panel = pd.DataFrame([("a", 1, "E1", "x", "y", "left", 4), ("b", 1, "E1", "y", "x", "left",
    ...                       3)],
    ...     columns=["expert", "round", "context", "left", "right", "favours", "intensity"])
    >>> in_wide_form(panel).values.tolist()
    [['a', 1, 3], ['b', 1, -2]]
    """
    tables = []
    for number in sorted(panel["round"].unique()):
        experts, questions, values = signed_values(panel, round=number)
        answered = ~np.isnan(values).all(axis=1)
        table = pd.DataFrame(values, columns=questions.agg("__".join, axis=1)).astype("Int8")
        table.insert(0, "expert", experts)
        table.insert(1, "round", number)
        tables.append(table[answered])
    return pd.concat(tables, ignore_index=True)


def comparison_matrices(panel: pd.DataFrame, group: Group, round: int | None = None) -> np.ndarray:
    """Each expert's reciprocal matrix of pairwise comparisons in one context, shape (m, k, k).

    Components stand in the model's order, NaN where a judgement is missing; as
    :func:`signed_values` and :func:`smartgov.stats.comparison_matrix`.
    """
    values = signed_values(panel, group.pairs, round).values
    return stats.comparison_matrix((np.abs(values) + 1) ** np.where(values < 0, -1.0, 1.0))
