"""A verdict for each row of a table: can any panel have printed it?

What a verdict claims:

``contradicted``
    no panel prints the figures named in `against` together.  A proof, over the sizes named in the
    explanation where the row prints none, by whole-number or interval arithmetic or by listing
    all panels, as the explanation says.  W, chi2 and p are taken to come from the same W,
    corrected for ties or not, and p to be of one of the methods allowed (by default chi-square,
    F or, for panels so small that it is customary, exact; see
    :mod:`smartgov.audit.concordance`).  A Monte-Carlo p of a larger panel needs the method
    ``permutation``.
``consistent``
    not excluded.  For few items and raters a panel that prints the row exists; otherwise only
    necessary conditions were tested.  Where p fits only as something else than a chi-square p,
    the explanation says so.
``not_checkable``
    nothing printed ties the figures to one another, or only a panel larger than the bound could
    print them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smartgov.audit.explanations import comes_to
from smartgov.audit.row_fit import Limits, TableRow, feasible_m, may_be_larger, printable
from smartgov.audit.row_reasons import P_READINGS, conflicts_without_panels, reasons

_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class RowVerdict:
    """What the audit says of one row.

    Attributes
    ----------
    verdict : str
        ``consistent``, ``contradicted`` or ``not_checkable``.
    feasible_m : tuple of int
        Numbers of raters that could print all figures but m, p being what the explanation says;
        for ``contradicted`` what the first of the methods says.
    against : tuple of tuple of str
        For ``contradicted``: sets of figures that cannot stand together, each as small as
        possible; not every such set is listed.
    nearest : dict of str to str
        For ``contradicted``: the smallest change found that mends the row.
    explanation : str
    """

    verdict: str
    feasible_m: tuple[int, ...] = ()
    against: tuple[tuple[str, ...], ...] = ()
    nearest: dict[str, str] | None = None
    explanation: str = ""


def judge_rows(rows: Sequence[TableRow], limits: Limits = Limits()) -> Iterator[RowVerdict]:
    """A verdict for each row, in order.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> row = TableRow(m=13, n=7, W=parse_printed(".095"), p=parse_printed(".346"))
    >>> verdict = next(judge_rows([row]))
    >>> verdict.verdict, verdict.against, verdict.nearest
    ('contradicted', (('n', 'W', 'p'),), {'W': '.087'})
    """
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield from _judge_together(rows[start : start + _ROWS_AT_ONCE], limits)


def is_checkable(row: TableRow) -> bool:
    """Whether the printed figures say anything about one another.

    Examples
    --------
    >>> from smartgov.audit.printed import parse_printed
    >>> is_checkable(TableRow(W=parse_printed("0.5"), p=parse_printed("0.01")))
    False
    """
    printed = sum(cell is not None for cell in (row.W, row.chi2, row.p))
    if len(row.items) > 1 or row.mean_ranks:
        return True
    return printed >= 2 and (row.m is not None or bool(row.items))


def _judge_together(rows: Sequence[TableRow], limits: Limits) -> list[RowVerdict]:
    verdicts: dict[int, RowVerdict] = {}
    for k, row in enumerate(rows):
        if conflicts_without_panels(row, limits.rule):
            verdicts[k] = RowVerdict("contradicted")
        elif not is_checkable(row):
            verdicts[k] = RowVerdict("not_checkable", explanation=_what_is_missing(row))
    first: dict[int, tuple[int, ...]] = {}
    for number in range(1, len(limits.p_methods) + 1):
        methods = limits.p_methods[:number]
        left = [k for k in range(len(rows)) if k not in verdicts]
        if number > 1:
            # All sizes are listed only for rows that some method lets pass at all.
            fit = printable([rows[k] for k in left], replace(limits, p_methods=methods))
            left = [k for k, fits in zip(left, fit, strict=True) if fits]
        sizes = feasible_m([rows[k] for k in left], limits, methods)
        for k, feasible in zip(left, sizes, strict=True):
            first.setdefault(k, feasible)
            if (rows[k].m in feasible) if rows[k].m is not None else feasible:
                text = _reading(rows[k], limits, number)
                verdicts[k] = RowVerdict("consistent", feasible, explanation=text)
    for k in set(first) - set(verdicts):
        verdicts[k] = _excluded(rows[k], first[k], limits)
    _give_reasons(rows, verdicts, limits)
    return [verdicts[k] for k in range(len(rows))]


def _give_reasons(
    rows: Sequence[TableRow], verdicts: dict[int, RowVerdict], limits: Limits
) -> None:
    places = [k for k in verdicts if verdicts[k].verdict == "contradicted"]
    feasible = [verdicts[k].feasible_m for k in places]
    for k, reason in zip(places, reasons([rows[k] for k in places], feasible, limits), strict=True):
        verdicts[k] = replace(
            verdicts[k],
            against=reason.against,
            nearest=reason.nearest,
            explanation=reason.explanation,
        )


def _excluded(row: TableRow, feasible: tuple[int, ...], limits: Limits) -> RowVerdict:
    if not row.items:
        text = (
            f"No panel of {_span(limits.n_sizes)} items prints the row; more might, so n decides."
        )
        return RowVerdict("not_checkable", explanation=text)
    if row.m is None and may_be_larger([row], limits)[0]:
        span = _span(limits.m_sizes)
        text = f"No panel of {span} raters prints the row; more might, so m decides."
        return RowVerdict("not_checkable", explanation=text)
    return RowVerdict("contradicted", feasible)


def _reading(row: TableRow, limits: Limits, number: int) -> str:
    """How a consistent row was read."""
    texts = []
    if number > 1:
        reading = P_READINGS[limits.p_methods[number - 1]]
        usual = {}
        if row.m and row.items:
            usual = comes_to(row.concordance, row.m, row.n_told, limits.rule)
        not_usual = f" (which would be {usual['p']})" if usual else ""
        texts.append(
            f"Fits only if p is {reading}, not {P_READINGS[limits.p_methods[0]]}{not_usual}."
        )
    uneven = len({cell.decimals for cell in row.mean_ranks}) > 1
    if uneven and not printable([row], limits, as_shown=False)[0]:
        places = max(cell.decimals for cell in row.mean_ranks)
        texts.append(f"Fits only if not all mean ranks were rounded to {places} decimals.")
    return " ".join(texts)


def _span(sizes: range) -> str:
    return f"{sizes[0]} to {sizes[-1]}"


def _what_is_missing(row: TableRow) -> str:
    if any((row.m, row.items)):
        return "Too little is printed: two of W, chi2 and p are needed, or the mean ranks."
    return "Too little is printed: m, n, df or mean ranks are needed to tie W, chi2 and p."
