"""Entities in the admin: to look at, not to edit. Made from the declarations of each catalog."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog_core.admin.entity_actions import ENTITY_ACTIONS
from catalog_core.admin.looks import age, json_block
from catalog_core.admin.readonly import ReadOnlyAdmin, StaffSees, is_operator
from catalog_core.admin.source_filter import SourceFilter
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.declared.models import DeclaredEntity
from catalog_core.entities.envelope import Asset, Lifecycle
from catalog_core.entities.fields import FieldKind, entity_fields
from catalog_core.entities.models import EntityModel
from catalog_core.plugins.registry import PluginRegistry

_MOST_COLUMNS = 4
"""Declared columns in a list; more do not fit beside name, source and age."""
_IN_LISTS = (FieldKind.TEXT, FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.BOOLEAN, FieldKind.TIME)


class LifecycleFilter(admin.SimpleListFilter):
    """The phases of the lifecycle, as sources or people say."""

    title = "lifecycle"
    parameter_name = "lifecycle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return all of them."""
        return list(Lifecycle.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[EntityModel]) -> QuerySet[EntityModel]:
        """Return the entities in the chosen phase."""
        chosen = Asset.objects.filter(lifecycle=self.value() or "")
        return queryset.filter(id__in=chosen.values("uid")) if self.value() else queryset


class EntityAdmin(ReadOnlyAdmin, StaffSees):
    """The entities of one catalog."""

    plugin: CatalogPlugin
    list_filter: ClassVar[tuple[Any, ...]] = (SourceFilter, LifecycleFilter, "stale")
    actions = ENTITY_ACTIONS
    list_select_related = ("source",)
    search_fields = ("name", "external_id", "description", "source__key")
    show_full_result_count = False
    fields = (("name", "source"), ("stale", "created_at", "updated_at"), "shown_document")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntityModel]:
        """Leave out what belongs to sources that the configuration does not name any more."""
        found: QuerySet[EntityModel] = super().get_queryset(request).filter(source__removed_at=None)
        if getattr(request.resolver_match, "url_name", "").endswith("_changelist"):
            asset = Asset.objects.filter(uid=OuterRef("pk"))
            in_list = found.defer("document", "native", "custom_properties")
            return in_list.annotate(
                asset_lifecycle=Subquery(asset.values("lifecycle")), asset_tags=Subquery(asset.values("tags"))
            )
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show operators also the item as its source wrote it."""
        shown = [(None, {"fields": self.fields})]
        native = ("As its source wrote it", {"fields": ("shown_native",), "classes": ("collapse",)})
        return [*shown, native] if is_operator(request) else shown

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Let operators act upon entities."""
        return is_operator(request)

    @admin.display(description="lifecycle", ordering="asset_lifecycle")
    def shown_lifecycle(self, entity: Any) -> str:
        """Return the lifecycle, as its source or people say."""
        return str(entity.asset_lifecycle or "-")

    @admin.display(description="tags")
    def shown_tags(self, entity: Any) -> str:
        """Return the tags, those of its source and those that people added."""
        return ", ".join(entity.asset_tags or ()) or "-"

    @admin.display(description="updated", ordering="updated_at")
    def updated(self, entity: EntityModel) -> SafeString | str:
        """Return how long ago it has changed."""
        return age(entity.updated_at)

    @admin.display(description="as the API serves it")
    def shown_document(self, entity: EntityModel) -> SafeString:
        """Return the document, indented."""
        return json_block(json.loads(entity.document))

    @admin.display(description="item")
    def shown_native(self, entity: EntityModel) -> SafeString | str:
        """Return the item, indented."""
        return json_block(json.loads(entity.native)) if entity.native else "-"


class CatalogFilter(admin.SimpleListFilter):
    """The catalogs whose entities share a list."""

    title = "catalog"
    parameter_name = "catalog"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return the catalogs that come from folders."""
        found = [entry.plugin for entry in model_admin.plugins.folder_plugins if entry.plugin]
        return [(plugin.name, getattr(plugin, "display_name", "") or plugin.name) for plugin in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EntityModel]) -> QuerySet[EntityModel]:
        """Return the entities of the chosen catalog."""
        return queryset.filter(source__plugin=self.value()) if self.value() else queryset


class DeclaredEntityAdmin(EntityAdmin):
    """The entities of all catalogs that come from folders, in one list."""

    plugins: PluginRegistry
    list_display = ("name", "catalog", "source", "shown_lifecycle", "shown_tags", "updated")
    list_filter: ClassVar[tuple[Any, ...]] = (CatalogFilter, LifecycleFilter, "stale")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List the page where there are such catalogs."""
        return bool(self.plugins.folder_plugins) and super().has_module_permission(request)

    @admin.display(description="catalog", ordering="source__plugin")
    def catalog(self, entity: EntityModel) -> str:
        """Return the name of its catalog."""
        return entity.source.plugin


def register_entities(plugins: PluginRegistry, site: admin.AdminSite = admin.site) -> None:
    """Give every catalog a list of its entities, unless its app has registered one itself."""
    site.register(DeclaredEntity, type("DeclaredEntitiesAdmin", (DeclaredEntityAdmin,), {"plugins": plugins}))
    for plugin in plugins:
        if isinstance(plugin, CatalogPlugin) and not site.is_registered(plugin.model):
            declared = {
                "plugin": plugin,
                "list_display": ("name", "source", *_columns(plugin), "shown_lifecycle", "shown_tags", "updated"),
            }
            site.register(plugin.model, type(f"{plugin.kind}Admin", (EntityAdmin,), declared))


def _columns(plugin: CatalogPlugin) -> tuple[str, ...]:
    """Return the columns of the model that the catalog wants in lists, as far as a cell can hold them."""
    short = {field.name: field.column for field in entity_fields(plugin.model) if field.kind in _IN_LISTS}
    wanted = [short[column.name] for column in plugin.columns if column.name in short]
    return tuple(wanted or short.values())[:_MOST_COLUMNS]
