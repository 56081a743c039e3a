"""What becomes of an item, without database and network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.models import EntityModel, entity_id
from catalog_core.entities.translation import Entity, ItemReader
from catalog_core.problems import Problem
from catalog_core.sources.formats import Item, iter_items
from catalog_core.sources.models import Source


@dataclass(frozen=True, slots=True)
class Translated:
    """What became of an item.

    Attributes:
        entity: what the plugin made of it.
        document: the JSON object that the API would serve.
        remarks: what was taken over with a reservation.
    """

    entity: Entity
    document: Mapping[str, Any]
    remarks: tuple[Problem, ...]


def translate(plugin: CatalogPlugin, item: Mapping[str, Any], *, source_id: str = "sample") -> Translated:
    """Return what the plugin makes of an item.

    Args:
        plugin: the plugin.
        item: the item as a data file holds it.
        source_id: the source that the document is to name.

    Raises:
        InvalidItem, KeyError, TypeError, ValueError: the item is not valid.
    """
    reader = ItemReader(item)
    entity = plugin.entity(reader)
    reader.remark_unread()
    row = _row(plugin, entity, Source(plugin=plugin.name, key=source_id))
    return Translated(entity, plugin.document(row), tuple(reader.remarks))


def items_of(plugin: CatalogPlugin, file: Path) -> Iterator[Item]:
    """Give the items of a YAML data file, read as a refresh reads them.

    Raises:
        InvalidDocument: while iterating, where the file cannot be read.
    """
    return iter_items(file.read_bytes(), file=file.name, format="yaml", key=plugin.data_keys())


def _row(plugin: CatalogPlugin, entity: Entity, source: Source) -> EntityModel:
    now = timezone.now()
    return plugin.model(
        id=entity_id(source.namespace, plugin.name, plugin.kind, source.key, entity.name),
        source=source,
        name=entity.name,
        external_id=entity.external_id,
        description=entity.description,
        custom_properties=dict(entity.custom_properties),
        created_at=entity.created_at or now,
        updated_at=entity.updated_at or now,
        **entity.values,
    )
