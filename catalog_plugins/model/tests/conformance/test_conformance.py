"""The model plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestModelConformance(PluginConformance):
    plugin_name = "model"
