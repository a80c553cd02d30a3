"""Is what is installed and lying here what was locked, published and run? In words.

Each complaint says what differs, which exhibits rest on it, and what to do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from smartgov.app.notebooks import run_study
from smartgov.article import published
from smartgov.files.layout import NOTEBOOKS, ROOT
from smartgov.files.sums import changed, listed
from smartgov.present.exhibits import exhibits

LOCKS = {
    "requirements.lock": "every exhibit may depend on it; make env installs what is locked",
    "requirements-test.lock": "no exhibit depends on it; make test installs what is locked",
}
"""The locks, and what to say of a package that is not the locked one."""


def complaints(fresh: bool) -> Iterator[str]:
    """Everything that is not as it should be, one sentence each.

    Parameters
    ----------
    fresh : bool
        Also run every notebook in a folder of its own and compare what it writes, byte by byte.
    """
    for lock, advice in LOCKS.items():
        yield from (f"{found}; {advice}" for found in _other_packages(ROOT / lock))
    yield from _unreadable()
    yield from other_outputs()
    if fresh:
        with tempfile.TemporaryDirectory(prefix="smartgov-") as folder:
            run_study([path.stem for path in notebooks()], Path(folder))
            yield from other_outputs(Path(folder), "is not what {} writes when it is run afresh")


def _other_packages(lock: Path) -> Iterator[str]:
    """Packages of a lock that are missing (those of the tests may be) or of another version."""
    from packaging.requirements import Requirement

    lines = re.findall(r"^(\S+==.*?) *\\?$", lock.read_text(encoding="utf-8"), re.M)
    for wanted in map(Requirement, lines):
        if wanted.marker and not wanted.marker.evaluate():
            continue
        version = str(wanted.specifier).removeprefix("==")
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            if "test" not in lock.name:
                yield f"{wanted.name} {version} is locked and not installed"
            continue
        if installed != version:
            yield f"{wanted.name} {installed} is installed, {version} is locked"


def _unreadable() -> Iterator[str]:
    """The first thing wrong with the published files: everything else rests on them."""
    try:
        published.claims()
        published.table(1)
    except ValueError as error:
        yield f"{error} Every verdict, figure and table depends on it."


def other_outputs(
    run: Path | None = None, compared: str = "was changed since {} wrote it"
) -> Iterator[str]:
    """Files here that are not what the notebooks left when they were run here, or into a folder."""
    for notebook in notebooks():
        name = f"notebook {notebook.stem[:2]}"
        left = (run or ROOT) / ".make" / f"{notebook.stem}.sha256"
        if not listed(left):
            yield f"{name} has not been run here, so nothing vouches for its files; make runs it"
        for file in changed(left, ROOT):
            what = compared.format(name) if (ROOT / file).is_file() else f"is gone; {name} wrote it"
            yield f"{file} {what}; {_rests(file)}; make writes it anew"


def notebooks() -> list[Path]:
    """The notebooks that `make` runs."""
    return sorted(NOTEBOOKS.glob("0*.ipynb"))


def _rests(file: str) -> str:
    """The exhibits that show a file, or are made by it."""
    path = Path(file)
    if path.parts[0] == "figures":
        return f"it is figure {path.stem}"
    if path.parts[0] == "notebooks":
        made = [found.name for found in exhibits() if found.notebook.name == path.name]
        return f"it makes the figures {', '.join(made)}" if made else "it makes no figure"
    return f"it is the table {file}"
