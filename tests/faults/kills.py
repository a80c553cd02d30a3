"""Kill `make` and a rerun at many moments; nothing may be torn, and the next run ends as ever.

In a copy of the repository, SIGKILL, SIGTERM and SIGHUP in turn go to the whole process group, at
moments spread evenly over the time that an undisturbed run takes. After each, every file of the
study, and the run of the panel, must be whole: the bytes are those of an undisturbed run. Every
tenth time the next run goes to its end, and must leave those bytes, no hidden file and no kernel.
`kills.csv` counts them.

    python tests/faults/kills.py [--moments 50]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("kills.csv")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
EVERY = 10
STUDY = ("data", "figures", "notebooks")
PANEL = "data/panels/reconstructed.csv"


def heed() -> None:
    """Ignore no signal, though this script may be told to, as nohup does."""
    for number in SIGNALS[1:]:
        signal.signal(number, signal.SIG_DFL)


def copied(folder: Path) -> Path:
    """The repository's files in a folder of their own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def hashes(root: Path, *parts: str) -> dict[str, str]:
    """What is in some folders, hidden or not."""
    files = (path for part in parts for path in sorted((root / part).rglob("*")) if path.is_file())
    return {str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def shown(found: dict[str, str]) -> dict[str, str]:
    """Without what is hidden: a killed process may leave that until the next start."""
    return {name: sum for name, sum in found.items() if not any(map(hidden, Path(name).parts))}


def hidden(part: str) -> bool:
    return part.startswith(".") and part != ".gitkeep"


def kernels(root: Path) -> list[psutil.Process]:
    """Kernels and others that work in the copy."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(root):
                found.append(process)
        except psutil.Error:
            continue
    return found


def survive(name: str, root: Path, start: Callable, parts: tuple[str, ...], moments: int) -> int:
    """Kill what `start` starts at so many moments; returns how often something was torn."""
    began = time.monotonic()
    if start().wait():
        raise SystemExit(f"{name}: an undisturbed run fails")
    lasts, whole = time.monotonic() - began, hashes(root, *parts)
    torn, slowest, moment = 0, 0.0, 0
    while moment < moments:
        sent, began = SIGNALS[moment % len(SIGNALS)], time.monotonic()
        running = start()
        with suppress(subprocess.TimeoutExpired):
            running.wait(lasts * (moment + 0.5) / moments)
            lasts = time.monotonic() - began  # less than before: the machine is less busy now
            continue
        os.killpg(running.pid, sent)
        asked = time.monotonic()
        running.wait()
        slowest = max(slowest, time.monotonic() - asked)
        moment += 1
        differs = differing(shown(whole), shown(hashes(root, *parts)))
        if moment % EVERY == 0:
            status = start().wait()
            differs |= differing(whole, hashes(root, *parts))
            differs |= {f"status {status}"} if status else set()
            differs |= {f"kernel {left.pid}" for left in kernels(root)}
            differs |= {str(left) for left in root.rglob(".part-*")}
        if differs:
            torn += 1
            print(f"  {sent.name} at moment {moment} of {moments}: {sorted(differs)[:5]}")
    print(
        f"{name}: killed at {moments} moments of {lasts:.0f} s, torn {torn} times; the slowest took"
        f" {slowest:.1f} s to end",
        flush=True,
    )
    return torn


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def main() -> int:
    """Both, in a copy that is removed in the end."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--moments", type=int, default=50)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="smartgov-kills-") as folder:
        root = copied(Path(folder).resolve())
        environment = os.environ | {"PYTHONPATH": str(root / "src")}

        def started(*words: str) -> subprocess.Popen:
            return subprocess.Popen(
                words,
                cwd=root,
                env={k: v for k, v in environment.items() if "MAKE" not in k},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=heed,
            )

        def make() -> subprocess.Popen:
            shutil.rmtree(root / ".make", ignore_errors=True)
            return started("make", f"VENV={Path(sys.prefix)}")

        def rerun() -> subprocess.Popen:
            command = "import sys; from smartgov.app.verbs import main; sys.exit(main())"
            return started(sys.executable, "-c", command, "rerun", "--name", "panel", "--", PANEL)

        torn = {
            "make": survive("make", root, make, STUDY, given.moments),
            "rerun": survive("rerun", root, rerun, ("runs",), given.moments),
        }
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["what", "killed", "torn"])
        table.writerows([what, given.moments, count] for what, count in torn.items())
    return int(any(torn.values()))


if __name__ == "__main__":
    sys.exit(main())
