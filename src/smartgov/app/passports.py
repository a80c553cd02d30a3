"""Passports of figures: what each was made from, written into its picture and beside it.

SVG and PNG carry notebook, section, parameters, and the hashes of the notebook's code cells and of
the data that it read. ``figures/NN_passport.json`` says the same of all figures of a notebook, and
the hashes of the package's code and of the lock. Those stay out of the pictures, and the file out
of version control: with them a comment in any module would change every figure.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

from smartgov.files.cells import cells
from smartgov.files.layout import ROOT
from smartgov.files.sums import sha256_of, sums

LOCK = "requirements.lock"
SOURCE, FORMAT = re.compile("<dc:source>(.*?)</dc:source>"), "    <dc:format>"
NAME = re.compile(r'f?"(\d\d_[\w{}.]+)"')


def issue(notebook: Path, folder: Path, parameters: dict, data: Iterable[Path]) -> None:
    """Write the passports of the figures that a notebook left.

    Parameters
    ----------
    notebook : Path
        As it was executed; its figures are those that begin with its number.
    folder : Path
        Where it wrote; the figures are in ``figures/``.
    parameters : dict
        The values it ran with.
    data : iterable of Path
        What it read.
    """
    figures = sorted((folder / "figures").glob(f"{notebook.name[:2]}_*.svg"))
    made = {"made_by": f"notebooks/{notebook.name}", "cells": cells_hash(notebook)}
    sections = {figure: section_of(notebook, figure.stem) for figure in figures}
    stamp(sections, made | {"parameters": parameters}, data, folder)


def stamp(sections: Mapping[Path, str], made: dict, data: Iterable[Path], folder: Path) -> None:
    """Write into figures, each with its section, what they were made from, and all of it beside.

    Of a file that is neither in `folder` nor in the repository the name alone is told.
    """
    named = {}
    for path in map(Path.resolve, data):
        home = next(
            (home for home in (folder.resolve(), ROOT) if path.is_relative_to(home)), path.parent
        )
        named[path.relative_to(home).as_posix()] = sha256_of(path)
    made = made | {"data": named}
    for figure, section in sections.items():
        text = json.dumps(made | {"section": section}, sort_keys=True)
        source = f"    <dc:source>{escape(text, quote=False)}</dc:source>\n{FORMAT}"
        svg = figure.read_text(encoding="utf-8").replace(FORMAT, source, 1)
        figure.write_text(svg, encoding="utf-8", newline="")
        png = figure.with_suffix(".png")
        png.write_bytes(_with_text(png.read_bytes(), text))
    for figure in list(sections)[:1]:
        made["figures"] = {figure.stem: section for figure, section in sections.items()}
        made |= {"code": code_hash(), "lock": sha256_of(ROOT / LOCK)}
        text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
        beside(figure).write_text(text + "\n", encoding="utf-8")


def passport(figure: Path) -> dict:
    """What a figure carries, with what is said beside it.

    Raises
    ------
    ValueError
        If there is no such figure, or it carries no passport.
    """
    svg = figure.with_suffix(".svg")
    try:
        (carried,) = SOURCE.findall(svg.read_text(encoding="utf-8"))
        made = json.loads(unescape(carried))
        told = beside(svg)
        return (json.loads(told.read_text(encoding="utf-8")) if told.is_file() else {}) | made
    except (OSError, ValueError):  # no such file, no picture, no passport in it
        there = ", ".join(sorted(path.stem for path in figure.parent.glob("*.svg")))
        raise ValueError(
            f"{figure}: found no figure with a passport that can be read; accepted is a file of"
            f" figures/ or of runs/NAME/figures/{', there: ' * bool(there)}{there}."
        ) from None


def beside(figure: Path) -> Path:
    """The file with the passports of a notebook's figures."""
    return figure.with_name(f"{figure.stem.split('_')[0]}_passport.json")


def cells_hash(notebook: Path) -> str:
    """Of the code cells of a notebook, parameters left out."""
    code = [cell.source for cell in cells(notebook) if cell.kind == "code"]
    return sha256("\n\n".join(code).encode()).hexdigest()


def code_hash() -> str:
    """Of every file of the package."""
    source = ROOT / "src" / "smartgov"
    files = (path for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc")
    listing = sums(source, [path.relative_to(source).as_posix() for path in files])
    return sha256(listing.encode()).hexdigest()


def section_of(notebook: Path, figure: str) -> str:
    """The heading under which a notebook saves a figure, ``f"07_{ring}"`` being any such name."""
    for cell in cells(notebook):
        names = (re.sub(r"\{.*?\}", r"\\w+", name) for name in NAME.findall(cell.source))
        if cell.kind == "code" and any(re.fullmatch(name, figure) for name in names):
            return cell.section
    return ""


def _with_text(png: bytes, text: str) -> bytes:
    """A PNG with a chunk of text, ``Source``, before its last chunk."""
    chunk = b"tEXtSource\0" + text.encode("ascii")
    sized = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:-12] + sized + png[-12:]
