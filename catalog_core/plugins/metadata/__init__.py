"""What is written about plugins: ``plugin.yaml``, ``catalog.yaml``, manifests; strict, every problem with its line."""

from catalog_core.plugins.metadata.catalog_yaml import Artifact, CatalogConfig, CatalogProperty, parse_catalog_yaml
from catalog_core.plugins.metadata.compatibility import compatibility_problems
from catalog_core.plugins.metadata.folder import folder_of, metadata_of
from catalog_core.plugins.metadata.plugin_yaml import PluginMetadata, parse_plugin_yaml
from catalog_core.plugins.metadata.server_manifest import ServerManifest, WantedPlugin, parse_server_manifest
from catalog_core.plugins.metadata.structure import Parsed, parse_structure

__all__ = [
    "Artifact",
    "CatalogConfig",
    "CatalogProperty",
    "Parsed",
    "PluginMetadata",
    "ServerManifest",
    "WantedPlugin",
    "compatibility_problems",
    "folder_of",
    "metadata_of",
    "parse_catalog_yaml",
    "parse_plugin_yaml",
    "parse_server_manifest",
    "parse_structure",
]
