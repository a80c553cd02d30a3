"""Where the study keeps its files, and where a run may write.

Inputs are read from the checkout of the repository that holds the package or the current folder.
Outputs go below the folder named by the environment variable ``SMARTGOV_OUTPUT`` where it is set
(a run writes there first and moves the files into place when the whole notebook has succeeded),
else into the checkout itself.
"""

from __future__ import annotations

import os
import re
from pathlib import Path


def _checkout() -> Path | None:
    """The nearest folder above the package, else above the current one, with the article's data."""
    above = [*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents]
    return next((folder for folder in above if (folder / "data" / "published").is_dir()), None)


ROOT = _checkout() or Path.cwd()
PUBLISHED = ROOT / "data" / "published"
MODEL = ROOT / "data" / "model"
PANELS = ROOT / "data" / "panels"
STANDARDS = ROOT / "data" / "standards"
DERIVED = ROOT / "data" / "derived"
SWEEP = ROOT / "data" / "sweep"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"


def require_checkout() -> None:
    """Stop where the package was installed without the study's files.

    Raises
    ------
    ValueError
        Saying what is missing and where it was looked for.
    """
    if not PUBLISHED.is_dir():
        raise ValueError(
            f"the checkout of the study is missing: found no data/published above {ROOT} or the"
            " installed package; run this in a clone of the repository."
        )


def run_folder(name: str) -> Path:
    """The folder of a run.

    Raises
    ------
    ValueError
        If the name is not made of letters, digits, ``-`` and ``_``.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"NAME={name!r}: name the run with letters, digits, '-' and '_' only.")
    return ROOT / "runs" / name


def output(*parts: str) -> Path:
    """Path below the output root, its folder made; `parts` are relative to the repository."""
    path = Path(os.environ.get("SMARTGOV_OUTPUT", ROOT)).joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
