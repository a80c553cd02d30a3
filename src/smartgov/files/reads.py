"""Which data a notebook reads: they are listed as they are opened, whatever opens them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from smartgov.files.layout import ROOT, output

LISTING = ".reads"


def watch() -> None:
    """List in the output's folder, from here on, every file below ``data/`` that is read."""
    listing, seen = output(LISTING).open("w", encoding="utf-8", buffering=1), set()
    data = f"{ROOT / 'data'}{os.sep}"

    def note(event: str, about: tuple) -> None:
        if event == "open" and isinstance(about[0], str | Path) and about[1] in ("r", "rb"):
            path = os.path.abspath(about[0])
            if path.startswith(data) and path not in seen:
                seen.add(path)
                print(Path(path).relative_to(ROOT).as_posix(), file=listing)

    sys.addaudithook(note)


def listed_reads(folder: Path) -> list[str]:
    """What was read by the process that wrote into a folder; the listing is taken away."""
    listing = folder / LISTING
    read = listing.read_text(encoding="utf-8").splitlines()
    listing.unlink()
    return sorted(read)
