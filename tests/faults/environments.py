"""Do the outputs have the same bytes wherever they are made? `make environments`

The last commit is cloned and `make` run from scratch in each of the environments below; what it
writes is compared with what is committed, and `environments.csv` counts the bytes that differ. One
takes two to five minutes; with names behind it, the script tries those alone.
"""

import csv
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("environments.csv")
NO_AVX2 = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
ENVIRONMENTS = {
    "as it is": {},
    "a folder with blanks and Cyrillic letters": {"folder": "ақылды үкімет 1"},
    "the time zone of Almaty": {"TZ": "Asia/Almaty"},
    "the locale C": {"LC_ALL": "C"},
    "the locale kk_KZ": {"LC_ALL": "kk_KZ.UTF-8", "LANG": "kk_KZ.UTF-8"},
    "the locale ru_RU": {"LC_ALL": "ru_RU.UTF-8", "LANG": "ru_RU.UTF-8"},
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "umask 077": {"umask": 0o077},
    "no HOME": {"HOME": None},
    "one job": {"arguments": ["-j1"]},
    "four jobs": {"arguments": ["-j4"]},
    "one thread of OpenBLAS": {"OPENBLAS_NUM_THREADS": "1"},
    "two threads of OpenBLAS": {"OPENBLAS_NUM_THREADS": "2"},
    "OpenBLAS for an older processor": {"OPENBLAS_CORETYPE": "Nehalem"},
    "NumPy without AVX2": {"NPY_DISABLE_CPU_FEATURES": NO_AVX2},
    "a busy machine": {"busy": 2 * (os.cpu_count() or 1)},
    "Python 3.11": {"arguments": ["PYTHON=python3.11"]},
    "Python 3.12": {"arguments": ["PYTHON=python3.12"]},
    "Python 3.13": {"arguments": ["PYTHON=python3.13"]},
}
LONGEST = "30m"  # for one of them, a busy machine included
COLUMNS = ("environment", "files", "bytes_that_differ", "where")


@contextmanager
def load(processes: int):
    """Processes that do nothing but keep the machine busy."""
    endless = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(endless) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def bytes_apart(one: bytes, other: bytes) -> int:
    """In how many places two files differ, their lengths included."""
    return sum(a != b for a, b in zip_longest(one, other))


def tried(name: str) -> dict[str, str]:
    """Clone, make, compare: one row of the table."""
    settings = dict(ENVIRONMENTS[name])
    extra, busy = settings.pop("arguments", []), settings.pop("busy", 0)
    folder, umask = settings.pop("folder", "study"), settings.pop("umask", -1)
    outer = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    surroundings = {key: value for key, value in (outer | settings).items() if value is not None}
    with tempfile.TemporaryDirectory() as scratch, load(busy):
        copy = Path(scratch) / folder
        here = dict(cwd=copy, env=surroundings, umask=umask, capture_output=True, text=True)
        subprocess.run(["git", "clone", "--quiet", ROOT, copy], check=True, umask=umask)
        listed = subprocess.run(["git", "ls-files", "figures", "notebooks", "data"], **here)
        committed = {file: (copy / file).read_bytes() for file in listed.stdout.splitlines()}
        made = subprocess.run(["timeout", LONGEST, "make", *extra], **here)
        if made.returncode:
            ended = f"make ended with {made.returncode}: {made.stderr.strip()[-150:]}"
            return dict(zip(COLUMNS, (name, "0", "", ended), strict=True))
        apart = {
            file: count
            for file, before in committed.items()
            if (count := bytes_apart(before, (copy / file).read_bytes()))
        }
    found = name, str(len(committed)), str(sum(apart.values())), "; ".join(apart)
    return dict(zip(COLUMNS, found, strict=True))


def main(names: list[str]) -> None:
    """Try some environments, by default all, and write their rows."""
    rows = {}
    if RESULTS.exists():
        with RESULTS.open(encoding="utf-8", newline="") as file:
            rows = {row["environment"]: row for row in csv.DictReader(file)}
    for name in names or ENVIRONMENTS:
        rows[name] = tried(name)
        print(" | ".join(rows[name].values()), flush=True)
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(rows[known] for known in ENVIRONMENTS if known in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
