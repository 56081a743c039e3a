"""The guardrails plugin keeps the contract that all plugins keep."""

from catalog_core.testing.conformance import PluginConformance


class TestGuardrailsConformance(PluginConformance):
    plugin_name = "guardrails"
