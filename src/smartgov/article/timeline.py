"""The article's dates, set against each other.

A printed date is a span of months (“end of 2021” is any month of its second half). Two spans
exclude an order only if no choice of months within them allows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from smartgov.article.published import claims
from smartgov.files.layout import MODEL

MONTHS = {"сәуір": 4, "мамыр": 5, "қыркүйек": 9}
NUMERALS = {"алты": 6}


@dataclass(frozen=True)
class Span:
    """Months counted from year 0 (``12 * year + month - 1``), both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        ends = [f"{month // 12}-{month % 12 + 1:02d}" for month in (self.first, self.last)]
        return ends[0] if ends[0] == ends[1] else "…".join(ends)


@dataclass(frozen=True)
class Conflict:
    """Events whose printed dates cannot all be true, why, and the smallest mend for each."""

    events: tuple[str, ...]
    why: str
    mends: dict[str, str]


def read_span(printed: str) -> Span:
    """Read a Kazakh date: year, optional month, optional “end of”.

    Examples
    --------
    >>> str(read_span("2022 жылдың сәуірінде"))
    '2022-04'
    >>> str(read_span("2021 жылдың соңында"))
    '2021-07…2021-12'
    """
    year = re.search(r"\d{4}", printed)
    if not year:
        raise ValueError(f"{printed!r} holds no year of four digits.")
    january = 12 * int(year[0])
    for stem, month in MONTHS.items():
        if stem in printed:
            return Span(january + month - 1, january + month - 1)
    return Span(january + (6 if "соңында" in printed else 0), january + 11)


def read_months(printed: str) -> int:
    """Read a duration in months, its numeral a Kazakh word or digits."""
    word = printed.split()[0]
    if word.isdigit():
        return int(word)
    if word not in NUMERALS:
        raise ValueError(f"{printed!r}: known are months in digits and {list(NUMERALS)}.")
    return NUMERALS[word]


def printed_events() -> dict[str, str]:
    """Event → printed date, for every claim of kind ``timeline`` (a repeated event once)."""
    ledger = claims()
    return dict(
        ledger.loc[ledger["kind"] == "timeline", ["row", "printed"]].itertuples(index=False)
    )


def read_rules() -> dict:
    """The order and durations that the article's account gives, and what else it could mean."""
    return yaml.safe_load((MODEL / "timeline.yaml").read_text(encoding="utf-8"))


def conflicts(events: dict[str, str], rules: dict) -> list[Conflict]:
    """Every order or duration of some rules that the printed dates cannot satisfy."""
    order, durations = rules.get("order", []), rules.get("durations", [])
    spans = {event: read_span(text) for event, text in events.items() if re.search(r"\d{4}", text)}
    found = [_order_conflict(spans, **rule) for rule in order]
    found += [_duration_conflict(spans, events, **rule) for rule in durations]
    return [conflict for conflict in found if conflict]


def duration_lines(events: dict[str, str], rules: dict) -> dict[str, str]:
    """For each event of a duration, the months counted back from its printed end."""
    lines = {}
    for rule in rules["durations"]:
        months, end = read_months(events[rule["event"]]), read_span(events[rule["end"]])
        first = end.first - months + 1
        line = (
            f"{months} months that end in {end} begin in {Span(first, first)}; the sentence begins"
            f" them in {read_span(events[rule['start']])}"
        )
        lines |= dict.fromkeys((rule["event"], rule["start"], rule["end"]), line)
    return lines


def _order_conflict(spans: dict[str, Span], before: str, after: str, why: str) -> Conflict | None:
    if spans[before].first <= spans[after].last:
        return None
    mends = {
        before: f"{Span(spans[after].last, spans[after].last)} or earlier",
        after: f"{Span(spans[before].first, spans[before].first)} or later",
    }
    clash = f"{before} {spans[before]} cannot precede {after} {spans[after]}: {why}"
    return Conflict((before, after), clash, mends)


def _duration_conflict(
    spans: dict, events: dict, event: str, start: str, end: str, why: str
) -> Conflict | None:
    """From one month's first day to another's last is one month more than their distance."""
    months = read_months(events[event])
    shortest = spans[end].first - spans[start].last - 1
    longest = spans[end].last - spans[start].first + 1
    if shortest <= months <= longest:
        return None
    excess = shortest - months if months < shortest else longest - months
    mends = {
        event: f"{shortest if excess > 0 else longest} months",
        start: str(Span(spans[start].last + excess, spans[start].last + excess)),
        end: str(Span(spans[end].first - excess, spans[end].first - excess)),
    }
    lasts = (
        f"{start} {spans[start]} to {end} {spans[end]} lasts {shortest} to {longest} months, not"
        f" {months}: {why}"
    )
    return Conflict((event, start, end), lasts, mends)
