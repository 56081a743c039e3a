"""Whether the depth of a page costs anything: the first, one in the middle and the last page of a large catalog."""

import json
import statistics
import time
from urllib.parse import urlencode

from benchmarks.contenders import BASE, this_server
from benchmarks.preparing import analyze_postgres, make_catalog
from benchmarks.processes import Running, cores, fetch
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan
from benchmarks.scenarios.refreshing import databases, on

GROUP = "Page depth"
ENTITIES = {False: 20_000, True: 1_000_000}
"""How many entities in a quick and in a full run."""
PAGE = 100
GROWN_MB = 16
"""So much more memory after a walk that finds all caches full counts as none."""
_FRESH = {"Cache-Control": "no-cache"}
"""So that every page is read from the database."""


def measure(plan: Plan) -> list[Measurement]:
    """Walk the whole list three times, then read some pages many times."""
    count = ENTITIES[plan.full]
    found: list[Measurement] = []
    for database in databases():
        with on(database):
            folder = plan.folder / database
            make_catalog(folder, count, format="jsonl")
            analyze_postgres()
            with this_server(folder, core=cores()[0]) as server:
                found += _depths(plan, server, database, count)
    return found


def _depths(plan: Plan, server: Running, database: str, count: int) -> list[Measurement]:
    rested, own_rested = server.memory_mb(), server.own_memory_mb()
    tokens, seconds = _walk(server)
    _walk(server)  # each thread has caches of its own; by now all are full
    walked, own_walked = server.memory_mb(), server.own_memory_mb()
    _walk(server)
    grown, own_grown = server.memory_mb() - walked, server.own_memory_mb() - own_walked
    chosen = {"first": "", "middle": tokens[len(tokens) // 2], "last": tokens[-1]}
    medians = {name: _median_ms(server, token) for name, token in chosen.items()}
    plan.say(f"{database}: {', '.join(f'{name} {ms:.1f} ms' for name, ms in medians.items())}")
    name = f"{database}, {count:,} entities"
    return [
        Measurement(
            group=GROUP,
            what=f"{name}: slowest of first, middle and last page against the fastest",
            value=max(medians.values()) / min(medians.values()),
            unit="x",
            target=1.5,
            sense="at most",
            detail={f"{page} ms": ms for page, ms in medians.items()},
        ),
        Measurement(
            group=GROUP,
            what=f"{name}: walk of all pages",
            value=count / seconds,
            unit="entities/s",
            detail={"memory grown by two walks MB": walked - rested, "own memory MB": own_walked - own_rested},
        ),
        Measurement(
            group=GROUP,
            what=f"{name}: own memory grown by a third walk",
            value=own_grown,
            unit="MB",
            target=GROWN_MB,
            sense="at most",
            detail={"with mapped files MB": grown},
        ),
    ]


def _walk(server: Running) -> tuple[list[str], float]:
    tokens, token, began = [], "", time.perf_counter()
    while True:
        body = json.loads(fetch(_address(server, token)))
        token = body.get("nextPageToken", "")
        if not token:
            return tokens, time.perf_counter() - began
        tokens.append(token)


def _median_ms(server: Running, token: str) -> float:
    times = []
    for _ in range(41):
        began = time.perf_counter()
        fetch(_address(server, token), _FRESH)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[1:])


def _address(server: Running, token: str) -> str:
    return f"{server.url}{BASE}?{urlencode({'pageSize': PAGE, 'pageToken': token})}"
