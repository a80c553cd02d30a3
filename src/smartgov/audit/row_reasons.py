"""Why a row is contradicted: what cannot stand beside what, the nearest row, a likely slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np
from scipy import special

from smartgov.audit.concordance import w_interval
from smartgov.audit.explanations import comes_to, explain
from smartgov.audit.mean_ranks import PrintedRow, RowAtSize
from smartgov.audit.p_values import chi2_p
from smartgov.audit.printed import Interval, parse_printed
from smartgov.audit.rank_bounds import can_sum
from smartgov.audit.row_fit import (
    ANY_LARGE_M,
    Limits,
    TableRow,
    feasible_n,
    may_be_larger,
    printable,
    rank_intervals,
)
from smartgov.audit.states import ENUMERABLE

P_READINGS = {
    "chi2": "a chi-square p",
    "F": "an F p",
    "exact": "an exact p",
    "permutation": "a Monte-Carlo p",
}
TESTED = ("W", "chi2", "p", "mean_ranks")

_FARTHEST_SIZE = 3
"""Farther from what is printed, another number of raters or items is no small change."""

_POSSIBLE = {
    "W": Interval(Fraction(0), Fraction(1)),
    "chi2": Interval(Fraction(0), None),
    "p": Interval(Fraction(0), Fraction(1)),
}


def conflicts_without_panels(row: TableRow, rule: str) -> tuple[tuple[str, ...], ...]:
    """Figures that are impossible whatever the panel's size: no trial is needed for them."""
    conflicts = [
        (name, other)
        for (name, n), (other, n_other) in combinations(row.items.items(), 2)
        if n != n_other
    ]
    for name, possible in _POSSIBLE.items():
        cell = getattr(row, name)
        if cell is None or (cell.relation == "=" and cell.value in possible):
            continue
        if not cell.interval(rule) & possible:
            conflicts.append((name,))
    if row.mean_ranks and not can_sum(rank_intervals(row, rule)):
        conflicts.append(("mean_ranks",))
    return tuple(conflicts)


@dataclass(frozen=True)
class Reason:
    """Why a row is contradicted.

    Attributes
    ----------
    against : tuple of tuple of str
        Sets of figures that cannot stand together.
    nearest : dict of str to str
        The smallest change found that mends the row; empty if none was found.
    explanation : str
    """

    against: tuple[tuple[str, ...], ...]
    nearest: dict[str, str]
    explanation: str


def reasons(
    rows: Sequence[TableRow], feasible: Sequence[tuple[int, ...]], limits: Limits
) -> list[Reason]:
    """Reasons for rows that are contradicted.

    Parameters
    ----------
    rows : sequence of TableRow
    feasible : sequence of tuple of int
        For each row the numbers of raters that could print all figures but m.
    limits : Limits
    """
    alone = [conflicts_without_panels(row, limits.rule) for row in rows]
    with_panels = conflicts_with_panels(rows, alone, limits)
    nearest = nearest_changes(rows, feasible, limits)
    return [
        Reason(
            known + tuple(named for _, named, _ in found),
            change,
            _explanation(row, known, found, limits),
        )
        for row, known, found, change in zip(rows, alone, with_panels, nearest, strict=True)
    ]


# What cannot stand together -------------------------------------------------------------------

Conflict = tuple[tuple[str, ...], tuple[str, ...], bool]
"""The tested figures, the same with the sizes they need, and whether panels had to be listed."""


def conflicts_with_panels(
    rows: Sequence[TableRow], alone: Sequence[tuple[tuple[str, ...], ...]], limits: Limits
) -> list[list[Conflict]]:
    """The smallest sets of W, chi2, p and mean ranks that no panel of a row's size prints.

    Rows whose sizes already exclude one another are left out; figures impossible by themselves
    are not tested again.
    """
    found: list[list[tuple[str, ...]]] = [[] for _ in rows]
    usable = [
        [name for name in TESTED if getattr(row, name) and (name,) not in known]
        if len(set(row.items.values())) <= 1
        else []
        for row, known in zip(rows, alone, strict=True)
    ]
    for size in range(1, len(TESTED) + 1):
        for kept in combinations(TESTED, size):
            asked = [
                k
                for k in range(len(rows))
                if set(kept) <= set(usable[k]) and not any(set(c) <= set(kept) for c in found[k])
            ]
            fit = printable([_only(rows[k], kept) for k in asked], limits)
            for k, fits in zip(asked, fit, strict=True):
                if not fits:
                    found[k].append(kept)
    return _named(rows, found, limits)


def _only(row: TableRow, kept: Sequence[str]) -> TableRow:
    """The row with its sizes and the figures `kept`."""
    left = {name: getattr(row, name) for name in TESTED if name in kept}
    return TableRow(row.id, row.m, row.n_told, **left)


def _named(
    rows: Sequence[TableRow], found: Sequence[Sequence[tuple[str, ...]]], limits: Limits
) -> list[list[Conflict]]:
    """The conflicts with the sizes they need: m only if other numbers of raters would do."""
    places = [(k, kept) for k, sets in enumerate(found) for kept in sets]
    own_m = [_only(rows[k], kept) for k, kept in places]
    any_m = [replace(row, m=None) for row in own_m]
    others_do = printable(any_m, replace(limits, p_methods=limits.p_methods[:1]))
    unclear = np.flatnonzero(~others_do)
    rest = [any_m[k] for k in unclear]
    others_do[unclear] = printable(rest, limits) | may_be_larger(rest, limits)
    listed = printable(own_m, limits, listing=False)
    named: list[list[Conflict]] = [[] for _ in rows]
    for (k, kept), needs_m, with_list in zip(places, others_do, listed, strict=True):
        row, members = rows[k], set(kept)
        if needs_m and row.m is not None:
            members.add("m")
        if "mean_ranks" not in kept and row.items:
            members.add(next(iter(row.items)))
        ordered = tuple(name for name in row.figures if name in members)
        named[k].append((kept, ordered, bool(with_list)))
    return named


# The nearest row ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """A row with figures replaced, and by how many units of the last place."""

    row: TableRow
    changed: dict[str, str]
    steps: Fraction


def nearest_changes(
    rows: Sequence[TableRow], feasible: Sequence[tuple[int, ...]], limits: Limits
) -> list[dict[str, str]]:
    """For each row the change of fewest figures, then fewest last places, that mends it.

    Equally small changes are taken in the order p, chi2, W, mean ranks, df, n, m.

    Where panels can be listed together with mean ranks it is the nearest row any panel of the
    row's own size prints.  Elsewhere single figures are tried, then pairs of W, chi2 and p; each
    is moved just as far as the other figures ask, and what is reported has passed the same gates
    as any other row.
    """
    changes: list[dict[str, str] | None] = [_nearest_listed(row, limits) for row in rows]
    for proposals in (_single_changes, _double_changes):
        left = [k for k, change in enumerate(changes) if change is None]
        items = feasible_n([rows[k] for k in left], limits)
        tried = [
            (k, change)
            for k, n_sizes in zip(left, items, strict=True)
            for change in proposals(rows[k], feasible[k], n_sizes, limits)
            if not conflicts_without_panels(change.row, limits.rule)
        ]
        fit = printable([change.row for _, change in tried], limits)
        mended = [pair for pair, fits in zip(tried, fit, strict=True) if fits]
        for k, change in sorted(mended, key=lambda pair: pair[1].steps):
            changes[k] = changes[k] or change.changed
    return [change or {} for change in changes]


def _nearest_listed(row: TableRow, limits: Limits) -> dict[str, str] | None:
    n = len(row.mean_ranks)
    if row.m is None or row.m > min(ENUMERABLE.get(n, 0), 40) or set(row.items.values()) != {n}:
        return None
    names = [f"mean_ranks[{k + 1}]" for k in range(n)]
    places = max(cell.decimals for cell in row.mean_ranks)
    printed = PrintedRow(
        dict(zip(names, row.mean_ranks, strict=True)),
        row.W,
        row.chi2,
        row.p,
        dict.fromkeys(names, places),
    )
    return RowAtSize(printed, row.m, limits.rule).nearest().changed


def _single_changes(
    row: TableRow, m_sizes: Sequence[int], n_sizes: Sequence[int], limits: Limits
) -> Iterator[_Change]:
    if len(set(row.items.values())) == 1 and _raters(row) is not None:
        for name in ("p", "chi2", "W"):
            if getattr(row, name) is not None:
                yield from _moved(row, name, limits)
    yield from _changed_ranks(row, limits)
    yield from _changed_items(row, n_sizes)
    m = min(m_sizes, key=lambda size: abs(size - (row.m or 0)), default=None)
    if row.m is not None and m is not None and abs(m - row.m) <= _FARTHEST_SIZE:
        yield _Change(replace(row, m=m), {"m": str(m)}, Fraction(abs(m - row.m)))


def _double_changes(
    row: TableRow, m_sizes: Sequence[int], n_sizes: Sequence[int], limits: Limits
) -> Iterator[_Change]:
    printed = [name for name in ("W", "chi2", "p") if getattr(row, name) is not None]
    if len(set(row.items.values())) != 1 or _raters(row) is None:
        return
    for first, second in combinations(printed, 2):
        for moved in _moved(replace(row, **{first: None}), second, limits):
            rest = replace(moved.row, **{first: getattr(row, first)})
            for again in _moved(rest, first, limits):
                changed = {**moved.changed, **again.changed}
                yield _Change(again.row, changed, moved.steps + again.steps)


def _moved(row: TableRow, name: str, limits: Limits) -> Iterator[_Change]:
    """W, chi2 or p moved to what the others ask, and one last place to either side."""
    cell = getattr(row, name)
    low, high = _asked_for(row, name, limits)
    if not low <= high:
        return
    target = Fraction(min(max(float(cell.value), low), high))
    unit = Fraction(10) ** -cell.decimals
    for value in (target, target - unit, target + unit):
        new = parse_printed(cell.restyle(max(value, Fraction(0))))
        steps = abs(new.value - cell.value) / unit
        if steps:
            yield _Change(replace(row, **{name: new}), {name: new.text}, steps)


def _raters(row: TableRow) -> int | None:
    """The number of raters, any large one where it plays no part."""
    return row.m or (ANY_LARGE_M if row.W is None and not row.mean_ranks else None)


def _asked_for(row: TableRow, name: str, limits: Limits) -> tuple[float, float]:
    """Between what W, chi2 or p should lie according to the others, as floats."""
    m, n = _raters(row), row.n_told
    scale = m * (n - 1)
    rest = replace(row, **{name: None})
    w = w_interval(rest.concordance, m, n, limits.rule)
    low, high = float(w.low), float(w.high)
    if rest.p is not None:
        p_low, p_high = rest.p.interval(limits.rule).floats()
        low = max(low, special.chdtri(n - 1, min(p_high, 1.0)) / scale if p_high > 0 else 1.0)
        high = min(high, special.chdtri(n - 1, p_low) / scale if p_low > 0 else 1.0)
    if name == "p":
        return float(chi2_p(scale * high, n - 1)), float(chi2_p(scale * low, n - 1))
    return (low, high) if name == "W" else (low * scale, high * scale)


def _changed_items(row: TableRow, n_sizes: Sequence[int]) -> Iterator[_Change]:
    """n or df changed: to what the others say, or to the nearest that W, chi2 and p allow."""
    for name, told in reversed(row.items.items()):
        others = {n for other, n in row.items.items() if other != name}
        if name != "mean_ranks" and len(others) <= 1 and (others or n_sizes):
            n = min(others or n_sizes, key=lambda size: abs(size - told))
            if not others and abs(n - told) > _FARTHEST_SIZE:
                continue
            value = n if name == "n" else n - 1
            yield _Change(
                replace(row, **{name: value}), {name: str(value)}, Fraction(abs(n - told))
            )


def _changed_ranks(row: TableRow, limits: Limits) -> Iterator[_Change]:
    """One mean rank moved to what the others leave for it."""
    intervals = rank_intervals(row, limits.rule) if row.mean_ranks else []
    n = len(intervals)
    for k, cell in enumerate(row.mean_ranks):
        others = sum(
            (interval for j, interval in enumerate(intervals) if j != k),
            Interval(Fraction(0), Fraction(0)),
        )
        if others.low is None or others.high is None:
            continue
        total = Fraction(n * (n + 1), 2)
        value = min(max(cell.value, total - others.high), total - others.low)
        unit = Fraction(10) ** -cell.decimals
        nearby = (value, value - unit, value + unit, *_rank_sums_near(value, row.m))
        for near in dict.fromkeys(nearby):
            new = parse_printed(cell.restyle(max(near, Fraction(0))))
            ranks = (*row.mean_ranks[:k], new, *row.mean_ranks[k + 1 :])
            if new.value != cell.value:
                yield _Change(
                    replace(row, mean_ranks=ranks),
                    {f"mean_ranks[{k + 1}]": new.text},
                    abs(new.value - cell.value) / unit,
                )


def _rank_sums_near(mean_rank: Fraction, m: int | None) -> list[Fraction]:
    """The mean ranks next to one given that `m` raters can have: multiples of 1/(2m)."""
    if m is None:
        return []
    halves = int(mean_rank * 2 * m)
    return [Fraction(halves + step, 2 * m) for step in (-1, 0, 1, 2)]


# In words -------------------------------------------------------------------------------------


def _explanation(
    row: TableRow, alone: Sequence[tuple[str, ...]], found: Sequence[Conflict], limits: Limits
) -> str:
    texts = [_alone_in_words(row, names) for names in alone]
    texts += [_conflict_in_words(row, conflict, limits) for conflict in found]
    if any({"W", "chi2", "p"} & set(kept) for kept, _, _ in found) and row.m is not None:
        texts += _slip_in_words(row, limits)
    return " ".join(texts)


def _alone_in_words(row: TableRow, names: tuple[str, ...]) -> str:
    if len(names) == 2:
        told = {
            "n": f"n = {row.n}",
            "df": f"df = {row.df}",
            "mean_ranks": f"{len(row.mean_ranks)} mean ranks",
        }
        return f"{told[names[0]]} and {told[names[1]]} disagree on the number of items."
    if names == ("mean_ranks",):
        n, total = len(row.mean_ranks), sum(cell.value for cell in row.mean_ranks)
        return (
            f"Mean ranks of {n} items add up to {n * (n + 1) // 2}; these add up to "
            f"{float(total):g}, which rounding does not explain."
        )
    bounds = {
        "W": "W lies between 0 and 1",
        "p": "p lies between 0 and 1",
        "chi2": "chi2 is not negative",
    }
    return f"{bounds[names[0]]}; {getattr(row, names[0]).text} is printed."


def _conflict_in_words(row: TableRow, conflict: Conflict, limits: Limits) -> str:
    kept, named, listed = conflict
    raters = f"{row.m}" if "m" in named else "any number of"
    panel = f"No panel of {raters} raters and {row.n_told} items prints"
    figures = " with ".join(
        "these mean ranks" if name == "mean_ranks" else f"{name} {getattr(row, name).text}"
        for name in kept
    )
    how = "listing all panels" if listed else "interval arithmetic"
    if kept == ("mean_ranks",) and not listed:
        how = "whole rank sums"
    methods = [P_READINGS[method] for method in limits.p_methods]
    p_read = f"; p read as {' or '.join(methods)}" if "p" in kept else ""
    return f"{panel} {figures} ({how}{p_read})."


def _slip_in_words(row: TableRow, limits: Limits) -> list[str]:
    m, n = row.m, row.n_told
    gives = comes_to(row.concordance, m, n, limits.rule)
    texts = []
    if gives and row.p is not None:
        source = "W and chi2 come" if row.W and row.chi2 else f"{'W' if row.W else 'chi2'} comes"
        texts.append(f"{source} to a chi-square p of {gives['p']}.")
    for candidate in explain(row.concordance, m, n, limits.rule, untied=False)[:1]:
        changed = "".join(f" ({name} = {text})" for name, text in candidate.changed.items())
        texts.append(f"It would fit if {candidate.sentence}{changed}.")
    return texts
