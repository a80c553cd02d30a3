"""The list of exhibits `figures/README.md`, read from the notebooks that make them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smartgov.files.cells import cells
from smartgov.files.layout import DERIVED, FIGURES, NOTEBOOKS, ROOT
from smartgov.files.writing import write
from smartgov.present.codebook import read_package
from smartgov.present.page import render

SAVED = re.compile(r"save_figure\(\s*(?:\w+\.)?(draw_\w+|\w+)\b.*?\"(\d\d_\w+)\"", re.DOTALL)


class Exhibit(NamedTuple):
    """A figure, the section of the notebook that makes it, and the function that draws it."""

    name: str
    notebook: Path
    section: str
    code: Path


def exhibits() -> list[Exhibit]:
    """Every figure of the notebooks, in their order.

    Raises
    ------
    ValueError
        If a notebook saves a figure whose drawing function is not found.
    """
    return [found for path in sorted(NOTEBOOKS.glob("0*.ipynb")) for found in _saved_in(path)]


def _saved_in(path: Path) -> Iterator[Exhibit]:
    drawn = {}
    for cell in cells(path):
        drawn |= dict(re.findall(r"(\w+) = (?:\w+\.)?(draw_\w+)\(", cell.source))
        for function, name in SAVED.findall(cell.source) if cell.kind == "code" else ():
            code = _code_of(drawn.get(function, function), name)
            yield Exhibit(name, path, cell.section, code)


def _code_of(function: str, name: str) -> Path:
    for path in sorted((ROOT / "src" / "smartgov" / "present").glob("*.py")):
        if f"def {function}(" in path.read_text(encoding="utf-8"):
            return path
    raise ValueError(f"figure {name}: no function {function!r} in src/smartgov/present.")


def exhibits_text() -> str:
    """`figures/README.md`: a table of figures with thumbnails, and one of derived tables."""
    derived = DERIVED.relative_to(ROOT / "data")
    tables = [
        table
        for table in read_package()["resources"]
        if Path(table["path"]).is_relative_to(derived)
    ]
    return render("exhibits.md", exhibits=exhibits(), tables=tables, root=ROOT)


def write_exhibits() -> Path:
    """Write `figures/README.md`."""
    return write(FIGURES / "README.md", exhibits_text())
