"""What may have been printed instead: small slips that would explain a row that fits no panel.

Each candidate is a well-known slip, tried by making it and looking whether the row then fits.
That it fits does not show that it happened.  Candidates are ranked by how little they change:
first those that change no figure but read it differently, then by digits changed, then by how far
the figure moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from smartgov.audit.exact_p import LISTED, exact_pairs
from smartgov.audit.fitting import fits, w_interval
from smartgov.audit.p_values import chi2_p, f_p
from smartgov.audit.printed import FLOAT_GUARD, Interval, Printed, is_printed
from smartgov.audit.row import Reading, Row
from smartgov.stats.exact import w_distribution

UNTIED = {4: 15, 5: 8, 6: 4, 7: 3, 8: 2, 9: 2}
"""For more items than are listed with ties: up to how many raters an exact p without is tried."""

_MOST_PLACES = 9

_MOST_TESTS = 20
"""The largest number of tests by which a p-value may have been multiplied."""

_LONGEST = 25
"""Characters of the longest figure whose digits are tried one by one."""


@dataclass(frozen=True)
class Slip:
    """One slip that would explain a row.

    `changed` are the figures that would have been printed otherwise, `gives` what W, chi2 and p
    then come to; `digits` counts the digits that change, `steps` how far the figure moves in units
    of its last place.
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


def explain(row: Row, m: int, n: int, reading: Reading = Reading()) -> tuple[Slip, ...]:
    """Slips that would explain W, chi2 and p that no panel of `m` raters and `n` items prints.

    Nearest first; none when the row fits, or no slip explains it.  p is read as a chi-square
    p-value, mean ranks are left out of account.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = Row(W=parse_printed("0.227"), p=parse_printed("0.005"))
    >>> for slip in explain(row, 13, 8)[:2]:
    ...     print(slip.sentence, slip.changed)
    one digit of W is misread {'W': '0.226'}
    one digit of p is misread {'p': '0.004'}
    """
    row, reading = replace(row, m=None, n=None, mean_ranks=()), replace(reading, p=("chi2",))
    if _fits(row, m, n, reading):
        return ()
    found = [
        *_truncation(row, m, n, reading),
        *_no_tie_correction(row, m, n, reading),
        *_transposed(row, m, n, reading),
        *_other_p(row, m, n, reading),
        *_wrong_df(row, m, n, reading),
        *_multiplied(row, m, n, reading),
        *_misread(row, m, n, reading),
    ]
    return tuple(sorted(found, key=lambda slip: slip.rank))


def comes_to(row: Row, m: int, n: int, reading: Reading = Reading()) -> dict[str, str]:
    """What the W that W and chi2 allow comes to: W, chi2 and its chi-square p, as printed.

    A single figure, or the least and the greatest joined by a dash; nothing where W and chi2
    exclude each other or neither is printed.
    """
    w = w_interval(row, m, n, reading)
    return _shown(row, w, m, n, n - 1) if w and (row.W or row.chi2) else {}


def misreadings(text: str) -> Iterator[tuple[str, int, str]]:
    """Every figure with one digit of `text` changed, or two neighbouring digits swapped.

    Each with its kind and how many digits change; the 10 of ``4.4 × 10^-3`` stays.

    Examples
    --------
    >>> [text for kind, _, text in misreadings("0.12") if kind == "swap"]
    ['1.02', '0.21']
    """
    for kind, digits, changed in _changed_digits(text):
        if is_printed(changed):
            yield kind, digits, changed


def _changed_digits(text: str) -> Iterator[tuple[str, int, str]]:
    places = [k for k, character in enumerate(text) if character.isdecimal()]
    for k in places:
        for digit in "0123456789":
            if digit != text[k]:
                yield "digit", 1, text[:k] + digit + text[k + 1 :]
    for k, after in zip(places, places[1:], strict=False):
        if text[k] != text[after]:
            between = text[k + 1 : after]
            yield "swap", 2, text[:k] + text[after] + between + text[k] + text[after + 1 :]


def _fits(row: Row, m: int, n: int, reading: Reading) -> bool:
    return bool(fits(row, [m], n, reading)[0])


def _shown(row: Row, w: Interval, m: int, n: int, df: int) -> dict[str, str]:
    chi2 = [float(end * m * (n - 1)) for end in (w.low, w.high)]
    return {
        "W": row.W.text if row.W else _range(None, w.low, w.high, 3),
        "chi2": _range(row.chi2, *chi2, 2),
        "p": _range(row.p, *_tails(w, m, n, df), 3),
    }


def _tails(w: Interval, m: int, n: int, df: int) -> list[float]:
    """The least and the greatest chi-square p of W between two values."""
    return [float(chi2_p(float(end) * m * (n - 1), df)) for end in (w.high, w.low)]


def _range(cell: Printed | None, low: Fraction | float, high: Fraction | float, places: int) -> str:
    """The least and the greatest value in the style of a printed cell."""
    style = cell or Printed("0.0", Fraction(0), places, mark=".")
    if style.decimals > _MOST_PLACES and style.power is None:
        return f"{float(low):.3g}–{float(high):.3g}"
    texts = [style.restyle(Fraction(value)) for value in (low, high)]
    return texts[0] if texts[0] == texts[1] else "–".join(texts)


def _truncation(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    cut = replace(reading, rule="truncate")
    if _fits(row, m, n, cut):
        sentence = "the figures were cut off, not rounded"
        yield Slip("truncation", sentence, {}, comes_to(row, m, n, cut))


def _no_tie_correction(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    """The test allows for ties, so its W is larger than the one printed."""
    if row.W and _fits(replace(row, W=replace(row.W, relation=">=")), m, n, reading):
        gives = comes_to(replace(row, W=None), m, n, reading)
        sentence = "W is printed without correction for ties, the test with it"
        yield Slip("no tie correction", sentence, {}, gives)


def _transposed(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    if m != n and _fits(row, n, m, reading):
        sentence = f"raters and items were exchanged: chi2 = {n} × {m - 1} × W, df = {m - 1}"
        yield Slip("transposed", sentence, {}, comes_to(row, n, m, reading))


def _other_p(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    gives = comes_to(row, m, n, reading)
    if row.p is None or not gives or row.df not in (None, n - 1):
        return
    w, p = w_interval(row, m, n, reading), row.interval("p", reading)
    for degrees in ("kendall", "iman-davenport"):
        ends = [float(f_p(float(end), m, n, degrees)) for end in (w.high, w.low)]
        if _meets(p, *ends):
            first = "n - 1 - 2/m" if degrees == "kendall" else "n - 1"
            sentence = f"p is that of F with {first} degrees of freedom"
            yield Slip("F", sentence, {}, gives | {"p": _range(row.p, *ends, 3)})
    values = _exact_p(float(w.low), float(w.high), m, n)
    if any(_meets(p, value, value) for value in values):
        exact = gives | {"p": _range(row.p, min(values), max(values), 3)}
        yield Slip("exact", "p is exact, not that of chi-square", {}, exact)


@lru_cache(maxsize=64)
def _untied_pairs(m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    distribution = w_distribution((m, n))
    return distribution.w, distribution.tail


def _exact_p(w_low: float, w_high: float, m: int, n: int) -> np.ndarray:
    """The exact p-values of W between two values: with any ties if listed, else without ties."""
    if m <= LISTED.get(n, 0):
        w, p = exact_pairs(m, n)
    elif m <= UNTIED.get(n, 0):
        w, p = _untied_pairs(m, n)
    else:
        return np.array([])
    return p[(w >= w_low - FLOAT_GUARD) & (w <= w_high + FLOAT_GUARD)]


def _wrong_df(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    if row.p is None or not comes_to(row, m, n, reading):
        return
    w, p = w_interval(row, m, n, reading), row.interval("p", reading)
    for df in dict.fromkeys((n, n - 2, m - 1, m)):
        possible = df not in (n - 1, 0) and row.df in (None, df, n - 1)
        if possible and _meets(p, *_tails(w, m, n, df)):
            sentence = f"p was taken from chi-square with df = {df}, not {n - 1}"
            yield Slip("df", sentence, {}, _shown(row, w, m, n, df))


def _multiplied(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    """A p-value times a number of tests, at most 1: the smallest number that gives what is printed.

    Bonferroni multiplies each by the number of tests, Holm (1979) all but the smallest by fewer.
    """
    gives = comes_to(row, m, n, reading)
    if row.p is None or not gives:
        return
    w, p = w_interval(row, m, n, reading), row.interval("p", reading)
    for tests in range(2, _MOST_TESTS + 1):
        times = [min(tests * end, 1.0) for end in _tails(w, m, n, n - 1)]
        if _meets(p, *times):
            sentence = f"p was multiplied by {tests}, as Bonferroni and Holm do for several tests"
            shown = gives | {"p": _range(row.p, *times, 3)}
            yield Slip("several tests", sentence, {}, shown, steps=Fraction(tests))
            return


def _misread(row: Row, m: int, n: int, reading: Reading) -> Iterator[Slip]:
    for name, cell in row.figures.items():
        for kind, digits, text in misreadings(cell.text) if len(cell.text) <= _LONGEST else ():
            changed = row.with_figure(name, text)
            if _fits(changed, m, n, reading):
                one, two = f"one digit of {name} is misread", f"two digits of {name} are swapped"
                gives, steps = comes_to(changed, m, n, reading), row.steps(name, text)
                slip = one if kind == "digit" else two
                yield Slip(kind, slip, {name: text}, gives, digits, steps)


def _meets(p: Interval, low: float, high: float) -> bool:
    p_low, p_high = p.floats()
    return low <= p_high and high >= p_low
