"""Kernels forked from one process that has imported everything: a notebook starts without imports.

Imports are most of what a notebook of this study costs. So a *warm parent* imports them once, and
every kernel is a fork of it; from there on it is an ordinary kernel, spoken to over the ordinary
protocol. Forking is safe only while a process has a single thread, so the parent is made before
anything else and looks at its threads before it serves. Where it cannot serve (no ``fork``, more
than one thread), kernels are started as usual.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

MODULES = (
    *("ipykernel.kernelapp", "matplotlib.pyplot", "pandas", "scipy.stats", "seaborn"),
    *("smartgov.article.verdicts", "smartgov.article.opposites", "smartgov.delphi.comparison"),
    *("smartgov.delphi.second_round", "smartgov.present.panel_figures", "smartgov.stats.exact"),
    *("smartgov.present.round_figures", "smartgov.present.verdict_figures"),
    *("smartgov.present.table_figures", "smartgov.present.tables", "smartgov.app.exercises"),
)
PR_SET_PDEATHSIG = 1
"""Of Linux: the signal that a process gets at once when its parent dies, however it dies."""
BACKEND = "module://matplotlib_inline.backend_inline"
"""What a kernel sets before matplotlib is imported; the parent has to do it in its place."""


class WarmParent:
    """A process that has imported `MODULES` and forks a kernel whenever asked.

    It ends with the process that made it, and its kernels with it.
    """

    def __init__(self) -> None:
        here, there = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            here.close()
            _serve(there)
        there.close()
        self._stream = here.makefile("rw", encoding="utf-8")
        self._one_at_a_time = threading.Lock()
        self._ready: bool | None = None

    @property
    def serves(self) -> bool:
        """Whether it can fork kernels; waits until its imports are done."""
        with self._one_at_a_time:
            if self._ready is None:
                self._ready = self._stream.readline() == "ready\n"
            return self._ready

    def ask(self, **request: object) -> int | None:
        """Its answer: to ``fork`` the process id, to ``poll`` the exit status if there is one."""
        with self._one_at_a_time:
            print(json.dumps(request), file=self._stream, flush=True)
            return json.loads(self._stream.readline())

    def close(self) -> None:
        with suppress(OSError):  # it was killed
            self._stream.close()
        os.waitpid(self._pid, 0)


@contextmanager
def warm_parent() -> Iterator[WarmParent | None]:
    """A warm parent where forking is safe, else None; to be made before anything starts a thread.

    The environment variable ``KERNELS`` set to 1 asks for ordinary kernels.
    """
    if sys.platform != "linux" or _threads() > 1 or os.environ.get("KERNELS") == "1":
        yield None
        return
    parent = WarmParent()
    try:
        yield parent
    finally:
        parent.close()


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


# In the parent.


def _serve(talk: socket.socket) -> None:
    """Import, say so, and answer requests until the other side is gone; never returns."""
    kernels: list[int] = []
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads would make forking unsafe
        os.environ.setdefault("MPLBACKEND", BACKEND)
        for module in MODULES:
            importlib.import_module(module)
        stream = talk.makefile("rw", encoding="utf-8")
        print("ready" if _threads() == 1 else "no", file=stream, flush=True)
        for line in stream:
            request = json.loads(line)
            if "poll" in request:
                answer = _exit_status(request["poll"])
            elif not (answer := os.fork()):
                stream.close()
                talk.close()
                _become_kernel(**request["fork"])
            else:
                kernels.append(answer)
            print(json.dumps(answer), file=stream, flush=True)
    finally:
        for pid in kernels:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os._exit(0)


def _exit_status(pid: int) -> int | None:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None


def _become_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Turn this fork into a kernel, as ``python -m ipykernel_launcher`` would; never returns."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    own = f"--IPKernelApp.parent_handle={os.getppid()}"  # a kernel ends with its parent
    sys.argv = ["ipykernel_launcher", *arguments, own]
    try:
        IPKernelApp.launch_instance()
    finally:
        os._exit(0)


# On the side that runs notebooks.


class _Fork:
    """A forked kernel, as `LocalProvisioner` handles a process."""

    stdin = stdout = stderr = None

    def __init__(self, parent: WarmParent, pid: int) -> None:
        self.parent, self.pid, self.status = parent, pid, None

    def poll(self) -> int | None:
        if self.status is None:
            try:
                self.status = self.parent.ask(poll=self.pid)
            except (OSError, ValueError):  # the parent was killed, and its kernels with it
                self.status = -signal.SIGKILL
        return self.status

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.02)
        return self.status

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class _Provisioner(LocalProvisioner):
    """Launches a kernel by asking the warm parent of its manager for a fork."""

    async def launch_kernel(self, cmd: list[str], **kwargs: object):
        about = dict(
            arguments=cmd[cmd.index("ipykernel_launcher") + 1 :],
            folder=kwargs["cwd"],
            environment=kwargs["env"],
        )
        self.process = _Fork(self.parent.warm, self.parent.warm.ask(fork=about))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def kernels(warm: WarmParent | None, folder: Path, **environment: str) -> type[AsyncKernelManager]:
    """A manager of kernels in a folder that see these variables: forks, if a parent serves."""
    parent = warm if warm and warm.serves else None

    class StudyKernels(AsyncKernelManager):
        warm = parent

        async def _async_pre_start_kernel(self, **kwargs: object):
            runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
            runtime.mkdir(exist_ok=True)
            self.connection_file = str(runtime / "kernel.json")
            if self.warm:
                about = {"kernel_id": self.kernel_id, "kernel_spec": self.kernel_spec}
                self.provisioner = _Provisioner(parent=self, **about)
            place = {"cwd": str(folder), "env": {**os.environ, **environment}}
            return await super()._async_pre_start_kernel(**kwargs | place)

    return StudyKernels
