"""The providers that come with the core, one for each type of source."""

from functools import cache

from django.utils.module_loading import import_string

from catalog_core.sources.providers.base import Provider

_CLASSES = {
    "yaml": "catalog_core.sources.providers.local.FileProvider",
    "http": "catalog_core.sources.providers.http.HttpProvider",
    "git": "catalog_core.sources.providers.git.GitProvider",
}
"""Loaded once a source of the type is there: an HTTP client takes memory in every process that loads it."""


def provider_for(source_type: str) -> Provider | None:
    """Return the provider that reads sources of this type; ``None`` if there is none."""
    return _provider(source_type) if source_type in _CLASSES else None


def provider_types() -> tuple[str, ...]:
    """Return the types of source that can be read, in a stable order."""
    return tuple(_CLASSES)


@cache
def _provider(source_type: str) -> Provider:
    made: Provider = import_string(_CLASSES[source_type])()
    return made
