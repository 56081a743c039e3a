"""Assets of plugins that keep their entities themselves (``AssetLister``): copied into the table of all assets.

A worker asks such a plugin at each reconcile and stores what changed, so that its assets are listed, found and counted
with those of all others, and reading asks no plugin. All of them belong to one source that stands for the plugin.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.envelope import Asset, Health, Lifecycle, overlaid_envelope
from catalog_core.entities.envelope.projection import API_VERSION
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.models import entity_id
from catalog_core.entities.names import name_fault
from catalog_core.entities.rendering import Overlays, asset_row, overlays_of, remove_assets, write_assets
from catalog_core.plugins.contract import AssetGetter, AssetLister, Plugin
from catalog_core.plugins.lifecycle import call_bounded, plugin_statuses
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source, SourceState

logger = logging.getLogger(__name__)

PLUGIN_SOURCE = "plugin"
"""Id and type of the source that stands for a plugin which lists its assets itself."""
_PAGE_SIZE = 500
_MAX_ASSETS = 100_000


def lists_itself(plugin: Plugin) -> bool:
    """Say whether the assets of a plugin have to be asked for; those of a catalog are stored with its entities."""
    return isinstance(plugin, AssetLister) and not isinstance(plugin, CatalogPlugin)


def take_over_listed(plugins: PluginRegistry) -> list[str]:
    """Store what has changed of the assets that plugins list themselves; return the plugins whose assets changed.

    A plugin that fails at it keeps the assets that it had; its source says what is wrong.
    """
    asked = [status.plugin for status in plugin_statuses(plugins) if status.serving and status.plugin]
    return [plugin.name for plugin in asked if lists_itself(plugin) and _take_over(plugin)]


def _take_over(plugin: Plugin) -> bool:
    source = _source(plugin)
    found: list[Mapping[str, Any]] = []
    try:
        call_bounded(lambda: found.extend(_all_assets(plugin)), plugin, "list_assets")
        assets = _by_identity(plugin, source, found)
    except Exception as error:  # noqa: BLE001 - plugin code: whatever it raises is that plugin's failure
        _note_failure(source, error)
        return False
    digest = _digest(found, overlays_of(source))
    if source.cursor == {"digest": digest} and source.state == SourceState.AVAILABLE:
        return False
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        overlays = overlays_of(locked)
        stored = Asset.objects.filter(source=locked).values_list("uid", flat=True)
        remove_assets([uid for uid in stored if uid not in assets])
        write_assets(
            asset_row(plugin.name, locked, overlaid_envelope(made, overlays.get(uid))) for uid, made in assets.items()
        )
        locked.cursor, locked.entity_count = {"digest": digest}, len(assets)
        locked.state, locked.error, locked.error_code = SourceState.AVAILABLE, "", ""
        locked.last_refresh_at = locked.last_success_at = timezone.now()
        locked.save()
        bump_generation(plugin.name, locked.namespace)
    return True


def _digest(found: list[Mapping[str, Any]], overlays: Overlays) -> str:
    """Return what changes with everything that the stored assets of a plugin depend on."""
    added = sorted((str(uid), overlay.changed_at.isoformat()) for uid, overlay in overlays.items())
    return hashlib.blake2b(json_text([found, added]).encode(), digest_size=16).hexdigest()


def _source(plugin: Plugin) -> Source:
    """Return the row that stands for the plugin among the sources."""
    fixed = {"name": plugin.name, "type": PLUGIN_SOURCE, "enabled": True, "removed_at": None}
    return Source.objects.update_or_create(plugin=plugin.name, key=PLUGIN_SOURCE, defaults=fixed)[0]


def _note_failure(source: Source, error: Exception) -> None:
    text = f"list_assets() failed with {type(error).__name__}: {error}"
    if source.error != text:
        logger.error("plugin %s: %s", source.plugin, text, exc_info=error)
        Source.objects.filter(pk=source.pk).update(state=SourceState.ERROR, error=text, error_code="plugin_failed")


def _all_assets(plugin: Plugin) -> Iterator[Mapping[str, Any]]:
    """Yield the assets of all pages.

    Raises:
        TypeError, ValueError: the plugin gives something that is no list of assets, or more than are taken.
    """
    if not isinstance(plugin, AssetLister):
        raise TypeError(f"{plugin.name} lists no assets")
    token, seen, count = "", {""}, 0
    while True:
        page = plugin.list_assets({"pageSize": _PAGE_SIZE, "pageToken": token})
        for made in page.get("items") or ():
            count += 1
            if count > _MAX_ASSETS:
                raise ValueError(f"it lists more than {_MAX_ASSETS} assets")
            yield made
        token = str(page.get("nextPageToken") or "")
        if token in seen:
            return
        seen.add(token)


def _by_identity(plugin: Plugin, source: Source, found: list[Mapping[str, Any]]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the envelopes by uid, made complete; of two with the same kind and name the first counts.

    Raises:
        ValueError: an asset has no kind or no name.
    """
    assets: dict[uuid.UUID, dict[str, Any]] = {}
    for made in found:
        metadata: dict[str, Any] = dict(made.get("metadata") or {})
        kind, name = made.get("kind"), metadata.get("name")
        if not isinstance(kind, str) or not kind or not isinstance(name, str) or name_fault(name):
            raise ValueError(f"asset {len(assets) + 1} has no kind, or no name that an asset can have")
        uid = entity_id(source.namespace, plugin.name, kind, source.key, name)
        assets.setdefault(uid, _complete(kind, uid, metadata, source, made))
    return assets


def _complete(
    kind: str, uid: uuid.UUID, metadata: dict[str, Any], source: Source, made: Mapping[str, Any]
) -> dict[str, Any]:
    now = source.created_at.isoformat()
    times = {key: _time(metadata.get(key)) or now for key in ("createdAt", "updatedAt")}
    origin = {"sourceId": source.key, "sourceName": source.name, "sourceType": source.type}
    status = dict(made.get("status") or {})
    if status.get("lifecycle") not in Lifecycle.values:
        status["lifecycle"] = Lifecycle.ACTIVE.value
    if status.get("health") not in Health.values:
        status["health"] = Health.UNKNOWN.value
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {**metadata, "uid": str(uid), **times, "sourceRef": origin},
        "spec": dict(made.get("spec") or {}),
        "status": status,
    }


def _time(value: Any) -> str:
    """Return a time as it stands in an envelope, or nothing if it is none."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return ""
    return moment.isoformat() if moment.tzinfo else ""


def found_by_plugin(plugins: PluginRegistry, kind: str, name: str) -> Mapping[str, Any] | None:
    """Return the asset that a plugin which finds its assets itself has of that kind and name, or nothing."""
    for status in plugin_statuses(plugins):
        finder: object = status.plugin if status.serving else None
        if isinstance(finder, CatalogPlugin) or not isinstance(finder, AssetGetter):
            continue
        try:
            found = finder.get_asset(kind, name)
        except Exception:
            logger.exception("plugin %s: get_asset() failed", status.name)
            continue
        if found:
            return found
    return None
