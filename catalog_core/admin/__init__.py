"""The Django admin of the core."""

from catalog_core.admin import configuration, jobs, overlays, plugins, revisions, set_aside, sources, tokens

__all__ = ["configuration", "jobs", "overlays", "plugins", "revisions", "set_aside", "sources", "tokens"]
