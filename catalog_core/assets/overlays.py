"""Changing overlays: the one place that writes them.

A change takes the lock that a refresh of the same source takes, so that one of the two sees what the other has written,
and makes anew what readers see of the entities concerned before it lets go.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Asset, Overlay, OverlayChange, change_overlay
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.models import EntityModel
from catalog_core.entities.rendering import render, render_again
from catalog_core.exceptions import InvalidAction
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source

MOST_AT_ONCE = 500
"""Entities whose overlays are changed in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """An entity after a change of its overlay.

    Attributes:
        overlay: what people have added to it; it may be empty.
        asset: what readers see of it.
        changed: whether the overlay is another than before.
    """

    overlay: Overlay
    asset: Asset
    changed: bool


Outcome = Overlaid | InvalidAction
"""What came of a change: the entity, or why its overlay cannot be changed so."""


def change_overlays(
    plugin: CatalogPlugin,
    source: Source,
    changes: Mapping[uuid.UUID, OverlayChange],
    *,
    actor: str,
    dry_run: bool = False,
) -> dict[uuid.UUID, Outcome]:
    """Change what people have added to entities of one source, in one transaction.

    Args:
        plugin: the plugin of the entities.
        source: their source.
        changes: what is to become of their overlays, by the ids of the entities; ``MOST_AT_ONCE`` at most.
        actor: who changes them.
        dry_run: whether to tell only what would come of it.

    Returns:
        What came of each change, by the id of the entity; nothing for an entity that is not there (any more).
    """
    with nullcontext() if dry_run else transaction.atomic():
        if not dry_run:
            lock_sources(source.namespace, source.plugin, [source.key])
        rows = list(_rows(plugin, source, changes))
        overlays = _overlays(plugin, source, rows, actor)
        outcomes = {row.id: _changed(plugin, row, overlays[row.id], changes[row.id]) for row in rows}
        changed = {uid for uid, outcome in outcomes.items() if isinstance(outcome, Overlaid) and outcome.changed}
        if changed and not dry_run:
            _write([overlays[uid] for uid in changed], actor)
            render_again(plugin, [row for row in rows if row.id in changed], overlays)
            bump_generation(source.plugin, source.namespace)
    return outcomes


def orphans() -> QuerySet[Overlay]:
    """Return the overlays whose entity is not there: its source is gone, or does not hold it any more."""
    return Overlay.objects.filter(~Exists(Asset.objects.filter(uid=OuterRef("uid"))))


def remove_orphans(overlays: QuerySet[Overlay]) -> int:
    """Remove those among some overlays whose entity is not there; return how many were removed."""
    removed, last = 0, uuid.UUID(int=0)
    while batch := list(overlays.filter(pk__gt=last).order_by("pk")[:MOST_AT_ONCE]):
        last = batch[-1].pk
        with transaction.atomic():
            for namespace, plugin in sorted({(overlay.namespace, overlay.plugin) for overlay in batch}):
                lock_sources(namespace, plugin, [overlay.source_key for overlay in batch if overlay.plugin == plugin])
            removed += orphans().filter(pk__in=[overlay.pk for overlay in batch]).delete()[0]
    return removed


def clear_overlay(overlay: Overlay, plugins: PluginRegistry, *, actor: str) -> None:
    """Take back everything that people have added to an entity, whether it is there or not."""
    plugin = plugins.get(overlay.plugin)
    source = Source.objects.filter(namespace=overlay.namespace, plugin=overlay.plugin, key=overlay.source_key).first()
    if isinstance(plugin, CatalogPlugin) and source:
        change_overlays(plugin, source, {overlay.uid: OverlayChange(clear=True)}, actor=actor)
    remove_orphans(Overlay.objects.filter(pk=overlay.pk))


def lock_sources(namespace: str, plugin: str, keys: Iterable[str]) -> None:
    """Lock the rows of sources, removed ones too, until the end of the transaction; always in the same order."""
    rows = Source.objects.select_for_update().filter(namespace=namespace, plugin=plugin, key__in=list(keys))
    list(rows.order_by("pk").values_list("pk"))


def _rows(plugin: CatalogPlugin, source: Source, uids: Iterable[uuid.UUID]) -> QuerySet[EntityModel]:
    found: QuerySet[EntityModel] = plugin.model._default_manager.filter(source=source, id__in=list(uids))
    return found.select_related("source").order_by("id")


def _overlays(
    plugin: CatalogPlugin, source: Source, rows: Iterable[EntityModel], actor: str
) -> dict[uuid.UUID, Overlay]:
    """Return the overlay of each entity; an empty one, not stored, where there is none."""
    stored = Overlay.objects.in_bulk([row.id for row in rows])
    return {
        row.id: stored.get(row.id)
        or Overlay(
            uid=row.id,
            namespace=source.namespace,
            plugin=plugin.name,
            kind=plugin.kind,
            source_key=source.key,
            name=row.name,
        )
        for row in rows
    }


def _changed(plugin: CatalogPlugin, row: EntityModel, overlay: Overlay, change: OverlayChange) -> Outcome:
    try:
        changed = change_overlay(overlay, change)
    except InvalidAction as error:
        return error
    return Overlaid(overlay=overlay, asset=render(plugin, row, overlay), changed=changed)


_COLUMNS = ("tags", "labels", "annotations", "lifecycle", "changed_by", "changed_at")


def _write(overlays: Collection[Overlay], actor: str) -> None:
    kept = [overlay for overlay in overlays if not overlay.is_empty]
    Overlay.objects.filter(pk__in=[overlay.pk for overlay in overlays if overlay.is_empty]).delete()
    for overlay in kept:
        overlay.changed_by = actor[:200]
    Overlay.objects.bulk_create(kept, update_conflicts=True, unique_fields=["uid"], update_fields=_COLUMNS)
