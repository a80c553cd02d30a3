"""How much an audit of a printed row sees: whose panel it was, and one misprinted digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from smartgov import stats
from smartgov.audit.fitting import feasible_m, printable
from smartgov.audit.printed import parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.design.draws import drawn_ratings
from smartgov.stats.inputs import checked_choice

PRINTED = ("W and p", "mean ranks", "all")
READING = Reading(p=("chi2",), ties="corrected", m_sizes=range(2, 61))
"""As SPSS prints, the panel sizes that are tried where none is printed."""
PLACES = {"W": 3, "p": 3, "mean_ranks": 2}


def seen(
    generator: np.random.Generator,
    panels: int,
    m: int,
    n: int,
    printed: str,
    rho: float,
    equal: Sequence[float],
) -> dict[str, int]:
    """Draw panels, print a row of each as the article does, and count what its audit sees.

    Parameters
    ----------
    generator, panels, m, n, rho, equal
        As of :func:`smartgov.design.draws.drawn_ratings`.
    printed : {"W and p", "mean ranks", "all"}
        What the row prints: W and p with three decimals, mean ranks with two.

    Returns
    -------
    dict
        ``panels``; rows that no other m prints (``identified``) or none smaller (``smallest``:
        mean ranks of m raters are also those of 2m); rows of which one random digit was changed
        to another and no panel of m raters prints the outcome (``detected``).

    Examples
    --------
    >>> seen(np.random.default_rng(1), 20, 5, 3, "mean ranks", 0.2, (0.0,))["panels"]
    20
    """
    checked_choice("printed", printed, PRINTED)
    counts = {"panels": 0, "identified": 0, "smallest": 0, "detected": 0}
    while counts["panels"] < panels:
        ratings = drawn_ratings(generator, 1, m, n, rho, equal)[0]
        found = stats.kendall_w(ratings, undefined="nan")
        if found.w != found.w:  # nothing is printed where W is undefined
            continue
        row = _printed_row(found, printed)
        counts["panels"] += 1
        sizes = feasible_m(replace(row, m=None), READING)
        counts["identified"] += sizes == (m,)
        counts["smallest"] += sizes[0] == m
        counts["detected"] += not printable(_with_another_digit(row, generator), READING)
    return counts


def _printed_row(found: stats.Concordance, printed: str) -> Row:
    row = Row(m=found.m, n=found.n)
    if printed != "mean ranks":
        row = replace(row, W=_printed(found.w, "W"), p=_printed(found.p, "p"))
    if printed != "W and p":
        ranks = tuple(_printed(rank, "mean_ranks") for rank in found.mean_ranks)
        row = replace(row, mean_ranks=ranks)
    return row


def _printed(value: float, name: str):
    return parse_printed(f"{value:.{PLACES[name]}f}")


def _with_another_digit(row: Row, generator: np.random.Generator) -> Row:
    """One digit of one figure changed to another, all figures and digits equally likely."""
    name = str(generator.choice(list(row.figures)))
    text = row.figures[name].text
    place = int(generator.choice([i for i, sign in enumerate(text) if sign.isdigit()]))
    digit = generator.choice([d for d in "0123456789" if d != text[place]])
    return row.with_figure(name, f"{text[:place]}{digit}{text[place + 1 :]}")
