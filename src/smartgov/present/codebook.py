"""The codebook `data/README.md`: the formats of answers that are read, and every table of the data
package."""

from __future__ import annotations

import json
from pathlib import Path

from smartgov.files import sheets
from smartgov.files.layout import ROOT
from smartgov.files.writing import write
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import codebook, question_numbers
from smartgov.panels.codings import ACCEPTED
from smartgov.present.page import render

PACKAGE = ROOT / "data" / "datapackage.json"
CODEBOOK = ROOT / "data" / "README.md"
RIGHT_5 = {"signed": "-4", "bipolar": "-5", "ratio": "1/5", "words": "R5"}
"""One judgement, the right side with intensity 5, in every coding."""
LIMITS = ("READERS", "SEPARATORS", "ENCODINGS", "MAX_BYTES", "MAX_CELLS", "MAX_UNPACKED")


def read_package() -> dict:
    """The data package as a dictionary."""
    return json.loads(PACKAGE.read_text(encoding="utf-8"))


def codebook_text(package: dict, model: Model | None = None) -> str:
    """The codebook in Markdown: answers that are read; then every file, its origin and every
    column.

    Parameters
    ----------
    package : dict
        The data package.
    model : Model, optional
        Whose contexts and components answers may name; by default the repository's.
    """
    model = model or read_model()
    first = questionnaire(model)[["context", "left", "right"]].iloc[0]
    number, asked = next(iter(question_numbers(model).items()))
    return render(
        "codebook.md",
        package=package,
        question="__".join(first),
        number=number,
        asked=asked,
        tidy=codebook(model),
        ACCEPTED=ACCEPTED,
        RIGHT_5=RIGHT_5,
        allowed=_allowed,
        **{name: getattr(sheets, name) for name in LIMITS},
    )


def _allowed(field: dict) -> str:
    """The values that a column of the data package may hold."""
    rules = field.get("constraints", {})
    allowed = [f"`{value}`" for value in rules.get("enum", [])]
    if "pattern" in rules:
        allowed.append(f"matches `{rules['pattern']}`".replace("|", "\\|"))
    if "minimum" in rules:
        allowed.append(f"{rules['minimum']} to {rules.get('maximum', '…')}")
    return " ".join(allowed)


def write_codebook() -> Path:
    """Write the codebook; returns its path relative to the repository."""
    write(CODEBOOK, codebook_text(read_package()))
    return CODEBOOK.relative_to(ROOT)
