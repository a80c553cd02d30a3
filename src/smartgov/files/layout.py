"""Where the repository keeps its files, and where a run may write.

Inputs are always read from the repository. Outputs go below the folder named by the environment
variable ``SMARTGOV_OUTPUT`` where it is set (a run writes there first and moves the files into
place when the whole notebook has succeeded), else into the repository itself.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / "data" / "published"
MODEL = ROOT / "data" / "model"
PANELS = ROOT / "data" / "panels"
DERIVED = ROOT / "data" / "derived"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"


def output(*parts: str) -> Path:
    """Path below the output root, its folder made; `parts` are relative to the repository."""
    path = Path(os.environ.get("SMARTGOV_OUTPUT", ROOT)).joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
