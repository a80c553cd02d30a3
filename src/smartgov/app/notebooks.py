"""Run a notebook with typed parameters; put its outputs in place only if every cell succeeded.

papermill reads the parameters and executes. This module adds what papermill leaves open: values
are checked before anything runs, outputs are staged, and what changes from run to run (timestamps,
paths, versions) is taken out of the notebook before it is written back.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smartgov.app.passports import issue
from smartgov.files.layout import NOTEBOOKS, ROOT, run_folder
from smartgov.files.personal import cut
from smartgov.files.reads import listed_reads
from smartgov.files.sums import sums
from smartgov.files.swap import new_run
from smartgov.files.writing import same, staged

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from smartgov.app.warm import WarmParent

# jsonschema, under nbformat, would compile a grammar of internationalised addresses at import: a
# second for every run, and no notebook holds one. It does without where this is not to be had.
sys.modules.setdefault("rfc3987_syntax", None)

TYPES = {"int": int, "float": float, "str": str, "bool": {"True": True, "False": False}.__getitem__}
BETWEEN, QUOTED = re.compile(r"\s+(?=\w+=)"), re.compile(r"""^(["'])(.*)\1$""", re.DOTALL)
READS_OF = {"06_audit_of_printed_results": "02_model_construction"}
"""Notebooks that read a table which another writes."""
INJECTED = "injected-parameters"
WATCH = "__import__('smartgov.files.reads').files.reads.watch()"
"""What a kernel runs first: the data that a notebook reads are told in its figures' passports."""
VOLATILE_CELL_METADATA = ("papermill", "execution", "collapsed", "scrolled")


class NotebookFailed(Exception):
    """A cell of a notebook raised; the message names notebook, cell and error."""


def find_notebook(name: str) -> Path:
    """The notebook whose file name starts with `name` (``03`` or ``03_delphi_round_one``)."""
    found = sorted(NOTEBOOKS.glob(f"{name}*.ipynb")) if name else []
    if len(found) != 1:
        there = ", ".join(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))
        raise ValueError(f"notebook {name!r} names {len(found)} files; accepted are: {there}.")
    return found[0]


def parameters(notebook: Path) -> dict[str, dict[str, str]]:
    """The parameters of a notebook by name, read by papermill from the cell tagged ``parameters``.

    Returns
    -------
    dict
        For each its ``inferred_type_name``, ``default`` and ``help``, as written in the cell.

    Raises
    ------
    ValueError
        If the file is no notebook, or a line of the cell has no type annotation among
        :data:`TYPES`.
    """
    from papermill import inspect_notebook

    try:
        found = inspect_notebook(notebook)
    except Exception as error:  # of JSON, its schema or what papermill takes for granted
        raise ValueError(
            f"{notebook.name}: found no notebook that can be read ({type(error).__name__}); the"
            f" study's own: git restore notebooks/{notebook.name}"
        ) from None
    for name, parameter in found.items():
        if parameter["inferred_type_name"] not in TYPES:
            raise ValueError(
                f"{notebook.name}, parameters cell, {name!r}: write 'name: type = literal', type"
                f" one of {list(TYPES)}."
            )
    return found


def read_settings(settings: list[str], accepted: dict[str, dict[str, str]]) -> dict[str, object]:
    """Turn texts of ``name=value``, one or several in each, into typed values.

    A value may hold blanks, and may be quoted.

    Raises
    ------
    ValueError
        If a name is unknown or given twice, or a value is not of the parameter's type; the message
        lists what the notebook accepts.
    """
    line = "\n  {name}: {inferred_type_name} = {default}  # {help}".format_map
    listing = "accepted are:" + "".join(map(line, accepted.values()))
    values: dict[str, object] = {}
    for setting in (one for several in settings for one in BETWEEN.split(several.strip())):
        name, equals, text = setting.partition("=")
        if not equals or name not in accepted:
            raise ValueError(f"parameter {cut(setting)!r} is not one of this notebook's; {listing}")
        if name in values:
            raise ValueError(f"parameter {name}: found {name}= twice; give it once.")
        kind = accepted[name]["inferred_type_name"]
        try:
            values[name] = TYPES[kind](QUOTED.sub(r"\2", text))
        except (ValueError, KeyError):
            raise ValueError(
                f"parameter {name}: found {cut(text)!r}, which is no {kind}; {listing}"
            ) from None
    return values


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
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED  # drawn by papermill
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    return notebook


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What a cell prints as one output: where a slow cell is cut depends on the load."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before["text"] += output.text
        else:
            joined.append(output)
    return joined


def run_study(names: Sequence[str], target: Path = ROOT, settings: Sequence[str] = ()) -> None:
    """Execute notebooks of the study, as many at a time as there are processors.

    The outputs of each are put in place as it ends. A notebook that reads a table of another on
    the list waits for it.

    Parameters
    ----------
    names : sequence of str
        Numbers or names.
    target : Path
        Where notebooks, figures and tables go, below folders named as in the repository.
    settings : sequence of str
        ``parameter=value`` words, for parameters that every notebook has (``language=kk``).

    Raises
    ------
    ValueError
        For an unknown notebook or parameter.
    NotebookFailed
        Of the first that failed, when all others have ended.
    """
    from smartgov.app.warm import warm_parent

    runs: dict[str, Future] = {}
    notebooks = list(dict.fromkeys(find_notebook(name).stem for name in names))
    with warm_parent() as warm, ThreadPoolExecutor(os.cpu_count()) as pool:
        for notebook in notebooks:
            before = runs.get(READS_OF.get(notebook, ""))
            runs[notebook] = pool.submit(_run_after, before, notebook, target, settings, warm)
        try:
            wait(runs.values())
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(run.done() for run in runs.values()):
                end_children()  # a kernel may have been about to start
                time.sleep(0.1)
            raise
    for run in runs.values():
        run.result()


def _run_after(
    before: Future | None, name: str, target: Path, settings: Sequence[str], warm: WarmParent | None
) -> None:
    """Run a notebook when another has ended; the list of its files and a stamp are for `make`."""
    if before:
        before.result()
    print(f"running {name}", flush=True)
    with staged(target.resolve()) as new:  # kernels work in another folder
        execute(name, settings, new, warm=warm)
        names = [path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()]
        stamps = new / ".make"
        stamps.mkdir()
        (stamps / f"{name}.sha256").write_text(sums(new, names), encoding="utf-8")
    (target / ".make" / f"{name}.done").touch()


def end_children() -> None:
    """Kill every process that this one started, and those that they started."""
    with suppress(ImportError):  # where it is not installed there are no kernels
        import psutil

        for started in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                started.kill()


def run_notebook(name: str, settings: list[str], run: str, progress: bool = False) -> list[Path]:
    """Execute a notebook with other parameters, into a run of its own.

    Parameters
    ----------
    name : str
        Number or name of the notebook.
    settings : list of str
        ``parameter=value`` words.
    run : str
        Name of the run, letters, digits, ``-`` and ``_``: its notebook, figures and tables go to
        ``runs/NAME/`` and nothing of the article's own is touched.
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
    if not run:
        raise ValueError(
            "parameters need a run to belong to: give NAME=…; outputs then go to runs/NAME/."
        )
    target = run_folder(run)
    with new_run(run, "notebook") as new:
        execute(name, settings, new, progress)
        written = sorted(path for path in new.rglob("*") if path.is_file())
        moves = [(path, target / path.relative_to(new)) for path in written]
        return [place for path, place in moves if not same(path, place)]


def execute(
    name: str,
    settings: Sequence[str],
    new: Path,
    progress: bool = False,
    warm: WarmParent | None = None,
) -> None:
    """Execute a notebook; it and all it writes go below a folder.

    Its kernel is a fork of `warm`, if that is given and can serve.
    """
    source = find_notebook(name)
    accepted = parameters(source)
    defaults = [f"{name}={parameter['default']}" for name, parameter in accepted.items()]
    values = read_settings(list(settings), accepted)
    told = read_settings(defaults, accepted) | {k: _told(v, new) for k, v in values.items()}
    target = new / "notebooks" / source.name
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from smartgov.app.warm import kernels

    target.parent.mkdir(parents=True, exist_ok=True)
    places = {"SMARTGOV_OUTPUT": str(new), "JUPYTER_RUNTIME_DIR": str(new / ".jupyter")}
    try:
        papermill.execute_notebook(
            source,
            target,
            values or None,
            kernel_name="python3",
            progress_bar=progress,
            coalesce_streams=True,  # a kernel hands over what it prints piecemeal under load
            extra_arguments=["--IPKernelApp.log_level=ERROR", f"--IPKernelApp.exec_lines={WATCH}"],
            kernel_manager_class=kernels(warm, NOTEBOOKS, **places),
            shutdown_kernel="immediate",  # asked to end, it would say on the terminal that it was
        )
    except PapermillExecutionError as error:
        raise NotebookFailed(
            f"{source.name}, cell {error.cell_index + 1} (In [{error.exec_count}]): {error.ename}:"
            f" {error.evalue}\nOutputs of earlier runs were left as they were."
        ) from None
    finally:
        shutil.rmtree(new / ".jupyter", ignore_errors=True)
    nbformat.write(strip_volatile(nbformat.read(target, as_version=4)), target)
    _forget_places(target, values, new)
    issue(target, new, told, _data(values, new))


def _data(values: dict, new: Path) -> list[Path]:
    """What a notebook read: files below ``data/``, but for their description, and those that its
    parameters name."""
    read = [ROOT / name for name in listed_reads(new) if name != "data/datapackage.json"]
    given = [ROOT / value for value in values.values() if isinstance(value, str) and value]
    return sorted({*read, *filter(Path.is_file, given)})


def _told(value: object, new: Path) -> object:
    """A parameter's value as outputs tell it: of a file outside the repository its name only, for
    a path tells where, and often who, the researcher is. A run that is being built gets its name.
    """
    if not isinstance(value, str):
        return value
    if Path(value).is_absolute():
        return Path(value).name
    return value.replace(f"runs/{new.name}/", f"runs/{new.stem[1:]}/")


def _forget_places(notebook: Path, values: dict, new: Path) -> None:
    """Leave of every path in a notebook what is told of it."""
    text = notebook.read_text(encoding="utf-8")
    for place in (value for value in values.values() if isinstance(value, str)):
        if Path(place).is_absolute():
            in_json = (
                json.dumps(each, ensure_ascii=False)[1:-1] for each in (place, _told(place, new))
            )
            text = text.replace(*in_json)
    notebook.write_text(text.replace(f"runs/{new.name}/", f"runs/{new.stem[1:]}/"), "utf-8")
