"""Anyone's table: a CSV of printed figures in, a CSV of verdicts out.

Input columns are ``id, m, n, W, chi2, df, p, mean_ranks``: m raters, n items, every figure as the
table prints it, blank or a dash where it prints none, mean ranks separated by ``;``.  What the
verdicts claim is written in :mod:`smartgov.audit.row_audit`.  Every row is judged by itself: one
that cannot be read or judged is ``unreadable``, with its line and the reason, and costs no other.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartgov.audit.printed import LONGEST, Printed, parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_audit import RowVerdict, judge_row
from smartgov.files.spreadsheet_safety import csv_cell

INPUT_COLUMNS = ("id", "m", "n", "W", "chi2", "df", "p", "mean_ranks")
OUTPUT_COLUMNS = ("id", "verdict", "feasible_m", "against", "nearest", "explanation")

_TESTED = ("W", "chi2", "p")
_SPEAKS_OF = {"W": "w", "chi2": "χ|^c", "p": "[pр]|^[ni]"}
NOT_PRINTED = {"-", "–", "—", "n/a", "na"}
WHOLE_NUMBERS = {"m": (2, 100_000), "n": (2, 1000), "df": (1, 999)}

MAX_BYTES = 20_000_000
"""Of a table; 10,000 rows are about one million."""

_MOST_LINES = 10
"""Lines over which a cell in quotation marks may run; beyond, its end is taken for forgotten."""

BLOCK = 100
"""Rows that are judged in one task."""

CONTRADICTED, UNREADABLE = 1, 2
"""Exit statuses of :func:`run_audit_table`; they add up."""


@dataclass(frozen=True)
class UnreadableRow:
    """A row that is no row of printed figures, and why."""

    id: str
    line: int
    reason: str


def read_table(path: str | Path) -> list[Row | UnreadableRow]:
    """Read a CSV of printed figures, UTF-8, one row or reason for each row that is not blank.

    Fields are separated by commas, semicolons or tabs, whichever the header uses; a figure with a
    comma, and mean ranks between semicolons, then need quotes.  A file that is no such table at all
    is refused with a ValueError.
    """
    path = Path(path)
    lines = list(io.StringIO(_text(path), newline=""))
    header = lines[0] if lines else ""
    separator = max(",;\t", key=header.count)
    columns = [name.strip() for name in _fields(lines[:1], separator)]
    _check_columns(path, columns)
    return list(_read_rows(_records(lines, separator, len(columns)), columns))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ValueError(f"{path}: found no such file; give the path of a CSV.") from None
    except IsADirectoryError:
        raise ValueError(f"{path}: found a folder; give the path of a CSV.") from None
    except OSError as error:
        words = error.strerror or "no reason given"
        raise ValueError(f"{path}: cannot be read ({words}); give a CSV that can.") from None
    if len(raw) > MAX_BYTES:
        raise ValueError(f"{path}: found more than {MAX_BYTES // 10**6} MB; split the table.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path}: found bytes that are not UTF-8; save it as UTF-8.") from None


def _records(
    lines: Sequence[str], separator: str, width: int
) -> Iterator[tuple[int, list[str], bool]]:
    """Line, fields, and whether all quotation marks are closed, of each record below the header.

    A quotation mark that is never closed ends with its line, and the next one is read by itself.
    """
    at = 1
    while at < len(lines):
        end, closed = at + 1, lines[at].count('"') % 2 == 0
        fields = _fields(lines[at:end], separator)
        for last in range(at + 2, min(at + _MOST_LINES, len(lines)) + 1) if not closed else ():
            longer = _fields(lines[at:last], separator)
            if "".join(lines[at:last]).count('"') % 2 == 0 and len(longer) == width:
                end, closed, fields = last, True, longer
                break
        yield at + 1, fields, closed
        at = end


def _fields(lines: Sequence[str], separator: str) -> list[str]:
    longest = csv.field_size_limit(MAX_BYTES)
    try:
        return next(csv.reader(lines, delimiter=separator), [])
    finally:
        csv.field_size_limit(longest)


def audit_rows(
    rows: Sequence[Row | UnreadableRow], reading: Reading = Reading()
) -> Iterator[dict[str, str]]:
    """One output record for each row, in order; unreadable rows keep their place.

    Examples
    --------
    >>> row = Row("a", m=5, n=3, W=parse_printed("0.5"), chi2=parse_printed("5.0"))
    >>> next(audit_rows([row]))["verdict"]
    'consistent'
    """
    for row in rows:
        yield {"id": row.id, **_record(_judged(row, reading))}


def _block(of_rows: tuple[Sequence[Row | UnreadableRow], Reading]) -> list[dict[str, str]]:
    return list(audit_rows(*of_rows))


def _each(function: Callable, arguments: Mapping[str, object]) -> Mapping[str, object]:
    return {key: function(argument) for key, argument in arguments.items()}


def _judged(row: Row | UnreadableRow, reading: Reading) -> RowVerdict:
    if isinstance(row, UnreadableRow):
        return RowVerdict("unreadable", explanation=f"line {row.line}: {row.reason}")
    try:
        return judge_row(row, reading)
    except Exception as error:  # whatever it is, the other rows are judged
        kind = type(error).__name__
        words = f"Not judged, for the audit failed here ({kind}); leave out what is unusual in it."
        return RowVerdict("unreadable", explanation=words)


def run_audit_table(
    table: str | Path,
    out: str | Path,
    m_max: int = 100,
    n_max: int = 50,
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2", "F", "exact"),
    each: Callable[[Callable, Mapping[str, object]], Mapping[str, object]] | None = None,
) -> int:
    """Judge a table, write the verdicts, report unreadable rows on standard error.

    What `make audit` runs: `m_max` and `n_max` are the largest numbers of raters and items tried
    where a row prints none, `rule` and `p_methods` as in :class:`~smartgov.audit.row.Reading`.
    `each` calls a function with every argument of a mapping and returns the results by key, for
    who has several processors. Returns 0, plus 1 when a row is contradicted, plus 2 when one is
    unreadable.
    """
    reading = _reading(m_max, n_max, rule, p_methods)
    rows = read_table(table)
    for row in rows:
        if isinstance(row, UnreadableRow):
            print(f"{table}, line {row.line}: {row.reason}", file=sys.stderr)
    blocks = {str(at): (rows[at : at + BLOCK], reading) for at in range(0, len(rows), BLOCK)}
    records = [record for block in (each or _each)(_block, blocks).values() for record in block]
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OUTPUT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: csv_cell(text) for name, text in row.items()} for row in records)
    counts = Counter(record["verdict"] for record in records)
    print(f"{len(records)} rows: " + ", ".join(f"{n} {name}" for name, n in sorted(counts.items())))
    return CONTRADICTED * ("contradicted" in counts) + UNREADABLE * ("unreadable" in counts)


def _reading(m_max: int, n_max: int, rule: str, p_methods: Sequence[str]) -> Reading:
    if not (2 <= m_max <= WHOLE_NUMBERS["m"][1] and 2 <= n_max <= WHOLE_NUMBERS["n"][1]):
        raise ValueError(
            f"found bounds of {m_max} raters and {n_max} items; accepted are 2 to "
            f"{WHOLE_NUMBERS['m'][1]} raters and 2 to {WHOLE_NUMBERS['n'][1]} items."
        )
    return Reading(tuple(p_methods), rule, m_sizes=range(2, m_max + 1), n_sizes=range(2, n_max + 1))


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    accepted = ", ".join(INPUT_COLUMNS)
    if "id" not in columns or not set(columns) & set(INPUT_COLUMNS[3:]):
        found = ", ".join(columns)[:200] or "nothing"
        found = found if found.isprintable() else "bytes that are no text"
        raise ValueError(
            f"{path}, line 1: found {found}; the header needs id and any of {accepted}."
        )
    doubled = [name for name, count in Counter(columns).items() if count > 1 and name]
    if doubled:
        raise ValueError(f"{path}, line 1: column {doubled[0]} stands there twice.")
    unused = [name for name in columns if name not in INPUT_COLUMNS]
    if unused:
        print(
            f"{path}: columns not used: {', '.join(unused)} (used are {accepted})", file=sys.stderr
        )


def _read_rows(
    records: Iterable[tuple[int, list[str], bool]], columns: Sequence[str]
) -> Iterator[Row | UnreadableRow]:
    for line, fields, closed in records:
        if not any(field.strip() for field in fields):
            continue
        cells = dict(zip(columns, fields, strict=False))
        name = cells.get("id", "")[:LONGEST].replace("\0", "").strip()
        try:
            _check_fields(fields, columns, closed)
            yield _read_row(name, cells)
        except ValueError as error:
            yield UnreadableRow(name, line, str(error))


def _check_fields(fields: Sequence[str], columns: Sequence[str], closed: bool) -> None:
    if not closed:
        raise ValueError('found a quotation mark that is never closed; accepted are pairs of ".')
    if any("\0" in field for field in fields):
        raise ValueError("found a NUL byte; accepted is text.")
    if len(fields) != len(columns):
        raise ValueError(
            f"found {len(fields)} fields where the header has {len(columns)}; a figure with a "
            "decimal comma needs quotes."
        )


def _read_row(name: str, cells: dict[str, str]) -> Row:
    printed = {column: (cells.get(column) or "").strip() for column in INPUT_COLUMNS[1:]}
    printed = {c: "" if text.casefold() in NOT_PRINTED else text for c, text in printed.items()}
    texts = printed["mean_ranks"].split(";") if printed["mean_ranks"] else []
    least, most = WHOLE_NUMBERS["n"]
    if texts and not least <= len(texts) <= most:
        found = "one" if len(texts) == 1 else len(texts)
        raise ValueError(
            f"mean_ranks: found {found}; accepted are those of all items, {least} to {most}, "
            "separated by ;"
        )
    return Row(
        name,
        *(_whole(column, printed[column]) for column in WHOLE_NUMBERS),
        *(_figure(column, text) if (text := printed[column]) else None for column in _TESTED),
        tuple(_figure("mean_ranks", text) for text in texts),
    )


def _figure(name: str, text: str) -> Printed:
    try:
        figure = parse_printed(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    for other, words in _SPEAKS_OF.items():
        if other != name and re.search(words, text, re.IGNORECASE):
            raise ValueError(
                f"{name}: {text!r} is not a printed figure of {name}, for it speaks of {other}."
            )
    return figure


def _whole(name: str, text: str) -> int | None:
    if not text:
        return None
    figure, (least, most) = _figure(name, text), WHOLE_NUMBERS[name]
    read = [
        int(one.value)
        for one in (figure, figure.with_thousands)
        if one and one.relation == "=" and one.value.denominator == 1
        if least <= one.value <= most
    ]
    if len(read) != 1:
        found = " or ".join(map(str, read))
        told = f", which may be {found}" if read else ""
        raise ValueError(
            f"{name}: found {text!r}{told}; accepted are whole numbers from {least} to {most}."
        )
    return read[0]


def _record(verdict: RowVerdict) -> dict[str, str]:
    return {
        "verdict": verdict.verdict,
        "feasible_m": _runs(verdict.feasible_m),
        "against": " | ".join(" ".join(names) for names in verdict.against),
        "nearest": "; ".join(f"{name}={text}" for name, text in (verdict.nearest or {}).items()),
        "explanation": verdict.explanation,
    }


def _runs(sizes: Sequence[int]) -> str:
    """Sizes with their runs shortened: ``2;5-8``."""
    runs: list[list[int]] = []
    for size in sizes:
        if runs and size == runs[-1][-1] + 1:
            runs[-1][1:] = [size]
        else:
            runs.append([size])
    return ";".join("-".join(map(str, run)) for run in runs)
