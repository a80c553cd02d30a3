"""A run in ``runs/NAME/`` is built beside the earlier one and takes its place whole.

Beside a run are, while it is built, ``.NAME.lock`` and ``.NAME.new``; the earlier run is called
``.NAME.old`` between the two renames that swap them. What a killed process leaves of these nobody
holds: the next start puts an earlier run back and removes the rest.

A run lists its files in ``KIND.sha256`` (which ``sha256sum --check`` reads). All others in its
folder are the researcher's; they are linked into the new run before the swap.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from smartgov.files.layout import run_folder
from smartgov.files.sums import changed, listed, sums
from smartgov.files.writing import locked, remove_abandoned

KINDS = {"rerun": "make rerun", "compare": "make compare", "notebook": "make notebook"}


@contextmanager
def new_run(name: str, kind: str, inputs: Iterable[Path | None] = ()) -> Iterator[Path]:
    """A folder to build a run in; it becomes ``runs/NAME/`` if the block ends well.

    Parameters
    ----------
    name : str
    kind : {"rerun", "compare", "notebook"}
        A run replaces only one of its kind, and one of a notebook only the files it writes anew.
    inputs : iterable of Path, optional
        What is read; none of it may lie in the run that is replaced.

    Raises
    ------
    ValueError
        If the name is unusable, a link or in use, or that of a run of another kind; if an input
        lies in the run, or a file that the researcher made or changed there would be lost.
    """
    folder = run_folder(name)
    folder.parent.mkdir(exist_ok=True)
    try:
        recover(folder.parent)
        with _held(folder) as (new, old):
            _require_replaceable(folder, kind, inputs)
            new.mkdir()
            yield new
            _complete(new, folder, kind)
            if folder.exists():
                os.rename(folder, old)
            os.rename(new, folder)
    finally:
        with suppress(OSError):  # runs are in it
            folder.parent.rmdir()


def recover(runs: Path) -> None:
    """Put in order what killed processes left in a folder of runs."""
    for left in sorted(runs.glob(".*.*")):
        name, _, state = left.name[1:].rpartition(".")
        if state in ("lock", "new", "old"):
            with suppress(ValueError), _held(runs / name):  # else it is being made, not left
                pass


@contextmanager
def _held(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The two places beside a run, locked; in order before and after."""
    lock, new, old = (folder.with_name(f".{folder.name}.{end}") for end in ("lock", "new", "old"))

    def put_in_order() -> None:
        if old.exists() and not folder.exists():
            os.rename(old, folder)
        elif old.exists() and new.exists():
            raise ValueError(
                f"{old}: found an earlier run besides {folder}; move one of them away."
            )
        shutil.rmtree(old, ignore_errors=True)
        if new.exists():
            remove_abandoned(new)

    busy = f"NAME={folder.name}: a run of this name is being made; wait, or give another NAME."
    with locked(lock, busy):
        put_in_order()
        try:
            yield new, old
        finally:
            put_in_order()


def _require_replaceable(folder: Path, kind: str, inputs: Iterable[Path | None]) -> None:
    """Stop where a run may not take the place of what is there."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ValueError(f"{folder}: found a link or a file; accepted is a folder, or none yet.")
    for other, verb in KINDS.items():
        if other != kind and (folder / f"{other}.sha256").is_file():
            raise ValueError(f"NAME={folder.name} is a run of {verb}; give {KINDS[kind]} another.")
    for given in filter(None, inputs):
        above = [given.resolve(), *given.resolve().parents]
        if folder.exists() and any(one.exists() and one.samefile(folder) for one in above):
            raise ValueError(
                f"{given}: found in {folder}, which would be replaced; give another NAME, or a copy"
                " of it elsewhere."
            )
    for name in changed(folder / f"{kind}.sha256", folder):
        if (folder / name).exists():
            raise _lost(folder / name)


def _complete(new: Path, folder: Path, kind: str) -> None:
    """List the files of a new run, and link those of the earlier one that stay."""
    listing = f"{kind}.sha256"
    names = [path.relative_to(new).as_posix() for path in _files(new)]
    earlier = listed(folder / listing)
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if name in earlier and (name in names or kind != "notebook") or name == listing:
            continue
        place = new / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _link(path, place)
        except (FileExistsError, NotADirectoryError):
            raise _lost(path) from None
        names += [name] * (name in earlier)
    (new / listing).write_text(sums(new, names), encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    """Files and links below a folder."""
    return sorted(p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())


def _link(path: Path, place: Path) -> None:
    if path.is_symlink():
        place.symlink_to(path.readlink())
    else:
        try:
            os.link(path, place)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            shutil.copy2(path, place)


def _lost(path: Path) -> ValueError:
    return ValueError(
        f"{path}: is not as a run wrote it and would be lost; move it away, or give another NAME."
    )
