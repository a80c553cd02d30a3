"""Kernels forked from one process that has imported everything: a notebook starts without imports.

Imports are most of what a notebook of this study costs. So a *warm parent* imports them once, and
every kernel is a fork of it; from there on it is an ordinary kernel, spoken to over the ordinary
protocol. Forking is safe only while a process has a single thread, so the parent is made before
anything else and looks at its threads before it serves. Where it cannot serve (no ``fork``, more
than one thread), kernels are started as usual.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
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
BACKEND = "module://matplotlib_inline.backend_inline"
"""What a kernel sets before matplotlib is imported; the parent has to do it in its place."""


class WarmParent:
    """A process that has imported `MODULES` and forks a kernel whenever asked.

    Attributes
    ----------
    ready : bool
        Whether it serves; known once its imports are done, for which this waits.
    """

    def __init__(self) -> None:
        here, there = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            here.close()
            _serve(there)
        there.close()
        self._stream = here.makefile("rw", encoding="utf-8")
        self._one_at_a_time = threading.Lock()
        self._ready: bool | None = None

    @property
    def ready(self) -> bool:
        if self._ready is None:
            self._ready = self._stream.readline() == "ready\n"
        return self._ready

    def ask(self, **request: object) -> int | None:
        """The parent's answer: of ``fork`` the process id, of ``poll`` the exit status if any."""
        with self._one_at_a_time:
            print(json.dumps(request), file=self._stream, flush=True)
            return json.loads(self._stream.readline())

    def close(self) -> None:
        """End the parent; kernels end with it."""
        self._stream.close()
        os.waitpid(self.pid, 0)


def warm_parent() -> WarmParent | None:
    """A warm parent where forking is safe, else None.

    The environment variable ``SMARTGOV_KERNELS`` set to 1 asks for ordinary kernels.
    """
    safe = sys.platform == "linux" and _threads() == 1
    return WarmParent() if safe and os.environ.get("SMARTGOV_KERNELS") != "1" else None


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


# In the parent.


def _serve(talk: socket.socket) -> None:
    """Import, say so, and answer requests until the other side is gone; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for whoever runs the notebooks
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
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
                talk.close()
                stream.close()
                _become_kernel(**request["fork"])
            print(json.dumps(answer), file=stream, flush=True)
    finally:
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
            self.status = self.parent.ask(poll=self.pid)
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
    async def launch_kernel(self, cmd: list[str], **kwargs: object):
        environment = {name: str(value) for name, value in (kwargs.get("env") or os.environ).items()}
        about = dict(
            arguments=cmd[cmd.index("ipykernel_launcher") + 1 :],
            folder=str(kwargs.get("cwd") or Path.cwd()),
            environment=environment,
        )
        warm = self.parent.warm
        self.process = _Fork(warm, warm.ask(fork=about))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def kernels_of(parent: WarmParent) -> type[AsyncKernelManager]:
    """A kernel manager whose kernels are forks of a warm parent."""

    class WarmKernelManager(AsyncKernelManager):
        warm = parent

        async def _async_pre_start_kernel(self, **kwargs: object):
            self.provisioner = _Provisioner(
                parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec
            )
            return await super()._async_pre_start_kernel(**kwargs)

    return WarmKernelManager
