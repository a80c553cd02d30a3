"""Which panel sizes print a row of W, chi2, df, p and mean ranks: many rows at a time.

A trial is a row with numbers of raters and items.  It passes through four gates, each of which
only turns away what no panel prints: the sizes must agree (whole numbers), whole rank sums must
print the mean ranks (:mod:`~smartgov.audit.rank_bounds`), the intervals of W, chi2 and p must
meet (:mod:`~smartgov.audit.screening`), and where panels can be listed one of them must print
the row (:mod:`~smartgov.audit.mean_ranks`).  W, chi2 and p may all be corrected for ties or all
be uncorrected.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from smartgov.audit.concordance import ConcordanceRow, misfit
from smartgov.audit.exact_p import LISTED
from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed
from smartgov.audit.rank_bounds import RankBounds, can_sum, rank_bounds
from smartgov.audit.screening import (
    FITS,
    UNDECIDED,
    Ends,
    ends_of,
    may_be_exact,
    p_meets,
    p_ranges,
    screen,
    widened,
)
from smartgov.audit.states import ENUMERABLE, reachable, reachable_squares

LISTED_ALONE = {2: 60, 3: 15, 4: 6, 5: 2}
"""Panels listed for rows without mean ranks; beyond, their W lie closer than tables print."""

_MOST_COMBINATIONS = 4096
ANY_LARGE_M = 10**9
"""Stands for the number of raters where it plays no part."""


@dataclass(frozen=True)
class TableRow:
    """One row of a table, read; ``None`` where nothing is printed.

    Attributes
    ----------
    id : str
    m, n, df : int, optional
    W, chi2, p : Printed, optional
    mean_ranks : tuple of Printed
        Of all items, or empty.
    """

    id: str = ""
    m: int | None = None
    n: int | None = None
    df: int | None = None
    W: Printed | None = None
    chi2: Printed | None = None
    p: Printed | None = None
    mean_ranks: tuple[Printed, ...] = ()

    @cached_property
    def items(self) -> dict[str, int]:
        """What each figure that tells the number of items says it is."""
        told = {
            "n": self.n,
            "df": None if self.df is None else self.df + 1,
            "mean_ranks": len(self.mean_ranks) or None,
        }
        return {name: n for name, n in told.items() if n is not None}

    @property
    def n_told(self) -> int | None:
        """The number of items, from the first figure that tells it."""
        return next(iter(self.items.values()), None)

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of all figures printed."""
        names = ("m", "n", "W", "chi2", "df", "p", "mean_ranks")
        return tuple(name for name in names if getattr(self, name) not in (None, ()))

    @cached_property
    def concordance(self) -> ConcordanceRow:
        """The row without its sizes and mean ranks."""
        return ConcordanceRow(self.W, self.chi2, self.p)


@dataclass(frozen=True)
class Limits:
    """What panels may have been, where the row does not say, and how they were printed.

    Attributes
    ----------
    m_sizes, n_sizes : range
        Raters and items tried where the row prints none.
    rule : str
        Rounding rule.
    p_methods : tuple of str
        What p may be, tried in this order.
    """

    m_sizes: range = range(2, 101)
    n_sizes: range = range(2, 51)
    rule: str = "either"
    p_methods: tuple[str, ...] = ("chi2", "F", "exact")


@dataclass(frozen=True, eq=False)
class Trials:
    """Rows with sizes to try, as parallel arrays; trials of one row stand together.

    Attributes
    ----------
    row, m, n : ndarray of int, shape (trials,)
        Index of the row, raters, items.
    """

    row: np.ndarray
    m: np.ndarray
    n: np.ndarray

    def __len__(self) -> int:
        return len(self.row)


def trials_of(sizes: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Trials:
    """All pairs of raters and items to try for each row, given as two lists a row."""
    rows, m, n = [], [], []
    for k, (m_sizes, n_sizes) in enumerate(sizes):
        rows.append(np.full(len(m_sizes) * len(n_sizes), k))
        m.append(np.repeat(np.asarray(m_sizes, dtype=np.int64), len(n_sizes)))
        n.append(np.tile(np.asarray(n_sizes, dtype=np.int64), len(m_sizes)))
    none = [np.zeros(0, dtype=np.int64)]
    return Trials(*(np.concatenate(parts or none) for parts in (rows, m, n)))


def fits(
    rows: Sequence[TableRow],
    trials: Trials,
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2",),
    listing: bool = True,
    as_shown: bool = True,
) -> np.ndarray:
    """Which trials no gate turns away.

    Parameters
    ----------
    rows : sequence of TableRow
        A printed `m` is not compared with the trial's; everything else is.
    trials : Trials
    rule, p_methods
        See :func:`smartgov.audit.concordance.misfit`.
    listing : bool
        Whether to pass the last gate too.
    as_shown : bool
        Whether a mean rank with fewer decimals than the others may have been rounded to those it
        shows; else its missing zeros are put back.

    Returns
    -------
    ndarray of bool, shape (trials,)
        False is a proof that no panel prints the row; True is one that some panel does only where
        panels are listed.
    """
    limits = _rank_limits(rows, trials, rule, as_shown)
    alive = _sizes_agree(rows, trials) & limits.possible
    kept = np.flatnonzero(alive)
    ends = ends_of([r.W for r in rows], [r.chi2 for r in rows], [r.p for r in rows], rule)
    low, high = limits.w_bounds(trials.m, trials.n)
    codes = screen(
        ends[trials.row[kept]], trials.m[kept], trials.n[kept], p_methods, low[kept], high[kept]
    )
    alive[kept] = codes == FITS
    for k in kept[codes == UNDECIDED]:
        row, m, n = rows[trials.row[k]], int(trials.m[k]), int(trials.n[k])
        within = limits.exact_w(k, m, n)
        alive[k] = misfit(row.concordance, m, n, rule, p_methods, within) is None
    if listing:
        most = np.select([trials.n == n for n in ENUMERABLE], list(ENUMERABLE.values()), 0)
        for k in np.flatnonzero(alive & (trials.m <= most)):
            alive[k] = _is_listed(rows[trials.row[k]], trials, k, limits, rule, p_methods, ends)
    return alive


def feasible_m(
    rows: Sequence[TableRow], limits: Limits, p_methods: Sequence[str]
) -> list[tuple[int, ...]]:
    """For each row the numbers of raters, its own and those within the limits, that print it."""
    trials = trials_of(
        [
            (sorted({*limits.m_sizes, *([row.m] if row.m else [])}), _n_sizes(row, limits))
            for row in rows
        ]
    )
    fit = fits(rows, trials, limits.rule, p_methods)
    found = [set() for _ in rows]
    for k, m in zip(trials.row[fit].tolist(), trials.m[fit].tolist(), strict=True):
        found[k].add(m)
    return [tuple(sorted(sizes)) for sizes in found]


def printable(rows: Sequence[TableRow], limits: Limits, **gates: bool) -> np.ndarray:
    """For each row whether some panel, of its own size or within the limits, prints it.

    Further arguments go to :func:`smartgov.audit.row_fit.fits`.
    """
    trials = trials_of(
        [(limits.m_sizes if row.m is None else [row.m], _n_sizes(row, limits)) for row in rows]
    )
    fit = fits(rows, trials, limits.rule, limits.p_methods, **gates)
    return np.bincount(trials.row[fit], minlength=len(rows)) > 0


def feasible_n(rows: Sequence[TableRow], limits: Limits) -> list[tuple[int, ...]]:
    """For each row, at its own number of raters, the numbers of items that print it."""
    # Without W and mean ranks any large number of raters will do.
    free = [ANY_LARGE_M if row.W is None and not row.mean_ranks else None for row in rows]
    m_sizes = [row.m or huge for row, huge in zip(rows, free, strict=True)]
    trials = trials_of([([m] if m else [], limits.n_sizes) for m in m_sizes])
    fit = fits(
        [replace(row, n=None, df=None) for row in rows], trials, limits.rule, limits.p_methods
    )
    return [tuple(trials.n[fit & (trials.row == k)].tolist()) for k in range(len(rows))]


def may_be_larger(rows: Sequence[TableRow], limits: Limits) -> np.ndarray:
    """For each row whether a panel beyond the largest number of raters tried is not excluded.

    As raters are added, a W of at least what is printed gives a larger chi2 and a smaller p.  So
    at the next size W must not yet give too large a chi2 or too small a p; and chi2 and p must
    agree with each other, which does not depend on the number of raters.  The fineness of mean
    ranks is left out of account, only their sum counts.
    """
    asked = []
    for row in rows:
        bare = TableRow(n=row.n_told)
        w_only = replace(
            bare,
            m=limits.m_sizes[-1] + 1,
            W=_one_sided(row.W, ">="),
            chi2=_one_sided(row.chi2, "<="),
            p=_one_sided(row.p, ">="),
        )
        asked += [w_only, replace(bare, m=ANY_LARGE_M, chi2=row.chi2, p=row.p)]
    sums = [not row.mean_ranks or can_sum(rank_intervals(row, limits.rule)) for row in rows]
    return printable(asked, limits).reshape(-1, 2).all(axis=1) & np.array(sums, dtype=bool)


def _one_sided(cell: Printed | None, relation: str) -> Printed | None:
    """The cell as a bound; nothing where it is a bound the other way."""
    if cell is None or cell.relation == "=":
        return cell and replace(cell, relation=relation)
    return cell if cell.relation[0] == relation[0] else None


def _n_sizes(row: TableRow, limits: Limits) -> Sequence[int]:
    return sorted(set(row.items.values())) or limits.n_sizes


@dataclass(frozen=True, eq=False)
class _RankLimits:
    """What the mean ranks say at each trial."""

    possible: np.ndarray
    spread_low: np.ndarray
    spread_high: np.ndarray
    starts: np.ndarray
    bounds: dict[int, RankBounds]

    def w_bounds(self, m: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Between what W lies: smallest without ties, up to 1 with them unless all D are 0."""
        m, n = m.astype(float), n.astype(float)
        return 3 * self.spread_low / (m**2 * n * (n**2 - 1)), (self.spread_high > 0).astype(float)

    def exact_w(self, k: int, m: int, n: int) -> Interval:
        """The same at one trial, as fractions."""
        low = Fraction(3 * int(self.spread_low[k]), m**2 * n * (n**2 - 1))
        return Interval(low, Fraction(int(self.spread_high[k] > 0)))

    def deviations(self, row: int, k: int) -> list[range]:
        """The D of each item at one trial."""
        bounds, at = self.bounds[row], k - self.starts[row]
        ends = zip(bounds.low[:, at].tolist(), bounds.high[:, at].tolist(), strict=True)
        return [range(first, last + 1) for first, last in ends]


def _rank_limits(
    rows: Sequence[TableRow], trials: Trials, rule: str, as_shown: bool
) -> _RankLimits:
    limits = _RankLimits(
        np.ones(len(trials), dtype=bool),
        np.zeros(len(trials), dtype=np.int64),
        np.ones(len(trials), dtype=np.int64),
        np.searchsorted(trials.row, np.arange(len(rows) + 1)),
        {},
    )
    for k, row in enumerate(rows):
        here = slice(limits.starts[k], limits.starts[k + 1])
        if row.mean_ranks and here.start < here.stop:
            bounds = rank_bounds(rank_intervals(row, rule, as_shown), trials.m[here])
            limits.possible[here] = bounds.possible
            limits.spread_low[here] = bounds.spread_low
            limits.spread_high[here] = bounds.spread_high
            limits.bounds[k] = bounds
    return limits


def rank_intervals(row: TableRow, rule: str, as_shown: bool = True) -> list[Interval]:
    """The intervals of a row's mean ranks."""
    places = max(cell.decimals for cell in row.mean_ranks)
    return [
        cell.interval(rule, None if as_shown or cell.relation != "=" else places)
        for cell in row.mean_ranks
    ]


def _sizes_agree(rows: Sequence[TableRow], trials: Trials) -> np.ndarray:
    told = np.array(
        [[row.items.get(name, 0) for name in ("n", "df", "mean_ranks")] for row in rows]
    ).reshape(-1, 3)
    said = told[trials.row]
    return ((said == 0) | (said == trials.n[:, None])).all(axis=1)


def _is_listed(
    row: TableRow,
    trials: Trials,
    k: int,
    limits: _RankLimits,
    rule: str,
    p_methods: Sequence[str],
    ends: Ends,
) -> bool:
    """Whether a panel of the trial's size prints the row, as far as panels can be listed."""
    m, n = int(trials.m[k]), int(trials.n[k])
    if row.mean_ranks and m <= ENUMERABLE.get(n, 0):
        deviations = limits.deviations(int(trials.row[k]), k)
        if math.prod(len(allowed) for allowed in deviations) > _MOST_COMBINATIONS:
            return True
        values = _values_with(deviations, m)
    elif not row.mean_ranks and m <= LISTED_ALONE.get(n, 0):
        values = w_values(m, n)
    else:
        return True
    return _some_value_fits(row, ends[np.array([trials.row[k]])], values, rule, p_methods)


@dataclass(frozen=True, eq=False)
class WValues:
    """Values of W that panels of one size have, with and without correction for ties.

    Attributes
    ----------
    m, n : int
    numerator, denominator : ndarray of int
        W is their ratio.
    """

    m: int
    n: int
    numerator: np.ndarray
    denominator: np.ndarray

    @cached_property
    def w(self) -> np.ndarray:
        """As floats."""
        return self.numerator / self.denominator

    @cached_property
    def _p(self) -> dict[str, list[np.ndarray]]:
        return {}

    def p(self, method: str) -> list[np.ndarray]:
        """The p-values by ``chi2``, or both by ``F``."""
        if method not in self._p:
            self._p[method] = [low for low, _ in p_ranges(self.w, self.w, self.m, self.n, method)]
        return self._p[method]


def _values_with(deviations: Sequence[range], m: int) -> WValues:
    """The W of all panels with D in these ranges."""
    n = len(deviations)
    untied = m**2 * n * (n**2 - 1) // 3
    numerators, denominators = [], []
    for first in product(*deviations[:-1]):
        last = -sum(first)
        if last not in deviations[-1]:
            continue
        squares = reachable_squares((*first, last), m)
        spread = sum(d * d for d in first) + last * last
        if len(squares):
            numerators += [spread] * (len(squares) + 1)
            denominators += [*(m * squares).tolist(), untied]
    arrays = (np.array(values, dtype=np.int64) for values in (numerators, denominators))
    return WValues(m, n, *arrays)


@lru_cache(maxsize=128)
def w_values(m: int, n: int) -> WValues:
    """The W of all panels of `m` raters and `n` items, each way to write it once.

    Raises
    ------
    ValueError
        As :func:`smartgov.audit.mean_ranks.reachable` does.
    """
    panels = reachable(m, n)
    untied = np.full(len(panels.spread), m**2 * n * (n**2 - 1) // 3)
    most = int(untied[0]) + 1
    pairs = panels.spread * most + np.array([m * panels.squares.astype(np.int64), untied])
    return WValues(m, n, *np.divmod(np.unique(pairs), most))


def _some_value_fits(
    row: TableRow, ends: Ends, values: WValues, rule: str, p_methods: Sequence[str]
) -> bool:
    """Whether W, chi2 and p are printed by one of the values of W.

    What is within the slack of an end is worked out exactly.
    """
    m, n, slack = values.m, values.n, 3 * FLOAT_GUARD
    scale = m * (n - 1)
    low = max(ends.w[0, 0], ends.chi2[0, 0] / scale)
    high = min(ends.w[1, 0], ends.chi2[1, 0] / scale)
    near = np.flatnonzero((values.w >= low - slack) & (values.w <= high + slack))
    if not row.mean_ranks and row.p is not None and "exact" in p_methods and m <= LISTED.get(n, 0):
        # The exact p-values are listed with all W there are, so one look settles the method.
        if may_be_exact(ends, low - slack, high + slack, m, n):
            return True
        p_methods = [method for method in p_methods if method != "exact"]
    sure = (values.w[near] >= low + slack) & (values.w[near] <= high - slack)
    maybe = np.ones(len(near), dtype=bool)
    if row.p is not None:
        maybe = _p_of_values(values, near, ends, p_methods, slack)
        sure &= _p_of_values(values, near, ends, p_methods, -slack)
    if sure.any():
        return True
    for at in near[maybe]:
        w = Fraction(int(values.numerator[at]), int(values.denominator[at]))
        if misfit(row.concordance, m, n, rule, p_methods, Interval(w, w)) is None:
            return True
    return False


def _p_of_values(
    values: WValues,
    near: np.ndarray,
    ends: Ends,
    p_methods: Sequence[str],
    guard: float,
) -> np.ndarray:
    """Which of the values `near` have a p, by some method, between the printed ends."""
    m, n = values.m, values.n
    fit = np.zeros(len(near), dtype=bool)
    low, high = (float(end[0]) for end in widened(ends.p, guard))
    for method in p_methods:
        if method in ("chi2", "F"):
            for p in values.p(method):
                fit |= (p[near] >= low) & (p[near] <= high)
        else:
            same = np.zeros(len(near), dtype=int)
            w = values.w[near]
            fit |= p_meets(
                ends[same], w - abs(guard), w + abs(guard), same + m, same + n, method, guard
            )
    return fit
