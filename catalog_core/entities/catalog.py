"""``CatalogPlugin``: a catalog made of declarations.

A plugin says what its kind is; the core stores it, serves it, filters it, describes it. A subclass overrides what is
special about its kind and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.db.models import QuerySet
from rest_framework.routers import BaseRouter

from catalog_core.entities import capabilities, consistency
from catalog_core.entities.actions import BUILT_IN, Action, action_problems
from catalog_core.entities.documents import child_document, entity_document
from catalog_core.entities.fields import EntityField, EntityPart, FieldKind, entity_fields
from catalog_core.entities.models import ChildModel, EntityModel
from catalog_core.entities.translation import Entity, ItemReader, read_entity
from catalog_core.plugins.contract import Plugin, base_path
from catalog_core.plugins.declarations import Column, Filter, ListColumn, Reference, Section, UIHints


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShape:
    """How the lists of a catalog differ in form from those of others, kept for clients of the first server of this API.

    Attributes:
        default_page_size: entries on a page where the client does not say.
        max_page_size: entries on a page at the most.
        size: whether ``size`` counts all entries that match or those on the page.
        always_next_page_token: whether ``nextPageToken`` is there, empty, on the last page too.
    """

    default_page_size: int = 100
    max_page_size: int = 1000
    size: Literal["total", "page"] = "total"
    always_next_page_token: bool = False


class CatalogPlugin(Plugin):
    """A catalog of one kind of asset, described by class attributes.

    Beyond those of :class:`Plugin` it declares the kind, the Django model that stores it, and how clients may show it.
    """

    display_name: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    kind: ClassVar[str]
    """Name of the kind, such as ``McpServer``."""
    plural: ClassVar[str]
    """The kind in paths, such as ``mcpservers``."""
    kind_display_name: ClassVar[str] = ""
    kind_description: ClassVar[str] = ""
    model: ClassVar[type[EntityModel]]
    shares_model: ClassVar[bool] = False
    """Whether the model also holds entities of other catalogs."""
    children: ClassVar[Mapping[str, type[ChildModel]]] = {}
    """Parts of an entity that are stored as rows of their own, by the name that queries give them."""
    key_in_sources: ClassVar[str] = ""
    """The key under ``catalogs`` in the configuration, where it is not the name."""
    feed_keys: ClassVar[tuple[str, ...]] = ()
    """The keys under which data files list the items; the plural where left out."""
    source_types: ClassVar[tuple[str, ...]] = ()
    """The types of source that the kind can come from; all where left out."""
    source_id_name: ClassVar[str] = "sourceId"
    """How the JSON of an entity calls its source."""
    addressed_by_source: ClassVar[bool] = False
    """Whether the path of an entity names its source: ``/sources/{source_id}/{plural}/{name}``."""
    shows_times: ClassVar[bool] = False
    """Whether the JSON of an entity has the two times."""
    typed_custom_properties: ClassVar[bool] = False
    """Whether custom properties are typed metadata values instead of plain JSON."""
    list_shape: ClassVar[ListShape] = ListShape()
    order_names: ClassVar[Mapping[str, str]] = {}
    """Words that ``orderBy`` understands besides the names of fields, and the names they stand for."""
    references: ClassVar[tuple[Reference, ...]] = ()
    """The places in an entity that name other assets."""
    translation_version: ClassVar[int] = 1
    """To be raised when ``entity`` or ``document`` give something else for the same item; all is then stored anew."""

    built_in_actions: ClassVar[tuple[Action, ...]] = BUILT_IN
    """The actions that the core carries out for it."""
    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    sections: ClassVar[tuple[Section, ...]] = ()
    hints: ClassVar[UIHints | None] = None
    list_columns: ClassVar[tuple[ListColumn, ...]] = ()
    detail_fields: ClassVar[tuple[str, ...]] = ()
    cli_columns: ClassVar[tuple[str, ...]] = ()
    cli_filters: ClassVar[tuple[str, ...]] = ()

    def source_key(self) -> str:
        """Return the key under ``catalogs`` in the configuration."""
        return self.key_in_sources or self.name

    def capabilities(self) -> dict[str, Any]:
        """Return the V1 capabilities."""
        return capabilities.short_capabilities(self)

    def capabilities_v2(self) -> dict[str, Any]:
        """Return the V2 capabilities document."""
        return capabilities.full_capabilities(self)

    def ui_hints(self) -> dict[str, Any]:
        """Return the V1 hints for simple user interfaces."""
        return capabilities.short_hints(self)

    def cli_hints(self) -> dict[str, Any]:
        """Return the hints for command lines."""
        return capabilities.command_line_hints(self)

    def get_path(self) -> str:
        """Return the path of one entity, with placeholders in braces."""
        if self.addressed_by_source:
            return f"{base_path(self)}/sources/{{source_id}}/{self.plural}/{{name}}"
        return f"{capabilities.list_path(self)}/{{name}}"

    def entity(self, item: ItemReader) -> Entity:
        """Return the entity of an item. Pure; to be overridden for formats of their own.

        Raises:
            InvalidItem, KeyError, TypeError, ValueError: the item is not valid; it is set aside.
        """
        return read_entity(item, self.model)

    def document(self, row: EntityModel) -> dict[str, Any]:
        """Return the JSON object that the API serves for a row. Pure."""
        return entity_document(
            row, source_id_name=self.source_id_name, shows_times=self.shows_times, fields=self.entity_fields()
        )

    def child_document(self, child: ChildModel) -> dict[str, Any]:
        """Return the JSON object that the API serves for a child of an entity. Pure."""
        return child_document(child)

    def entity_fields(self) -> tuple[EntityField, ...]:
        """Return the fields of the kind beyond those that every entity has: those of the model.

        Raises:
            TypeError: a field is of a class that entities cannot have.
        """
        return entity_fields(self.model)

    def parts(self) -> tuple[EntityPart, ...]:
        """Return the sorts of parts that an entity has, as filters name them."""
        return tuple(
            EntityPart(name=name, model=model, fields=entity_fields(model)) for name, model in self.children.items()
        )

    def rows(self) -> QuerySet[EntityModel]:
        """Return everything that is stored of the catalog, whether readers see it or not."""
        rows = self.model._default_manager.all()
        return rows.filter(source__plugin=self.name) if self.shares_model else rows

    def register_routes(self, router: BaseRouter) -> None:
        """Register the list of the kind and the look-up by name."""
        from catalog_core.api.entities import register_entity_routes

        register_entity_routes(self, router)

    def searchable_fields(self) -> tuple[str, ...]:
        """Return the fields that free text is looked for in."""
        declared = self.hints.searchable_fields if self.hints else ()
        short = tuple(
            field.name
            for field in self.entity_fields()
            if field.kind is FieldKind.TEXT_LIST or (field.kind is FieldKind.TEXT and field.max_length)
        )
        return tuple(dict.fromkeys(("name", "description", "externalId", *declared, *short)))

    def data_keys(self) -> tuple[str, ...]:
        """Return the keys under which data files may list the items."""
        return self.feed_keys or (self.plural,)

    def declaration_problems(self) -> Iterator[str]:
        """Yield everything that is wrong with the declarations."""
        for attribute in ("kind", "plural", "model"):
            if not getattr(self, attribute, None):
                yield f"{attribute} is not declared"
        model = getattr(self, "model", None)
        if model is None:
            return
        if not (isinstance(model, type) and issubclass(model, EntityModel)) or model._meta.abstract:
            yield f"model {model!r} is not a concrete subclass of catalog_core.plugin.EntityModel"
            return
        try:
            known = self.json_names()
        except TypeError as error:
            yield str(error)
            return
        yield from consistency.declaration_problems(self, known)
        yield from action_problems(self, (built_in.id for built_in in BUILT_IN))

    def json_names(self) -> set[str]:
        """Return the names of all fields that the JSON of an entity can have."""
        base = {"id", "name", "externalId", "description", "customProperties", self.source_id_name}
        base |= {"createTimeSinceEpoch", "lastUpdateTimeSinceEpoch"}
        return base | {declared.name for declared in self.entity_fields()}
