"""What the management API says of the configuration as a whole. For operators."""

from datetime import datetime
from typing import Any

from catalog_core.administration.differences import difference
from catalog_core.administration.findings import as_finding
from catalog_core.administration.redaction import redacted_properties
from catalog_core.administration.wish import entry_of
from catalog_core.plugins.contract import source_key
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.problems import Problem
from catalog_core.sources.models import ConfigurationRevision, ConfigurationState, Source
from catalog_core.sources.store import configured_store


def configuration_document(plugins: PluginRegistry) -> dict[str, Any]:
    """Return the configuration in force: version, where it is kept, what is wrong with it, and all sources."""
    state = ConfigurationState.current()
    store = configured_store()
    reason = store.read_only_reason()
    optional = {
        "readOnlyReason": reason,
        "appliedAt": _time(state.applied_at),
        "checkedAt": _time(state.checked_at),
        "summary": state.summary,
        "error": state.error,
    }
    return {
        "version": state.version,
        "store": store.kind,
        "writable": not reason,
        **{key: value for key, value in optional.items() if value},
        "problems": [as_finding(Problem.from_dict(one)) for one in state.problems],
        "catalogs": _catalogs(plugins),
    }


def revision_document(revision: ConfigurationRevision) -> dict[str, Any]:
    """Return what a revision consists of and what it has changed, secrets hidden."""
    return {"files": [str(file["name"]) for file in revision.files], "diff": difference(revision)}


def _catalogs(plugins: PluginRegistry) -> dict[str, dict[str, list[dict[str, Any]]]]:
    catalogs: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for source in Source.objects.configured():
        plugin = plugins.get(source.plugin)
        if plugin is not None:
            catalogs.setdefault(source_key(plugin), {"sources": []})["sources"].append(_entry(source))
    return catalogs


def _entry(source: Source) -> dict[str, Any]:
    entry = entry_of(source)
    return entry | {"properties": redacted_properties(source.type, source.properties)}


def _time(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
