"""What a run with a panel writes into its folder: named once, for who writes it and who reads it.

A run is laid out as the repository is: ``notebooks/``, ``figures/``, ``data/derived/``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smartgov.files.layout import MODEL, output
from smartgov.files.spreadsheet_safety import csv_text
from smartgov.files.writing import write

PANEL = "data/panel.csv"
MODEL_FILE = "data/model.yaml"
SUMMARY = "summary.html"
TABLES = (
    "panel_concordance",
    "panel_priorities",
    "ranking_stability",
    "expert_consistency",
    "component_scores",
    "question_consensus",
    "expert_priorities",
    "settings",
    # with side information
    "group_priorities",
    "group_agreement",
    # with several rounds
    "round_stability",
    "concordance_change",
    "round_priorities",
    "next_round",
)
"""Results of the panel's own answers, each in ``data/derived/``."""


def model_file(panel: Path, given: Path | None = None) -> Path:
    """The model that a panel answers: the one given, that of the panel's run, or the article's."""
    of_run = Path(panel).parent / Path(MODEL_FILE).name
    is_of_run = Path(panel).name == Path(PANEL).name and of_run.is_file()
    return given or (of_run if is_of_run else MODEL / "model.yaml")


def write_tables(provenance: str, **tables: pd.DataFrame) -> None:
    """Write results of a panel, each named as in :data:`TABLES`, rounded to six decimals.

    Parameters
    ----------
    provenance : str
        Whose answers they come from; a column of its own.
    **tables : pandas.DataFrame
        The index is not written.
    """
    for name, table in tables.items():
        path = output(*_place(name).parts)
        write(path, csv_text(table.round(6).assign(provenance=provenance)))


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A result of the panel in a run's folder; what the article prints stays a string."""
    return pd.read_csv(folder / _place(name), dtype={"printed_W": str, "printed_p": str})


def was_written(folder: Path, name: str) -> bool:
    """Whether a run has a table, which hangs on what was answered."""
    return (folder / _place(name)).is_file()


def _place(name: str) -> Path:
    if name not in TABLES:
        raise ValueError(f"table {name!r} is not one a run writes; accepted are {TABLES}.")
    return Path("data", "derived", f"{name}.csv")
