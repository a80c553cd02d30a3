"""Printed figures: a string in a table is an interval under a named rounding rule.

Everything here is exact: values are :class:`fractions.Fraction`, and an end of an interval is
open or closed because the rounding rule says so, never because of a tolerance.  Only where ends
are turned into floats, to compare them with p-values, do they need a guard.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

Whole = int | np.ndarray

RULES = ("half_up", "half_even", "truncate", "either")
"""Rounding rules.

``half_up``
    to the nearest figure, a half away from zero (spreadsheets, SPSS).
``half_even``
    to the nearest figure, a half to the even neighbour (IEEE 754, R, Python).
``truncate``
    towards zero, the rest is cut off.
``either``
    to the nearest figure, a half to whichever neighbour: both ends of the interval are closed.
    It contains ``half_up`` and ``half_even`` and whatever a program does that rounds a binary
    approximation of the half; it does not contain ``truncate``.
"""

FLOAT_GUARD = 1e-12
"""A float is trusted to be this close to its true value, relative to the larger of 1 and itself."""

_NUMBER = re.compile(
    r"""
    (?: [pPW] \s* (?= [=<>≤≥⩽⩾] ) )?                      # 'p < .001': the letter is dropped
    (?P<relation> <= | >= | [=<>≤≥⩽⩾] )? \s*
    (?P<sign> [+-] )? \s*
    (?P<whole> \d* ) (?: \s* (?P<mark> [.,] ) \s* (?P<part> \d+ ) )?
    (?: (?: [eE] | \s* [×xX·*] \s* 10 \s* \^? \s* ) \(? (?P<power> [+-]? \s* \d{1,3} ) \)? )?
    \s* (?P<percent> % )?
    \s* [*†‡§]*
    """,
    re.VERBOSE,
)
_PLAIN = str.maketrans("−–⁻⁰¹²³⁴⁵⁶⁷⁸⁹\u00a0\u2009\u202f\u2007", "---0123456789    ")
_RELATIONS = {None: "=", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">="}


@dataclass(frozen=True)
class Interval:
    """A rational interval; ``None`` stands for an end that does not exist.

    Examples
    --------
    >>> Fraction(1, 8) in Interval(Fraction(0), Fraction(1, 8), True, False)
    False
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    def __contains__(self, x: Fraction | int) -> bool:
        above = self.low is None or x > self.low or (self.low_closed and x == self.low)
        below = self.high is None or x < self.high or (self.high_closed and x == self.high)
        return above and below

    def __bool__(self) -> bool:
        """Whether the interval holds any number at all."""
        if self.low is None or self.high is None or self.low < self.high:
            return True
        return self.low == self.high and self.low_closed and self.high_closed

    def __and__(self, other: Interval) -> Interval:
        """The numbers in both intervals."""
        low, low_open = max(self._low_key(), other._low_key())
        high, high_closed = min(self._high_key(), other._high_key())
        return Interval(
            None if low == -math.inf else low,
            None if high == math.inf else high,
            not low_open,
            high_closed,
        )

    def __add__(self, other: Interval) -> Interval:
        """Every sum of a number in this interval and one in the other."""
        return Interval(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
            self.low_closed and other.low_closed,
            self.high_closed and other.high_closed,
        )

    def __mul__(self, factor: Fraction | int) -> Interval:
        """Every number of the interval times one positive `factor`."""
        return Interval(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.low_closed,
            self.high_closed,
        )

    def whole_numbers(self, smallest: int, largest: int) -> range:
        """The whole numbers of the interval from `smallest` to `largest`.

        Examples
        --------
        >>> Interval(Fraction(1), Fraction(7, 2), False, True).whole_numbers(0, 10)
        range(2, 4)
        """
        low, high = smallest, largest
        if self.low is not None:
            first = math.ceil(self.low)
            low = max(low, first + (first == self.low and not self.low_closed))
        if self.high is not None:
            last = math.floor(self.high)
            high = min(high, last - (last == self.high and not self.high_closed))
        return range(low, max(low, high + 1))

    def floats(self) -> tuple[float, float]:
        """Both ends as floats, moved outwards by the float guard: a net, never a proof."""
        low = -math.inf if self.low is None else as_float(self.low)
        high = math.inf if self.high is None else as_float(self.high)
        return low - _guard(low), high + _guard(high)

    # At one place an open lower end lies above a closed one, an open upper end below a closed one.
    def _low_key(self) -> tuple[Fraction | float, bool]:
        return (-math.inf, False) if self.low is None else (self.low, not self.low_closed)

    def _high_key(self) -> tuple[Fraction | float, bool]:
        return (math.inf, True) if self.high is None else (self.high, self.high_closed)


@dataclass(frozen=True)
class Printed:
    """A figure as a table prints it; made by :func:`parse_printed`.

    `decimals` counts the places of the last digit shown: 3 for ``0.546``, 5 for ``1.3e-4``, 4 for
    ``12.34%``; `relation` is ``=``, ``<``, ``<=``, ``>`` or ``>=``; `mark` is ``.`` or ``,``, or
    empty where none is printed.  Stars and footnote marks are no part of the number.
    """

    text: str
    value: Fraction
    decimals: int
    relation: str = "="
    mark: str = ""

    def interval(self, rule: str = "either", decimals: int | None = None) -> Interval:
        """Every number that prints like this under `rule`, one of :data:`RULES`.

        `decimals` are the places the figure was rounded to, when a trailing zero was dropped
        (``2`` beside ``1.86`` may stand for ``2.00``); by default those it shows, never fewer.
        For ``<`` and ``>`` everything strictly beyond the figure, taken at its word; for ``<=``
        and ``>=``, whose bound may itself be rounded, what is beyond it or prints like it.
        """
        known = self._known_intervals
        if (rule, decimals) not in known:
            known[rule, decimals] = self._interval(rule, self._checked_decimals(decimals))
        return known[rule, decimals]

    @cached_property
    def _known_intervals(self) -> dict[tuple[str, int | None], Interval]:
        return {}

    def _interval(self, rule: str, decimals: int) -> Interval:
        if self.relation == "<":
            return Interval(None, self.value, False, False)
        if self.relation == ">":
            return Interval(self.value, None, False, False)
        rounded = _rounding_interval(self.value, decimals, rule)
        if self.relation == "<=":
            return Interval(None, rounded.high, False, rounded.high_closed)
        if self.relation == ">=":
            return Interval(rounded.low, None, rounded.low_closed, False)
        return rounded

    def restyle(self, value: Fraction, decimals: int | None = None) -> str:
        """Another number printed the way this one is: mark, places, leading zero.

        Examples
        --------
        >>> parse_printed(",5").restyle(Fraction(1, 8), decimals=2)
        ',13'
        """
        places = self.decimals if decimals is None else decimals
        text = print_value(value, max(places, 0), self.mark or ".")
        shown = self.text.lstrip("pPW=<>≤≥⩽⩾+-− ")
        return text.replace("0", "", 1) if shown[:1] in (".", ",") and text[:1] == "0" else text

    def _checked_decimals(self, decimals: int | None) -> int:
        if decimals is None:
            return self.decimals
        if decimals < self.decimals:
            raise ValueError(
                f"{self.text!r} shows {self.decimals} decimals, so it cannot have been rounded to "
                f"{decimals}; give {self.decimals} or more."
            )
        return decimals


def parse_printed(text: str) -> Printed:
    """Read a figure exactly as a table prints it; anything else raises a ValueError that says so.

    Parameters
    ----------
    text : str
        ``0,546``, ``.004``, ``0, 68`` (a blank beside the mark), ``1.3e-4``, ``1.3 × 10^-4``,
        ``62%``, a relation before (``< .001``, ``≤ 0.05``, ``p < .001``), stars after
        (``0,001*``).  A comma is always the decimal mark, never a thousands separator.

    Examples
    --------
    >>> parse_printed("0,001*")
    Printed(text='0,001*', value=Fraction(1, 1000), decimals=3, relation='=', mark=',')
    >>> parse_printed("< .05").interval().high
    Fraction(1, 20)
    """
    if not isinstance(text, str):
        raise ValueError(f"found {text!r}; a printed figure is a string, with its trailing zeros.")
    return _parse(text)


@lru_cache(maxsize=2**16)
def _parse(text: str) -> Printed:
    match = _NUMBER.fullmatch(text.strip().translate(_PLAIN))
    if match is None or not (match["whole"] or match["part"]):
        raise ValueError(
            f"{text!r} is not a printed figure; accepted are strings like 0.546, 0,546, .004, "
            "< .001, ≤ 0.05, 1.3e-4, 1.3 × 10^-4, 62% and 0.001* (no thousands separators)."
        )
    part, power = match["part"] or "", int((match["power"] or "0").replace(" ", ""))
    decimals = len(part) - power + (2 if match["percent"] else 0)
    digits = int((match["sign"] or "") + (match["whole"] or "") + part)
    relation = match["relation"]
    return Printed(
        text=text,
        value=digits * Fraction(10) ** -decimals,
        decimals=decimals,
        relation=_RELATIONS.get(relation, relation),
        mark=match["mark"] or "",
    )


def could_print(x: Fraction | int, printed: Printed, rule: str = "either") -> bool:
    """Whether the number `x` may be printed as `printed` under `rule`.

    Examples
    --------
    >>> could_print(Fraction(1, 8), parse_printed("0.13"), "half_even")
    False
    """
    return x in printed.interval(rule)


def print_value(
    x: Fraction | int | float,
    decimals: int,
    decimal_mark: str = ".",
    rule: str = "half_up",
) -> str:
    """The number `x` as a table prints it at `decimals` places.

    The rule ``either`` is refused, for it names two figures for a half.

    Examples
    --------
    >>> print_value(Fraction(1, 8), 2, ","), print_value(Fraction(1, 8), 2, rule="half_even")
    ('0,13', '0.12')
    """
    if decimals < 0:
        raise ValueError(f"found {decimals} decimals; a figure is printed at 0 or more.")
    if rule not in RULES or rule == "either":
        raise ValueError(
            f"cannot print under the rounding rule {rule!r}; give half_up, half_even or truncate."
        )
    scaled = abs(Fraction(x)) * 10**decimals
    shown, _ = rounded(scaled.numerator, scaled.denominator, rule)
    whole, part = divmod(shown, 10**decimals)
    sign = "-" if x < 0 and shown else ""
    return f"{sign}{whole}{decimal_mark}{part:0{decimals}d}" if decimals else f"{sign}{whole}"


def rounded(numerator: Whole, denominator: Whole, rule: str) -> tuple[Whole, Whole]:
    """The least and the greatest whole number that a quotient of 0 or more is rounded to.

    They differ only where the rule lets a half go either way; arrays are taken element by element.

    Examples
    --------
    >>> [rounded(5, 2, rule) for rule in ("half_up", "half_even", "either")]
    [(3, 3), (2, 2), (2, 3)]
    """
    if rule == "truncate":
        return (numerator // denominator,) * 2
    low = -((denominator - 2 * numerator) // (2 * denominator))
    high = (denominator + 2 * numerator) // (2 * denominator)
    if rule == "half_up":
        low = high
    elif rule == "half_even":
        low = high = high - (high - low) * (high % 2)
    return low, high


def as_float(x: Fraction) -> float:
    """The nearest float; infinity for what lies beyond all floats."""
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf


def _rounding_interval(value: Fraction, decimals: int, rule: str) -> Interval:
    unit = Fraction(10) ** -decimals
    if rule == "truncate":
        return Interval(
            value - (unit if value <= 0 else 0),
            value + (unit if value >= 0 else 0),
            low_closed=value > 0,
            high_closed=value < 0,
        )
    low, high = value - unit / 2, value + unit / 2
    if rule == "half_up":
        return Interval(low, high, low_closed=value > 0, high_closed=value < 0)
    if rule == "half_even":
        closed = (value / unit) % 2 == 0
        return Interval(low, high, closed, closed)
    if rule == "either":
        return Interval(low, high)
    raise ValueError(f"unknown rounding rule {rule!r}; accepted are {', '.join(RULES)}.")


def _guard(x: float) -> float:
    return FLOAT_GUARD * max(1.0, abs(x)) if math.isfinite(x) else 0.0
