"""A source as a client wishes it: the body of a request, and the entry of the configuration that it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog_core.administration.contents import CONTENT_PROPERTY
from catalog_core.administration.redaction import restored_properties
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.sources.models import Source

ENTRY_KEYS = ("id", "name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems")
REQUEST_KEYS = (*ENTRY_KEYS, "refreshAfterApply")
ANSWER_KEYS = ("status", "refreshResult")
"""What stands in answers besides; a client may send a source back as it got it."""

_PATTERN_KEYS = ("includedItems", "excludedItems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a client sends for a source.

    Attributes:
        plugin: the catalog it is for.
        body: the JSON object of the request, secrets restored.
        stored: the source of that id, if there is one.
    """

    plugin: CatalogPlugin
    body: Mapping[str, Any]
    stored: Source | None = None

    @classmethod
    def of(cls, plugin: CatalogPlugin, body: Mapping[str, Any], stored: Source | None) -> "Wish":
        """Return the wish that a body states.

        Raises:
            InvalidDocument: a secret is to be kept where none is stored.
        """
        properties = body.get("properties")
        if isinstance(properties, Mapping):
            body = {**body, "properties": restored_properties(properties, stored.properties if stored else {})}
        return cls(plugin=plugin, body=body, stored=stored)

    @property
    def properties(self) -> dict[str, Any]:
        """The properties without the content of the file; empty where they are no mapping."""
        given = self.body.get("properties")
        shown = dict(given) if isinstance(given, Mapping) else {}
        if self.has_file:
            shown.pop(CONTENT_PROPERTY, None)
        return shown

    @property
    def has_file(self) -> bool:
        """Whether sources of this type are a file, whose content may come with the request."""
        return self.body.get("type") == "yaml"

    @property
    def content(self) -> str | None:
        """The content of the file as the client would have it; nothing if it is not given."""
        given = self.body.get("properties")
        content = given.get(CONTENT_PROPERTY) if isinstance(given, Mapping) else None
        return content if isinstance(content, str) and self.has_file else None

    def entry(self) -> dict[str, Any]:
        """Return the entry to store: what the body states, and the patterns of the stored one where it is silent."""
        entry = {key: self.body[key] for key in ENTRY_KEYS if self.body.get(key) is not None}
        if "properties" in entry:
            entry["properties"] = self.properties
        if self.stored is not None:
            kept = {"includedItems": self.stored.included_items, "excludedItems": self.stored.excluded_items}
            entry = {**{key: kept[key] for key in _PATTERN_KEYS if kept[key]}, **entry}
        return {key: entry[key] for key in ENTRY_KEYS if key in entry}


def entry_of(source: Source) -> dict[str, Any]:
    """Return the entry of a source as it is configured."""
    entry: dict[str, Any] = {
        "id": source.key,
        "name": source.name,
        "type": source.type,
        "enabled": source.enabled,
        "labels": list(source.labels),
        "properties": dict(source.properties),
        "includedItems": list(source.included_items),
        "excludedItems": list(source.excluded_items),
    }
    return {key: value for key, value in entry.items() if value not in ([], {})}


def merged(target: Any, patch: Any) -> Any:
    """Return ``target`` after a JSON merge patch (RFC 7396); neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    base = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            base.pop(key, None)
        else:
            base[key] = merged(base.get(key), value)
    return base
