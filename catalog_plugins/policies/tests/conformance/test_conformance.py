"""The policies plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestPoliciesConformance(PluginConformance):
    plugin_name = "policies"
