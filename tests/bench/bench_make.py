"""How long the front door takes: notebooks executed again, and `make` with nothing to do.

Run as ``python tests/bench/bench_make.py``, or with ``--all`` to time a first `make` on a clean
clone and `make test` as well (several minutes, needs the package index).
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def seconds(*command: str, folder: Path = ROOT) -> float:
    """Wall time of a command, which must succeed."""
    start = time.perf_counter()
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def main() -> None:
    """Print what was measured beside what is aimed at."""
    subprocess.run(["make", "clean"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    rows = [
        ("all notebooks executed again", 25, seconds("make")),
        ("make with nothing to do", 1, seconds("make")),
    ]
    if "--all" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            clone = Path(folder) / "clone"
            subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
            rows.append(("first make on a clean clone", 120, seconds("make", folder=clone)))
            rows.append(("make test", 180, seconds("make", "test", folder=clone)))
    print(f"{'what':32s} {'target':>8s} {'measured':>9s}  met")
    for what, target, measured in rows:
        print(
            f"{what:32s} {target:6d} s {measured:7.1f} s  {'yes' if measured <= target else 'no'}"
        )


if __name__ == "__main__":
    main()
