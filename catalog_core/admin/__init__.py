"""The Django admin of the core."""

from catalog_core.admin import configuration, jobs, plugins, revisions, set_aside, sources, tokens

__all__ = ["configuration", "jobs", "plugins", "revisions", "set_aside", "sources", "tokens"]
