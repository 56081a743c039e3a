"""Tests that every plugin has to pass, and what plugin authors need for tests of their own.

This package needs pytest and pytest-django and is imported by tests only. A plugin's own conformance test is this::

    from catalog_core.testing.conformance import PluginConformance


    class TestWidgetsConformance(PluginConformance):
        plugin_name = "widgets"
"""

import pytest

pytest.register_assert_rewrite("catalog_core.testing.conformance")
