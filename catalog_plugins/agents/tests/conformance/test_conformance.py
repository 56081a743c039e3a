"""The agents plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestAgentsConformance(PluginConformance):
    plugin_name = "agents"
