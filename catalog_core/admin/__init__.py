"""The Django admin of the core."""

from catalog_core.admin import jobs, plugins, sources, tokens

__all__ = ["jobs", "plugins", "sources", "tokens"]
