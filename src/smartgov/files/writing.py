"""Files are replaced whole: written into a hidden folder beside them, then moved into place.

What is beside lies in the same file system, so that moving cannot be interrupted halfway. A killed
process leaves its hidden folder; the next that writes there finds nobody holding it and removes it.
"""

from __future__ import annotations

import errno
import fcntl
import filecmp
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".part-"


@contextmanager
def staged(folder: Path | str, inputs: Iterable[Path | None] = ()) -> Iterator[Path]:
    """A folder to write into; what is in it moves into `folder` if the block ends well.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    inputs : iterable of Path, optional
        Files that were read, which must not be written over.

    Raises
    ------
    ValueError
        If a file would take the place of an input; nothing is moved then.
    OSError
        If a place cannot be written to; it names the place, and nothing is moved then.
    """
    folder = Path(folder)
    made = [above for above in (folder, *folder.parents) if not above.exists()]
    try:
        if folder.is_file():
            raise NotADirectoryError(errno.ENOTDIR, "found a file, not a folder", str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        with _hidden(folder) as beside:
            yield beside
            files = sorted(path for path in beside.rglob("*") if path.is_file())
            moves = [(path, folder / path.relative_to(beside)) for path in files]
            moves = [(path, place) for path, place in moves if not same(path, place)]
            for _, place in moves:
                require_writable(place, inputs)
                place.parent.mkdir(parents=True, exist_ok=True)
            for path, place in moves:
                _move(path, place.resolve())
    except OSError as error:  # say the place, not the one beside it
        place = re.sub(rf"{re.escape(PREFIX)}\w+/?", "", str(error.filename or folder))
        raise OSError(error.errno, error.strerror or str(error), place) from None
    finally:
        for above in made:
            with suppress(OSError):  # something is in it
                above.rmdir()


@contextmanager
def beside(path: Path | str, inputs: Iterable[Path | None] = ()) -> Iterator[Path]:
    """Where to write one file that takes the place of `path` if the block ends well.

    Raises
    ------
    ValueError, OSError
        As :func:`staged`, before the block where that can be known.
    """
    path, inputs = Path(path), list(inputs)
    require_writable(path, inputs)
    if path.exists() and not path.is_file():  # a terminal or a pipe holds nothing to lose
        yield path
        return
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    with staged(path.parent, inputs) as folder:
        yield folder / path.name


def write(path: Path | str, text: str) -> Path:
    """Write a text in place of a file."""
    with beside(path) as new:
        new.write_text(text, encoding="utf-8", newline="")
    return Path(path)


def _move(path: Path, place: Path) -> None:
    """Replace a file by one that lies in the same file system, or else by a copy that does."""
    if place.exists():
        shutil.copymode(place, path)
    if path.stat().st_dev == place.parent.stat().st_dev:
        os.replace(path, place)
    else:  # a folder below is a link to another disk
        with _hidden(place.parent) as near:
            os.replace(shutil.copy(path, near), place)


def same(path: Path, place: Path) -> bool:
    """Whether a file is there already, byte for byte."""
    return place.is_file() and filecmp.cmp(path, place, shallow=False)


def require_writable(path: Path, inputs: Iterable[Path | None] = ()) -> None:
    """Stop where a file cannot be replaced, or is one that was read."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "there is a folder of this name", str(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "may not be written to", str(path))
    for given in filter(None, inputs):
        if path.exists() and given.exists() and path.samefile(given):
            raise ValueError(f"{path}: would be written over {given}, which is read; give another.")


@contextmanager
def locked(lock: Path, busy: str) -> Iterator[None]:
    """Hold a lock by a file that is there only meanwhile; a process that dies lets go of it.

    Raises
    ------
    ValueError
        Saying `busy` at once where another process holds it.
    """
    while True:
        held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        if not _take(held):
            os.close(held)
            raise ValueError(busy)
        with suppress(FileNotFoundError):  # its last holder removed it meanwhile
            if os.path.samestat(os.fstat(held), os.stat(lock)):
                break
        os.close(held)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(held)


def remove_abandoned(folder: Path) -> None:
    """Remove a hidden folder of a process that was killed, and end kernels that still write there.

    A kernel is the dead process's if the folder is the output that was set for it.
    """
    with suppress(ImportError):  # where it is not installed no kernel can have been started
        import psutil

        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("SMARTGOV_OUTPUT") == str(folder):
                    process.send_signal(signal.SIGKILL)
                    process.wait(5)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _hidden(folder: Path) -> Iterator[Path]:
    """A hidden folder of this process; those of killed ones are removed first."""
    for left in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            if _take(handle):
                remove_abandoned(left)
            os.close(handle)
    while True:
        beside = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        held = os.open(beside, os.O_RDONLY)
        if _take(held) and beside.exists():
            break  # else another process took it for an abandoned one
        os.close(held)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(held)


def _take(handle: int) -> bool:
    """Lock an open file or folder; False if another process has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
