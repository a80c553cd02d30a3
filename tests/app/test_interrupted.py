"""Real signals: a process that is stopped or killed leaves the earlier run or the new, whole."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

SLOW = """
import os, time
from smartgov.files.layout import output
output("figures", "half.csv").write_text("half")
open(os.environ["STARTED"], "w").write(str(os.getpid()))
while True: pass
"""
IN_SMALL_REPOSITORY = """
import sys
from pathlib import Path
from smartgov.app import commands, notebooks, verbs
from smartgov.files import layout
layout.ROOT = commands.ROOT = notebooks.ROOT = Path.cwd()
notebooks.NOTEBOOKS = Path.cwd() / "notebooks"
sys.exit(verbs.main())
"""
DEAF = """
import os, sys, time
from smartgov.app import verbs
verbs.PATIENCE = 1
def deaf():
    open(os.environ["STARTED"], "w").write("now")
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass
verbs.VERBS["codebook"] = verbs.VERBS["codebook"]._replace(call=deaf)
sys.exit(verbs.main())
"""
KILLED_AFTER_RENAMES = """
import os, signal, sys
from pathlib import Path
from smartgov.files import layout, swap
layout.ROOT, rename, left = Path.cwd(), os.rename, [int(sys.argv[2])]
def counted(*places):
    rename(*places)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
os.rename = counted
swap.recover(Path("runs"))
if sys.argv[1]:
    with swap.new_run("x", "rerun") as new:
        (new / "data").write_text(sys.argv[1])
"""


@pytest.fixture
def python(request):
    """Starts Python on some code, in a process group of its own; none outlives its test."""

    def start(code: str, *words: str, cwd, **environment: str) -> subprocess.Popen:
        started = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=cwd,
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed,
        )
        request.addfinalizer(lambda: end(started.pid))
        return started

    return start


def heed() -> None:
    """Ignore no signal, though these tests run where some are, as below nohup."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def end(process: int) -> None:
    with suppress(psutil.NoSuchProcess):
        for each in [*psutil.Process(process).children(recursive=True), psutil.Process(process)]:
            each.kill()


def contents(folder) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def runs_until(gone, seconds: float = 60) -> bool:
    """Whether something happens in time."""
    end = time.monotonic() + seconds
    while not gone() and time.monotonic() < end:
        time.sleep(0.05)
    return gone()


def dead(kernel: int) -> bool:
    try:
        with open(f"/proc/{kernel}/stat") as state:
            return state.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def small(tmp_path):
    """A repository whose one notebook does not end, and an earlier run of it."""
    (tmp_path / "notebooks").mkdir()
    metadata = {
        "language_info": {"name": "python"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    cells = [new_code_cell("", metadata={"tags": ["parameters"]}), new_code_cell(SLOW)]
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, tmp_path / "notebooks" / "01_slow.ipynb")
    (tmp_path / "runs" / "x").mkdir(parents=True)
    (tmp_path / "runs" / "x" / "report.txt").write_text("mine")
    return tmp_path


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for the kernel in /proc")
@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("run 01 --name x", "SIGINT"),
        ("run 01", "SIGTERM"),
        ("run 01 --name x", "SIGHUP"),
        ("run 01 --name x", "SIGKILL"),
        ("run 01", "SIGKILL"),
    ],
)
def test_a_stopped_run_ends_at_once_with_its_kernel_and_changes_nothing(words, sent, small, python):
    before, started = contents(small), small.parent / f"{small.name}.started"
    running = python(IN_SMALL_REPOSITORY, *words.split(), cwd=small, STARTED=str(started))
    assert runs_until(lambda: started.exists() and started.read_text(), 60)
    kernel = int(started.read_text())
    os.killpg(running.pid, signal.Signals[sent])
    said = running.communicate(timeout=60)[1]
    assert runs_until(lambda: dead(kernel))
    if sent == "SIGKILL":
        assert contents(small) != before, "it cannot clean up; the next start does"
        again = python(IN_SMALL_REPOSITORY, *words.split(), cwd=small, STARTED="/no/such/folder")
        assert "FileNotFoundError" in again.communicate(timeout=60)[1]
    else:
        assert running.returncode == 128 + signal.Signals[sent], said
        assert said == "stopped; nothing was changed\n"
    assert contents(small) == before


def test_a_process_that_loses_the_exception_ends_all_the_same(tmp_path, python):
    started = tmp_path / "started"
    running = python(DEAF, "codebook", cwd=tmp_path, STARTED=str(started))
    assert runs_until(started.exists, 60)
    os.killpg(running.pid, signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize(("renames", "left"), [("1", "old"), ("2", "new")])
def test_a_kill_at_a_step_of_the_swap_leaves_one_of_the_runs(renames, left, tmp_path, python):
    def swapped(text: str, renames: str) -> int:
        return python(KILLED_AFTER_RENAMES, text, renames, cwd=tmp_path).wait()

    assert swapped("old", "9") == 0
    assert swapped("new", renames) == -signal.SIGKILL
    assert any(path.name.startswith(".x.") for path in (tmp_path / "runs").iterdir())
    assert swapped("", "9") == 0
    found = contents(tmp_path / "runs")
    assert found.pop("x/rerun.sha256") and found == {"x/data": left}
