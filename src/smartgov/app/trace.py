"""From a figure back to what it was made from, and which figures are older than that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from smartgov.app.passports import LOCK, cells_hash, code_hash, passport
from smartgov.files.layout import FIGURES, ROOT
from smartgov.files.sums import sha256_of
from smartgov.present.codebook import read_package
from smartgov.present.exhibits import exhibits

CODE = "src/smartgov"
IMPORTS = re.compile(r"from (smartgov[\w.]*) import \(?([\w, ]+)")


def way_back(figure: Path) -> str:
    """The way from a figure to its notebook, data, code and lock, each with its hash.

    Raises
    ------
    ValueError
        If the file is no figure with a passport.
    """
    found, hashes = passport(figure), _hashes(figure)
    sources = {f"data/{each['path']}": each["sources"] for each in read_package()["resources"]}
    drawn = {each.name: each.code.relative_to(ROOT) for each in exhibits()}
    lines = [f"figure     {figure}", f"section    {found['section']}"]
    lines += [f"parameter  {name} = {value}" for name, value in found["parameters"].items()]
    for name, (then, now) in hashes.items():
        kind = {CODE: "code", LOCK: "lock", found["made_by"]: "made by"}.get(name, "data")
        from_where = "".join(f", from: {each['title']}" for each in sources.get(name, ())[:1])
        lines.append(f"{kind:10} {name}{from_where}")
        state = "as it is now" if then == now else "which has CHANGED since" if now else "now GONE"
        lines.append(f"{'':10} {then}, {state}" if then else f"{'':10} (make tells its hash)")
    if figure.stem in drawn:
        lines.append(f"drawn by   {drawn[figure.stem]}")
    return "\n".join([*lines, *(f"calls      {name}" for name in _modules(figure, found))])


def stale() -> Iterator[str]:
    """Figures of the study that were made from other files than are here."""
    for figure in sorted(FIGURES.glob("*.svg")):
        others = [name for name, (then, now) in _hashes(figure).items() if then and then != now]
        if others:
            name = figure.relative_to(ROOT).as_posix()
            yield f"{name} was made from another {', '.join(others)}; make draws it anew"


def _hashes(figure: Path) -> dict[str, tuple[str, str]]:
    """What a figure was made from: each file's hash then (empty where it is not told) and now."""
    found = passport(figure)
    hashes = {name: (then, sha256_of(_here(figure, name))) for name, then in found["data"].items()}
    maker = _here(figure, found["made_by"])
    of_maker = cells_hash if maker.suffix == ".ipynb" and maker.is_file() else sha256_of
    return {
        found["made_by"]: (found["cells"], of_maker(maker)),
        **hashes,
        CODE: (found.get("code", ""), code_hash()),
        LOCK: (found.get("lock", ""), sha256_of(ROOT / LOCK)),
    }


def _here(figure: Path, name: str) -> Path:
    """A file that a figure was made from: in its run, or in the repository."""
    own = figure.resolve().parent.parent / name
    return own if own.is_file() else ROOT / name


def _modules(figure: Path, found: dict) -> list[str]:
    """Files of the package that the figure's notebook imports by name."""
    text = _here(figure, found["made_by"]).read_text(encoding="utf-8")
    paths = set()
    for module, names in IMPORTS.findall(text):
        package = ROOT / "src" / module.replace(".", "/")
        inner = [package / f"{name.strip()}.py" for name in names.split(",")]
        paths.update(filter(Path.is_file, [*inner, package.with_suffix(".py")]))
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)
