"""Processes that are measured: starting them on chosen cores, looking at them, ending them."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120.0
REST_SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """A measurement cannot be made; the message says why and what to do."""


def cores() -> tuple[str, str]:
    """Return the core for what is measured and the core for the load; the same one where there is only one."""
    available = sorted(os.sched_getaffinity(0))
    return str(available[0]), str(available[-1])


def pinned(core: str, command: Sequence[str]) -> list[str]:
    """Return the command that runs ``command`` on one core, where ``taskset`` is installed."""
    return ["taskset", "-c", core, *command] if shutil.which("taskset") else list(command)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**variables: str) -> dict[str, str]:
    """Return the environment without any setting of the server, but for ``variables``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CATALOG_")}
    return {**kept, "PYTHONPATH": str(PROJECT), **variables}


@dataclass
class Running:
    """A server that runs.

    Attributes:
        process: the process that was started.
        url: where it answers, without a slash at the end.
        start_seconds: how long it took until it answered.
    """

    process: subprocess.Popen[bytes]
    url: str
    start_seconds: float

    def memory_mb(self) -> float:
        """Return the memory of the process and all it has started: proportional set size, in MB."""
        return sum(_pss_kb(pid, "Pss") for pid in self.tree()) / 1000

    def own_memory_mb(self) -> float:
        """Return the same without files that are mapped, such as SQLite's, which the system takes back as it needs."""
        return sum(_pss_kb(pid, "Pss_Anon") for pid in self.tree()) / 1000

    def cpu_seconds(self) -> float:
        """Return the CPU time that the process and all it has started took so far."""
        return sum(_cpu_ticks(pid) for pid in self.tree()) / _TICKS

    def come_to_rest(self) -> None:
        """Wait until the process and all it has started are done with starting: they do next to nothing for a second.

        A server is ready before its background worker is, which takes the same core. Who never rests is not waited for.
        """
        give_up = time.monotonic() + REST_SECONDS
        while time.monotonic() < give_up:
            before = self.cpu_seconds()
            time.sleep(1.0)
            if self.cpu_seconds() - before < 0.05:
                return

    def tree(self) -> set[int]:
        """Return the ids of the process and all that descends from it."""
        return tree(self.process.pid)


@contextmanager
def running(
    command: Sequence[str],
    *,
    port: int,
    path: str,
    core: str = "",
    variables: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[Running]:
    """Run a server until the block ends.

    Args:
        command: what starts it.
        port: where it will listen.
        path: what it answers with 200 as soon as it is ready.
        core: the core it may use; all if empty.
        variables: its settings.
        log: where its output goes.

    Raises:
        BenchmarkError: it ended, or did not get ready in time.
    """
    output = log.open("ab") if log else subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(
        pinned(core, command) if core else list(command),
        cwd=PROJECT,
        env=environment(**(variables or {})),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, f"{url}{path}", log)
        yield Running(process, url, time.perf_counter() - began)
    finally:
        _end(process)
        if log:
            output.close()  # type: ignore[union-attr]  # a file where there is a log


def run(command: Sequence[str], *, core: str = "", variables: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return its output.

    Raises:
        BenchmarkError: it failed.
    """
    done = subprocess.run(
        pinned(core, command) if core else list(command),
        cwd=PROJECT,
        env=environment(**(variables or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command[:4])} ... failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def fetch(url: str, headers: Mapping[str, str] | None = None, timeout: float = 30.0) -> bytes:
    """Return the body of an answer."""
    request = urllib.request.Request(url, headers=dict(headers or {}))
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        body: bytes = answer.read()
        return body


def tree(pid: int) -> set[int]:
    """Return the ids of a process and of all that descends from it and runs."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _read(entry / "stat")):
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    members = {pid} & parents.keys()
    while grown := {child for child, parent in parents.items() if parent in members} - members:
        members |= grown
    return members


def _wait(process: subprocess.Popen[bytes], url: str, log: Path | None) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        if process.poll() is not None:
            raise BenchmarkError(f"{process.args!r} ended at once:\n{log.read_text()[-2000:] if log else ''}")
        try:
            fetch(url, timeout=5)
            return
        except (OSError, urllib.error.URLError):
            if time.monotonic() > give_up:
                raise BenchmarkError(f"nothing answers at {url}") from None
            time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""


def _pss_kb(pid: int, sort: str) -> int:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{sort}:")), 0)


def _cpu_ticks(pid: int) -> int:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0
