"""A source that exists for one check only: made, looked at, and taken away again, whatever happens in between."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Skipped
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.wire import Answer, Wire, WireError, as_object, as_objects, listed, shown

MOST_ENTRIES = 2000
"""Larger sources are not read a second time for a trial."""
REDACTED = "***REDACTED***"
SOURCE_STATES = ("available", "partially-available", "error", "disabled", "loading")

_CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Model:
    """What a trial source is made like.

    Attributes:
        type: the type of source.
        properties: its properties.
        entries: how many entries it gives; ``None`` if it cannot be read.
        patterns: further keys of the entry that decide what is taken over.
    """

    type: str
    properties: Mapping[str, Any]
    entries: int | None
    patterns: Mapping[str, Any]


class Sources:
    """The sources of a catalog as an operator manages them.

    Raises:
        Skipped: the catalog does not announce that, or there is no operator to ask as.
    """

    def __init__(self, catalog: Catalog) -> None:
        require_managed(catalog)
        if catalog.server.operator is None:
            raise Skipped("no operator's token was given, so nothing is changed; give --token")
        self.catalog = catalog
        self.wire: Wire = catalog.server.operator
        self.path = catalog.management_path

    def ask(self, method: str, path: str, document: Any = None, *, query: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a question below the management path."""
        return self.wire.ask(method, f"{self.path}{path}", query, document=document)

    def listed(self) -> list[dict[str, Any]]:
        """Return what the list says of each source."""
        return source_list(self.wire, self.catalog)

    def path_of(self, source_id: str) -> str:
        """Return the path of a source below the management path."""
        return f"/sources/{quote(source_id, safe='')}"

    def model(self) -> Model:
        """Return a source to make trial sources like: the smallest of the catalog that reads a file."""
        usable = [info for info in self.listed() if _is_usable(info)]
        if not usable:
            types = self.catalog.source_capabilities.get("types") or ["yaml"]
            return Model(str(types[0]), {"yamlCatalogPath": "no-such-file-for-conformance.yaml"}, None, {})
        info = min(usable, key=lambda one: (int(one["status"]["entityCount"]), str(one["id"])))
        properties = {key: value for key, value in info["properties"].items() if key != _CONTENT}
        patterns = {key: info[key] for key in ("includedItems", "excludedItems") if info.get(key)}
        return Model(str(info["type"]), properties, int(info["status"]["entityCount"]), patterns)


@dataclass(frozen=True, slots=True)
class Trial:
    """A source made for one check.

    Attributes:
        id: its id, used by nobody else.
        document: what was applied.
        answer: what the server said to that.
        model: what it is made like.
    """

    id: str
    document: Mapping[str, Any]
    answer: Answer
    model: Model


@contextmanager
def trial_source(
    sources: Sources, *, enabled: bool = False, type: str = "", properties: Mapping[str, Any] | None = None
) -> Iterator[Trial]:
    """Apply a source, give it to the check, and remove it; afterwards the sources are as they were before.

    Args:
        sources: where to make it.
        enabled: whether readers see its entries.
        type: its type, with ``properties``; like a source that is there already where left out.
        properties: its properties.

    Raises:
        WireError: the sources are not as they were before; the text says so beside what else went wrong.
    """
    before = _fingerprints(sources)
    model = Model(type, properties or {}, None, {}) if type else sources.model()
    document = trial_document(model, enabled=enabled)
    source_id = str(document["id"])
    try:
        answer = sources.ask("POST", "/apply-source", document)
        yield Trial(source_id, document, answer, model)
    except Exception as error:
        if left := _clean_up(sources, source_id, before):
            raise WireError(f"{error}; and {left}") from error
        raise
    except BaseException as interruption:
        interruption.add_note(_clean_up(sources, source_id, before) or f"the trial source {source_id} was removed")
        raise
    if left := _clean_up(sources, source_id, before):
        raise WireError(left)


def trial_document(model: Model, *, enabled: bool = False) -> dict[str, Any]:
    """Return the entry of a new trial source."""
    source_id = f"conformance-{secrets.token_hex(6)}"
    return {
        "id": source_id,
        "name": "Trial of the conformance suite",
        "type": model.type,
        "enabled": enabled,
        "labels": ["conformance"],
        "properties": dict(model.properties),
        **model.patterns,
    }


def require_managed(catalog: Catalog) -> None:
    """Raise unless the catalog announces that its sources can be managed.

    Raises:
        Skipped: it does not.
    """
    if catalog.source_capabilities.get("manageable") is not True:
        raise Skipped("the catalog does not announce manageable sources")


def source_list(wire: Wire, catalog: Catalog) -> list[dict[str, Any]]:
    """Return what the list of sources says of each, as the caller sees it.

    Raises:
        WireError: the answer is no list of sources.
    """
    document = wire.read(f"{catalog.management_path}/sources")
    return as_objects(document.get("sources"), "sources")


def _is_usable(info: Mapping[str, Any]) -> bool:
    status, properties = info.get("status"), info.get("properties")
    if not isinstance(status, dict) or not isinstance(properties, dict) or info.get("type") != "yaml":
        return False
    count = status.get("entityCount")
    return (
        status.get("state") == "available"
        and isinstance(count, int)
        and 0 < count <= MOST_ENTRIES
        and REDACTED not in repr(properties)
    )


def _fingerprints(sources: Sources) -> dict[str, Any]:
    keys = ("name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems")
    return {str(info.get("id")): {key: info.get(key) for key in keys} for info in sources.listed()}


def _clean_up(sources: Sources, source_id: str, before: Mapping[str, Any]) -> str:
    """Remove a trial source; return what is not as it was before, empty if everything is."""
    try:
        sources.ask("DELETE", sources.path_of(source_id))
        after = _fingerprints(sources)
    except WireError as error:
        return f"whether the trial source {source_id} is gone could not be found out: {error}"
    if source_id in after:
        return f"the trial source {source_id} could not be removed; remove it by hand"
    changed = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return f"sources differ from before, by this or by others: {listed(changed)}" if changed else ""


def info_of(answer: Answer, trial_id: str) -> dict[str, Any]:
    """Return the SourceInfo that a change was answered with.

    Raises:
        WireError: the answer is another, or about another source.
    """
    info = answer.expect(200).object()
    if info.get("id") != trial_id:
        raise WireError(f"{answer.question}: the answer is about {shown(info.get('id'))}, not {trial_id}")
    as_object(info.get("status"), f"{answer.question}: status")
    return info
