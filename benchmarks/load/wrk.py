"""Closed loop by wrk: as many requests as the server can answer."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError, run

CONNECTIONS = 32
_LUA = Path(__file__).with_name("paths.lua")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How a server did under load.

    Attributes:
        requests: answers in all.
        requests_per_second: answers in a second.
        p50_ms: half of the answers took less than that, in milliseconds.
        p99_ms: 99 of 100 took less than that, in milliseconds.
        failed: answers that were no success, or did not come.
    """

    requests: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


def check_installed() -> None:
    """Make sure that wrk is there.

    Raises:
        BenchmarkError: it is not; the message says how to get it.
    """
    if not shutil.which("wrk"):
        raise BenchmarkError(
            "wrk, which makes the load, is not installed. Debian and Ubuntu: apt-get install wrk; macOS: brew install "
            "wrk; elsewhere: https://github.com/wg/wrk says how to build it."
        )


def measure(
    url: str,
    paths: Sequence[str],
    *,
    core: str,
    seconds: float,
    folder: Path,
    once: bool = False,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> Rate:
    """Ask for ``paths`` for some seconds.

    Args:
        url: the server.
        paths: what is asked for, in turn.
        core: the core that the load may use.
        seconds: how long.
        folder: where files may be left.
        once: whether each address is asked for only once, so that no cache can know its answer.
        headers: sent with each request.
        connections: how many are open.
    """
    listing = folder / "paths.txt"
    listing.write_text("".join(f"{path}\n" for path in paths))
    command = ["wrk", "-t", "1", "-c", str(connections), "--timeout", "10s", "-s", str(_LUA)]
    arguments = [url, "--", str(listing), "once" if once else "again"]
    arguments += [f"{name}: {value}" for name, value in (headers or {}).items()]
    output = run([*command, "-d", f"{seconds:.0f}s", *arguments], core=core)
    found = json.loads(output.rpartition("RESULT ")[2])
    return Rate(
        requests=found["requests"],
        requests_per_second=found["requests"] / found["seconds"],
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
        failed=found["failed"],
    )
