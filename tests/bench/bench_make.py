"""The front door beside its limits, measured in one run on one machine.

    python tests/bench/bench_make.py

The limit of running all notebooks again is to start and import once, and then the cells' own work
shared by two processors. Ends with status 1 when a ratio is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


def seconds(*command, **environment):
    """Wall time of a command, which must succeed; the better of two."""
    found = []
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        found.append(time.perf_counter() - start)
    return min(found)


def cells_alone():
    """In a process of its own: import once, then run each notebook's cells in a fork, in turn."""
    import importlib

    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from smartgov.app.warm import MODULES

    for module in MODULES:
        importlib.import_module(module)
    start = time.perf_counter()
    os.chdir(ROOT / "notebooks")
    for notebook in NOTEBOOKS:
        if not (child := os.fork()):
            shell = InteractiveShell.instance()
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            with capture_output():
                for cell in cells:
                    if cell["cell_type"] == "code":
                        shell.run_cell("".join(cell["source"])).raise_error()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            raise RuntimeError(f"{notebook.name} failed")
    print(time.perf_counter() - start)


def main():
    command = str(Path(sys.executable).with_name("smartgov"))
    names = [path.stem for path in NOTEBOOKS]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        said = subprocess.run(
            [sys.executable, __file__, "cells"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "SMARTGOV_OUTPUT": folder, "MPLBACKEND": "agg"},
        ).stdout
        cells = float(said)
        limit = time.perf_counter() - start - cells + cells / 2
        again = seconds(command, "run", *names, "--out", folder)
        ordinary = seconds(command, "run", *names, "--out", folder, KERNELS="1")
    python = seconds(sys.executable, "-c", "import pandas")
    rows = [
        ("all notebooks again, over the limit", again / limit, 1.5),
        ("the same, over ordinary kernels", again / ordinary, 0.75),
        ("make with nothing to do, over importing pandas", seconds("make") / python, 1.5),
    ]
    print(f"limit {limit:.1f} s, all notebooks {again:.1f} s, ordinary kernels {ordinary:.1f} s")
    for what, ratio, aim in rows:
        print(f"{what:48s} {ratio:5.2f}  aim {aim:4.2f}  {'yes' if ratio <= aim else 'NO'}")
    return 0 if all(ratio <= aim for _, ratio, aim in rows) else 1


if __name__ == "__main__":
    sys.exit(cells_alone() if "cells" in sys.argv else main())
