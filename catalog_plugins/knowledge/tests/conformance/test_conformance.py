"""The knowledge plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestKnowledgeConformance(PluginConformance):
    plugin_name = "knowledge"
