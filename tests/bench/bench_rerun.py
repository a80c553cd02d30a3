"""A rerun of 300 experts beside one of 13, in processor time."""

import shutil
import sys
import tempfile
from pathlib import Path

from bench_growth import wide_csv
from beside import ROOT, Row, command, processor_seconds

from smartgov.model import read_model


def rows():
    spent = {}
    for m in (13, 300):
        name = f"bench_{m}"
        with tempfile.TemporaryDirectory() as folder:
            path = wide_csv(Path(folder) / "panel.csv", m, read_model())
            words = (sys.executable, "-m", "smartgov", "rerun", str(path), "--name", name)
            spent[m], runs = processor_seconds(lambda words=words: command(*words), 1)
        shutil.rmtree(ROOT / "runs" / name)
    what = "a rerun of 300 experts"
    yield Row(what, "s", spent[300], "one of 13 experts", spent[13], "≤ 2", runs)
