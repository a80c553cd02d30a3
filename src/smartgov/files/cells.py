"""The cells of a notebook, each with the heading it stands under; loads nothing that is slow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PARAMETERS = {"parameters", "injected-parameters"}


class Cell(NamedTuple):
    """Its kind is ``code``, ``markdown`` or, by its tag, ``parameters``."""

    kind: str
    section: str
    source: str


def cells(notebook: Path) -> Iterator[Cell]:
    """Every cell, in order."""
    section = ""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        kind, source = cell["cell_type"], "".join(cell["source"])
        if kind == "markdown":
            section = ([section] + re.findall(r"^#{2,3} (.+)$", source, re.M))[-1]
        tagged = PARAMETERS & set(cell["metadata"].get("tags", ()))
        yield Cell("parameters" if tagged else kind, section, source)
