"""Lists of files with their hashes, as ``sha256sum`` writes them: what a run left behind.

`make` calls this as a script, so that it imports nothing that is slow to load.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path


def sums(folder: Path, names: Iterable[str]) -> str:
    """Files below a folder with their hashes, as ``sha256sum`` lists them."""
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in sorted(names))


def listed(sums: Path) -> dict[str, str]:
    """The hash of every file on a list; none where there is no list."""
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else ()
    return {name: sum for sum, name in (line.split("  ", 1) for line in lines)}


def changed(sums: Path, root: Path) -> list[str]:
    """Files of a list that are gone or no longer what they were."""
    return [name for name, sum in listed(sums).items() if sha256_of(root / name) != sum]


def sha256_of(path: Path) -> str:
    """The hash of a file; an empty text where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def forget_changed(stamps: Path) -> None:
    """Remove the stamp of every notebook that left other files than are there now."""
    for stamp in sorted(stamps.glob("*.done")):
        sums = stamp.with_suffix(".sha256")
        others = changed(sums, stamps.resolve().parent) if sums.is_file() else ["its list of files"]
        if others:
            print(f"{others[0]} is gone or was changed")
            stamp.unlink()


if __name__ == "__main__":
    forget_changed(Path(sys.argv[1]))
