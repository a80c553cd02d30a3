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
    """What a check finds.

    Attributes
    ----------
    verdict : str
        One of :data:`VERDICTS`.
    method : str
        How it was judged, or what a judgement would need.
    recomputed : str
        The figure that recomputing gives.
    against : str
        Ids of the claims the claim was held against, joined by ``; ``.
    nearest : str
        For a contradicted claim the smallest change that would mend it.
    """

    verdict: str
    method: str
    recomputed: str = ""
    against: str = ""
    nearest: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is none of {VERDICTS}.")
        if self.verdict == "contradicted" and not (self.against and self.nearest):
            raise ValueError("a contradiction names what it stands against and the nearest mend.")


Check = Callable[[Claim, "Evidence"], Judgement]
CHECKS: dict[str, Check] = {}
NOTEBOOK_OF: dict[str, str] = {}


def check(notebook: str) -> Callable[[Check], Check]:
    """Register a function as the check of the claims whose ``kind`` is its name.

    `notebook` is the notebook in which a reader sees the check at work.
    """

    def register(function: Check) -> Check:
        CHECKS[function.__name__] = function
        NOTEBOOK_OF[function.__name__] = notebook
        return function

    return register
