"""Additions to ``catalog.yaml`` and ``plugin.yaml`` that leave everything else in them as it was."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog_core.plugins.metadata import parse_catalog_yaml, parse_plugin_yaml
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE
from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.yamltext import edit_yaml


def with_provider(folder: Path, source_type: str) -> dict[str, str]:
    """Return the two files of a plugin with another type of source; only those that become other than they are.

    Raises:
        OSError, InvalidDocument, UnreadableYaml: one of the files cannot be read, or breaks the rules of its format.
    """
    changed = {}
    catalog, plugin = (folder / CATALOG_FILE).read_bytes(), (folder / PLUGIN_FILE).read_bytes()
    if source_type not in parse_catalog_yaml(catalog).value.providers:
        changed[CATALOG_FILE] = _appended(catalog, CATALOG_FILE, "providers", {"type": source_type})
        parse_catalog_yaml(changed[CATALOG_FILE].encode())
    if source_type not in parse_plugin_yaml(plugin).value.providers:
        changed[PLUGIN_FILE] = _appended(plugin, PLUGIN_FILE, "providers", source_type)
        parse_plugin_yaml(changed[PLUGIN_FILE].encode())
    return changed


def with_artifact(folder: Path, name: str, properties: Sequence[Property]) -> str:
    """Return the ``catalog.yaml`` of a plugin with another sort of parts.

    Raises:
        OSError, InvalidDocument, UnreadableYaml: the file cannot be read, or breaks the rules of its format.
    """
    entry = {"name": name, "properties": [_entry(prop) for prop in properties]}
    return _appended((folder / CATALOG_FILE).read_bytes(), CATALOG_FILE, "artifacts", entry)


def _appended(content: bytes, file: str, key: str, entry: Any) -> str:
    edited = edit_yaml(content, file=file)
    spec = edited.document["spec"]
    if spec.get(key):
        spec[key].append(entry)
    else:
        spec[key] = [entry]
    return edited.text()


def _entry(prop: Property) -> Mapping[str, Any]:
    entry: dict[str, Any] = {"name": prop.name, "type": prop.type}
    if prop.kind == "array":
        entry["items"] = {"type": prop.items}
    if prop.required:
        entry["required"] = True
    return entry
