"""The claims that are cells: every printed cell of Tables 2–4 as a row of the ledger.

The claims made in sentences are transcribed by hand into ``claims.csv``; the cells among them
follow from the tables, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartgov.article.published import CLOSING_ROWS, DIMENSIONS, INNER_COMPARISONS, table

COLUMNS = ("claim_id", "place", "row", "column", "kind", "printed", "statement")


def cell_claims() -> list[dict[str, str]]:
    """One claim for each printed cell of Tables 2, 3 and 4 and for each star, in printed order."""
    return [*_table2(), *_table3(), *_table4()]


def _claim(place: str, row: str, column: str, kind: str, printed: str, statement: str) -> dict:
    suffix = ".star" if kind == "star" else ""
    claim_id = f"{place}.{row}.{column}{suffix}"
    return dict(zip(COLUMNS, (claim_id, place, row, column, kind, printed, statement), strict=True))


def _words(identifier: str) -> str:
    return identifier.replace("_vs_", " against ").replace("_", " ")


def _table2() -> Iterator[dict[str, str]]:
    kinds = {"count_above_half": "closing_count", "share_above_half": "closing_share"}
    for row, cells in table(2).iterrows():
        for column in (*DIMENSIONS, "Q27", "overall"):
            part = "all questions" if column == "overall" else column
            if row in CLOSING_ROWS:
                what = "number" if row == "count_above_half" else "share"
                statement = f"The {what} of experts who judged equal more than half of {part}."
                yield _claim("table2", row, column, kinds[row], cells[column], statement)
            else:
                kind = "overall_share" if column == "overall" else "equal_share"
                statement = f"The share of equal judgements of {_words(row)} in {part}."
                yield _claim("table2", row, column, kind, cells[column], statement)


def _table3() -> Iterator[dict[str, str]]:
    for row, cells in table(3).iterrows():
        for column in INNER_COMPARISONS:
            statement = f"The mean rank of {_words(column)} at {_words(row)}."
            yield _claim("table3", row, column, "inner_ring_cell", cells[column], statement)
        for column, name in (("W", "Kendall's W"), ("p", "The p-value")):
            statement = f"{name} of the three inner-ring comparisons at {_words(row)}."
            yield _claim("table3", row, column, "inner_ring_cell", cells[column], statement)
        if cells["p"].endswith("*"):
            statement = f"The p-value at {_words(row)} carries a star."
            yield _claim("table3", row, "p", "star", "*", statement)


def _table4() -> Iterator[dict[str, str]]:
    for row, cells in table(4).iterrows():
        for dimension in DIMENSIONS:
            for figure, name in (("W", "Kendall's W"), ("p", "The p-value")):
                column = f"{dimension}.{figure}"
                statement = (
                    f"{name} of {_words(row)} against the components after it in {dimension}."
                )
                yield _claim("table4", row, column, "dimension_cell", cells[column], statement)
