"""Writing and removing references, in the transactions that write and remove the assets that they belong to."""

import uuid
from collections.abc import Iterable, Sequence

from catalog_core.entities.bulk import batches, insert
from catalog_core.entities.envelope.models import Asset
from catalog_core.entities.references.extraction import Target
from catalog_core.entities.references.models import AssetReference
from catalog_core.sources.models import Source

_BATCH = 500


def write_references(assets: Sequence[Asset], *, replaced: Iterable[uuid.UUID]) -> None:
    """Store what assets refer to, in the place of what was stored of them before.

    Args:
        assets: assets that were just made, with what they refer to.
        replaced: the ids of those of them that were stored before.
    """
    for some in batches(replaced, _BATCH):
        remove_references(some)
    insert(
        _row(asset, position, relation, target)
        for asset in assets
        for position, (relation, target) in enumerate(asset.refers_to)
    )


def remove_references(uids: Iterable[uuid.UUID]) -> None:
    """Remove what assets refer to, before they are removed or written anew."""
    AssetReference.objects.filter(asset__uid__in=list(uids)).delete()


def remove_references_of(source: Source) -> None:
    """Remove what all assets of a source refer to."""
    AssetReference.objects.filter(source=source).delete()


def _row(asset: Asset, position: int, relation: str, target: Target) -> AssetReference:
    return AssetReference(
        asset_id=asset.uid,
        source_id=asset.source_id,
        position=position,
        relation=relation,
        kind=target.kind,
        name=target.name,
        named_source=target.source,
    )
