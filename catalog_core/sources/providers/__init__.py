"""The providers that come with the core, one for each type of source."""

from catalog_core.sources.providers.base import Provider
from catalog_core.sources.providers.git import GitProvider
from catalog_core.sources.providers.http import HttpProvider
from catalog_core.sources.providers.local import FileProvider

_PROVIDERS: tuple[Provider, ...] = (FileProvider(), HttpProvider(), GitProvider())


def provider_for(source_type: str) -> Provider | None:
    """Return the provider that reads sources of this type; ``None`` if there is none."""
    return next((provider for provider in _PROVIDERS if provider.type == source_type), None)


def provider_types() -> tuple[str, ...]:
    """Return the types of source that can be read, in a stable order."""
    return tuple(provider.type for provider in _PROVIDERS)
