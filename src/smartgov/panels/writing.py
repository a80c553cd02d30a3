"""A panel on disk, with the schema that describes it."""

from __future__ import annotations

import json
from pathlib import Path

from smartgov.files.spreadsheet_safety import csv_text
from smartgov.panels.answers import Answers


def write_panel(answers: Answers, folder: Path | str) -> list[Path]:
    """Write a panel that was read without problems, into a folder that is made if need be.

    Returns
    -------
    list of Path
        ``panel.csv`` in tidy form, ``attributes.csv`` if side information was kept, and
        ``datapackage.json`` (Frictionless) with the codebook. No text in the tables can run as a
        formula.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"panel": answers.panel}
    if len(answers.attributes.columns):
        tables["attributes"] = answers.attributes.rename_axis("expert").reset_index()
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    about = {"name": "panel", "path": "panel.csv", "format": "csv", "encoding": "utf-8"}
    package = {
        "name": "panel",
        "title": "Answers of a Delphi panel",
        "resources": [about | {"schema": answers.schema}],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in tables), folder / "datapackage.json"]
