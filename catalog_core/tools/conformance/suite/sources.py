"""Category C: the sources of a catalog, as everybody may see them."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Skipped, check
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.capabilities import absent, outside, repeated
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.trial import SOURCE_STATES, Sources, require_managed, source_list
from catalog_core.tools.conformance.values import source_id
from catalog_core.tools.conformance.wire import as_object, as_objects, shown

UNKNOWN = "no-source-is-called-so"

_check = check(Category.SOURCES)


@_check
def sources_are_listed(catalog: Catalog) -> Findings:
    """The list counts its sources, and says of each what it is and how it does."""
    require_managed(catalog)
    document = catalog.reader.read(f"{catalog.management_path}/sources")
    infos = as_objects(document.get("sources"), "sources")
    if document.get("count") != len(infos):
        yield f"count is {shown(document.get('count'))}, but {len(infos)} sources are listed"
    for info in infos:
        yield from _info_problems(info)
    yield from repeated((info.get("id") for info in infos), "source")


@_check
def counts_are_true(catalog: Catalog) -> Findings:
    """A source has as many entries as its status says, and every entry names a source that is listed and enabled."""
    infos = {str(info.get("id")): info for info in _sources(catalog)}
    counts = dict.fromkeys(infos, 0)
    for kind in catalog.kinds:
        for item in kind.items:
            what = f"{kind.name} {shown(item.get('name'))}"
            if source_id(item) not in infos:
                yield f"{what} is of source {shown(source_id(item))}, which is not listed"
            elif not infos[source_id(item)].get("enabled"):
                yield f"{what} is listed, but its source is disabled"
            else:
                counts[source_id(item)] += 1
    for key, count in counts.items():
        told = as_object(infos[key].get("status"), f"status of {key}").get("entityCount")
        if infos[key].get("enabled") and told != count:
            yield f"source {key} says entityCount {shown(told)}, but the list has {count} of it"


@_check
def one_source_is_found(catalog: Catalog) -> Findings:
    """Asked for by its id, a source is what the list says."""
    infos = _sources(catalog)
    if not infos:
        raise Skipped("the catalog has no sources")
    for info in infos[:10]:
        path = f"{catalog.management_path}/sources/{quote(str(info.get('id')), safe='')}"
        found = catalog.reader.read(path)
        if _lasting(found) != _lasting(info):
            yield f"GET {path} differs from the list"


@_check
def unknown_sources_are_not_found(catalog: Catalog) -> Findings:
    """Whatever is asked about a source that does not exist is 404."""
    require_managed(catalog)
    yield from refusal_problems(catalog.reader.get(f"{catalog.management_path}/sources/{UNKNOWN}"), 404)
    if catalog.server.operator is None:
        raise Skipped("no operator's token was given, so changes were not tried; give --token")
    sources = Sources(catalog)
    questions: tuple[tuple[str, str, Any], ...] = (
        ("GET", f"/sources/{UNKNOWN}/revisions", None),
        ("POST", f"/sources/{UNKNOWN}/enable", {"enabled": False}),
        ("POST", f"/sources/{UNKNOWN}:rollback", {"version": "0" * 64}),
        ("DELETE", f"/sources/{UNKNOWN}", None),
    )
    for method, path, document in questions:
        yield from refusal_problems(sources.ask(method, path, document), 404)
    if catalog.source_capabilities.get("refreshable") is True:
        yield from refusal_problems(sources.ask("POST", f"/refresh/{UNKNOWN}", {}), 404)


@_check
def diagnostics(catalog: Catalog) -> Findings:
    """The diagnostics name the plugin and each of its sources, with state and count."""
    management = as_object(catalog.entry.get("management", {}), "management")
    if management.get("diagnostics") is not True:
        raise Skipped("the catalog does not announce diagnostics")
    document = catalog.reader.read(f"{catalog.management_path}/diagnostics")
    if document.get("pluginName") != catalog.name:
        yield f"pluginName is {shown(document.get('pluginName'))}, not {catalog.name}"
    found = as_objects(document.get("sources"), "sources of the diagnostics")
    for source in found:
        yield from _count_problems(source, f"source {shown(source.get('id'))} of the diagnostics")
    if catalog.source_capabilities.get("manageable") is True:
        ids = [info.get("id") for info in _sources(catalog)]
        if [source.get("id") for source in found] != ids:
            yield f"the diagnostics are about {shown([source.get('id') for source in found])}, not {shown(ids)}"


def _sources(catalog: Catalog) -> list[dict[str, Any]]:
    require_managed(catalog)
    return source_list(catalog.reader, catalog)


def _info_problems(info: Mapping[str, Any]) -> Iterator[str]:
    what = f"source {shown(info.get('id'))}"
    yield from absent(info, ("id", "name", "type"), what)
    if not isinstance(info.get("enabled"), bool):
        yield f"enabled of {what} is {shown(info.get('enabled'))}, not true or false"
    status = as_object(info.get("status"), f"status of {what}")
    yield from _count_problems(status, f"status of {what}")
    if info.get("enabled") is False and status.get("state") != "disabled":
        yield f"{what} is not enabled, but in state {shown(status.get('state'))}"


def _count_problems(status: Mapping[str, Any], what: str) -> Iterator[str]:
    yield from outside(status.get("state"), SOURCE_STATES, f"state in {what}")
    count = status.get("entityCount")
    if type(count) is not int or count < 0:
        yield f"entityCount in {what} is {shown(count)}, not a number"


def _lasting(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return what does not change from one moment to the next."""
    return {key: value for key, value in info.items() if key != "status"}


CHECKS = (sources_are_listed, counts_are_true, one_source_is_found, unknown_sources_are_not_found, diagnostics)
