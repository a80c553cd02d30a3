"""Run a notebook with typed parameters; put its outputs in place only if every cell succeeded.

papermill executes. This module adds what papermill leaves open: parameters are checked against
the notebook's own parameters cell before anything runs, outputs are staged, and what changes from
run to run (timestamps, paths, versions) is taken out of the notebook before it is written back.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from smartgov.files.layout import NOTEBOOKS, ROOT

TYPES = {"int": int, "float": float, "str": str, "bool": bool}
VOLATILE_CELL_METADATA = ("papermill", "execution", "collapsed", "scrolled")


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``name: type = default  # comment``."""

    name: str
    type: str
    default: object
    comment: str

    def __str__(self) -> str:
        return f"{self.name}: {self.type} = {self.default!r}  {self.comment}".rstrip()


class NotebookFailed(Exception):
    """A cell of a notebook raised; the message names notebook, cell and error."""


def find_notebook(name: str) -> Path:
    """The notebook whose file name starts with `name` (``03`` or ``03_delphi_round_one``)."""
    found = sorted(NOTEBOOKS.glob(f"{name}*.ipynb")) if name else []
    if len(found) != 1:
        there = ", ".join(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))
        raise ValueError(f"notebook {name!r} names {len(found)} files; accepted are: {there}.")
    return found[0]


def parameters(notebook: NotebookNode) -> dict[str, Parameter]:
    """The parameters of a notebook, read from the cell tagged ``parameters``.

    Raises
    ------
    ValueError
        If there is no such cell, or a line of it is not an annotated literal.
    """
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ValueError(f"{len(cells)} cells are tagged 'parameters'; exactly one must be.")
    lines = cells[0].source.splitlines()
    found = {}
    for node in ast.parse(cells[0].source).body:
        line = lines[node.lineno - 1]
        if not isinstance(node, ast.AnnAssign) or ast.unparse(node.annotation) not in TYPES:
            raise ValueError(
                f"parameters cell, {line!r}: write 'name: type = literal', type one of"
                f" {list(TYPES)}."
            )
        comment = re.search(r"#.*", line)
        name = node.target.id
        found[name] = Parameter(
            name,
            ast.unparse(node.annotation),
            ast.literal_eval(node.value),
            comment[0] if comment else "",
        )
    return found


def read_settings(settings: list[str], accepted: dict[str, Parameter]) -> dict[str, object]:
    """Turn ``name=value`` words into typed values.

    Raises
    ------
    ValueError
        If a name is unknown or a value is not of the parameter's type; the message lists what
        the notebook accepts.
    """
    listing = "\n  ".join(str(p) for p in accepted.values())
    values: dict[str, object] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or name not in accepted:
            raise ValueError(
                f"parameter {setting!r} is not one of this notebook's; accepted are:\n  {listing}"
            )
        try:
            values[name] = _typed(text, accepted[name].type)
        except ValueError:
            raise ValueError(
                f"parameter {name}: found {text!r}, which is no {accepted[name].type}; accepted"
                f" are:\n  {listing}"
            ) from None
    return values


def _typed(text: str, kind: str) -> object:
    if kind == "bool":
        if text not in ("True", "False"):
            raise ValueError(text)
        return text == "True"
    return TYPES[kind](text)


def strip_volatile(notebook: NotebookNode) -> NotebookNode:
    """Take out of an executed notebook all that changes from run to run."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for key in VOLATILE_CELL_METADATA:
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
    return notebook


def run_notebook(
    name: str, settings: list[str] = (), run: str = "", progress: bool = False
) -> list[Path]:
    """Execute a notebook and put its outputs in place.

    Parameters
    ----------
    name : str
        Number or name of the notebook.
    settings : list of str
        ``parameter=value`` words. With any, `run` must name the run: its notebook, figures and
        tables go to ``runs/NAME/`` and nothing of the article's own is touched.
    run : str
        Name of the run, letters, digits, ``-`` and ``_``.
    progress : bool
        Show papermill's progress bar.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    ValueError
        For an unknown notebook, parameter or an unusable run name.
    NotebookFailed
        If a cell raises; no output of an earlier run is touched.
    """
    source = find_notebook(name)
    values = read_settings(list(settings), parameters(nbformat.read(source, as_version=4)))
    if settings and not run:
        raise ValueError(
            "parameters need a run to belong to: give NAME=…; outputs then go to runs/NAME/."
        )
    target = checked_run(run) if run else ROOT
    with tempfile.TemporaryDirectory(prefix="smartgov-") as folder:
        staged = Path(folder)
        _execute(source, staged / "notebooks" / source.name, values, staged, progress)
        return _move_changed(staged, target)


def checked_run(name: str) -> Path:
    """The folder of a run.

    Raises
    ------
    ValueError
        If the name is not made of letters, digits, ``-`` and ``_``.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"NAME={name!r}: name the run with letters, digits, '-' and '_' only.")
    return ROOT / "runs" / name


def _execute(source: Path, target: Path, values: dict, staged: Path, progress: bool) -> None:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    target.parent.mkdir(parents=True)
    os.environ["SMARTGOV_OUTPUT"] = str(staged)
    try:
        papermill.execute_notebook(
            source,
            target,
            values or None,
            kernel_name="python3",
            cwd=NOTEBOOKS,
            progress_bar=progress,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
    except PapermillExecutionError as error:
        raise NotebookFailed(
            f"{source.name}, cell {error.cell_index + 1} (In [{error.exec_count}]): {error.ename}:"
            f" {error.evalue}\nOutputs of earlier runs were left as they were."
        ) from None
    finally:
        del os.environ["SMARTGOV_OUTPUT"]
    nbformat.write(strip_volatile(nbformat.read(target, as_version=4)), target)
    _forget_places(target, values)


def _forget_places(notebook: Path, values: dict) -> None:
    """Leave of every file that a parameter names outside the repository its name only.

    A path tells where, and often who, the researcher is.
    """
    places = [
        value for value in values.values() if isinstance(value, str) and Path(value).is_absolute()
    ]
    if not places:
        return
    text = notebook.read_text(encoding="utf-8")
    for value in places:
        text = text.replace(
            json.dumps(value, ensure_ascii=False)[1:-1],
            json.dumps(Path(value).name, ensure_ascii=False)[1:-1],
        )
    notebook.write_text(text, encoding="utf-8")


def _move_changed(staged: Path, target: Path) -> list[Path]:
    """Move every staged file whose bytes differ from what is in place."""
    changed = []
    for path in sorted(p for p in staged.rglob("*") if p.is_file()):
        place = target / path.relative_to(staged)
        if place.exists() and place.read_bytes() == path.read_bytes():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
        changed.append(place)
    return changed
