"""Anyone's table: a CSV of printed figures in, a CSV of verdicts out.

Input columns are ``id, m, n, W, chi2, df, p, mean_ranks``: m raters, n items, every figure as
the table prints it, blank where it prints none, mean ranks separated by ``;``.  What the verdicts
claim is written in :mod:`smartgov.audit.row_audit`.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from smartgov.audit.printed import Printed, parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_audit import RowVerdict, judge_row

INPUT_COLUMNS = ("id", "m", "n", "W", "chi2", "df", "p", "mean_ranks")
OUTPUT_COLUMNS = ("id", "verdict", "feasible_m", "against", "nearest", "explanation")

_WHOLE_NUMBERS = {"m": (2, 100_000), "n": (2, 1000), "df": (1, 999)}

_LONGEST_FIGURE = 200
"""Characters; far more than any program prints."""

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
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: found no such file; give the path of a CSV.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: found bytes that are not UTF-8; save it as UTF-8.") from None
    lines = text.splitlines(keepends=True)
    header = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=header.count))
    columns = [name.strip() for name in next(reader, [])]
    _check_columns(path, columns)
    return list(_read_rows(reader, columns))


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
        if isinstance(row, Row):
            yield {"id": row.id, **_record(judge_row(row, reading))}
        else:
            text = f"line {row.line}: {row.reason}"
            yield {
                **dict.fromkeys(OUTPUT_COLUMNS, ""),
                "id": row.id,
                "verdict": "unreadable",
                "explanation": text,
            }


def run_audit_table(
    table: str | Path,
    out: str | Path,
    m_max: int = 100,
    n_max: int = 50,
    rule: str = "either",
    p_methods: Sequence[str] = ("chi2", "F", "exact"),
) -> int:
    """Judge a table, write the verdicts, report unreadable rows on standard error.

    What `make audit` runs: `m_max` and `n_max` are the largest numbers of raters and items tried
    where a row prints none, `rule` and `p_methods` as in :class:`~smartgov.audit.row.Reading`.
    Returns 0, plus 1 when a row is contradicted, plus 2 when one is unreadable.
    """
    reading = _reading(m_max, n_max, rule, p_methods)
    rows = read_table(table)
    for row in rows:
        if isinstance(row, UnreadableRow):
            print(f"{table}, line {row.line}: {row.reason}", file=sys.stderr)
    records = list(_with_progress(audit_rows(rows, reading), len(rows)))
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OUTPUT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    counts = Counter(record["verdict"] for record in records)
    print(f"{len(records)} rows: " + ", ".join(f"{n} {name}" for name, n in sorted(counts.items())))
    return CONTRADICTED * ("contradicted" in counts) + UNREADABLE * ("unreadable" in counts)


def _reading(m_max: int, n_max: int, rule: str, p_methods: Sequence[str]) -> Reading:
    if not (2 <= m_max <= _WHOLE_NUMBERS["m"][1] and 2 <= n_max <= _WHOLE_NUMBERS["n"][1]):
        raise ValueError(
            f"found bounds of {m_max} raters and {n_max} items; accepted are 2 to "
            f"{_WHOLE_NUMBERS['m'][1]} raters and 2 to {_WHOLE_NUMBERS['n'][1]} items."
        )
    return Reading(tuple(p_methods), rule, m_sizes=range(2, m_max + 1), n_sizes=range(2, n_max + 1))


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    accepted = ", ".join(INPUT_COLUMNS)
    if "id" not in columns or not set(columns) & set(INPUT_COLUMNS[3:]):
        found = ", ".join(columns) or "nothing"
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
    reader: Iterable[list[str]], columns: Sequence[str]
) -> Iterator[Row | UnreadableRow]:
    for fields in reader:
        if not any(field.strip() for field in fields):
            continue
        line = reader.line_num
        cells = dict(zip(columns, fields, strict=False))
        if len(fields) != len(columns):
            reason = (
                f"found {len(fields)} fields where the header has {len(columns)}; a figure "
                "with a decimal comma needs quotes."
            )
            yield UnreadableRow(cells.get("id", ""), line, reason)
            continue
        try:
            yield _read_row(cells)
        except ValueError as error:
            yield UnreadableRow(cells["id"], line, str(error))


def _read_row(cells: dict[str, str]) -> Row:
    printed = {name: (cells.get(name) or "").strip() for name in INPUT_COLUMNS[1:]}
    ranks = (
        tuple(_figure("mean_ranks", text) for text in printed["mean_ranks"].split(";"))
        if printed["mean_ranks"]
        else ()
    )
    if len(ranks) == 1:
        raise ValueError("mean_ranks: found one; accepted are those of all items, separated by ;")
    return Row(
        cells["id"],
        *(_whole(name, printed[name]) for name in _WHOLE_NUMBERS),
        *(_figure(name, printed[name]) if printed[name] else None for name in ("W", "chi2", "p")),
        ranks,
    )


def _figure(name: str, text: str) -> Printed:
    if len(text) > _LONGEST_FIGURE:
        raise ValueError(
            f"{name}: found {len(text)} characters; accepted are up to {_LONGEST_FIGURE}."
        )
    try:
        return parse_printed(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _whole(name: str, text: str) -> int | None:
    if not text:
        return None
    figure, (least, most) = _figure(name, text), _WHOLE_NUMBERS[name]
    whole = figure.relation == "=" and figure.value.denominator == 1
    if not whole or not least <= figure.value <= most:
        raise ValueError(
            f"{name}: found {text!r}; accepted are whole numbers from {least} to {most}."
        )
    return int(figure.value)


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


def _with_progress(records: Iterator[dict[str, str]], total: int) -> Iterable[dict[str, str]]:
    """A bar on standard error, for a terminal and only when it takes a few seconds."""
    return tqdm(records, total=total, unit="row", delay=2, disable=not sys.stderr.isatty())
