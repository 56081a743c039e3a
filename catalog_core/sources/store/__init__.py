"""Where the configuration is kept. Asked by the reconciler and by changes, never by a request that only reads."""

from collections.abc import Sequence
from pathlib import Path

from catalog_core.conf import CatalogSettings, catalog_settings
from catalog_core.exceptions import ConfigurationUnavailable
from catalog_core.sources.cluster import own_namespace
from catalog_core.sources.store.base import ConfigurationStore, StoredConfiguration, check_version
from catalog_core.sources.store.config_map import ConfigMapStore
from catalog_core.sources.store.database import DatabaseStore
from catalog_core.sources.store.files import FileStore
from catalog_core.sources.store.fixed import FixedStore

__all__ = [
    "ConfigMapStore",
    "ConfigurationStore",
    "DatabaseStore",
    "FileStore",
    "FixedStore",
    "StoredConfiguration",
    "check_version",
    "configured_store",
]


def configured_store(settings: CatalogSettings | None = None) -> ConfigurationStore:
    """Return the store that the settings choose.

    Args:
        settings: the settings in force if absent.

    Raises:
        ConfigurationUnavailable: several files are named for a store that keeps one.
    """
    settings = settings or catalog_settings()
    files, max_bytes = settings.sources_files, settings.configuration_max_bytes
    if settings.config_store_mode == "database":
        return DatabaseStore(file=_only(files, "The database"), max_bytes=max_bytes)
    if settings.config_store_mode == "k8s":
        return ConfigMapStore(
            namespace=settings.config_namespace or own_namespace(),
            name=settings.config_configmap_name,
            key=settings.config_configmap_key,
            file=_only(files, "A ConfigMap"),
            max_bytes=max_bytes,
        )
    if settings.config_store_mode == "none":
        return FixedStore(files=files, max_bytes=max_bytes)
    return FileStore(files=files, max_bytes=max_bytes)


def _only(files: Sequence[Path], keeper: str) -> Path:
    if len(files) != 1:
        raise ConfigurationUnavailable(
            f"{keeper} keeps one configuration file, and CATALOG_SOURCES names {len(files)}. Name one: relative paths "
            "start in its folder."
        )
    return files[0]
