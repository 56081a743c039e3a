"""The plugin contract: what every plugin is, and what it may offer besides.

:class:`Plugin` is the smallest plugin there is. Most plugins derive from ``catalog_core.plugin.CatalogPlugin``, which
answers all of this from declarations. The protocols further down are optional: the core looks at what a plugin provides
and switches on what follows from it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from rest_framework.routers import BaseRouter


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginContext:
    """What a plugin is told when it is initialised.

    Attributes:
        base_path: where its routes are mounted.
        source_key: its key under ``catalogs`` in the configuration.
        data_dir: a folder of its own below the data folder of the server; may not exist yet.
        namespace: the namespace that it is initialised for.
    """

    base_path: str
    source_key: str
    data_dir: Path
    namespace: str = "default"
    labels: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


class Plugin(ABC):
    """One catalog of the server.

    The framework drives its life: it is registered once in every process, then initialised and started by a worker; all
    processes share the outcome through the database. ``init`` and ``start`` may be called again at any time: when they
    failed before, and at each start of a worker.
    """

    name: ClassVar[str]
    """What it is called in paths, messages and the configuration: lower-case letters, digits, ``-`` and ``_``."""
    version: ClassVar[str] = "v1alpha1"
    """The version of its API, part of its base path."""
    description: ClassVar[str] = ""

    def init(self, context: PluginContext) -> None:  # noqa: B027 - most plugins have nothing to prepare
        """Prepare what the plugin needs, in bounded time; whatever it raises makes it failed until a later try."""

    def start(self) -> None:  # noqa: B027
        """Begin work, after ``init`` has succeeded."""

    def stop(self) -> None:  # noqa: B027
        """End work, before the process ends."""

    def healthy(self) -> bool:
        """Say whether the plugin can do its work now. Asked at every discovery request, so it has to be quick."""
        return True

    @abstractmethod
    def register_routes(self, router: "BaseRouter") -> None:
        """Register the plugin's viewsets; they are mounted under its base path."""


@runtime_checkable
class BasePathProvider(Protocol):
    """A plugin that chooses where it is mounted; else ``/api/{name}_catalog/{version}``."""

    def base_path(self) -> str:
        """Return an absolute path without a slash at its end."""


@runtime_checkable
class SourceKeyProvider(Protocol):
    """A plugin whose key in the configuration is not its name."""

    def source_key(self) -> str:
        """Return the key under ``catalogs``."""


@runtime_checkable
class CapabilitiesProvider(Protocol):
    """A plugin that tells in short what it holds."""

    def capabilities(self) -> Mapping[str, Any]:
        """Return the V1 capabilities: entityKinds, listEntities, getEntity, listSources, artifacts."""


@runtime_checkable
class CapabilitiesV2Provider(Protocol):
    """A plugin that describes its entities so that any client can draw them."""

    def capabilities_v2(self) -> Mapping[str, Any]:
        """Return the V2 capabilities document."""


@runtime_checkable
class StatusProvider(Protocol):
    """A plugin that reports more than healthy or not."""

    def status(self) -> Mapping[str, Any]:
        """Return enabled, initialized, serving and, if there is one, lastError."""


@runtime_checkable
class SourceManager(Protocol):
    """A plugin that keeps its sources itself instead of leaving them to the core."""

    def list_sources(self) -> Sequence[Mapping[str, Any]]:
        """Return what the management API shows of each source."""

    def validate_source(self, source: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return ``valid`` and ``errors``."""

    def apply_source(self, source: Mapping[str, Any]) -> None:
        """Take over a new or changed source."""

    def enable_source(self, source_id: str, enabled: bool) -> None:
        """Show or hide the entities of a source."""

    def delete_source(self, source_id: str) -> None:
        """Remove a source and its entities."""


@runtime_checkable
class RefreshProvider(Protocol):
    """A plugin that refreshes its sources itself."""

    def refresh(self, source_id: str) -> Mapping[str, Any]:
        """Read one source again."""

    def refresh_all(self) -> Mapping[str, Any]:
        """Read all sources again."""


@runtime_checkable
class DiagnosticsProvider(Protocol):
    """A plugin that tells how its sources are doing."""

    def diagnostics(self) -> Mapping[str, Any]:
        """Return pluginName, sources and errors."""


@runtime_checkable
class ActionProvider(Protocol):
    """A plugin that can act upon its sources or entities."""

    def list_actions(self, scope: str) -> Sequence[Mapping[str, Any]]:
        """Return the action definitions of a scope, ``source`` or ``asset``."""

    def handle_action(self, scope: str, target: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one action and return its result."""


@runtime_checkable
class UIHintsProvider(Protocol):
    """A plugin with hints for simple user interfaces."""

    def ui_hints(self) -> Mapping[str, Any]:
        """Return the V1 hints: listColumns, detailFields and the three field names."""


@runtime_checkable
class CLIHintsProvider(Protocol):
    """A plugin with hints for command lines."""

    def cli_hints(self) -> Mapping[str, Any]:
        """Return defaultColumns, sortField and filterableFields."""


@runtime_checkable
class EntityGetter(Protocol):
    """A plugin whose entities can be had by name alone, whatever their native path."""

    def get_entity(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return the entity in its own shape, or nothing if there is none."""


@runtime_checkable
class AssetMapperProvider(Protocol):
    """A plugin that projects its entities into the envelope common to all kinds."""

    def map_asset(self, entity: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the asset of an entity."""


@runtime_checkable
class AssetLister(Protocol):
    """A plugin that lists its assets itself."""

    def list_assets(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an asset list."""


@runtime_checkable
class AssetGetter(Protocol):
    """A plugin that finds its assets itself."""

    def get_asset(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return an asset, or nothing if there is none."""


def base_path(plugin: Plugin) -> str:
    """Return where the plugin is mounted."""
    return (
        plugin.base_path() if isinstance(plugin, BasePathProvider) else default_base_path(plugin.name, plugin.version)
    )


def default_base_path(name: str, version: str = Plugin.version) -> str:
    """Return the base path of a plugin that does not choose its own."""
    return f"/api/{name}_catalog/{version}"


def source_key(plugin: Plugin) -> str:
    """Return the plugin's key in the configuration."""
    return plugin.source_key() if isinstance(plugin, SourceKeyProvider) else plugin.name
