"""What the management API says of sources, to operators and to readers.

Readers see which sources there are, how they are and how much they hold. What a source is read from, and every text
that may quote it (errors, items set aside), is for operators.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from catalog_core.administration.contents import source_content
from catalog_core.administration.redaction import redacted_properties, without_secrets
from catalog_core.assets.unresolved import Unresolved, unresolved_references
from catalog_core.exceptions import NotFound
from catalog_core.plugins.contract import Plugin
from catalog_core.problems import did_you_mean
from catalog_core.sources.models import SetAside, Source, SourceState
from catalog_core.sources.secret_values import secret_values

_FOR_READERS = {
    "unavailable": "The source cannot be read at the moment; what it held before is still served.",
    "invalid": "The source or its configuration is not valid; what it held before is still served.",
    "address_forbidden": "The source is at an address that this server does not talk to.",
    "held_back": "The source suddenly holds much less than before; that is not taken over until an operator forces it.",
    "configuration": "The entry of the source in the configuration is not valid.",
}
_FOR_READERS_OTHERWISE = "The source could not be refreshed; what it held before is still served."
_MOST_PROBLEMS = 200
"""Problems that an answer lists for one source; the counts are those of all."""


def find_source(plugin: Plugin, key: str) -> Source:
    """Return the source of that id.

    Raises:
        NotFound: the configuration in force names none.
    """
    configured = Source.objects.configured().filter(plugin=plugin.name)
    source = configured.filter(key=key).first()
    if source is None:
        hint = did_you_mean(key, configured.values_list("key", flat=True)) or "The catalog has no sources."
        raise NotFound(f'source "{key[:200]}" not found in {plugin.name}. {hint}')
    return source


def source_info(source: Source, *, is_operator: bool) -> dict[str, Any]:
    """Return the SourceInfo of a source.

    Args:
        source: the source.
        is_operator: whether the properties, with secrets redacted, and the content of its file are shown too.
    """
    info: dict[str, Any] = {
        "id": source.key,
        "name": source.name,
        "type": source.type,
        "enabled": source.enabled,
        "labels": list(source.labels),
    }
    if is_operator:
        info["properties"] = redacted_properties(source.type, source.properties)
        content = source_content(source)
        if content is not None:
            info["properties"]["content"] = content
        info["includedItems"] = list(source.included_items)
        info["excludedItems"] = list(source.excluded_items)
    return {**info, "status": _status(source, is_operator)}


def source_list(plugin: Plugin, *, is_operator: bool) -> dict[str, Any]:
    """Return the SourceInfo of all sources of a plugin, in the order of the configuration."""
    rows = Source.objects.configured().filter(plugin=plugin.name)
    infos = [source_info(source, is_operator=is_operator) for source in rows]
    return {"sources": infos, "count": len(infos)}


def diagnostics(plugin: Plugin, *, is_operator: bool) -> dict[str, Any]:
    """Return how the sources of a plugin are doing, with what was set aside in each, and what each names in vain."""
    rows = list(Source.objects.configured().filter(plugin=plugin.name).prefetch_related("set_aside"))
    unresolved = unresolved_references(rows)
    times = [source.last_refresh_at for source in rows if source.last_refresh_at]
    errors = [
        {
            "source": source.key,
            "message": error_text(source, is_operator=is_operator),
            "time": _time(source.last_refresh_at),
        }
        for source in rows
        if source.error_code
    ]
    return {
        "pluginName": plugin.name,
        "sources": [_diagnosis(source, unresolved.get(source.pk, Unresolved()), is_operator) for source in rows],
        **_present(lastRefresh=_time(max(times, default=None))),
        "errors": [_present(**error) for error in errors],
    }


def error_text(source: Source, *, is_operator: bool) -> str:
    """Return why a source is in error, in general terms to readers; empty if it is not."""
    if not source.error_code:
        return ""
    if is_operator:
        return without_secrets(source.error, secret_values(source.type, source.properties))
    return _FOR_READERS.get(source.error_code, _FOR_READERS_OTHERWISE)


def _status(source: Source, is_operator: bool) -> dict[str, Any]:
    refreshed = source.last_refresh_at is not None
    return {
        "state": _state(source),
        "entityCount": source.entity_count,
        **_present(
            setAsideCount=source.set_aside_count,
            staleCount=source.stale_count,
            lastRefreshTime=_time(source.last_refresh_at),
            lastRefreshStatus=("error" if source.error_code else "success") if refreshed else "",
            lastRefreshSummary=source.last_summary,
            lastRefreshDuration=_nanoseconds(source.last_duration_ms),
            lastSuccessTime=_time(source.last_success_at),
            nextRefreshTime=_time(source.next_refresh_at) if source.enabled else None,
            error=error_text(source, is_operator=is_operator),
            errorCode=source.error_code,
            revision=source.revision if is_operator else "",
        ),
    }


def _diagnosis(source: Source, unresolved: Unresolved, is_operator: bool) -> dict[str, Any]:
    remarks = list(source.set_aside.all())
    return {
        "id": source.key,
        "name": source.name,
        "state": _state(source),
        "entityCount": source.entity_count,
        **_present(
            setAsideCount=source.set_aside_count,
            staleCount=source.stale_count,
            lastRefreshTime=_time(source.last_refresh_at),
            lastRefreshDuration=_nanoseconds(source.last_duration_ms),
            lastSuccessTime=_time(source.last_success_at),
            error=error_text(source, is_operator=is_operator),
            errorCode=source.error_code,
            unresolvedReferenceCount=unresolved.count,
            unresolvedReferences=[reference.as_dict() for reference in unresolved.first],
        ),
        "problemCounts": _counts(remarks),
        **({"problems": [_problem(source, remark) for remark in remarks[:_MOST_PROBLEMS]]} if is_operator else {}),
    }


def _state(source: Source) -> str:
    return str(SourceState(source.state).value)


def _counts(remarks: Iterable[SetAside]) -> dict[str, int]:
    """Return how often each rule was broken; readers see this instead of the problems, which quote the source."""
    return dict(sorted(Counter(str(remark.problem.get("rule", "")) for remark in remarks).items()))


def _problem(source: Source, remark: SetAside) -> dict[str, Any]:
    secrets = tuple(secret_values(source.type, source.properties))
    shown = {
        key: without_secrets(value, secrets) if isinstance(value, str) else value
        for key, value in remark.problem.items()
    }
    return _present(item=remark.item_name, itemLine=remark.item_line) | shown


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _time(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def _nanoseconds(milliseconds: int | None) -> int:
    return (milliseconds or 0) * 1_000_000
