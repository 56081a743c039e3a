"""Additions to ``catalog.yaml`` and ``plugin.yaml`` that leave everything else in them as it was."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog_core.plugins.metadata import parse_catalog_yaml, parse_plugin_yaml
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE
from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.yaml_insert import with_entry


def with_provider(folder: Path, source_type: str) -> dict[str, str]:
    """Return the two files of a plugin with another type of source; only those that become other than they are.

    Raises:
        OSError, InvalidDocument, UneditableYaml: one of the files cannot be read, or breaks the rules of its format.
    """
    changed = {}
    catalog, plugin = (folder / CATALOG_FILE).read_bytes(), (folder / PLUGIN_FILE).read_bytes()
    if source_type not in parse_catalog_yaml(catalog).value.providers:
        changed[CATALOG_FILE] = with_entry(catalog, ("spec", "providers"), {"type": source_type}, file=CATALOG_FILE)
        parse_catalog_yaml(changed[CATALOG_FILE].encode())
    if source_type not in parse_plugin_yaml(plugin).value.providers:
        changed[PLUGIN_FILE] = with_entry(plugin, ("spec", "providers"), source_type, file=PLUGIN_FILE)
        parse_plugin_yaml(changed[PLUGIN_FILE].encode())
    return changed


def with_artifact(folder: Path, name: str, properties: Sequence[Property]) -> str:
    """Return the ``catalog.yaml`` of a plugin with another sort of parts.

    Raises:
        OSError, InvalidDocument, UneditableYaml: the file cannot be read, or breaks the rules of its format.
    """
    entry = {"name": name, "properties": [_entry(prop) for prop in properties]}
    return with_entry((folder / CATALOG_FILE).read_bytes(), ("spec", "artifacts"), entry, file=CATALOG_FILE)


def _entry(prop: Property) -> Mapping[str, Any]:
    entry: dict[str, Any] = {"name": prop.name, "type": prop.type}
    if prop.kind == "array":
        entry["items"] = {"type": prop.items}
    if prop.required:
        entry["required"] = True
    return entry
