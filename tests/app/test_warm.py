"""Forked kernels: what they write is what ordinary ones write, and none is left behind."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from smartgov.files.layout import ROOT

linux = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
RUN = [sys.executable, "-m", "smartgov", "run", "02"]


def run(folder, **environment):
    subprocess.run(
        [*RUN, "--out", os.path.relpath(folder, ROOT)],
        env={**os.environ, **environment},
        check=True,
        cwd=ROOT,
    )
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".done")
    return {path.relative_to(folder): path.read_bytes() for path in files}


@linux
def test_both_kinds_of_kernel_write_the_same_bytes(tmp_path):
    forked, ordinary = run(tmp_path / "forked"), run(tmp_path / "ordinary", KERNELS="1")
    assert forked == ordinary
    assert {path.suffix for path in forked} >= {".ipynb", ".svg", ".png", ".csv"}


@linux
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_no_kernel_outlives_the_run(tmp_path, sent):
    running = subprocess.Popen([*RUN, "--out", tmp_path], stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        children = wait_for(lambda: two_generations(running.pid))
        running.send_signal(sent)
        running.wait(20)
        assert wait_for(lambda: not any(map(alive, children)))
    finally:
        running.kill()
    assert not list(tmp_path.glob("notebooks/*"))


def two_generations(pid):
    """The warm parent and a kernel that it forked, once there is one."""
    found = psutil.Process(pid).children(recursive=True)
    return found if len(found) > 1 else []


def alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def wait_for(ask, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.05)
    return None


@linux
def test_a_process_with_threads_forks_nothing():
    code = (
        "import threading, time; threading.Thread(target=time.sleep, args=(2,)).start()\n"
        "from smartgov.app.warm import warm_parent\n"
        "with warm_parent() as warm: print(warm)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "None\n"


@linux
def test_every_thread_learns_that_the_parent_serves():
    """Two notebooks ask at the same moment; before, the second waited for another word of it."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from smartgov.app import warm\n"
        "warm.MODULES = ('json',)\n"
        "with warm.warm_parent() as parent, ThreadPoolExecutor(8) as pool:\n"
        "    print(set(pool.map(lambda _: parent.serves, range(8))))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout == "{True}\n"
