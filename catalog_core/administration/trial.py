"""Trying an entry of the configuration without applying it: read the source, store nothing."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import RefreshSuperseded, SourceUnavailable
from catalog_core.plugins.contract import Plugin
from catalog_core.sources.configuration import SourceSpec
from catalog_core.sources.models import Source
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.reading import provider_of, read_request


def candidate(plugin: Plugin, entry: Mapping[str, Any], stored: Source | None) -> Source:
    """Return the source that an entry describes, as a row that is not saved and must not be.

    Args:
        plugin: the plugin it is for.
        entry: a valid entry, with the names that the API uses.
        stored: the source that it changes; nothing if it is new.
    """
    row = Source.objects.get(pk=stored.pk) if stored else Source(plugin=plugin.name, key=entry["id"])
    row.name, row.type = entry["name"], entry["type"]
    row.enabled = entry.get("enabled") is not False
    row.properties = dict(entry.get("properties") or {})
    row.included_items = list(entry.get("includedItems") or ())
    row.excluded_items = list(entry.get("excludedItems") or ())
    row.origin = row.origin or default_origin()
    row.spec_digest = _digest(row)
    return row


def default_origin() -> str:
    """Return the configuration file that a new source goes to; relative paths start in its folder."""
    return str(catalog_settings().sources_files[-1])


def read_now(source: Source) -> Snapshot:
    """Read all that a source holds, in a folder that is thrown away afterwards.

    Raises:
        SourceUnavailable: it cannot be read now, or not within the time that a request may take.
        SourceInvalid: it cannot be read as it is configured.
    """
    settings = catalog_settings()
    seconds = min(settings.refresh_wait_seconds, settings.source_timeout_seconds)
    until = monotonic() + seconds
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    request = read_request(source, use_cursor=False, cancelled=lambda: monotonic() > until)
    with tempfile.TemporaryDirectory(prefix="trial-", dir=settings.data_dir) as folder:
        limits = replace(request.limits, total_seconds=seconds)
        try:
            result = provider_of(source).read(replace(request, work_dir=Path(folder) / "work", limits=limits))
        except RefreshSuperseded as error:
            raise _too_slow(seconds) from error
    if isinstance(result, Unchanged):
        raise SourceUnavailable("The source says that it has not moved although nothing is known of it; try again.")
    return result


def _too_slow(seconds: float) -> SourceUnavailable:
    return SourceUnavailable(
        f"The source could not be read within {seconds:g} seconds. A refresh may take longer; or raise "
        "CATALOG_REFRESH_WAIT_SECONDS."
    )


def _digest(row: Source) -> str:
    """Return the digest that the reconciler would give the source."""
    return SourceSpec(
        id=row.key,
        name=row.name,
        type=row.type,
        properties=row.properties,
        included_items=tuple(row.included_items),
        excluded_items=tuple(row.excluded_items),
        origin=row.origin,
    ).digest()
