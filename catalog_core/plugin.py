"""Everything that a plugin may import from the core. The rest of ``catalog_core`` may change without notice.

The version of this facade is ``catalog_core.FRAMEWORK_API``; ``plugin.yaml`` names the one a plugin was written for.
"""

from catalog_core.entities.actions import Action, ActionCall, ActionResult, action
from catalog_core.entities.catalog import CatalogPlugin, ListShape
from catalog_core.entities.documents import child_document, entity_document, epoch_milliseconds
from catalog_core.entities.envelope import OverlayChange
from catalog_core.entities.fields import EntityField, FieldKind, ObjectField, ObjectListField, TextListField
from catalog_core.entities.models import ChildModel, EntityModel
from catalog_core.entities.query import AsciiLower, BinaryText
from catalog_core.entities.translation import Child, Entity, InvalidItem, ItemReader, read_entity
from catalog_core.exceptions import ActionRefused, InvalidAction, NotFound
from catalog_core.plugins.contract import (
    ActionProvider,
    AssetGetter,
    AssetLister,
    AssetMapperProvider,
    BasePathProvider,
    CapabilitiesProvider,
    CapabilitiesV2Provider,
    CLIHintsProvider,
    DiagnosticsProvider,
    EntityGetter,
    Plugin,
    PluginContext,
    RefreshProvider,
    SourceKeyProvider,
    SourceManager,
    StatusProvider,
    UIHintsProvider,
)
from catalog_core.plugins.declarations import (
    Column,
    Detail,
    Filter,
    ListColumn,
    Reference,
    Section,
    UIHints,
    ViewField,
)
from catalog_core.plugins.registry import registry

__all__ = [
    "Action",
    "ActionCall",
    "ActionProvider",
    "ActionRefused",
    "ActionResult",
    "AsciiLower",
    "AssetGetter",
    "AssetLister",
    "AssetMapperProvider",
    "BasePathProvider",
    "BinaryText",
    "CLIHintsProvider",
    "CapabilitiesProvider",
    "CapabilitiesV2Provider",
    "CatalogPlugin",
    "Child",
    "ChildModel",
    "Column",
    "Detail",
    "DiagnosticsProvider",
    "Entity",
    "EntityField",
    "EntityGetter",
    "EntityModel",
    "FieldKind",
    "Filter",
    "InvalidAction",
    "InvalidItem",
    "ItemReader",
    "ListColumn",
    "ListShape",
    "NotFound",
    "ObjectField",
    "ObjectListField",
    "OverlayChange",
    "Plugin",
    "PluginContext",
    "Reference",
    "RefreshProvider",
    "Section",
    "SourceKeyProvider",
    "SourceManager",
    "StatusProvider",
    "TextListField",
    "UIHints",
    "UIHintsProvider",
    "ViewField",
    "action",
    "child_document",
    "entity_document",
    "epoch_milliseconds",
    "read_entity",
    "registry",
]
