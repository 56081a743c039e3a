"""From an item of a data file to an entity.

Written by catalog-gen from catalog.yaml. What is special about a format goes into ``entity`` in plugin.py.
"""

from catalog_core.plugin import Entity, ItemReader, read_entity

from .models import Lamp

REQUIRED = ("colour",)


def read_item(item: ItemReader) -> Entity:
    """Return the entity of an item.

    Raises:
        InvalidItem: something that is required is missing, or a value does not fit its property.
    """
    entity = read_entity(item, Lamp)
    _check_required(item, REQUIRED)
    return entity


def _check_required(item: ItemReader, names: tuple[str, ...]) -> None:
    for name in names:
        if item.get(name) in (None, "", [], {}):
            raise item.invalid(name, "missing-property", f"it has no {name}", "It is required here.")
