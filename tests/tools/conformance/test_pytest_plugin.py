"""The checks inside pytest, as authors of plugins use them."""

import re
import subprocess
import sys
import textwrap

import pytest

from tests.process.servers import PROJECT, clean_environment
from tests.tools.conformance.fake_server import FakeServer
from tests.tools.conformance.faults_of_lists import filters_are_ignored

PLUGIN = ("-p", "no:catalog-conformance", "-p", "catalog_core.testing.plugin")


@pytest.fixture
def author(tmp_path):
    """Run the conformance test of an author: ``author("mcp", "--catalog-server", url)``."""

    def run(plugin, *options):
        (tmp_path / "test_it.py").write_text(
            textwrap.dedent(
                f"""
                from catalog_core.testing.conformance import PluginConformance

                class TestIt(PluginConformance):
                    plugin_name = "{plugin}"
                """
            )
        )
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), *PLUGIN]
        environment = clean_environment(
            DJANGO_SETTINGS_MODULE="catalog_project.settings", CATALOG_DATA_DIR=str(tmp_path / "data")
        )
        arguments = [*command, "-rA", *options, str(tmp_path / "test_it.py")]
        return subprocess.run(arguments, cwd=PROJECT, env=environment, capture_output=True, text=True)

    return run


def test_a_good_plugin_passes_and_every_skip_has_a_reason(author):
    result = author("mcp")
    assert result.returncode == 0, result.stdout
    assert "PASSED" in result.stdout
    assert "no operator's token was given" in result.stdout


def test_a_running_server_is_looked_at_where_one_is_named(author):
    with FakeServer() as server:
        result = author("widgets", "--catalog-server", server.url, "-k", "keeps_the_contract")
    assert result.returncode == 0, result.stdout
    assert f"catalog server: {server.url}" in result.stdout


def test_a_fault_of_a_running_server_fails_the_test_by_name(author):
    with FakeServer(filters_are_ignored) as server:
        result = author("widgets", "--catalog-server", server.url, "-k", "B-")
    assert result.returncode == 1
    assert "every_filter_filters" in result.stdout
    assert re.search(r"finds \d that it should not", result.stdout)


def test_a_bad_address_is_a_usage_error(author):
    result = author("widgets", "--catalog-server", "nowhere", "-k", "B-")
    assert result.returncode != 0
    assert "begins with http:// or https://" in result.stdout + result.stderr
