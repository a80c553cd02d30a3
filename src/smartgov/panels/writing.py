"""A panel on disk, and apart from it the key that says which code stands for which."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from smartgov.files.layout import DERIVED, FIGURES, PANELS, ROOT
from smartgov.files.spreadsheet_safety import neutral
from smartgov.panels.answers import Answers


def write_panel(answers: Answers, folder: Path | str) -> list[Path]:
    """Write a panel that was read without problems, with the schema that describes it.

    Parameters
    ----------
    answers : Answers
    folder : Path or str
        Made if it is not there.

    Returns
    -------
    list of Path
        ``panel.csv`` in tidy form, ``datapackage.json`` (Frictionless) with its codebook, and
        ``attributes.csv`` if side information was kept. No text in them can run as a formula.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"panel": answers.panel}
    if len(answers.attributes.columns):
        tables["attributes"] = answers.attributes.rename_axis("expert").reset_index()
    written = []
    for name, table in tables.items():
        written.append(folder / f"{name}.csv")
        table.map(neutral).rename(columns=neutral).to_csv(
            written[-1], index=False, lineterminator="\n"
        )
    resource = {
        "name": "panel",
        "path": "panel.csv",
        "format": "csv",
        "encoding": "utf-8",
        "schema": answers.schema,
    }
    package = {"name": "panel", "title": "Answers of a Delphi panel", "resources": [resource]}
    written.append(folder / "datapackage.json")
    written[-1].write_text(
        json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return written


def write_key(answers: Answers, path: Path | str) -> Path:
    """Write which new code stands for which old one, for the researcher's eyes only.

    Raises
    ------
    ValueError
        If the file would lie where the study's data, figures or runs do.
    """
    path = Path(path).resolve()
    public = [PANELS.parent, DERIVED, FIGURES, ROOT / "runs", ROOT / "notebooks"]
    if any(path.is_relative_to(folder) for folder in public):
        raise ValueError(
            f"{path.name} says who is who and must not lie in {path.parent}; accepted is a folder"
            " that is not shared."
        )
    rows = pd.DataFrame(
        sorted(answers.key.items(), key=lambda pair: pair[1]), columns=["old_code", "expert"]
    )
    rows.map(neutral).to_csv(path, index=False, lineterminator="\n")
    return path
