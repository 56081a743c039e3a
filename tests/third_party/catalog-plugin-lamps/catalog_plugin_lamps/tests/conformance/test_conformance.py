"""The plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestLampsConformance(PluginConformance):
    """Loads the sample data and asks everything that clients may rely on."""

    plugin_name = "lamps"
