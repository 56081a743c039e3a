"""The skills plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestSkillsConformance(PluginConformance):
    plugin_name = "skills"
