"""What may have been printed instead: candidate explanations for a row that fits no panel.

Each candidate is a small, well-known slip, tried by making it and looking whether the row then
fits.  That it fits does not show that it happened.  Candidates are ranked by how little they
change: first those that change no figure but read it differently, then by digits changed, then by
how far the figure moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from smartgov.audit.concordance import ConcordanceRow, misfit, misfits, w_interval
from smartgov.audit.exact_p import LISTED, exact_pairs
from smartgov.audit.p_values import chi2_p, f_p
from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed, parse_printed

FIGURES = ("W", "chi2", "p")
UNTIED = {4: 15, 5: 8, 6: 4, 7: 3, 8: 2, 9: 2}
"""For more items than are listed with ties: up to how many raters an exact p without is tried."""


_MOST_PLACES = 9


@dataclass(frozen=True)
class Candidate:
    """One slip that would explain a row.

    Attributes
    ----------
    kind : str
        ``truncation``, ``no tie correction``, ``transposed``, ``F``, ``exact``, ``df``,
        ``digit``, ``swap`` or ``neighbour``.
    sentence : str
        What is supposed, in words.
    changed : dict of str to str
        The figures that would have been printed otherwise.
    gives : dict of str to str
        What W, chi2 and p then come to: one printed value, or the least and the greatest.
    digits : int
        How many digits change.
    steps : Fraction
        How far the figure moves, in units of its last place.
    """

    kind: str
    sentence: str
    changed: dict[str, str]
    gives: dict[str, str]
    digits: int = 0
    steps: Fraction = Fraction(0)

    @property
    def rank(self) -> tuple[int, int, Fraction]:
        """Smaller is nearer to what is printed."""
        return (len(self.changed), self.digits, self.steps)


def explain(
    row: ConcordanceRow,
    m: int,
    n: int,
    rule: str = "either",
    neighbours: Mapping[str, Mapping[str, Printed]] | None = None,
    untied: bool = True,
) -> tuple[Candidate, ...]:
    """Candidate explanations for a row that no panel of `m` raters and `n` items prints.

    Parameters
    ----------
    row : ConcordanceRow
        p is read as a chi-square p-value.
    m, n : int
        The panel's size, printed or implied.
    rule : str
        Rounding rule.
    neighbours : mapping of str to mapping of str to Printed, optional
        For ``W``, ``chi2`` or ``p`` the cells from which a value may have slipped, by name.
    untied : bool
        Whether to try exact p-values of panels without ties where those with ties are not listed.

    Returns
    -------
    tuple of Candidate
        Nearest first; empty when the row fits, or none of the slips explains it.

    Examples
    --------
    >>> row = ConcordanceRow(W=parse_printed("0.227"), p=parse_printed("0.005"))
    >>> for candidate in explain(row, 13, 8)[:2]:
    ...     print(candidate.sentence, candidate.changed)
    one digit of W is misread {'W': '0.226'}
    one digit of p is misread {'p': '0.004'}
    """
    row = replace(row, m=None, n=None)
    if misfit(row, m, n, rule) is None:
        return ()
    found = [
        *_truncation(row, m, n),
        *_no_tie_correction(row, m, n, rule),
        *_transposed(row, m, n, rule),
        *_other_p(row, m, n, rule, untied),
        *_wrong_df(row, m, n, rule),
        *_misread(row, m, n, rule),
        *_neighbours(row, m, n, rule, neighbours or {}),
    ]
    return tuple(sorted(found, key=lambda candidate: candidate.rank))


def comes_to(row: ConcordanceRow, m: int, n: int, rule: str = "either") -> dict[str, str]:
    """What the W that W and chi2 allow comes to: W, chi2 and its chi-square p, as printed.

    Returns
    -------
    dict of str to str
        A single figure, or the least and the greatest joined by a dash; empty where W and chi2
        exclude each other or neither is printed.
    """
    w = w_interval(row, m, n, rule)
    if not w or (row.W is None and row.chi2 is None):
        return {}
    return _shown(row, w, m, n, n - 1)


def _shown(row: ConcordanceRow, w: Interval, m: int, n: int, df: int) -> dict[str, str]:
    chi2 = [float(w.low * m * (n - 1)), float(w.high * m * (n - 1))]
    p = [float(chi2_p(value, df)) for value in reversed(chi2)]
    return {
        "W": row.W.text if row.W else _range(None, w.low, w.high, 3),
        "chi2": _range(row.chi2, *chi2, 2),
        "p": _range(row.p, *p, 3),
    }


def _range(cell: Printed | None, low: Fraction | float, high: Fraction | float, places: int) -> str:
    """The least and the greatest value in the style of a printed cell."""
    style = cell or Printed("0.0", Fraction(0), places, mark=".")
    if style.decimals > _MOST_PLACES:
        return f"{float(low):.3g}–{float(high):.3g}"
    texts = [style.restyle(Fraction(value), max(style.decimals, 0)) for value in (low, high)]
    return texts[0] if texts[0] == texts[1] else "–".join(texts)


def _truncation(row: ConcordanceRow, m: int, n: int) -> Iterator[Candidate]:
    if misfit(row, m, n, "truncate") is None:
        gives = comes_to(row, m, n, "truncate")
        yield Candidate("truncation", "the figures were cut off, not rounded", {}, gives)


def _no_tie_correction(row: ConcordanceRow, m: int, n: int, rule: str) -> Iterator[Candidate]:
    """The test allows for ties, so its W is larger than the one printed."""
    if row.W is None:
        return
    at_least = replace(row.W, relation=">=")
    if misfit(replace(row, W=at_least), m, n, rule) is None:
        without_w = replace(row, W=None)
        gives = comes_to(without_w, m, n, rule) if row.chi2 else {}
        sentence = "W is printed without correction for ties, the test with it"
        yield Candidate("no tie correction", sentence, {}, gives)


def _transposed(row: ConcordanceRow, m: int, n: int, rule: str) -> Iterator[Candidate]:
    if m != n and misfit(row, n, m, rule) is None:
        sentence = f"raters and items were exchanged: chi2 = {n} × {m - 1} × W, df = {m - 1}"
        yield Candidate("transposed", sentence, {}, comes_to(row, n, m, rule))


def _other_p(row: ConcordanceRow, m: int, n: int, rule: str, untied: bool) -> Iterator[Candidate]:
    if row.p is None or not comes_to(row, m, n, rule) or row.df not in (None, n - 1):
        return
    w, p = w_interval(row, m, n, rule), row.p.interval(rule)
    low, high = float(w.low), float(w.high)
    for degrees in ("kendall", "iman-davenport"):
        p_ends = [float(f_p(end, m, n, degrees)) for end in (high, low)]
        if _meets(p, *p_ends):
            first = "n - 1 - 2/m" if degrees == "kendall" else "n - 1"
            gives = comes_to(row, m, n, rule) | {"p": _range(row.p, *p_ends, 3)}
            yield Candidate("F", f"p is that of F with {first} degrees of freedom", {}, gives)
    values = _exact_p(low, high, m, n, untied)
    if any(_meets(p, value, value) for value in values):
        gives = comes_to(row, m, n, rule) | {"p": _range(row.p, min(values), max(values), 3)}
        yield Candidate("exact", "p is exact, not that of chi-square", {}, gives)


@lru_cache(maxsize=64)
def _untied_pairs(m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    # Imported here, for the package behind it takes seconds to load and few tables ask for it.
    from smartgov.stats.exact import w_distribution

    distribution = w_distribution((m, n))
    return distribution.w, distribution.tail


def _exact_p(w_low: float, w_high: float, m: int, n: int, untied: bool) -> np.ndarray:
    """The exact p-values of W between two values: with any ties if listed, else without ties."""
    if n in LISTED and m <= LISTED[n]:
        w, p = exact_pairs(m, n)
    elif untied and m <= UNTIED.get(n, 0):
        w, p = _untied_pairs(m, n)
    else:
        return np.array([])
    return p[(w >= w_low - FLOAT_GUARD) & (w <= w_high + FLOAT_GUARD)]


def _wrong_df(row: ConcordanceRow, m: int, n: int, rule: str) -> Iterator[Candidate]:
    if row.p is None or not comes_to(row, m, n, rule):
        return
    w = w_interval(row, m, n, rule)
    chi2 = [float(end) * m * (n - 1) for end in (w.low, w.high)]
    for df in dict.fromkeys((n, n - 2, m - 1, m)):
        if df in (n - 1, 0) or row.df not in (None, df, n - 1):
            continue
        if _meets(row.p.interval(rule), *(float(chi2_p(value, df)) for value in chi2[::-1])):
            sentence = f"p was taken from chi-square with df = {df}, not {n - 1}"
            yield Candidate("df", sentence, {}, _shown(row, w, m, n, df))


def _misread(row: ConcordanceRow, m: int, n: int, rule: str) -> Iterator[Candidate]:
    variants = [
        (name, kind, digits, parse_printed(text))
        for name in FIGURES
        if getattr(row, name) is not None
        for kind, digits, text in misreadings(getattr(row, name).text)
    ]
    rows = [replace(row, **{name: cell}) for name, _, _, cell in variants]
    failing = misfits(rows, [m] * len(rows), [n] * len(rows), rule)
    for (name, kind, digits, cell), changed, misfitting in zip(
        variants, rows, failing, strict=True
    ):
        if misfitting is None:
            slip = f"one digit of {name} is misread"
            if kind == "swap":
                slip = f"two digits of {name} are swapped"
            yield Candidate(
                kind,
                slip,
                {name: cell.text},
                comes_to(changed, m, n, rule),
                digits,
                _steps(getattr(row, name), cell),
            )


def misreadings(text: str) -> Iterator[tuple[str, int, str]]:
    """Every string with one digit of `text` changed, or two neighbouring digits swapped.

    Yields
    ------
    kind, digits, text : str, int, str
        ``digit`` with 1 digit changed, or ``swap`` with 2.

    Examples
    --------
    >>> [text for kind, _, text in misreadings("0.12") if kind == "swap"]
    ['1.02', '0.21']
    """
    places = [k for k, character in enumerate(text) if character.isdecimal()]
    for k in places:
        for digit in "0123456789":
            if digit != text[k]:
                yield "digit", 1, text[:k] + digit + text[k + 1 :]
    for k, after in zip(places, places[1:], strict=False):
        if text[k] != text[after]:
            between = text[k + 1 : after]
            yield "swap", 2, text[:k] + text[after] + between + text[k] + text[after + 1 :]


def _neighbours(
    row: ConcordanceRow,
    m: int,
    n: int,
    rule: str,
    neighbours: Mapping[str, Mapping[str, Printed]],
) -> Iterator[Candidate]:
    for name, cells in neighbours.items():
        own = getattr(row, name)
        for place, cell in cells.items():
            changed = replace(row, **{name: cell})
            if own is None or cell.value == own.value or misfit(changed, m, n, rule) is not None:
                continue
            yield Candidate(
                "neighbour",
                f"{name} is the value of {place}",
                {name: cell.text},
                comes_to(changed, m, n, rule),
                _digits_apart(own.text, cell.text),
                _steps(own, cell),
            )


def _digits_apart(text: str, other: str) -> int:
    digits = [[c for c in string if c.isdecimal()] for string in (text, other)]
    apart = sum(a != b for a, b in zip(*digits, strict=False))
    return apart + abs(len(digits[0]) - len(digits[1]))


def _steps(printed: Printed, other: Printed) -> Fraction:
    return abs(printed.value - other.value) * Fraction(10) ** printed.decimals


def _meets(p: Interval, low: float, high: float) -> bool:
    p_low, p_high = p.floats()
    return low <= p_high and high >= p_low
