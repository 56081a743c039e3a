"""The Django admin of the core."""

from catalog_core.admin import configuration, jobs, plugins, revisions, set_aside, sources, tokens
from catalog_core.admin.entities import register_entities
from catalog_core.plugins.registry import registry

__all__ = ["configuration", "jobs", "plugins", "revisions", "set_aside", "sources", "tokens"]

register_entities(registry)
