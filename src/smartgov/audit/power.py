"""How much an audit can see: how often a panel's size shows, how often a misprint is caught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from smartgov.audit.fitting import feasible_m, printable
from smartgov.audit.printed import Printed, parse_printed, print_value
from smartgov.audit.row import Reading, Row
from smartgov.audit.slips import misreadings
from smartgov.stats.concordance import kendall_w

PRINTED = {
    "W, p": ("W", "p"),
    "W, chi2, p": ("W", "chi2", "p"),
    "mean ranks": ("mean_ranks",),
    "mean ranks, W, p": ("mean_ranks", "W", "p"),
}
"""What a row prints besides the number of items, by name."""


@dataclass(frozen=True)
class PanelDesign:
    """How the random panels are made.

    Attributes
    ----------
    levels : int
        Raters give whole numbers from 1 to `levels`, so that ties occur.
    signal : float
        Largest standard deviation of the items' common values, in units of the raters' own; each
        panel draws its own between 0 and this.
    """

    levels: int = 9
    signal: float = 1.5


def identification_rates(
    sizes: Sequence[int] = range(3, 31),
    items: Sequence[int] = (3, 5, 8),
    decimals: Sequence[int] = (2, 3),
    panels: int = 100,
    bound: int = 60,
    seed: int = 0,
    design: PanelDesign = PanelDesign(),
) -> pd.DataFrame:
    """How often a single row gives the panel away, and a single misprinted digit itself.

    Parameters
    ----------
    sizes, items : sequence of int
        Numbers of raters and items.
    decimals : sequence of int
        Decimal places of every printed figure.
    panels : int
        Random panels for each combination.
    bound : int
        Largest number of raters that is tried; the answer is unique within 2 to `bound`.
    seed : int
    design : PanelDesign

    Returns
    -------
    DataFrame
        One row for each combination of ``m``, ``n``, ``decimals`` and ``printed``
        (:data:`PRINTED`), with ``panels``; ``own_size``, the share of panels whose own size is
        among those found (always 1, or the audit is wrong); ``identified``, the share for which it
        is the only one; ``caught``, the share of misprints that are contradicted when the size is
        printed too.  A misprint is one random digit of one random figure changed at random.
    """
    rng = np.random.default_rng(seed)
    records = []
    for n in items:
        for m in sizes:
            summaries = list(_random_summaries(rng, m, n, panels, design))
            for places in decimals:
                for name, figures in PRINTED.items():
                    rows = [_row(summary, n, figures, places) for summary in summaries]
                    record = {"m": m, "n": n, "decimals": places, "printed": name}
                    records.append(record | _rates(rng, rows, m, bound))
    return pd.DataFrame(records)


@dataclass(frozen=True)
class _Summary:
    w: float
    chi2: float
    p: float
    mean_ranks: tuple[float, ...]


def _random_summaries(
    rng: np.random.Generator, m: int, n: int, panels: int, design: PanelDesign
) -> Iterator[_Summary]:
    found = 0
    while found < panels:
        batch = _random_panels(rng, m, n, panels, design)
        result = kendall_w(batch, undefined="nan")
        for k in np.flatnonzero(np.isfinite(result.w))[: panels - found]:
            found += 1
            test = (float(values[k]) for values in (result.w, result.chi2, result.p))
            yield _Summary(*test, mean_ranks=tuple(result.mean_ranks[k].tolist()))


def _random_panels(
    rng: np.random.Generator, m: int, n: int, panels: int, design: PanelDesign
) -> np.ndarray:
    """Whole-number ratings, shape (panels, m, n)."""
    strength = rng.uniform(0, design.signal, (panels, 1, 1))
    values = strength * rng.standard_normal((panels, 1, n)) + rng.standard_normal((panels, m, n))
    middle = (design.levels + 1) / 2
    return np.clip(np.round(values * design.levels / 6 + middle), 1, design.levels)


def _row(summary: _Summary, n: int, figures: Sequence[str], places: int) -> Row:
    cells = {"W": summary.w, "chi2": summary.chi2, "p": summary.p}
    printed = {
        name: parse_printed(print_value(Fraction(cells[name]), places))
        for name in figures
        if name in cells
    }
    if "mean_ranks" in figures:
        printed["mean_ranks"] = tuple(
            parse_printed(print_value(Fraction(rank), places)) for rank in summary.mean_ranks
        )
    return Row(n=n, **printed)


def _rates(rng: np.random.Generator, rows: Sequence[Row], m: int, bound: int) -> dict:
    reading = Reading(p=("chi2",), m_sizes=range(2, bound + 1))
    sizes = [feasible_m(row, reading) for row in rows]
    misprints = [replace(_misprinted(rng, row), m=m) for row in rows]
    return {
        "panels": len(rows),
        "own_size": float(np.mean([m in found for found in sizes])),
        "identified": float(np.mean([found == (m,) for found in sizes])),
        "caught": float(np.mean([not printable(row, reading) for row in misprints])),
    }


def _misprinted(rng: np.random.Generator, row: Row) -> Row:
    """The row with one digit of one figure changed."""
    names = [name for name in ("W", "chi2", "p") if getattr(row, name) is not None]
    pick = int(rng.integers(len(names) + len(row.mean_ranks)))
    if pick < len(names):
        return replace(row, **{names[pick]: _misread(rng, getattr(row, names[pick]).text)})
    k = pick - len(names)
    changed = _misread(rng, row.mean_ranks[k].text)
    return replace(row, mean_ranks=(*row.mean_ranks[:k], changed, *row.mean_ranks[k + 1 :]))


def _misread(rng: np.random.Generator, text: str) -> Printed:
    variants = [variant for kind, _, variant in misreadings(text) if kind == "digit"]
    return parse_printed(variants[int(rng.integers(len(variants)))])
