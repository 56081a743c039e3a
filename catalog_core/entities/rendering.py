"""From stored rows to what readers see: the document of an entity and its asset, with the overlay laid over both.

Whoever writes entities or overlays calls this within the transaction of the change, so that no reader ever sees one
without the other.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from catalog_core.entities.bulk import batches, existing, insert, upsert
from catalog_core.entities.documents import json_text
from catalog_core.entities.envelope import Asset, Overlay, asset_envelope, overlaid_document, overlaid_envelope
from catalog_core.entities.instances import new_instance
from catalog_core.entities.models import EntityModel
from catalog_core.entities.references import (
    linked_targets,
    remove_references,
    remove_references_of,
    targets_of,
    write_references,
)
from catalog_core.entities.search_index import CountChanges, forget_counts, remove_words, write_words
from catalog_core.entities.search_index.facets import COUNTED_COLUMNS
from catalog_core.entities.search_index.projection import facets_of, texts_of
from catalog_core.sources.models import Source

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin

_BATCH = 500

Overlays = Mapping[uuid.UUID, Overlay]
"""Overlays by the id of the entity that they belong to."""


def overlays_of(source: Source) -> dict[uuid.UUID, Overlay]:
    """Return all overlays of a source; one query."""
    rows = Overlay.objects.filter(namespace=source.namespace, plugin=source.plugin, source_key=source.key)
    return {overlay.uid: overlay for overlay in rows}


def render(plugin: "CatalogPlugin", row: EntityModel, overlay: Overlay | None) -> Asset:
    """Make what readers see of an entity: set its document and return its asset. Pure but for that.

    Raises:
        TypeError, ValueError: the plugin maps the entity to something that is no asset.
    """
    document = plugin.document(row)
    row.document = json_text(overlaid_document(document, overlay) if overlay else document)
    refers_to = targets_of(plugin.references, document)
    envelope = overlaid_envelope(asset_envelope(plugin, row, document, refers_to), overlay)
    asset = _asset(plugin.name, row.source, envelope, row.id, row.created_at, row.updated_at)
    asset.refers_to = refers_to or linked_targets(envelope["status"])
    asset.facets, asset.texts = facets_of(plugin, document), texts_of(plugin, document)
    return asset


def asset_row(plugin: str, source: Source, envelope: Mapping[str, Any]) -> Asset:
    """Return the row of an asset, from its finished envelope, with what that links to. Pure.

    Args:
        plugin: the name of its plugin.
        source: its source.
        envelope: the asset as readers see it, with uid, name and both times.
    """
    metadata = envelope["metadata"]
    created_at, updated_at = (datetime.fromisoformat(metadata[key]) for key in ("createdAt", "updatedAt"))
    asset = _asset(plugin, source, envelope, uuid.UUID(metadata["uid"]), created_at, updated_at)
    asset.refers_to = linked_targets(envelope["status"])
    return asset


def _asset(
    plugin: str,
    source: Source,
    envelope: Mapping[str, Any],
    uid: uuid.UUID,
    created_at: datetime,
    updated_at: datetime,
) -> Asset:
    metadata, spec, status = envelope["metadata"], envelope["spec"], envelope["status"]
    values = {
        "uid": uid,
        "plugin": plugin,
        "kind": envelope["kind"],
        "source_id": source.pk,
        "name": metadata["name"],
        "display_name": metadata.get("displayName", ""),
        "description": metadata.get("description", ""),
        "lifecycle": status["lifecycle"],
        "health": status["health"],
        "tags": metadata.get("tags", []),
        "labels": metadata.get("labels", {}),
        "annotations": metadata.get("annotations", {}),
        "license": _text(spec.get("license")),
        "provider": _text(spec.get("provider")),
        "created_at": created_at,
        "updated_at": updated_at,
        "document": json_text(envelope),
    }
    return new_instance(Asset, values, {"source": source})


def write_assets(assets: Iterable[Asset], *, are_new: bool = False) -> None:
    """Store assets. To be called in the transaction that stores their entities.

    Args:
        assets: the assets, new or other than before.
        are_new: whether all of them are known to be new, so that nobody has to look.
    """
    counts = CountChanges()
    for some in batches(assets, _BATCH):
        _write_some(some, set() if are_new else existing(Asset, "uid", [asset.uid for asset in some]), counts)
    counts.save()


def _write_some(assets: Sequence[Asset], stored: set[uuid.UUID], counts: CountChanges) -> None:
    known = {asset.uid: asset for asset in Asset.objects.filter(uid__in=stored).only("uid", *COUNTED_COLUMNS)}
    changed = [asset for asset in assets if asset.uid in known]
    for asset in changed:
        asset.pk = known[asset.uid].pk
    new = [asset for asset in assets if asset.uid not in known]
    upsert(changed, key="uid")
    insert(new)
    write_references(assets, replaced=known)
    counts.add(known.values(), assets)
    write_words(changed, are_new=False)
    write_words(new, are_new=True)


def remove_assets(uids: Iterable[uuid.UUID]) -> None:
    """Remove the assets of entities that are gone, in the transaction that removes these."""
    counts = CountChanges()
    for gone in batches(uids, _BATCH):
        remove_references(gone)
        assets = Asset.objects.filter(uid__in=gone).order_by()
        known = list(assets.only(*COUNTED_COLUMNS))
        counts.add(known, ())
        remove_words(asset.pk for asset in known)
        assets.delete()
    counts.save()


def remove_assets_of(source: Source) -> None:
    """Remove all assets of a source, in the transaction that removes its entities."""
    remove_references_of(source)
    assets = Asset.objects.filter(source=source).order_by()
    forget_counts(source)
    remove_words(assets.values_list("pk", flat=True))
    assets.delete()


def render_again(plugin: "CatalogPlugin", rows: Iterable[EntityModel], overlays: Overlays) -> None:
    """Make and store anew what readers see of stored entities, because an overlay or a mark of theirs has changed.

    Args:
        plugin: the plugin of the entities.
        rows: stored entities with their source, a few hundred at most.
        overlays: the overlays that count for them from now on.
    """
    changed = list(rows)
    write_assets([render(plugin, row, overlays.get(row.id)) for row in changed])
    plugin.model._default_manager.bulk_update(changed, ["document"], batch_size=_BATCH)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
