"""From the two files of a folder to a plugin."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.declared.models import DeclaredEntity, DeclaredPart
from catalog_core.entities.documents import child_document
from catalog_core.entities.fields import EntityField, EntityPart, FieldKind
from catalog_core.entities.models import ChildModel
from catalog_core.entities.query.literals import microseconds
from catalog_core.entities.queryable import query_fields
from catalog_core.entities.translation import Child, Entity, ItemReader, with_base
from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.declarations import ListColumn, UIHints, ViewField, label_of
from catalog_core.plugins.metadata import CatalogConfig, CatalogProperty, PluginMetadata
from catalog_core.plugins.metadata.catalog_yaml import FOLDER_BASE_PATH, Artifact
from catalog_core.plugins.usual import usual_columns, usual_filters, usual_searchable, usual_sections

_VALUES = "values"
_PARTS = "parts"
"""The name under which the parts of all sorts are stored."""
_KINDS: Mapping[str, FieldKind] = {
    "string": FieldKind.TEXT,
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "boolean": FieldKind.BOOLEAN,
    "date": FieldKind.TIME,
    "object": FieldKind.OBJECT,
}


class DeclaredPlugin(CatalogPlugin):
    """A catalog that two files describe. Each is an instance of a subclass of its own, made by :func:`plugin_of`."""

    model = DeclaredEntity
    shares_model = True
    icon = "database"
    config: ClassVar[CatalogConfig]

    def base_path(self) -> str:
        """Return the path that ``catalog.yaml`` names."""
        return self.config.base_path

    def entity_fields(self) -> tuple[EntityField, ...]:
        """Return the properties that ``catalog.yaml`` lists."""
        return self._fields

    def parts(self) -> tuple[EntityPart, ...]:
        """Return the artifacts that ``catalog.yaml`` lists."""
        return tuple(self._parts.values())

    def entity(self, item: ItemReader) -> Entity:
        """Return the entity of an item."""
        parts = tuple(
            self._part(artifact, reader) for artifact in self.config.artifacts for reader in item.parts(artifact.key)
        )
        entity = with_base(item, lambda: {_VALUES: _values(item, self._fields)}, children={_PARTS: parts})
        _check_required(item, self.config.properties)
        return entity

    def child_document(self, child: ChildModel) -> dict[str, Any]:
        """Return the JSON object of a part."""
        sort = getattr(child, "sort")  # noqa: B009 - a DeclaredPart, as nothing else is stored for these kinds
        return child_document(child, fields=self._parts[sort].fields)

    def declaration_problems(self) -> Iterator[str]:
        """Yield everything that is wrong with what the files say, beyond the rules of their formats."""
        if not FOLDER_BASE_PATH.fullmatch(self.config.base_path):
            yield f"api.basePath {self.config.base_path!r} is not of the form /api/{self.name}_catalog/v1alpha1"
        try:
            query_fields(self)
        except PluginDefinitionError as error:
            yield from (f"{problem}; rename the property" for problem in error.problems)
        else:
            yield from super().declaration_problems()

    @cached_property
    def _fields(self) -> tuple[EntityField, ...]:
        return _fields(self.config.properties)

    @cached_property
    def _parts(self) -> dict[str, EntityPart]:
        """By what :class:`DeclaredPart` calls the sort."""
        sorts = {f"{self.name}/{artifact.key}": artifact for artifact in self.config.artifacts}
        return {
            sort: EntityPart(
                name=artifact.key, model=DeclaredPart, fields=_fields(artifact.properties), condition=Q(sort=sort)
            )
            for sort, artifact in sorts.items()
        }

    def _part(self, artifact: Artifact, item: ItemReader) -> Child:
        _check_required(item, artifact.properties)
        sort = f"{self.name}/{artifact.key}"
        child = Child(
            values={"sort": sort, _VALUES: _values(item, self._parts[sort].fields)},
            custom_properties=item.object("customProperties"),
        )
        item.remark_unread()
        return child


def plugin_of(config: CatalogConfig, metadata: PluginMetadata) -> DeclaredPlugin:
    """Return the plugin that the two files of a folder describe."""
    properties = config.properties
    columns, filters, sections = usual_columns(properties), usual_filters(properties), usual_sections(properties)
    version = FOLDER_BASE_PATH.fullmatch(config.base_path)
    declared: dict[str, Any] = {
        "config": config,
        "name": config.name,
        "version": version["version"] if version else DeclaredPlugin.version,
        "description": metadata.description,
        "display_name": metadata.display_name,
        "kind": config.kind,
        "plural": config.plural,
        "kind_display_name": config.display_name or label_of(config.kind),
        "kind_description": config.description or f"One {(config.display_name or label_of(config.kind)).lower()}.",
        "children": {_PARTS: DeclaredPart} if config.artifacts else {},
        "translation_version": zlib.crc32(repr((properties, config.artifacts)).encode()),
        "columns": columns,
        "filters": filters,
        "sections": sections,
        "list_columns": tuple(ListColumn(column.name, sortable=column.sortable) for column in columns),
        "detail_fields": tuple(entry for section in sections for entry in section.fields if isinstance(entry, str)),
        "cli_columns": tuple(column.name for column in columns),
        "cli_filters": tuple(filter_.name for filter_ in filters),
        "hints": UIHints(
            title_field="name",
            list_columns=tuple(ViewField(column.name) for column in columns),
            default_sort=("name", "asc"),
            searchable_fields=usual_searchable(properties),
        ),
    }
    made: DeclaredPlugin = type(f"Declared{config.kind}Plugin", (DeclaredPlugin,), declared)()
    return made


def _fields(properties: Iterable[CatalogProperty]) -> tuple[EntityField, ...]:
    return tuple(
        EntityField(
            name=prop.name,
            column=_VALUES,
            kind=_kind(prop),
            help=" ".join(prop.description.split()),
            path=(prop.name,),
        )
        for prop in properties
    )


def _kind(prop: CatalogProperty) -> FieldKind:
    if prop.kind == "array":
        return FieldKind.OBJECT_LIST if prop.holds_objects else FieldKind.TEXT_LIST
    return _KINDS[prop.kind]


def _values(item: ItemReader, fields: Iterable[EntityField]) -> dict[str, Any]:
    """Return the values that an item has, as JSON: times as microseconds since 1970, and nothing for what is absent."""
    values: dict[str, Any] = {}
    for field in fields:
        value = item.read(field)
        if value is None or value in ("", [], {}):
            continue
        values[field.name] = microseconds(value) if field.kind is FieldKind.TIME else value
    return values


def _check_required(item: ItemReader, properties: Iterable[CatalogProperty]) -> None:
    for prop in properties:
        if prop.required and item.get(prop.name) in (None, "", [], {}):
            raise item.invalid(prop.name, "missing-property", f"it has no {prop.name}", "It is required here.")
