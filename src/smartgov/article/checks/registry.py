"""What a check is: a small function, found by its name, that judges one claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from smartgov.article.evidence import Evidence

VERDICTS = ("reproduced", "consistent", "contradicted", "unsupported", "not_checkable")


class Claim(NamedTuple):
    """One row of the ledger, every field a string."""

    claim_id: str
    place: str
    row: str
    column: str
    kind: str
    printed: str
    statement: str


@dataclass(frozen=True)
class Judgement:
    """What a check finds; the fields are columns of `verdicts.csv`, described in its schema.

    `nearest` is the smallest change, for a sentence the places that clash and never another
    finding; `worked` is the method unless a line of arithmetic can be redone; `alone` says that a
    contradicted figure is impossible whatever stands beside it.
    """

    verdict: str
    method: str
    recomputed: str = ""
    against: str = ""
    nearest: str = ""
    worked: str = ""
    readings: str = ""
    because: str = ""
    alone: bool = False

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is none of {VERDICTS}.")
        if self.verdict == "contradicted" and not (self.against or self.because):
            raise ValueError("a contradiction names what it clashes with.")
        if self.verdict == "contradicted" and not self.nearest:
            raise ValueError("a contradiction names the smallest change, or the places to look at.")


@dataclass(frozen=True)
class Check:
    """A check, and the section of a notebook in which a reader sees it at work."""

    judge: Callable[[Claim, Evidence], Judgement]
    notebook: str
    section: str


def recomputed(
    claim: Claim, found: str, method: str, against: str, printed: str | None = None
) -> Judgement:
    """Reproduced where recomputing gives the printed string, else contradicted by what it gives."""
    if found == (claim.printed if printed is None else printed):
        return Judgement("reproduced", method, found, against)
    return Judgement("contradicted", method, found, against, f"{claim.printed} → {found}")


CHECKS: dict[str, Check] = {}


def check(notebook: str, section: str) -> Callable:
    """Register a function as the check of the claims whose ``kind`` is its name."""

    def register(function: Callable[[Claim, Evidence], Judgement]) -> Callable:
        CHECKS[function.__name__] = Check(function, notebook, section)
        return function

    return register
