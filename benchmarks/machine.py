"""What kind of machine a run was made on, and with which versions; nothing that tells one machine from another."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.contenders import go_tool

_PACKAGES = ("django", "djangorestframework", "granian", "orjson", "celery")


def machine() -> dict[str, str]:
    """Return what a reader has to know about the run, by name."""
    found = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{_memory_gib():.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "Go": _output([go_tool(), "version"]).removeprefix("go version ") if go_tool() else "none",
        "wrk": _output(["wrk", "-v"]).splitlines()[0].split("[")[0].strip(),
        "SQLite": __import__("sqlite3").sqlite_version,
    }
    return found | {name: version(name) for name in _PACKAGES}


def _first(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip() or "unknown"
