"""What a panel's answers make one ask: may they have been meant in another way than they read?

Functions take a raw table (see `rules`). What is all but impossible is a problem; what is only odd
is a sentence, and the answers stand as they read.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import bdtr

from smartgov.files.problems import Problem, rows_named
from smartgov.panels.codings import whole
from smartgov.panels.privacy import shown
from smartgov.panels.rules import QUESTION, SIGN, distinct_rows, question_keys

MOST_LEFT = 2 / 3
"""Of three answers within a step of equality, -1, 0 and 1, no more than two are taken to be 1; and
of three within three steps, no more than two to be further than one."""
BETWEEN = 1 / 5
"""So many of Saaty's numbers are 3, 5 or 7; of the steps of experts who choose these, almost none
are."""
IMPOSSIBLE, ODD = 1 / 1000, 1 / 5
FAR_MORE = 2
"""An expert's -1 is asked about if so many times as frequent as others', and as their own 1 and -2.
"""
TURNED = 3 / 4
"""So many changes of side from round to round are asked about; answers that have nothing to do with
each other change half of theirs."""
RUN = 20
"""One answer so often running is asked about: a half of all answers, drawn, gives one run in a
million answers."""
MANY = 60
"""So many answers that all favour one side are asked about: where one in nine favours the other,
that happens once in a thousand panels."""
LAST = 1 / 8
"""So many answers at the last of few strengths make one ask whether the form had more."""
ONE_IS_EQUAL = (
    "numbers from -8 to 8, of which 0 means equal (coding: signed); where 1 means equal, coding:"
    " bipolar or coding: ratio in a mapping file; where 1 would mean one step to the left, a column"
    " of sides and one of intensities"
)
READ_AS_STEPS = "read as -8 … 8; if 1 means equal, write coding: bipolar."
LEAVE_EMPTY = (
    "if it stands for no answer, leave the cells empty, or list it as missing in a mapping file"
)


def saaty_numbers(
    raw: pd.DataFrame, signed: np.ndarray | bool = True
) -> tuple[list[Problem], list[str]]:
    """Whether numbers read as -8 … 8 are Saaty's, in which 1 means equal and 0 and -1 are none.

    `signed` says which rows were read so.

    Then answers within a step of equality are all 1, which has a probability of no more than
    (2/3)^k for k of them; or there are hardly any, though many are two or three steps away. Looked
    at for the whole file, and for each expert of many.
    """
    counts, first = _numbers(raw, signed)
    if not len(counts):
        return [], []
    file, of_all = first["file"].iloc[0], counts.sum(axis=0)
    chance, given = _chance(of_all), of_all.sum()
    if chance <= IMPOSSIBLE:
        return [Problem(file, None, "", _found(of_all), ONE_IS_EQUAL)], []
    never_near = given >= MANY and not of_all[NEAR].sum() and of_all[ODD_STEPS].sum()
    if chance <= ODD or never_near:
        return [], [f"{file}: {_found(of_all)}; {READ_AS_STEPS}"]
    problems, notes = [], []
    for place in np.flatnonzero(len(counts) * _chance(counts) <= IMPOSSIBLE):
        (file, row), found = first[["file", "row"]].iloc[place], _found(counts[place])
        if counts[place, 9]:
            problems.append(Problem(file, row, "", found, ONE_IS_EQUAL))
        else:  # one expert may be that decided
            notes.append(f"{file}, row {row}: {found}; {READ_AS_STEPS}")
    return problems, notes


# Places of numbers among -8 … 8: within a step of equality, two or three away, odd numbers of steps
NEAR, BESIDE, ODD_STEPS = [7, 8, 9], [5, 6, 10, 11], [1, 3, 5, 11, 13, 15]


def _numbers(raw: pd.DataFrame, among: np.ndarray | bool = True) -> tuple[np.ndarray, pd.DataFrame]:
    """How often each expert of a round wrote each number from -8 to 8, and their first rows."""
    number = _signed(raw)
    rows = np.flatnonzero(among & ~np.isnan(number))
    by = ["file", "round", "expert"]
    who, first = distinct_rows(raw[by].iloc[rows], by)
    counts = np.bincount(17 * who + number[rows].astype(int) + 8, minlength=17 * len(first))
    return counts.reshape(-1, 17), raw.iloc[rows[first]]


def _signed(raw: pd.DataFrame) -> np.ndarray:
    """The number from -8 to 8 that each row holds; NaN where it is none."""
    size = raw["intensity"].map({str(k): k - 1 for k in range(1, 10)})
    return np.asarray(size, np.float32) * np.asarray(raw["favours"].map(SIGN), np.float32)


def _chance(counts: np.ndarray) -> np.ndarray:
    """How likely answers from -8 to 8 are to have no 0 and no -1, and so few ones."""
    near, beside, odd = (counts[..., which].sum(-1) for which in (NEAR, BESIDE, ODD_STEPS))
    given, ones = counts.sum(-1), counts[..., 9]
    kinds = (counts + counts[..., ::-1] > 0)[..., 8:].sum(-1)
    few = (given >= MANY) & (odd >= BETWEEN * given) & (kinds > 2)
    of_three = np.where(few, bdtr(ones, ones + beside, 1 - MOST_LEFT), 1.0)
    return np.where(near > ones, 1.0, np.minimum(MOST_LEFT**ones, of_three))


def _found(counts: np.ndarray) -> str:
    if counts[9]:
        return f"{counts[9]} times 1 and nowhere 0 or -1, as in Saaty's numbers"
    return f"{counts.sum()} numbers and nowhere 0, 1 or -1, as in Saaty's numbers without 1"


def oddities(raw: pd.DataFrame) -> list[str]:
    """Sentences about answers that a sign, a code for missing or a wrong file may have made."""
    given = raw[raw["favours"].isin(["left", "right", "equal"])]
    return [
        *(_runs(given) or _strewn(given)),
        *_one_sided(given),
        *_short_scale(given),
        *_twins(given),
        *_between_rounds(given),
    ]


def _runs(given: pd.DataFrame) -> list[str]:
    """One answer other than equal that an expert gives many times running."""
    by, answer = ["file", "expert", "round"], ["favours", "intensity"]
    order = np.argsort(distinct_rows(given, by)[0], kind="stable")
    run = distinct_rows(given, [*by, *answer])[0][order]
    starts = np.flatnonzero(np.r_[True, run[1:] != run[:-1]][: len(given)])
    times = np.diff(np.r_[starts, len(given)])
    first = given.iloc[order[starts[times >= RUN]]].assign(times=times[times >= RUN])
    first = first.astype(dict.fromkeys([*by, *answer], "str")).sort_values(by, kind="stable")
    long = first[first["favours"] != "equal"]
    return [
        f"{file}: {favours} {size} up to {same['times'].max()} times running in"
        f" {rows_named(same['row'])}; {LEAVE_EMPTY}."
        for (file, favours, size), same in long.groupby(["file", "favours", "intensity"])
    ]


def _strewn(given: pd.DataFrame) -> list[str]:
    """-1, -3 or -5 that one expert writes again and again, and the others hardly do.

    Not -2 or -4: those are Saaty's 3 and 5, which some choose more than others.
    """
    counts, first = _numbers(given)
    panel = distinct_rows(first, ["file", "round"])[0]
    totals = np.zeros((panel.max(initial=0) + 1, 17))
    np.add.at(totals, panel, counts)
    others = (totals[panel] - counts) / np.maximum(np.bincount(panel)[panel] - 1, 1)[:, None]
    further = np.roll(counts, 1, axis=1)
    often = counts >= FAR_MORE * np.maximum.reduce([others, counts[:, ::-1], further])
    often &= counts >= RUN
    one_column = first["at_favours"].astype(str) == first["at_intensity"].astype(str)
    often &= one_column.to_numpy()[:, None] & np.isin(np.arange(17), [3, 5, 7])
    return [
        f"{first['file'].iloc[who]}: {place - 8} {counts[who, place]} times in row"
        f" {first['row'].iloc[who]}; {LEAVE_EMPTY}."
        for who, place in np.argwhere(often)
    ]


def _one_sided(given: pd.DataFrame) -> list[str]:
    sided = given.loc[given["favours"] != "equal", ["file", "favours"]]
    sides = sided.groupby("file", sort=False)["favours"]
    return [
        f"{file}: all {len(favours)} answers that are not equal favour the {favours.iloc[0]} side;"
        " was a sign, or a column of sides, lost?"
        for file, favours in sides
        if len(favours) >= MANY and favours.nunique() == 1
    ]


def _short_scale(given: pd.DataFrame) -> list[str]:
    """Strengths that end at 5 or before, where many are the last: a form with few of its own."""
    notes = []
    for file in given["file"].unique():
        times = given.loc[given["file"] == file, "intensity"].value_counts()
        times = times[(times > 0) & (times.index != "1")]
        most = max(times.index, default="9")
        if times.sum() >= MANY and most in "345" and times[most] >= LAST * times.sum():
            notes.append(
                f"{file}: of {times.sum()} strengths from 2 to 9 none is more than {most}, and"
                f" {times[most]} are {most}; if the form had a scale of its own, write Saaty's"
                " numbers."
            )
    return notes


def _twins(given: pd.DataFrame) -> list[str]:
    """Two experts of a round who give the same answers throughout."""
    who, first = distinct_rows(given, ["file", "round", "expert"])
    answer, kinds = distinct_rows(given, [*QUESTION, "favours", "intensity"])
    # equal sums of numbers drawn for each answer: equal answers, whatever their order
    drawn = np.random.default_rng(0).integers(2**63, size=len(kinds), dtype=np.uint64)
    sums = np.zeros(len(first), dtype=np.uint64)
    np.add.at(sums, who, drawn[answer])
    sided = np.bincount(who, (given["favours"] != "equal").to_numpy(), minlength=len(first))
    rows = given.iloc[first][["file", "round", "row"]].assign(answers=sums)[sided >= MANY]
    alike = rows[rows.duplicated(["file", "round", "answers"], keep=False)]
    by = alike.astype({"file": "str", "round": "str"}).groupby(["file", "round", "answers"])
    return [
        f"{file}: {rows_named(same['row'])} give the same answers throughout; was one expert read"
        " under two codes?"
        for (file, *_), same in by
    ]


def _between_rounds(given: pd.DataFrame) -> list[str]:
    """A round in which nobody changed anything, or experts changed sides almost everywhere."""
    rounds, notes = sorted(given["round"].unique()), []
    if len(rounds) < 2:
        return []
    keys = question_keys(given)
    left = keys["a"].cat.categories.get_indexer(pd.Index(given["left"]))
    signed = _signed(given)
    value = np.where(left == keys["a"].cat.codes, signed, -signed)
    keys = keys.assign(value=value, file=given["file"], row=given["row"])
    for before, after in pairwise(rounds):
        first, second = (keys[keys["round"] == number] for number in (before, after))
        both = first.merge(second, on=["expert", "context", "a", "b"])
        if len(both) >= MANY and (both["value_x"] == both["value_y"]).all():
            notes.append(
                f"Round {after} repeats all {len(both)} judgements of round {before}: is it the"
                " right file?"
            )
        sides = both[both["value_x"] * both["value_y"] != 0]
        sides = sides.assign(other=sides["value_x"] * sides["value_y"] < 0)
        each = sides.groupby("expert", observed=True).agg(
            n=("other", "size"), other=("other", "mean"), row=("row_y", "first")
        )
        each = each[(each["n"] >= RUN) & (each["other"] >= TURNED)]
        if len(each):
            notes.append(
                f"{both['file_y'].iloc[0]}: {rows_named(sorted(each['row']))} favour the other side"
                f" than in round {before} in {TURNED:.0%} of the questions or more; were left and"
                " right, or a sign, exchanged between the rounds?"
            )
    return notes


def zeros_lost(raw: pd.DataFrame) -> tuple[list[Problem], list[str], set[str]]:
    """Codes such as 001 and 1: in two rounds a problem, in one a sentence; and the former codes.

    Examples
    --------
    >>> raw = pd.DataFrame({"expert": ["001", "1"], "round": ["1", "2"], "row": [2, 2],
    ...     "file": ["a.csv", "b.csv"], "at_expert": "expert"})
    >>> zeros_lost(raw)[0][0].found
    "'1' in round 2, '001' in round 1"
    """
    experts = raw.iloc[distinct_rows(raw, ["round", "expert"])[1]]
    experts = experts.astype({"expert": "str", "round": "str"})
    bare = experts["expert"].map(lambda code: re.sub(r"(?<!\d)0+(?=\d)", "", whole(code)))
    experts = experts[experts.groupby(bare)["expert"].transform("nunique") > 1]
    problems, notes, told = [], [], set()
    accepted = (
        "one spelling of a code in all rounds: spreadsheet programs take leading zeros off, unless"
        " the cells are formatted as text"
    )
    for _, alike in experts.groupby(bare, sort=False):
        first, other = alike.iloc[0], alike[alike["expert"] != alike["expert"].iloc[0]].iloc[0]
        if alike["round"].duplicated().any():
            codes = " and ".join(map(shown, alike["expert"].unique()))
            apart = "are read as different experts; if they are one, spell them alike"
            notes.append(f"{first['file']}: {codes} {apart}.")
            continue
        told |= set(alike["expert"])
        found = (
            f"{shown(other['expert'])} in round {other['round']},"
            f" {shown(first['expert'])} in round {first['round']}"
        )
        problems.append(Problem(other["file"], other["row"], other["at_expert"], found, accepted))
    return problems, notes, told
