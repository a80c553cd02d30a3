"""What data editors ask for: time and memory of all notebooks here, written to measured.json."""

import datetime
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
MEASURED = Path(__file__).with_name("measured.json")


def memory(process):
    """Memory of a process and all it started, shared pages counted once."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            total += each.memory_full_info().pss
    return total


def main():
    names = [path.stem for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))]
    with tempfile.TemporaryDirectory() as folder:
        start, peak = time.perf_counter(), 0
        command = [sys.executable, "-m", "smartgov", "run", *names, "--out", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
            while run.poll() is None:
                with suppress(psutil.Error):
                    peak = max(peak, memory(psutil.Process(run.pid)))
                time.sleep(0.2)
        seconds = time.perf_counter() - start
    if run.returncode:
        sys.exit("the notebooks did not run")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    model = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    files = (path for path in Path(sys.prefix).rglob("*") if path.is_file())
    measured = {
        "day": str(datetime.date.today()),
        "seconds": round(seconds),
        "cpu_seconds": round(used.ru_utime + used.ru_stime),
        "peak_mib": round(peak / 2**20),
        "environment_mb": round(sum(path.stat().st_size for path in files) / 1e6),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "processor": model[0] if model else platform.processor(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
    }
    MEASURED.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {MEASURED.relative_to(ROOT)}: {measured}")


if __name__ == "__main__":
    main()
