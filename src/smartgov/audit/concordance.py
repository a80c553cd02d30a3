"""Concordance: which panel sizes agree with printed figures among W, chi2, df, p, m and n.

The figures are tied by chi2 = m (n - 1) W and df = n - 1 (Friedman, 1937; Kendall and Babington
Smith, 1939), and p is a decreasing function of W.  Both ends of W's rounding interval are carried
through (interval arithmetic), so a size is excluded when the intervals miss each other: a proof,
whatever the panel's answers and ties were, as long as W, chi2 and p were computed from the same
W, corrected for ties or not.

What p may be is a matter of the method, so it is named:

``chi2``
    the upper tail of chi-square with n - 1 degrees of freedom, what SPSS, PSPP and most others
    print as the asymptotic significance;
``F``
    the upper tail of F = (m - 1) W / (1 - W) with either of its usual degrees of freedom
    (:func:`smartgov.audit.p_values.f_p`);
``exact``
    the permutation p of a panel so small that it is customary: listed in full for two and three
    items, otherwise anything between the bounds of :func:`permutation_bounds`;
``permutation``
    the permutation p of a panel of any size, exact or by Monte Carlo, between those bounds and a
    margin; almost nothing but gross errors is excluded then.

The last digit of a Monte-Carlo p is chance.  Only ``permutation`` allows for it, except that a
power of ten from 0.001 down is let pass under ``exact`` as the smallest p its draws can give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from smartgov.audit import screening
from smartgov.audit.p_values import chi2_p_interval
from smartgov.audit.printed import Interval, Printed
from smartgov.audit.screening import ends_of, p_meets, screen

UNIT = Interval(Fraction(0), Fraction(1))
"""Where every W lies."""


@dataclass(frozen=True)
class ConcordanceRow:
    """What a table prints of one test of concordance; ``None`` where it prints nothing.

    Attributes
    ----------
    W, chi2, p : Printed, optional
    df, m, n : int, optional
        Degrees of freedom, raters, items.
    """

    W: Printed | None = None
    chi2: Printed | None = None
    p: Printed | None = None
    df: int | None = None
    m: int | None = None
    n: int | None = None


def w_interval(row: ConcordanceRow, m: int, n: int, rule: str = "either") -> Interval:
    """The W that both the printed W and the printed chi2 allow for a panel of this size.

    Returns
    -------
    Interval
        Within 0 and 1; empty (false) where they exclude each other.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = ConcordanceRow(W=parse_printed("0.50"), chi2=parse_printed("13.2"))
    >>> w_interval(row, 13, 3).low == Fraction(1315, 100) / 26
    True
    >>> bool(w_interval(row, 12, 3))
    False
    """
    w = UNIT
    if row.W is not None:
        w &= row.W.interval(rule)
    if row.chi2 is not None:
        w &= row.chi2.interval(rule) * Fraction(1, m * (n - 1))
    return w


def p_interval(w: Interval, m: int, n: int) -> Interval:
    """The chi-square p-values of every W in an interval, right to forty decimals."""
    return chi2_p_interval(w * (m * (n - 1)), n - 1)


def misfit(
    row: ConcordanceRow,
    m: int,
    n: int,
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2",),
    within: Interval = UNIT,
) -> str | None:
    """The first figure that a panel of `m` raters and `n` items cannot print with those before it.

    W and chi2 are decided exactly, and so is a chi-square p; F, exact and permutation p-values
    are floats or bounds, and count as fitting within
    :data:`smartgov.audit.printed.FLOAT_GUARD` of a rounding boundary.

    Parameters
    ----------
    row : ConcordanceRow
    m, n : int
        At least 2 each.
    rule : str
        Rounding rule, see :data:`smartgov.audit.printed.RULES`.
    p_methods : sequence of str
        What the printed p may be, of :data:`smartgov.audit.screening.P_METHODS`; one that fits
        is enough.
    within : Interval
        What else is known of W, from mean ranks say.

    Returns
    -------
    str or None
        ``m``, ``n``, ``df``, ``W``, ``chi2`` or ``p``, tried in this order, or ``None`` when the
        intervals meet.

    Raises
    ------
    ValueError
        For an unknown method or rounding rule, or sizes below 2.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = ConcordanceRow(W=parse_printed("0.125"), p=parse_printed("0.124"))
    >>> misfit(row, 13, 8), misfit(row, 13, 7)
    (None, 'p')
    """
    if m < 2 or n < 2:
        raise ValueError(f"found m = {m}, n = {n}; W needs at least 2 raters and 2 items.")
    if (size := _named_misfit(row, m, n, screening.FITS)) is not None:
        return size
    if not within & w_interval(replace(row, chi2=None), m, n, rule):
        return "W"
    w = within & w_interval(row, m, n, rule)
    if not w:
        return "chi2"
    if row.p is None or any(_p_fits(row.p, w, m, n, rule, method) for method in p_methods):
        return None
    return "p"


def misfits(
    rows: Sequence[ConcordanceRow],
    m: Sequence[int],
    n: Sequence[int],
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2",),
) -> list[str | None]:
    """The same as :func:`misfit` for many rows, each at its own size."""
    ends = ends_of([r.W for r in rows], [r.chi2 for r in rows], [r.p for r in rows], rule)
    codes = screen(ends, np.asarray(m), np.asarray(n), p_methods)
    return [
        _named_misfit(row, m_k, n_k, code)
        or (misfit(row, m_k, n_k, rule, p_methods) if code == screening.UNDECIDED else None)
        for row, m_k, n_k, code in zip(rows, m, n, codes.tolist(), strict=True)
    ]


def _named_misfit(row: ConcordanceRow, m: int, n: int, code: int) -> str | None:
    for name, printed, actual in (("m", row.m, m), ("n", row.n, n), ("df", row.df, n - 1)):
        if printed is not None and printed != actual:
            return name
    return {screening.W: "W", screening.CHI2: "chi2", screening.P: "p"}.get(code)


def _p_fits(p: Printed, w: Interval, m: int, n: int, rule: str, method: str) -> bool:
    ends = ends_of([None], [None], [p], rule)
    low, high = (np.array([float(end)]) for end in (w.low, w.high))
    at = (np.array([m]), np.array([n]))
    if not p_meets(ends, low, high, *at, method)[0]:
        return False
    if method != "chi2" or p_meets(ends, low, high, *at, method, -screening.FLOAT_GUARD)[0]:
        return True
    return bool(p_interval(w, m, n) & p.interval(rule))


@dataclass(frozen=True)
class Sizes:
    """All pairs of sizes, within the bounds tried, that agree with a row.

    Attributes
    ----------
    pairs : tuple of (int, int)
        Raters and items.
    misfits : dict of (int, int) to str
        For every other pair the figure that excludes it, see :func:`misfit`.
    """

    pairs: tuple[tuple[int, int], ...]
    misfits: dict[tuple[int, int], str]


def feasible_sizes_from_row(
    row: ConcordanceRow,
    m_sizes: Sequence[int],
    n_sizes: Sequence[int],
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2",),
) -> Sizes:
    """Every pair of `m_sizes` and `n_sizes` that could have printed a row.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = ConcordanceRow(W=parse_printed("0.125"), p=parse_printed("0.124"), df=7)
    >>> feasible_sizes_from_row(row, range(2, 31), range(2, 20)).pairs
    ((13, 8),)
    """
    pairs = [(m, n) for n in n_sizes for m in m_sizes]
    failing = misfits([row] * len(pairs), *zip(*pairs, strict=True), rule, p_methods)
    judged = dict(zip(pairs, failing, strict=True))
    return Sizes(
        tuple(sorted(pair for pair, name in judged.items() if name is None)),
        {pair: name for pair, name in judged.items() if name is not None},
    )


@dataclass(frozen=True)
class TableSizes:
    """The panel size that a table as a whole implies.

    Attributes
    ----------
    support : dict of int to int
        For each number of raters tried, how many cells fit it when every group of cells takes
        the number of items that fits most of its cells.
    m : int or None
        The number of raters with most support, if it is alone in that.
    items : dict of str to tuple of int
        For each group the numbers of items that fit most of its cells at `m`; more than one is
        a draw, none means that not a single cell fits.
    fitting, misfitting : tuple of (str, str)
        Group and cell of all cells that fit `m` with the first of the group's numbers of items,
        and of all that do not.
    """

    support: dict[int, int]
    m: int | None
    items: dict[str, tuple[int, ...]]
    fitting: tuple[tuple[str, str], ...]
    misfitting: tuple[tuple[str, str], ...]


def implied_table_size(
    groups: Mapping[str, Mapping[str, ConcordanceRow]],
    m_sizes: Sequence[int],
    n_sizes: Sequence[int],
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2",),
) -> TableSizes:
    """The one number of raters that fits most cells of a table, and what does not fit it.

    Parameters
    ----------
    groups : mapping of str to mapping of str to ConcordanceRow
        Cells that share their items (the row of a table, say), named.
    m_sizes, n_sizes : sequence of int
        Sizes tried.
    rule, p_methods
        See :func:`misfit`.

    Notes
    -----
    That a cell fits no number of items at the implied `m` is a proof over `n_sizes`; that the
    panel had `m` raters is an inference from how many cells say so.
    """
    fits = {
        group: {
            name: _fit_table(cell, m_sizes, n_sizes, rule, p_methods)
            for name, cell in cells.items()
        }
        for group, cells in groups.items()
    }
    counts = {
        group: sum(table.astype(int) for table in cells.values()) for group, cells in fits.items()
    }
    support = sum(count.max(axis=1) for count in counts.values())
    most = np.flatnonzero(support == support.max())
    chosen = int(most[0])
    items = {
        group: tuple(
            n for n, k in zip(n_sizes, count[chosen], strict=True) if k and k == count[chosen].max()
        )
        for group, count in counts.items()
    }
    at = {n: k for k, n in enumerate(n_sizes)}
    verdicts = {
        (group, name): bool(items[group]) and bool(table[chosen, at[items[group][0]]])
        for group, cells in fits.items()
        for name, table in cells.items()
    }
    return TableSizes(
        dict(zip(m_sizes, support.tolist(), strict=True)),
        m_sizes[chosen] if len(most) == 1 else None,
        items,
        tuple(place for place, fit in verdicts.items() if fit),
        tuple(place for place, fit in verdicts.items() if not fit),
    )


def _fit_table(
    row: ConcordanceRow,
    m_sizes: Sequence[int],
    n_sizes: Sequence[int],
    rule: str,
    p_methods: Sequence[str],
) -> np.ndarray:
    """Whether the row fits, shape (m_sizes, n_sizes)."""
    pairs = [(m, n) for m in m_sizes for n in n_sizes]
    failing = misfits([row] * len(pairs), *zip(*pairs, strict=True), rule, p_methods)
    fits = np.array([name is None for name in failing])
    return fits.reshape(len(m_sizes), len(n_sizes))
