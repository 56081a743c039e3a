"""A server whose catalogs name each other."""

import json

import pytest

from catalog_core.plugins.contract import source_key
from catalog_core.plugins.registry import registry


class World:
    """The sources of some catalogs: who they are, in which order, and what they hold."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def serve(self, *sources):
        """Make the server equal to sources, each given as plugin, id, items and, perhaps, whether it is enabled."""
        catalogs = {}
        for plugin_name, key, items, *enabled in sources:
            plugin = registry.get(plugin_name)
            file = f"{plugin_name}-{key}.yaml"
            self.sandbox.write(file, json.dumps({plugin.plural: items}))
            entry = {"id": key, "name": key, "type": "yaml", "properties": {"yamlCatalogPath": file}}
            entry |= {"enabled": enabled[0]} if enabled else {}
            catalogs.setdefault(source_key(plugin), {"sources": []})["sources"].append(entry)
        self.sandbox.configure(json.dumps({"catalogs": catalogs}))
        self.sandbox.settle()

    def uid(self, plugin_name, name, source=""):
        """Return the uid of an entity."""
        plugin = registry.get(plugin_name)
        path = plugin.get_path().format(name=name, source_id=source)
        return self.sandbox.get(path, **({"source": source} if source else {}))["id"]

    def relations(self, uid, status=200, **parameters):
        return self.sandbox.get(f"/api/assets/{uid}/relations", status, **parameters)

    def impact(self, uid, status=200):
        return self.sandbox.get(f"/api/assets/{uid}/impact", status)

    def diagnosis(self, plugin_name, key):
        base = f"/api/{plugin_name}_catalog/v1alpha1"
        sources = self.sandbox.get(f"{base}/management/diagnostics")["sources"]
        return next(source for source in sources if source["id"] == key)


@pytest.fixture
def world(sandbox, settings):
    """A server without sources, on which losing all of a source's content is no matter."""
    settings.CATALOG = {**settings.CATALOG, "shrink_threshold": 0}
    return World(sandbox)
