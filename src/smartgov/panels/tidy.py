"""A panel in tidy form, one judgement a row, and the tables that statistics are computed from.

A judgement has the signed value ``intensity - 1`` if it favours the left alternative, its
negative if the right one, and 0 if neither: 1 on Saaty's scale is no preference, 9 is eight steps
from it (Saaty, 1980, The Analytic Hierarchy Process, ch. 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from smartgov import stats
from smartgov.files.personal import heading_shown
from smartgov.files.problems import Problem, stop_at
from smartgov.files.sheets import read_sheet
from smartgov.model import Model, read_model
from smartgov.panels.forms import read_tidy, read_wide, wide_columns
from smartgov.panels.names import UNNAMED, one_spelling
from smartgov.panels.recognition import recognised_format, unknown_headings
from smartgov.panels.rules import QUESTION, check, question_keys
from smartgov.panels.schema import FIELDS
from smartgov.panels.understood import FORMATS

GO_THROUGH = (
    "other files of answers go through make rerun PANEL=… NAME=…, which drops what it does not need"
)
SIGN = {"left": 1, "equal": 0, "right": -1}


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
    sheet = read_sheet(path)
    form = recognised_format(sheet, model)
    if form not in ("tidy", "wide"):
        found = f"a {FORMATS[form]}" if form else unknown_headings(sheet)
        accepted = f"a panel in tidy or wide form (see data/README.md); {GO_THROUGH}"
        stop_at([Problem(sheet.file, 1, "", found, accepted)])
    reading = (
        read_tidy(sheet, model) if form == "tidy" else read_wide(sheet, model, wide_columns(sheet))
    )
    accepted = f"the columns of the tidy or the wide form only; {GO_THROUGH}"
    unread = [
        Problem(sheet.file, 1, heading_shown(heading), "a column of another kind", accepted)
        for heading in sheet.header
        if reading.read and heading not in reading.read
    ]
    written = reading.raw["expert"]
    panel, broken_rules = check(
        reading.raw.assign(expert=written.map(one_spelling(written.unique()))), model
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
    names = panel["expert"].astype(str)
    if names.str.fullmatch(r"expert_\d+").all():
        return panel
    order = sorted(names.unique(), key=lambda name: sha256(name.encode()).hexdigest())
    codes = {name: f"expert_{place:02d}" for place, name in enumerate(order, start=1)}
    return panel.assign(expert=names.map(codes))


def first_round(panel: pd.DataFrame) -> pd.DataFrame:
    """The earliest round of a panel, counted as round 1.

    Examples
    --------
    >>> first_round(pd.DataFrame({"expert": ["a", "a"], "round": [3, 2]}))["round"].tolist()
    [1]
    """
    return panel[panel["round"] == panel["round"].min()].assign(round=1)


class SignedValues(NamedTuple):
    """Experts by questions: signed values, shape (m, q), -8 to 8; NaN where one is missing.

    `questions` has the columns ``context, left, right``, a row for each column of `values`.
    """

    experts: list[str]
    questions: pd.DataFrame
    values: np.ndarray


def signed_values(
    panel: pd.DataFrame, questions: pd.DataFrame | Iterable[tuple] | None = None, round: int = 1
) -> SignedValues:
    """A panel's judgements of one round as an array of signed values.

    Parameters
    ----------
    panel : DataFrame
        Tidy form.
    questions : DataFrame or iterable of (context, left, right), optional
        Columns wanted, as of :func:`smartgov.model.questionnaire`; by default every named
        question of the round, as first asked.
    round : int

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
    experts = list(dict.fromkeys(panel["expert"]))
    rows = panel[panel["round"] == round]
    if questions is None:
        questions = _asked(rows)
    if not isinstance(questions, pd.DataFrame):
        questions = pd.DataFrame(list(questions), columns=list(QUESTION))
    questions = questions[list(QUESTION)].reset_index(drop=True)
    column = {question: i for i, question in enumerate(_tuples(questions))}
    turned = {(context, right, left): i for (context, left, right), i in column.items()}
    row = {expert: i for i, expert in enumerate(experts)}
    values = np.full((len(experts), len(column)), np.nan)
    for expert, _, *question, favours, intensity in _tuples(rows[list(FIELDS)]):
        signed, asked = SIGN[favours] * (intensity - 1), tuple(question)
        if asked in column:
            values[row[expert], column[asked]] = signed
        elif asked in turned:
            values[row[expert], turned[asked]] = -signed
    return SignedValues(experts, questions, values)


def from_signed(signed: SignedValues, round: int = 1) -> pd.DataFrame:
    """Signed values as a panel in tidy form, the inverse of :func:`signed_values`.

    Examples
    --------
    >>> questions = pd.DataFrame([("E1", "x", "y")], columns=["context", "left", "right"])
    >>> from_signed(SignedValues(["a", "b", "c"], questions, np.array([[3.0], [0.0],
    ...     [np.nan]]))).values.tolist()
    [['a', 1, 'E1', 'x', 'y', 'left', 4], ['b', 1, 'E1', 'x', 'y', 'equal', 1]]
    """
    side = {value: name for name, value in SIGN.items()}
    rows = [
        (expert, round, *question, side[int(np.sign(value))], int(abs(value)) + 1)
        for expert, answers in zip(signed.experts, signed.values, strict=True)
        for question, value in zip(_tuples(signed.questions), answers, strict=True)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows, columns=list(FIELDS))


def _tuples(table: pd.DataFrame) -> Iterator[tuple]:
    return table.itertuples(index=False, name=None)


def _asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Named questions in the order in which they first stand, each pair once."""
    named = rows[~rows["left"].str.fullmatch(UNNAMED) & ~rows["right"].str.fullmatch(UNNAMED)]
    return named.loc[~question_keys(named)[["context", "a", "b"]].duplicated(), list(QUESTION)]


def table2_columns(model: Model) -> dict[str, str]:
    """For every context the column of Table 2 that counts its answers.

    A ring compared in as many contexts as it has columns has one a context; a ring with one
    column (the inner one) has all its contexts counted there.
    """
    columns = {}
    for rule in model.questionnaire_rules:
        contexts, names = model.contexts(rule), rule["table2_columns"]
        for place, context in enumerate(contexts):
            columns[context] = names[place * len(names) // len(contexts)]
    return columns


def equal_shares(panel: pd.DataFrame, model: Model, round: int = 1) -> pd.DataFrame:
    """How many of each expert's judgements favour neither side, as Table 2 counts them.

    Unnamed questions count in their context.

    Returns
    -------
    DataFrame
        Columns ``expert, column, equal, answered, share``: every expert in every column of
        Table 2 (a dimension, or the inner ring); `share` is NaN where nothing was answered.
    """
    column_of = table2_columns(model)
    rows = panel[panel["round"] == round]
    named = rows.assign(column=rows["context"].map(column_of), equal=rows["favours"] == "equal")
    counts = named.groupby(["expert", "column"])["equal"].agg(equal="sum", answered="size")
    everyone = [dict.fromkeys(panel["expert"]), dict.fromkeys(column_of.values())]
    grid = pd.MultiIndex.from_product(everyone, names=["expert", "column"])
    counts = counts.reindex(grid, fill_value=0)
    given = counts["answered"].where(counts["answered"] > 0)
    return counts.assign(share=counts["equal"] / given).reset_index()


def middle_items(
    panel: pd.DataFrame, model: Model, dimension: str, component: str, round: int = 1
) -> np.ndarray:
    """What a cell of Table 4 ranks: a component against those after it, within a dimension.

    Returns
    -------
    ndarray of float, shape (m, n)
        Signed values, positive where `component` is favoured; `n` is the number of components
        after it in the model's order, 0 for the last. NaN where missing.

    Raises
    ------
    ValueError
        If the component is not compared in this context.
    """
    ring = model.compared_in(dimension)
    if component not in ring:
        raise ValueError(f"{component!r} is not compared in {dimension!r}; accepted are {ring}.")
    after = ring[ring.index(component) + 1 :]
    return signed_values(panel, [(dimension, component, other) for other in after], round).values


def inner_items(panel: pd.DataFrame, model: Model, component: str, round: int = 1) -> np.ndarray:
    """What a row of Table 3 ranks: all comparisons made in the context of one component.

    Returns
    -------
    ndarray of float, shape (m, n)
        Signed values; with three components in the inner ring `n` is 3. NaN where missing.

    Raises
    ------
    ValueError
        If nothing is compared in this context.
    """
    pairs = combinations(model.compared_in(component), 2)
    return signed_values(panel, [(component, *pair) for pair in pairs], round).values


def comparison_matrices(
    panel: pd.DataFrame, model: Model, context: str, round: int = 1
) -> np.ndarray:
    """Each expert's reciprocal matrix of pairwise comparisons in one context, shape (m, k, k).

    Components stand in the model's order, NaN where a judgement is missing; as
    :func:`inner_items` and :func:`smartgov.stats.comparison_matrix`.
    """
    values = inner_items(panel, model, context, round)
    return stats.comparison_matrix((np.abs(values) + 1) ** np.where(values < 0, -1.0, 1.0))
