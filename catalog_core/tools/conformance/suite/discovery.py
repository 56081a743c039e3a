"""Category A: what ``/api/plugins`` says, and whether it agrees with the catalogs' own documents."""

from collections.abc import Sequence
from typing import Any

from catalog_core.tools.conformance.checks import Category, Check, Findings, check
from catalog_core.tools.conformance.subjects import PLUGINS_PATH, Catalog, Server
from catalog_core.tools.conformance.suite.capabilities import absent, repeated
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.wire import as_list, as_object, listed, shown

SHORT_FLAGS = ("listEntities", "getEntity", "listSources", "artifacts")
MANAGEMENT_FLAGS = ("sourceManager", "refresh", "diagnostics", "actions")
CAPABILITIES = ("sources", "refresh", "diagnostics", "actions", "ui-hints")
"""What ``--expect-capability`` takes."""

_check = check(Category.CAPABILITIES)


@_check
def plugins_document(server: Server) -> Findings:
    """Discovery lists every plugin once, counts them, and says how each is."""
    count = server.discovery.get("count")
    if count != len(server.entries):
        yield f"count is {shown(count)}, but {len(server.entries)} plugins are listed"
    for entry in server.entries:
        what = f"plugin {shown(entry.get('name'))}"
        yield from absent(entry, ("name", "version", "basePath"), what)
        if not isinstance(entry.get("healthy"), bool):
            yield f"healthy of {what} is {shown(entry.get('healthy'))}, not true or false"
    for key in ("name", "basePath"):
        yield from repeated((entry.get(key) for entry in server.entries), key)


@_check
def unknown_plugin(server: Server) -> Findings:
    """The capabilities of a plugin that does not exist are not found."""
    yield from refusal_problems(server.reader.get(f"{PLUGINS_PATH}/no-plugin-is-called-so/capabilities"), 404)


@_check
def plugin_is_healthy(catalog: Catalog) -> Findings:
    """The plugin serves."""
    if catalog.entry.get("healthy") is not True:
        status = as_object(catalog.entry.get("status", {}), "status")
        yield f"/api/plugins says that it is not healthy: {status.get('lastError') or 'without a reason'}"


@_check
def documents_agree(catalog: Catalog) -> Findings:
    """The document inside discovery is that of the plugin's own endpoint."""
    inline = catalog.entry.get("capabilitiesV2")
    if inline != catalog.capabilities:
        own = catalog.capabilities
        keys = sorted(set(own) | set(inline)) if isinstance(inline, dict) else []
        differing = [key for key in keys if isinstance(inline, dict) and own.get(key) != inline.get(key)]
        yield f"capabilitiesV2 in /api/plugins differs from {catalog.capabilities_path}: {listed(differing)}"


@_check
def short_capabilities(catalog: Catalog) -> Findings:
    """The short capabilities have all their keys, and name the same kinds as the long ones."""
    short = as_object(catalog.entry.get("capabilities", {}), "capabilities")
    if not short:
        yield "capabilities is missing from /api/plugins"
        return
    for flag in SHORT_FLAGS:
        if not isinstance(short.get(flag), bool):
            yield f"capabilities.{flag} is {shown(short.get(flag))}, not true or false"
    kinds = [kind.name for kind in catalog.kinds]
    for what, named in (("capabilities.", short.get("entityKinds")), ("", catalog.entry.get("entityKinds"))):
        if named != kinds:
            yield f"{what}entityKinds is {shown(named)}, but the document describes {shown(kinds)}"


@_check
def management_is_announced(catalog: Catalog) -> Findings:
    """What both documents say about managing sources and about actions is the same."""
    offered = _management(catalog)
    sources = catalog.source_capabilities
    for flag in MANAGEMENT_FLAGS if offered else ():
        if not isinstance(offered.get(flag), bool):
            yield f"management.{flag} is {shown(offered.get(flag))}, not true or false"
    for flag, key in (("sourceManager", "manageable"), ("refresh", "refreshable")):
        if bool(offered.get(flag)) is not bool(sources.get(key)):
            yield f"management.{flag} is {shown(offered.get(flag))}, but sources.{key} is {shown(sources.get(key))}"
    has_actions = bool(as_list(catalog.capabilities.get("actions", []), "actions"))
    if bool(offered.get("actions")) is not has_actions:
        told = "defines some" if has_actions else "defines none"
        yield f"management.actions is {shown(offered.get('actions'))}, but the document {told}"


def expected_kinds(kinds: Sequence[str], *, exactly: bool) -> Check[Sequence[Catalog]]:
    """Return the check that catalogs have the kinds that the caller expects, and no others if ``exactly`` these."""

    @_check
    def has_expected_kinds(catalogs: Sequence[Catalog]) -> Findings:
        """The kinds that were expected are there."""
        found = {kind.name for catalog in catalogs for kind in catalog.kinds}
        if missing := sorted(set(kinds) - found):
            yield f"expected {listed(missing)}, which no catalog has; there are {listed(sorted(found))}"
        if exactly and (surplus := sorted(found - set(kinds))):
            yield f"{listed(surplus)} was not expected"

    return has_expected_kinds


def expected_capabilities(names: Sequence[str]) -> Check[Sequence[Catalog]]:
    """Return the check that every catalog has the capabilities that the caller expects."""

    @_check
    def has_expected_capabilities(catalogs: Sequence[Catalog]) -> Findings:
        """The capabilities that were expected are announced."""
        for catalog in catalogs:
            missing = [name for name in names if not _announces(catalog, name)]
            if missing:
                yield f"{catalog.name} does not announce {listed(missing)}"

    return has_expected_capabilities


def _announces(catalog: Catalog, name: str) -> bool:
    match name:
        case "sources":
            return bool(catalog.source_capabilities.get("manageable"))
        case "refresh":
            return bool(catalog.source_capabilities.get("refreshable"))
        case "actions":
            return bool(catalog.capabilities.get("actions"))
        case "diagnostics":
            return bool(_management(catalog).get("diagnostics"))
    return any(kind.entity.get("uiHints") for kind in catalog.kinds)


def _management(catalog: Catalog) -> dict[str, Any]:
    return as_object(catalog.entry.get("management", {}), "management")


SERVER_CHECKS = (plugins_document, unknown_plugin)
CHECKS = (plugin_is_healthy, documents_agree, short_capabilities, management_is_announced)
