"""The mcp plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestMcpConformance(PluginConformance):
    plugin_name = "mcp"
