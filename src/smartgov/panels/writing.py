"""A panel on disk, with the schema that describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from smartgov.files.spreadsheet_safety import csv_text
from smartgov.panels.answers import Answers
from smartgov.panels.schema import fields_by_name
from smartgov.panels.tidy import in_wide_form

if TYPE_CHECKING:
    import pandas as pd

TIDY_UP_TO = 1_000_000
"""Judgements; a file with more, one a row, would be larger than what is read."""


def write_panel(answers: Answers, folder: Path | str) -> list[Path]:
    """Write a panel that was read without problems, into a folder that is made if need be.

    Returns
    -------
    list of Path
        ``panel.csv`` in tidy form, in wide form beyond :data:`TIDY_UP_TO` judgements;
        ``attributes.csv`` if side information was kept; and ``datapackage.json`` (Frictionless)
        with the codebook. No text in the tables can run as a formula.
    """
    panel, schema = answers.panel, answers.schema
    if len(panel) > TIDY_UP_TO:
        panel = in_wide_form(panel)
        schema = _wide_schema(schema, panel)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"panel": panel}
    if len(answers.attributes.columns):
        tables["attributes"] = answers.attributes.rename_axis("expert").reset_index()
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    about = {"name": "panel", "path": "panel.csv", "format": "csv", "encoding": "utf-8"}
    package = {
        "name": "panel",
        "title": "Answers of a Delphi panel",
        "resources": [about | {"schema": schema}],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in tables), folder / "datapackage.json"]


def _wide_schema(tidy: dict, panel: pd.DataFrame) -> dict:
    """The schema of a panel in wide form, its experts and rounds as in tidy form."""
    known = fields_by_name(tidy)
    words = "Steps from equal: above 0 towards left, below 0 towards right"
    value = {"type": "integer", "description": words, "constraints": {"minimum": -8, "maximum": 8}}
    fields = [known.get(name, {"name": name} | value) for name in panel]
    return tidy | {"fields": fields}
