"""`make` in a copy of what git knows, so that nothing here is touched.

The copy's environment is made of links, and its stamp is new: it is never built anew.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import ROOT, Row, command, pace, timed, within

PROSE = "notebooks/04_delphi_round_two.ipynb"


def copied(copy: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name not in (".ready", ".testable"):
            (copy / ".venv" / path.name).symlink_to(path)
    (copy / ".venv" / ".ready").touch()


def rows():
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copied(copy)
        env = {**os.environ, "PYTHONPATH": str(copy / "src")}

        def make():
            command("make", cwd=copy, env=env)

        make()
        nothing, runs = timed(make)
        pandas, _ = timed(lambda: command(sys.executable, "-c", "import pandas"))
        yield Row("make with nothing to do", "s", nothing, "import pandas", pandas, "≤ 1.5", runs)
        whole, slower, taken = (copy / PROSE).read_text(encoding="utf-8"), pace(), []
        for times in (1, 2, 3):
            notebook = json.loads(whole)
            prose = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
            prose["source"] = ["".join(prose["source"]) + " Again." * times]
            text = json.dumps(notebook, ensure_ascii=False, indent=1)
            (copy / PROSE).write_text(text + "\n", encoding="utf-8")
            taken.append(timed(make, 1)[0])
        seconds = statistics.median(taken)
        yield within("make with one notebook's prose changed", seconds, 6, slower, len(taken))
