"""Panels and what they print, worked out slowly and independently of the engine."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np
from scipy import stats

from smartgov.audit.printed import parse_printed, print_value
from smartgov.audit.row import Row

CORRECTED = {"corrected": (True,), "uncorrected": (False,), "either": (True, False)}
"""For each reading of ties, whether the panels' figures are corrected for them."""


def row(mean_ranks="", **printed):
    """A row from its strings; mean ranks separated by blanks."""
    cells = {
        name: parse_printed(value) if isinstance(value, str) else value
        for name, value in printed.items()
    }
    return Row(mean_ranks=tuple(map(parse_printed, mean_ranks.split())), **cells)


def midranks(ratings):
    """Midranks of one rater's ratings, as fractions."""
    return tuple(
        Fraction(
            2 * sum(other < own for other in ratings) + sum(other == own for other in ratings) + 1,
            2,
        )
        for own in ratings
    )


def figures_of(ratings, ties=True):
    """W, chi2, p and mean ranks of a panel (raters in rows); None where W is 0/0.

    The textbook form with rank sums R_i and tie groups t (Siegel & Castellan, 1988, eq. 9.17):
    W = (12 sum R_i^2 - 3 m^2 n (n+1)^2) / (m^2 n (n^2-1) - m sum(t^3 - t)).
    """
    m, n = len(ratings), len(ratings[0])
    ranks = [midranks(rater) for rater in ratings]
    sums = [sum(column) for column in zip(*ranks, strict=True)]
    tied = sum(
        rater.count(value) ** 3 - rater.count(value)
        for rater in map(list, ranks)
        for value in set(rater)
    )
    bottom = m * m * n * (n * n - 1) - (m * tied if ties else 0)
    if m * tied == m * m * n * (n * n - 1):
        return None
    w = (12 * sum(r * r for r in sums) - 3 * m * m * n * (n + 1) ** 2) / Fraction(bottom)
    chi2 = m * (n - 1) * w
    return {
        "W": w,
        "chi2": chi2,
        "p": float(stats.chi2.sf(float(chi2), n - 1)),
        "mean_ranks": tuple(r / m for r in sums),
    }


def f_values(w, m, n):
    """The p-values of F that W has by either of the usual degrees of freedom, where they exist."""
    f = np.inf if w == 1 else float((m - 1) * w / (1 - w))
    return [stats.f.sf(f, df, (m - 1) * df) for df in (n - 1 - 2 / m, n - 1) if df > 0]


def print_row(
    figures, m, n, places, shown=("m", "n", "W", "chi2", "df", "p", "mean_ranks"), rule="half_up"
):
    """The figures as a row printed at so many decimal places."""

    def cell(value):
        return parse_printed(print_value(Fraction(value), places, rule=rule))

    printed = {
        "m": m,
        "n": n,
        "df": n - 1,
        **{name: cell(figures[name]) for name in ("W", "chi2", "p")},
        "mean_ranks": tuple(cell(value) for value in figures["mean_ranks"]),
    }
    return Row(**{name: value for name, value in printed.items() if name in shown})


def orders(n):
    """One rating for every order of n items, ties allowed."""
    seen = {}
    for levels in product(range(n), repeat=n):
        seen.setdefault(midranks(levels), levels)
    return list(seen.values())


@cache
def all_summaries(m, n, ties=True):
    """Every distinct set of figures of m raters and n items; the order of raters changes none."""
    summaries = {}
    for panel in combinations_with_replacement(orders(n), m):
        figures = figures_of(panel, ties)
        if figures is not None:
            summaries[figures["W"], figures["mean_ranks"]] = figures
    return list(summaries.values())


def prints(value, cell, rule="either"):
    """Whether a number prints like a cell, by rounding the number."""
    if cell.also:
        sides = (replace(cell, also=None), cell.also)
        return all(prints(value, side, rule) for side in sides)
    value, unit = Fraction(value), Fraction(10) ** -cell.decimals
    if cell.relation == "~":
        return abs(value - cell.value) <= unit
    if cell.relation in ("<", ">"):
        return value < cell.value if cell.relation == "<" else value > cell.value
    if rule == "either":
        alike = abs(value - cell.value) <= unit / 2
    else:
        alike = parse_printed(print_value(value, cell.decimals, rule=rule)).value == cell.value
    beyond = {"=": False, "<=": value < cell.value, ">=": value > cell.value}
    return alike or beyond[cell.relation]


@cache
def different(m, n, ties, name):
    """A panel for each value of a figure, and for every panel which of them has its value."""
    panels = all_summaries(m, n, ties)
    values = [value_of(figures, name) for figures in panels]
    first = {}
    for figures, value in zip(panels, values, strict=True):
        first.setdefault(value, (len(first), figures))
    return [figures for _, figures in first.values()], np.array([first[v][0] for v in values])


def panels_printing(shown, m, n, reading, kept=None):
    """The figures of every panel that prints those of a row, by trying every panel there is."""
    found = []
    for ties in CORRECTED[reading.ties]:
        panels = all_summaries(m, n, ties)
        alike = np.ones(len(panels), dtype=bool)
        for name in shown.figures if kept is None else kept:
            cell, rule = shown.figures[name], reading.rule
            by_value, place = different(m, n, ties, name)
            printing = [
                prints(value_of(figures, name), cell, rule)
                or (
                    name == "p"
                    and "F" in reading.p
                    and any(prints(p, cell, rule) for p in f_values(figures["W"], m, n))
                )
                for figures in by_value
            ]
            alike &= np.array(printing)[place]
        found += [panels[k] for k in np.flatnonzero(alike)]
    return found


def value_of(figures, name):
    """A panel's figure by the name it has in a row."""
    if name.startswith("mean_ranks"):
        return figures["mean_ranks"][int(name[len("mean_ranks[") : -1]) - 1]
    return figures[name]


def random_ratings(rng, m, n, levels):
    """Ratings with ties and some agreement."""
    values = rng.normal(size=n) * rng.uniform(0, 2) + rng.normal(size=(m, n))
    return np.clip(np.round(values * levels / 6 + levels / 2), 1, levels).astype(int).tolist()
