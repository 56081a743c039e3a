"""What the entities of a plugin can be filtered and ordered by: derived from its model and its declarations."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from catalog_core.entities.envelope import Asset
from catalog_core.entities.fields import EntityField, EntityPart, FieldKind
from catalog_core.entities.query import Children, CustomProperties, FieldType, QueryField, QueryFields
from catalog_core.plugins.declarations import Column, Filter

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin

_TYPES = {
    FieldKind.TEXT: FieldType.TEXT,
    FieldKind.INTEGER: FieldType.INTEGER,
    FieldKind.NUMBER: FieldType.NUMBER,
    FieldKind.BOOLEAN: FieldType.BOOLEAN,
    FieldKind.TIME: FieldType.TIME,
    FieldKind.TEXT_LIST: FieldType.TEXT_LIST,
    FieldKind.OBJECT_LIST: FieldType.JSON,
    FieldKind.OBJECT: FieldType.JSON,
}
_WHOLE = (FieldKind.OBJECT, FieldKind.OBJECT_LIST)


ASSET_FIELDS = QueryFields(
    fields=(
        QueryField(name="lifecycle", type=FieldType.TEXT, column="lifecycle", required=True),
        QueryField(name="tags", type=FieldType.TEXT_LIST, column="tags"),
        QueryField(name="labels", type=FieldType.JSON, column="labels"),
        QueryField(name="annotations", type=FieldType.JSON, column="annotations"),
    )
)
"""What people can add to an entity of any kind, together with what its source says of the same."""
_ASSET = "(asset)"
"""The key of the rows that hold it; no name that a filter could have."""
KINDS_REMEMBERED = 256
"""How many plugins have what follows from their declarations kept: those of a folder are replaced when it changes."""


@lru_cache(maxsize=KINDS_REMEMBERED)
def query_fields(plugin: "CatalogPlugin") -> QueryFields:
    """Return everything that filters and orders of the plugin's catalog may name."""
    declared = [_field(field) for field in plugin.entity_fields()]
    return QueryFields(
        fields=[
            field
            for field in (*_base_fields(plugin), *declared, *_declared_paths(plugin))
            if field.name not in ASSET_FIELDS.names
        ],
        custom=(CustomProperties(typed=plugin.typed_custom_properties),),
        children={
            _ASSET: Children(model=Asset, foreign_key="uid", fields=ASSET_FIELDS, inline=True),
            **{
                part.name: Children(
                    model=part.model, foreign_key="entity", fields=_part_fields(part, plugin), condition=part.condition
                )
                for part in plugin.parts()
            },
        },
        order_names=plugin.order_names,
    )


def _base_fields(plugin: "CatalogPlugin") -> tuple[QueryField, ...]:
    other = "source_id" if plugin.source_id_name == "sourceId" else "sourceId"
    return (
        QueryField(name="id", type=FieldType.ID, column="id", required=True),
        QueryField(name="name", type=FieldType.TEXT, column="name", required=True),
        QueryField(name="externalId", type=FieldType.TEXT, column="external_id", aliases=("external_id",)),
        QueryField(name="description", type=FieldType.TEXT, column="description"),
        QueryField(name=plugin.source_id_name, type=FieldType.TEXT, column="source__key", aliases=(other,)),
        QueryField(name="createTimeSinceEpoch", type=FieldType.TIME, column="created_at", required=True),
        QueryField(name="lastUpdateTimeSinceEpoch", type=FieldType.TIME, column="updated_at", required=True),
    )


def _field(field: EntityField) -> QueryField:
    aliases = (field.column,) if field.column != field.name else ()
    return QueryField(
        name=field.name,
        type=_TYPES[field.kind],
        column=field.column,
        path=field.path,
        aliases=aliases if not field.path else (),
        is_whole=field.kind in _WHOLE,
    )


def _declared_paths(plugin: "CatalogPlugin") -> Iterator[QueryField]:
    """Yield the fields that columns and filters name by a path, such as ``riskLevel`` for ``safety.riskLevel``."""
    known = {field.name: field for field in plugin.entity_fields()}
    seen: set[str] = set()
    declarations: tuple[Column | Filter, ...] = (*plugin.columns, *plugin.filters)
    for declared in declarations:
        if not declared.path or declared.path == declared.name or declared.name in seen or declared.name in known:
            continue
        seen.add(declared.name)
        first, _, rest = declared.path.partition(".")
        field = known.get(first)
        if field is None:
            continue
        kind = FieldType.TEXT if rest else _TYPES[field.kind]
        inner = tuple(rest.split(".")) if rest else ()
        yield QueryField(name=declared.name, type=kind, column=field.column, path=(*field.path, *inner))


def _part_fields(part: EntityPart, plugin: "CatalogPlugin") -> QueryFields:
    return QueryFields(
        fields=(
            QueryField(name="id", type=FieldType.ID, column="id", required=True),
            *(_field(field) for field in part.fields),
        ),
        custom=(CustomProperties(typed=plugin.typed_custom_properties),),
    )


def sortable_names(plugin: "CatalogPlugin") -> list[str]:
    """Return the names that ``orderBy`` takes."""
    return [field.name for field in query_fields(plugin).fields if field.is_sortable]
