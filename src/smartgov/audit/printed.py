"""Printed figures: a string in a table is an interval under a named rounding rule.

Everything here is exact: values are :class:`fractions.Fraction`, and an end of an interval is
open or closed because the rounding rule says so, never because of a tolerance.  Only where ends
are turned into floats, to compare them with p-values, do they need a guard.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
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

TAIL_GUARD = 100 * FLOAT_GUARD
"""The same for tails of distributions, relative to themselves; the least accurate of all used."""

_SMALLEST_FLOAT = 1e-290
"""Below this floats lose their digits, and nothing is certain."""

LONGEST = 200
"""Characters of a figure; far more than any program prints."""

_NAME = r"(?: [pр](?:-?value)? | W | χ\^?2 | chi\^?2 )"
_RELATION = r"(?: <= | >= | << | >> | [=<>≤≥⩽⩾≦≧≪≫≈≃≅~∼] )"
_NUMBER = re.compile(
    rf"""
    (?: {_NAME} \s* (?= {_RELATION} ) )?                    # 'p < .001': the letter is dropped
    (?P<relation> {_RELATION} )? \s*
    (?P<sign> [+-] )? \s*
    (?:
        (?P<whole>
            [1-9]\d{{0,2}} (?: (?: [ '’]\d{{3}} )+          # thousands that cannot be decimals
                | (?:,\d{{3}})+ (?=\.\d) | (?:\.\d{{3}})+ (?=,\d)
                | (?:,\d{{3}}){{2,}} | (?:\.\d{{3}}){{2,}} )
            | \d* )
        (?: \s* (?P<mark> [.,] ) \s* (?P<part> \d+ ) )?
        (?: (?: e | \s* (?: [×xх·⋅∙•*] | \\times | \\cdot ) \s* 10 \s* (?: \^ | \*\* )? \s* )
            [({{]? (?P<power> [+-]? \s* \d{{1,3}} ) [)}}]? )?
        | 10 \s* (?: \^ | \*\* ) \s* [({{]? (?P<bare> [+-]? \s* \d{{1,3}} ) [)}}]?
    )
    \s* (?P<percent> % )?
    \s* [*†‡§¶]* (?: \s* \(? n\.?\s?s\.? \)? )?             # marks, and 'ns' after a p-value
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BOUNDED = re.compile(
    rf"(?P<left> [^<>]+? ) \s* (?P<first> {_RELATION} ) \s* {_NAME}"
    rf"(?: \s* (?P<second> {_RELATION} ) \s* (?P<right> .+ ) )?",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_SIGNIFICANT = re.compile(
    r"(?:p\s*=?\s*)?(?:n\.?\s?s\.?|(?:not|non)[ -]?significant|insignificant)", re.IGNORECASE
)
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_PLAIN = str.maketrans(
    "−–‐‑‒﹣－⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹％", "-------+-0123456789%", "\u200b\u200e\u200f\u2060\ufeff"
)
_SPELT = {"≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "≪": "<", "<<": "<"}
_SPELT |= {"≫": ">", ">>": ">"} | dict.fromkeys("≈≃≅∼", "~")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ACCEPTED = (
    "0.546, 0,546, .004, 1,234.5, 1 234,5, 1.3e-4, 1.3 × 10^-4, 10⁻⁶, 62%, 0.001*, < .001, "
    "≤ 0.05, ≈ 0.05, .01 < p < .05 and n.s."
)


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

    def floats(self, guard: float = TAIL_GUARD) -> tuple[float, float]:
        """Both ends as floats, moved outwards by a guard relative to them: a net, never a proof.

        A negative guard moves them together, for those who ask for certainty.
        """
        low = -math.inf if self.low is None else as_float(self.low)
        high = math.inf if self.high is None else as_float(self.high)
        smallest = math.copysign(_SMALLEST_FLOAT, guard)
        return (
            low - (guard * abs(low) + smallest if math.isfinite(low) else 0),
            high + (guard * abs(high) + smallest if math.isfinite(high) else 0),
        )

    # At one place an open lower end lies above a closed one, an open upper end below a closed one.
    def _low_key(self) -> tuple[Fraction | float, bool]:
        return (-math.inf, False) if self.low is None else (self.low, not self.low_closed)

    def _high_key(self) -> tuple[Fraction | float, bool]:
        return (math.inf, True) if self.high is None else (self.high, self.high_closed)


@dataclass(frozen=True)
class Printed:
    """A figure as a table prints it; made by :func:`parse_printed`.

    `decimals` counts the places of the last digit shown: 3 for ``0.546``, 5 for ``1.3e-4``, 4 for
    ``12.34%``; `relation` is ``=``, ``~``, ``<``, ``<=``, ``>`` or ``>=``; `mark` is ``.`` or
    ``,``, or empty where none is printed; `power` is the power of ten of ``1.3e-4``; `also` is the
    lower bound of ``.01 < p < .05``.  Stars and footnote marks are no part of the number.
    """

    text: str
    value: Fraction
    decimals: int
    relation: str = "="
    mark: str = ""
    power: int | None = None
    also: Printed | None = None

    def interval(self, rule: str = "either", decimals: int | None = None) -> Interval:
        """Every number that prints like this under `rule`, one of :data:`RULES`.

        `decimals` are the places the figure was rounded to, when a trailing zero was dropped
        (``2`` beside ``1.86`` may stand for ``2.00``); by default those it shows, never fewer.
        For ``<`` and ``>`` everything strictly beyond the figure, taken at its word; for ``<=``
        and ``>=``, whose bound may itself be rounded, what is beyond it or prints like it; for
        ``~`` (``≈ 0.05``) what is at most one unit of the last place away, rounded however.
        """
        known = self._known_intervals
        if (rule, decimals) not in known:
            own = self._interval(rule, self._checked_decimals(decimals))
            known[rule, decimals] = own & self.also.interval(rule) if self.also else own
        return known[rule, decimals]

    def as_bound(self, relation: str) -> Printed | None:
        """What the figure says from one side, ``<=`` or ``>=``; nothing where it bounds the other.

        Examples
        --------
        >>> parse_printed(".01 < p < .05").as_bound(">=").interval().low
        Fraction(1, 100)
        """
        if self.also and relation[0] == self.also.relation[0]:
            return self.also
        if self.relation == "~":
            unit = Fraction(10) ** -self.decimals
            shifted = self.value + (unit if relation == "<=" else -unit)
            return replace(self, value=shifted, relation=relation)
        if self.relation == "=":
            return replace(self, relation=relation)
        return self if self.relation[0] == relation[0] else None

    @property
    def with_thousands(self) -> Printed | None:
        """The other number that ``1,234`` or ``1.234`` may stand for, if it may.

        Examples
        --------
        >>> parse_printed("1,234").with_thousands.value
        Fraction(1234, 1)
        """
        if not self.mark or self.decimals != 3 or not 1 <= self.value < 1000:
            return None
        return replace(self, value=self.value * 1000, decimals=0, mark="", also=None)

    @cached_property
    def _known_intervals(self) -> dict[tuple[str, int | None], Interval]:
        return {}

    def _interval(self, rule: str, decimals: int) -> Interval:
        if self.relation == "<":
            return Interval(None, self.value, False, False)
        if self.relation == ">":
            return Interval(self.value, None, False, False)
        if self.relation == "~":
            unit = Fraction(10) ** -decimals
            return Interval(self.value - unit, self.value + unit)
        rounded = _rounding_interval(self.value, decimals, rule)
        if self.relation == "<=":
            return Interval(None, rounded.high, False, rounded.high_closed)
        if self.relation == ">=":
            return Interval(rounded.low, None, rounded.low_closed, False)
        return rounded

    def restyle(self, value: Fraction, decimals: int | None = None) -> str:
        """Another number printed the way this one is: mark, places, leading zero, power of ten.

        Examples
        --------
        >>> parse_printed(",5").restyle(Fraction(1, 8), decimals=2)
        ',13'
        >>> parse_printed("5.1e-18").restyle(Fraction(1, 3 * 10**6))
        '3.3e-7'
        """
        if self.power is not None:
            return self._with_power(value, decimals)
        places = self.decimals if decimals is None else decimals
        text = print_value(value, max(places, 0), self.mark or ".")
        bare = re.match(r"\D*?[.,]\d", self.text)
        return text.replace("0", "", 1) if bare and text[:1] == "0" else text

    def _with_power(self, value: Fraction, decimals: int | None) -> str:
        """As many digits as are shown, but none beyond the decimal places, if any are given."""
        least = self.power if decimals is None else -decimals
        power = _magnitude(value) if value else least
        digits = self.decimals + self.power
        if decimals is not None:
            digits = min(digits, decimals + power)
        mark = self.mark or "."
        if -1 <= power <= digits:
            return print_value(value, digits - power, mark)
        shown = print_value(value / Fraction(10) ** power, max(digits, 0), mark)
        e = re.search(r"\d[eE]", self.text)
        return f"{shown}{e[0][1]}{power}" if e else f"{shown} × 10^{power}"

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
        ``10⁻⁶``, ``62%``; a relation before (``< .001``, ``≤ 0.05``, ``p < .001``, ``≪ .001``,
        ``≈ 0.05``) or on both sides (``.01 < p < .05``); ``n.s.``, which is taken for ``> .05``;
        stars after (``0,001*``).  One comma is the decimal mark; with another mark, or more than
        once, commas, points, blanks and apostrophes separate thousands (``1,234.5``).

    Examples
    --------
    >>> parse_printed("0,001*").value, parse_printed("4.4 × 10⁻³").value
    (Fraction(1, 1000), Fraction(11, 2500))
    >>> parse_printed("< .05").interval().high
    Fraction(1, 20)
    >>> between = parse_printed(".01 < p ≤ .05").interval()
    >>> Fraction(1, 100) in between, Fraction(1, 20) in between
    (False, True)
    >>> parse_printed("1 234,5").value == parse_printed("1,234.5").value
    True
    """
    if not isinstance(text, str):
        raise ValueError(f"found {text!r}; a printed figure is a string, with its trailing zeros.")
    if len(text) > LONGEST:
        raise ValueError(f"found {len(text)} characters; accepted are up to {LONGEST}.")
    return _parse(text)


def is_printed(text: str) -> bool:
    """Whether a string is a printed figure."""
    try:
        return bool(parse_printed(text))
    except ValueError:
        return False


@lru_cache(maxsize=2**16)
def _parse(text: str) -> Printed:
    powers = _SUPERSCRIPT.sub(lambda found: f"^{found[0]}", text.strip())
    plain = re.sub(r"\s", " ", powers.translate(_PLAIN))
    if _NOT_SIGNIFICANT.fullmatch(plain):
        return Printed(text, Fraction(1, 20), 2, ">", ".")
    found = _between(plain) or _number(plain)
    if found is None:
        stars = " (of stars, write the bound they stand for)" if not plain.strip("* ") else ""
        raise ValueError(
            f"{text!r} is not a printed figure; accepted are strings like {_ACCEPTED}{stars}."
        )
    return replace(found, text=text)


def _number(plain: str) -> Printed | None:
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match["whole"] or match["part"] or match["bare"]):
        return None
    part, power = match["part"] or "", match["power"] or match["bare"]
    power = None if power is None else int(power.replace(" ", ""))
    decimals = len(part) - (power or 0) + (2 if match["percent"] else 0)
    whole = "1" if match["bare"] else re.sub(r"\D", "", match["whole"])
    relation = match["relation"] or "="
    return Printed(
        text=plain,
        value=int((match["sign"] or "") + whole + part) * Fraction(10) ** -decimals,
        decimals=decimals,
        relation=_SPELT.get(relation, relation),
        mark=match["mark"] or "",
        power=power,
    )


def _between(plain: str) -> Printed | None:
    """A number on the left of p, and perhaps another on its right, both the same way."""
    match = _BOUNDED.fullmatch(plain)
    if match is None:
        return None
    first = _SPELT.get(match["first"], match["first"])
    ends = [_FLIPPED.get(first, first) + match["left"]]
    ends += [match["second"] + match["right"]] if match["second"] else []
    bounds = list(map(_number, ends))
    if None in bounds:
        return None
    sides = [bound.relation[0] for bound in bounds]
    if not set(sides) <= {"<", ">"} or len(set(sides)) < len(sides):
        return None
    upper = max(bounds, key=lambda bound: bound.relation[0] == "<")
    lower = [bound for bound in bounds if bound is not upper]
    both = replace(upper, also=lower[0] if lower else None)
    return both if both.interval() else None


def could_print(x: Fraction | int, printed: Printed, rule: str = "either") -> bool:
    """Whether the number `x` may be printed as `printed` under `rule`.

    Examples
    --------
    >>> could_print(Fraction(1, 8), parse_printed("0.13"), "half_even")
    False
    """
    return x in printed.interval(rule)


def print_value(
    x: Fraction | int | float, decimals: int, decimal_mark: str = ".", rule: str = "half_up"
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


def _magnitude(x: Fraction) -> int:
    """The power of ten of the first digit of a number above 0."""
    power = len(str(x.numerator)) - len(str(x.denominator))
    return power if x >= Fraction(10) ** power else power - 1
