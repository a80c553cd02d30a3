"""All notebooks run again beside their limit, papermill and nbconvert.

The limit of running all notebooks again is to start and import once, and then the cells' own work
shared by two processors.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from beside import ROOT, Row, command, timed

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
SOME = NOTEBOOKS[:4]
"""Run by others too, one after another, each in a kernel that imports anew."""


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


def limit(env: dict[str, str]) -> float:
    """Seconds to start and import once, and of the cells' own work over two processors."""
    start = time.perf_counter()
    cells = subprocess.run(
        [sys.executable, __file__], capture_output=True, text=True, check=True, env=env
    )
    own = float(cells.stdout.splitlines()[-1])
    return time.perf_counter() - start - own / 2


def ours(notebooks: list[Path], folder: str) -> None:
    names = [path.stem for path in notebooks]
    command(sys.executable, "-m", "smartgov", "run", *names, "--out", folder)


def papermill(folder: str, env: dict[str, str]) -> None:
    for path in SOME:
        words = (str(path), str(Path(folder) / path.name), "--cwd", str(path.parent))
        command(sys.executable, "-m", "papermill", *words, env=env)


def nbconvert(folder: str, env: dict[str, str]) -> None:
    words = ("--to", "notebook", "--execute", "--output-dir", folder)
    command(sys.executable, "-m", "nbconvert", *words, *map(str, SOME), env=env)


def rows():
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "SMARTGOV_OUTPUT": folder, "MPLBACKEND": "agg"}
        least = limit(env)
        again, runs = timed(lambda: ours(NOTEBOOKS, folder))
        against = "import once + cells over two cores"
        yield Row("all notebooks run again", "s", again, against, least, "≤ 1.5", runs)
        env["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        again, runs = timed(lambda: ours(SOME, folder))
        what = f"{len(SOME)} notebooks run again"
        for call in (papermill, nbconvert):
            theirs, _ = timed(lambda call=call: call(folder, env))
            yield Row(what, "s", again, call.__name__, theirs, "≤ 0.75", runs)


if __name__ == "__main__":
    cells_alone()
