"""A printed row: what it shows of one test of concordance, and how it may be read.

The figures are tied by chi2 = m (n - 1) W and df = n - 1 (Friedman, 1937; Kendall and Babington
Smith, 1939); p falls as W grows; mean ranks of n items add up to n (n + 1) / 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from smartgov.audit.p_methods import P_METHODS
from smartgov.audit.printed import RULES, Interval, Printed, parse_printed

TIES = ("either", "corrected", "uncorrected")


@dataclass(frozen=True)
class Reading:
    """How a row may be read, and which panels are tried where it does not say.

    Attributes
    ----------
    p : tuple of str
        What a printed p may be, of :data:`smartgov.audit.p_methods.P_METHODS`, tried in order.
    rule : str
        Rounding rule, of :data:`smartgov.audit.printed.RULES`.
    ties : str
        Whether W, chi2 and p are corrected for ties, not, or ``either`` (all three alike).
    as_shown : bool
        Whether a mean rank with fewer decimals than its column may have been rounded to those it
        shows; else its missing zeros are put back.
    m_sizes, n_sizes : range
        Numbers of raters and items tried where the row prints none.

    Raises
    ------
    ValueError
        For a method, rule or treatment of ties that is not accepted.
    """

    p: tuple[str, ...] = ("chi2", "F", "exact")
    rule: str = "either"
    ties: str = "either"
    as_shown: bool = True
    m_sizes: range = range(2, 101)
    n_sizes: range = range(2, 51)

    def __post_init__(self) -> None:
        for what, found, accepted in (
            ("p methods", self.p, P_METHODS),
            ("rounding rule", (self.rule,), RULES),
            ("treatment of ties", (self.ties,), TIES),
        ):
            unknown = [one for one in found if one not in accepted]
            if unknown or not found:
                names = ", ".join(map(repr, unknown)) or "none"
                raise ValueError(f"found {what} {names}; accepted are {', '.join(accepted)}.")


@dataclass(frozen=True)
class Row:
    """One printed test of `m` raters and `n` items; ``None`` where nothing is printed.

    `mean_ranks` has one cell for each item, or none; `columns` are the decimal places of the
    columns ``W``, ``chi2``, ``p`` or ``mean_ranks`` where they show more than this row does.
    """

    id: str = ""
    m: int | None = None
    n: int | None = None
    df: int | None = None
    W: Printed | None = None
    chi2: Printed | None = None
    p: Printed | None = None
    mean_ranks: tuple[Printed | None, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)

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
    def n_items(self) -> int | None:
        """The number of items, from the first figure that tells it."""
        return next(iter(self.items.values()), None)

    @cached_property
    def figures(self) -> dict[str, Printed]:
        """The tested figures by name: ``mean_ranks[1]``, …, then ``W``, ``chi2``, ``p``."""
        ranks = {f"mean_ranks[{k}]": cell for k, cell in enumerate(self.mean_ranks, start=1)}
        every = ranks | {"W": self.W, "chi2": self.chi2, "p": self.p}
        return {name: cell for name, cell in every.items() if cell is not None}

    @property
    def ranks(self) -> list[str]:
        """The names of the mean ranks among the figures."""
        return [name for name in self.figures if name.startswith("mean_ranks")]

    def keep(self, names: Iterable[str]) -> Row:
        """The row with its sizes, its columns and only some of its figures."""
        kept = set(names)
        columns = dict(self.columns)
        if self.mean_ranks:
            columns["mean_ranks"] = self.places("mean_ranks")
        ranks = tuple(
            cell if f"mean_ranks[{k}]" in kept else None
            for k, cell in enumerate(self.mean_ranks, start=1)
        )
        rest = {name: getattr(self, name) if name in kept else None for name in ("W", "chi2", "p")}
        return replace(self, mean_ranks=ranks, n=self.n_items, df=None, columns=columns, **rest)

    def with_figure(self, name: str, text: str) -> Row:
        """The row with one figure or size printed otherwise."""
        if name in ("m", "n", "df"):
            return replace(self, **{name: int(text)})
        if not name.startswith("mean_ranks"):
            return replace(self, **{name: parse_printed(text)})
        ranks = list(self.mean_ranks)
        ranks[rank_place(name)] = parse_printed(text)
        return replace(self, mean_ranks=tuple(ranks))

    def places(self, name: str) -> int:
        """Decimal places that the figure's column prints."""
        column = "mean_ranks" if name.startswith("mean_ranks") else name
        cells = self.mean_ranks if column == "mean_ranks" else (getattr(self, name),)
        return max(self.columns.get(column, 0), *(cell.decimals for cell in cells if cell), 0)

    def interval(self, name: str, reading: Reading) -> Interval:
        """Every number that prints like a figure; everything where it is not printed."""
        cell = self.figures.get(name)
        if cell is None:
            return Interval(None, None)
        dropped = name.startswith("mean_ranks") and not reading.as_shown and cell.relation == "="
        return cell.interval(reading.rule, self.places(name) if dropped else None)

    def rank_intervals(self, reading: Reading) -> list[Interval]:
        """The intervals of all mean ranks."""
        return [
            self.interval(f"mean_ranks[{k}]", reading) for k in range(1, len(self.mean_ranks) + 1)
        ]

    def restyled(self, name: str, last_places: int) -> str:
        """So many units of a column's last place, printed as the figure is."""
        places = self.places(name)
        return self.figures[name].restyle(Fraction(last_places, 10**places), places)

    def steps(self, name: str, text: str) -> Fraction:
        """How many units of the last place a figure is from another string."""
        distance = abs(parse_printed(text).value - self.figures[name].value)
        return distance * Fraction(10) ** self.places(name)


def rank_place(name: str) -> int:
    """Which item ``mean_ranks[k]`` names, from 0."""
    return int(name[len("mean_ranks[") : -1]) - 1
