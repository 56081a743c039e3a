"""All models of the core, where Django looks for them; each is defined in the package of its subject."""

from catalog_core.coordination.models import Lease
from catalog_core.entities.declared.models import DeclaredEntity, DeclaredPart
from catalog_core.entities.envelope.models import Asset, Overlay
from catalog_core.entities.models import CatalogGeneration, ChildModel, EntityModel
from catalog_core.entities.references.models import AssetReference
from catalog_core.entities.search_index.models import FacetCount
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.plugins.models import PluginFolder, PluginState
from catalog_core.security.models import ApiToken
from catalog_core.sources.models import (
    ConfigurationRevision,
    ConfigurationState,
    SetAside,
    Source,
    SourceState,
    StoredDocument,
)

__all__ = [
    "ApiToken",
    "Asset",
    "AssetReference",
    "CatalogGeneration",
    "ChildModel",
    "ConfigurationRevision",
    "ConfigurationState",
    "DeclaredEntity",
    "DeclaredPart",
    "EntityModel",
    "FacetCount",
    "JobState",
    "Lease",
    "Overlay",
    "PluginFolder",
    "PluginState",
    "RefreshJob",
    "SetAside",
    "Source",
    "SourceState",
    "StoredDocument",
]
