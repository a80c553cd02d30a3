"""Typed readers of what the article prints (`data/published`): strings in, strings out.

Nothing is turned into a number here. A printed string becomes a number only where a check
parses it on purpose, with :func:`smartgov.audit.parse_printed`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from smartgov.files.layout import PUBLISHED

DIMENSIONS = ("E1", "E2", "E3")
INNER_COMPARISONS = ("emerging_vs_ict", "emerging_vs_data", "ict_vs_data")
CONCLUSION_NAMES = ("citizen_engagement", "economic_growth", "accountability")
"""The components that the article's conclusion says matter more; it prints no ranking."""
CLOSING_ROWS = ("count_above_half", "share_above_half")


def read_printed(path: Path) -> pd.DataFrame:
    """Read a CSV of printed strings; every cell stays a string, an empty cell stays empty."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise ValueError(
            f"{path}: no such file; data/README.md lists the files there are."
        ) from None
    if table.columns.str.contains(r"\.\d+$").any():
        raise ValueError(f"{path}: two columns carry one name; found {list(table.columns)}.")
    return table


@cache
def table(number: int) -> pd.DataFrame:
    """Table 1–4 of the article, one printed row a row, indexed by row id."""
    return read_printed(PUBLISHED / f"table{number}.csv").set_index("row")


@cache
def claims() -> pd.DataFrame:
    """The ledger of claims, in the order of the file, indexed by claim id."""
    return read_printed(PUBLISHED / "claims.csv").set_index("claim_id", drop=False)


@cache
def claim_places() -> pd.DataFrame:
    """The words of the article at which each claim outside Tables 2–4 stands."""
    return read_printed(PUBLISHED / "claim_places.csv").set_index("claim_id")


def experts() -> list[str]:
    """Row ids of Table 2 that are experts, in printed order."""
    return [row for row in table(2).index if row not in CLOSING_ROWS]
