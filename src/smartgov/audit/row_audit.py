"""A verdict for a row: can any panel have printed it?

What a verdict claims:

``contradicted``
    no panel prints the figures named in `against` together.  A proof, over the sizes named in the
    explanation where the row prints none, by whole-number or interval arithmetic or by listing
    all panels, as the explanation says.  W, chi2 and p are taken to come from the same W, and p to
    be of one of the methods allowed (:mod:`smartgov.audit.p_methods`).
``consistent``
    not excluded.  For few items and raters a panel that prints the row exists; otherwise only
    necessary conditions were tested.  Where p fits only as something else than the first method,
    the explanation says so.
``not_checkable``
    nothing printed ties the figures to one another, or only a panel larger than the bound could
    print them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from smartgov.audit.exact_p import is_customary
from smartgov.audit.fitting import feasible_m, may_be_larger, printable
from smartgov.audit.listing import is_listed
from smartgov.audit.p_methods import P_READINGS
from smartgov.audit.printed import Interval, as_float
from smartgov.audit.rank_bounds import can_sum
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_at import RowAt, another_m, minimal_conflicts, nearest_change
from smartgov.audit.slips import comes_to, explain

_POSSIBLE = {
    "W": (Interval(Fraction(0), Fraction(1)), "W lies between 0 and 1"),
    "chi2": (Interval(Fraction(0), None), "chi2 is not negative"),
    "p": (Interval(Fraction(0), Fraction(1)), "p lies between 0 and 1"),
}


@dataclass(frozen=True)
class RowVerdict:
    """What the audit says of one row.

    `feasible_m` are the numbers of raters that could print all figures but m, p being what the
    explanation says, for ``contradicted`` what the first of the methods says; `against` the
    smallest sets of figures that no panel prints together; `nearest` the smallest change found
    after which some panel prints the row.
    """

    verdict: str
    feasible_m: tuple[int, ...] = ()
    against: tuple[tuple[str, ...], ...] = ()
    nearest: dict[str, str] | None = None
    explanation: str = ""


def judge_row(row: Row, reading: Reading = Reading()) -> RowVerdict:
    """A verdict for one row.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = Row(m=13, n=7, W=parse_printed(".095"), p=parse_printed(".346"))
    >>> verdict = judge_row(row)
    >>> verdict.verdict, verdict.against, verdict.nearest
    ('contradicted', (('n', 'W', 'p'),), {'W': '.087'})
    """
    alone = impossible_alone(row, reading)
    if not alone and not is_checkable(row):
        return RowVerdict("not_checkable", explanation=_what_is_missing(row))
    first: tuple[int, ...] = ()
    for number in range(1, 1 if alone else len(reading.p) + 1):
        tried = replace(reading, p=reading.p[:number])
        # All sizes are listed only for rows that some method lets pass at all.
        if number > 1 and not printable(row, tried):
            continue
        sizes = feasible_m(row, tried)
        first = first or sizes
        if (row.m in sizes) if row.m is not None else sizes:
            return RowVerdict("consistent", sizes, explanation=_how_read(row, reading, number))
    if not alone and (unknown := _could_be_beyond(row, reading)):
        return RowVerdict("not_checkable", explanation=unknown)
    if row.chi2 and (other := row.chi2.with_thousands):
        found = judge_row(replace(row, chi2=other), reading)
        if found.verdict == "consistent":
            told = f"Fits only if chi2 {row.chi2.text} is {other.value}."
            return replace(found, explanation=f"{told} {found.explanation}".strip())
    at, one_n = _at_own_size(row, reading), len(set(row.items.values())) == 1
    conflicts = conflicts_of(row, alone, reading, at) if one_n else []
    against = alone + tuple(_with_sizes(row, kept, reading) for kept in conflicts)
    nearest = at.nearest if at else nearest_change(row, reading)
    other = another_m(row, reading)
    if other and (len(nearest.changed) != 1 or other.steps < nearest.steps):
        nearest = other
    words = _explanation(
        row, alone, list(zip(conflicts, against[len(alone) :], strict=True)), reading
    )
    return RowVerdict("contradicted", first, against, nearest.changed, words)


def is_checkable(row: Row) -> bool:
    """Whether the printed figures say anything about one another.

    Where all panels of the row's own size are listed, a single one says enough.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> is_checkable(Row(W=parse_printed("0.5"), p=parse_printed("0.01")))
    False
    """
    if len(row.items) > 1 or any(row.mean_ranks):
        return True
    sizes = (row.m is not None) + bool(row.items)
    enough = 1 if sizes == 2 and is_listed(row, row.m, row.n_items) else 2
    return sizes > 0 and len(row.figures) >= enough


def impossible_alone(row: Row, reading: Reading) -> tuple[tuple[str, ...], ...]:
    """Figures that are impossible whatever the panel's size: no size is needed for them."""
    found = [
        (name, other)
        for (name, n), (other, n_other) in combinations(row.items.items(), 2)
        if n != n_other
    ]
    for name, (possible, _) in _POSSIBLE.items():
        cell = row.figures.get(name)
        shown = cell is not None and cell.relation == "=" and cell.value in possible
        if cell is not None and not shown and not row.interval(name, reading) & possible:
            found.append((name,))
    ranks = row.rank_intervals(reading)
    if ranks and not (can_sum(ranks) and all(rank & _between_ranks(row) for rank in ranks)):
        found.append(("mean_ranks",))
    return tuple(found)


def _between_ranks(row: Row) -> Interval:
    return Interval(Fraction(1), Fraction(len(row.mean_ranks)))


def conflicts_of(
    row: Row, alone: tuple[tuple[str, ...], ...], reading: Reading, at: RowAt | None
) -> list[tuple[str, ...]]:
    """The smallest sets of figures that no panel of the row's size, or of any, prints.

    Mean ranks are taken one by one where panels are listed, else together; figures impossible
    by themselves are not tested again.
    """
    ranks = row.ranks
    parts = {name: [name] for name in row.figures if name not in ranks}
    parts |= {name: [name] for name in ranks} if at else {"mean_ranks": ranks} if ranks else {}
    usable = [name for name in parts if (name,) not in alone]

    def feasible(kept: frozenset[str]) -> bool:
        names = sum((parts[name] for name in kept), [])
        if at:
            return at.feasible(names)
        some = row.keep(names)
        return printable(some, reading) or (row.m is None and may_be_larger(some, reading))

    order = {name: k for k, name in enumerate(parts)}
    return [
        tuple(sorted(conflict, key=order.get))
        for conflict in minimal_conflicts(usable, feasible)
        if ("mean_ranks",) not in alone or conflict != set(ranks)
    ]


def _at_own_size(row: Row, reading: Reading) -> RowAt | None:
    """The row at its own size, where panels of that size are listed."""
    n = row.n_items
    if row.m is None or set(row.items.values()) != {n} or not is_listed(row, row.m, n):
        return None
    return RowAt(row, row.m, n, reading)


def _kept(row: Row, names: tuple[str, ...]) -> Row:
    return row.keep([*names, *(row.ranks if "mean_ranks" in names else [])])


def _with_sizes(row: Row, kept: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """A conflict with the sizes it needs: m only if other numbers of raters would do."""
    any_m = replace(_kept(row, kept), m=None)
    members = set(kept)
    if row.m is not None and (printable(any_m, reading) or may_be_larger(any_m, reading)):
        members.add("m")
    if row.items and not any(name.startswith("mean_ranks") for name in kept):
        members.add(next(iter(row.items)))
    order = ("m", "n", "W", "chi2", "df", "p", "mean_ranks")
    return tuple(name for name in order if name in members) + tuple(
        name for name in kept if name not in order
    )


def _could_be_beyond(row: Row, reading: Reading) -> str:
    """Why a row that no size tried prints is not contradicted, or nothing."""
    if not row.items:
        span = _span(reading.n_sizes)
        return f"No panel of {span} items prints the row; more might, so n decides."
    if row.m is None and may_be_larger(row, reading):
        span = _span(reading.m_sizes)
        return f"No panel of {span} raters prints the row; more might, so m decides."
    return ""


# In words -----------------------------------------------------------------------------------------


def _how_read(row: Row, reading: Reading, number: int) -> str:
    """How a consistent row was read."""
    texts = []
    if number > 1:
        read, usual = P_READINGS[reading.p[number - 1]], {}
        if row.m and row.items:
            usual = comes_to(row, row.m, row.n_items, reading)
        not_usual = f" (which would be {usual['p']})" if usual else ""
        texts.append(f"Fits only if p is {read}, not {P_READINGS[reading.p[0]]}{not_usual}.")
    places = {cell.decimals for cell in row.mean_ranks if cell}
    if len(places) > 1 and not printable(row, replace(reading, as_shown=False)):
        texts.append(f"Fits only if not all mean ranks were rounded to {max(places)} decimals.")
    return " ".join(texts)


def _what_is_missing(row: Row) -> str:
    if any((row.m, row.items)):
        return "Too little is printed: two of W, chi2 and p are needed, or the mean ranks."
    return "Too little is printed: m, n, df or mean ranks are needed to tie W, chi2 and p."


def _explanation(row: Row, alone, conflicts, reading: Reading) -> str:
    texts = [_alone_in_words(row, names, reading) for names in alone]
    texts += [_conflict_in_words(row, kept, named, reading) for kept, named in conflicts]
    if any({"W", "chi2", "p"} & set(kept) for kept, _ in conflicts) and row.m is not None:
        texts += _slip_in_words(row, reading)
    return " ".join(texts)


def _alone_in_words(row: Row, names: tuple[str, ...], reading: Reading) -> str:
    if len(names) == 2:
        told = {
            "n": f"n = {row.n}",
            "df": f"df = {row.df}",
            "mean_ranks": f"{len(row.mean_ranks)} mean ranks",
        }
        said = f"{told[names[0]]} and {told[names[1]]} disagree on the number of items."
        size = row.df + 1 if "df" in names and row.df else len(row.mean_ranks)
        exchanged = "n" in names and size == row.m
        return said + " m fits: are m, the raters, and n, the items, exchanged?" * exchanged
    if names == ("mean_ranks",):
        n, possible = len(row.mean_ranks), _between_ranks(row)
        for name in row.ranks:
            if not row.interval(name, reading) & possible:
                text = row.figures[name].text
                return f"Mean ranks of {n} items lie between 1 and {n}; {text} is printed."
        total = sum(cell.value for cell in row.mean_ranks)
        return (
            f"Mean ranks of {n} items add up to {n * (n + 1) // 2}; these add up to "
            f"{as_float(total):g}, which rounding does not explain."
        )
    return f"{_POSSIBLE[names[0]][1]}; {row.figures[names[0]].text} is printed."


def _conflict_in_words(row: Row, kept, named, reading: Reading) -> str:
    raters = f"{row.m}" if "m" in named else "any number of"
    listed = printable(_kept(row, kept), reading, listing=False)
    how = "listing all panels" if listed else "interval arithmetic"
    if all(name.startswith("mean_ranks") for name in kept) and not listed:
        how = "whole rank sums"
    p_read = f"; p read as {_methods_in_words(row, reading)}" if "p" in kept else ""
    first, *rest = (_figure_in_words(row, name) for name in kept)
    figures = " with ".join([first, " and ".join(rest)] if rest else [first])
    panel = f"No panel of {raters} raters and {row.n_items} items prints"
    return f"{panel} {figures} ({how}{p_read})."


def _methods_in_words(row: Row, reading: Reading) -> str:
    """What p was read as; for larger panels than exact p-values are customary for, not as those."""
    exact = row.m is None or bool(is_customary(row.m, row.n_items))
    tried = [P_READINGS[method] for method in reading.p if method != "exact" or exact]
    left_out = "" if exact or "exact" not in reading.p else ", exact p-values not tried"
    return f"{' or '.join(tried)}{left_out}"


def _figure_in_words(row: Row, name: str) -> str:
    if name == "mean_ranks":
        return "these mean ranks"
    cell = row.figures[name]
    shown = "the mean rank" if name.startswith("mean_ranks") else name
    words = cell.text if any(map(str.isdecimal, cell.text)) else f"{cell.text} (read as > .05)"
    return f"{shown} {words}"


def _slip_in_words(row: Row, reading: Reading) -> list[str]:
    m, n, texts = row.m, row.n_items, []
    gives = comes_to(row, m, n, reading)
    if gives and row.p is not None:
        source = "W and chi2 come" if row.W and row.chi2 else f"{'W' if row.W else 'chi2'} comes"
        texts.append(f"{source} to a chi-square p of {gives['p']}.")
    for candidate in explain(row, m, n, reading)[:1]:
        changed = "".join(f" ({name} = {text})" for name, text in candidate.changed.items())
        texts.append(f"It would fit if {candidate.sentence}{changed}.")
    return texts


def _span(sizes: range) -> str:
    return f"{sizes[0]} to {sizes[-1]}"
