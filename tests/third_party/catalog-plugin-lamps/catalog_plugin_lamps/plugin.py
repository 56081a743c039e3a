"""The plugin itself. This file is yours: catalog-gen wrote it once and does not touch it again."""

from dataclasses import replace

from catalog_core.plugin import CatalogPlugin, Entity, ItemReader

from .declarations import (
    CHILDREN,
    CLI_COLUMNS,
    CLI_FILTERS,
    COLUMNS,
    DETAIL_FIELDS,
    FILTERS,
    HINTS,
    LIST_COLUMNS,
    SECTIONS,
    TRANSLATION_VERSION,
)
from .feed import read_item
from .models import Lamp


class LampsPlugin(CatalogPlugin):
    """The catalog, described by its declarations."""

    name = "lamps"
    display_name = "Lamps"
    description = "Lamps, with what they need to shine."
    icon = "database"
    kind = "Lamp"
    plural = "lamps"
    kind_display_name = "Lamp"
    model = Lamp
    children = CHILDREN
    translation_version = TRANSLATION_VERSION

    columns = COLUMNS
    filters = FILTERS
    sections = SECTIONS
    hints = HINTS
    list_columns = LIST_COLUMNS
    detail_fields = DETAIL_FIELDS
    cli_columns = CLI_COLUMNS
    cli_filters = CLI_FILTERS

    def entity(self, item: ItemReader) -> Entity:
        """Return the entity of an item; some makers write ``power: 36 W`` where others write ``watts: 36``."""
        entity = read_item(item)
        power = item.text("power")
        if not power:
            return entity
        number, _, unit = power.partition(" ")
        if unit != "W" or not number.isdigit():
            raise item.invalid("power", "no-power", f"{power!r} is no power", "Write it like 36 W.")
        return replace(entity, values={**entity.values, "watts": int(number)})
