"""The prompts plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestPromptsConformance(PluginConformance):
    plugin_name = "prompts"
