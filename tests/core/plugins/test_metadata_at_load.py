"""``plugin.yaml`` when a plugin is loaded, and where people see what it says."""

from importlib import import_module, invalidate_caches
from itertools import count

import pytest

from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.discovery import FailureLog
from catalog_core.plugins.metadata import folder_of, metadata_of
from catalog_core.plugins.registry import PluginRegistry

PLUGIN_YAML = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogPlugin
metadata: {name: widgets}
spec:
  displayName: Widgets
  description: Things that turn.
  version: "1.4.0"
  owners: [{team: workshop, contact: workshop@example.org}]
  compatibility: {catalogServer: {minVersion: "0.1.0", maxVersion: "99.x"}, frameworkApi: v1alpha1}
  providers: [yaml]
"""
CODE = """\
from catalog_core.plugin import Plugin


class Widgets(Plugin):
    name = "widgets"

    def register_routes(self, router):
        pass
"""
packages = count()


@pytest.fixture
def plugin_with(tmp_path, monkeypatch):
    """Make a plugin with the given plugin.yaml, its code in a module or a package called plugin."""

    def make(content, *, module="plugin.py"):
        package = f"widgets_to_load_{next(packages)}"
        folder = tmp_path / package
        (folder / module).parent.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / module).write_text(CODE)
        if content is not None:
            (folder / "plugin.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.syspath_prepend(tmp_path)
        invalidate_caches()
        return import_module(f"{package}.plugin").Widgets()

    return make


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PLUGIN_YAML.replace("providers", "provider"), ["plugin.yaml:4:1: ", "plugin.yaml:10:3: "]),
        (PLUGIN_YAML.replace('"1.4.0"', "1.4"), ["plugin.yaml:7:12: spec.version: "]),
        (PLUGIN_YAML.replace("{name: widgets}", "{name: widgets"), ["plugin.yaml:4:"]),
        ("", ["plugin.yaml: The file is empty."]),
        (b"\xff\xfe\xff", ["plugin.yaml"]),
        (PLUGIN_YAML.replace("name: widgets", "name: gadgets"), ["plugin.yaml calls it 'gadgets', its code 'widgets'"]),
        (PLUGIN_YAML.replace('"0.1.0"', '"98.0.0"'), ["it needs a server of at least version 98.0.0, this is "]),
    ],
)
def test_a_plugin_whose_plugin_yaml_is_wrong_is_not_registered(plugin_with, content, expected):
    plugins = PluginRegistry()
    with pytest.raises(PluginDefinitionError) as caught:
        plugins.register(plugin_with(content))
    assert len(caught.value.problems) == len(expected)
    for problem, start in zip(caught.value.problems, expected, strict=True):
        assert problem.startswith(start)
    assert len(plugins) == 0


def test_the_failure_that_administrators_see_names_the_lines(plugin_with):
    log = FailureLog()
    with pytest.raises(PluginDefinitionError) as caught:
        PluginRegistry().register(plugin_with(PLUGIN_YAML + "  licence: MIT\n"))
    log.record("widgets", "definition", caught.value)
    message = log.get("widgets").message
    assert 'plugin.yaml:11:3: spec.licence: The key "licence" is not known here. Did you mean "license"?' in message


def test_a_plugin_yaml_that_is_a_folder_is_told_without_its_path(plugin_with, tmp_path):
    plugin = plugin_with(None)
    (next(tmp_path.glob("widgets_to_load_*")) / "plugin.yaml").mkdir()
    with pytest.raises(PluginDefinitionError) as caught:
        metadata_of(plugin)
    assert caught.value.problems == ("plugin.yaml cannot be read: Is a directory",)


@pytest.mark.parametrize("module", ["plugin.py", "plugin/__init__.py"])
def test_the_file_is_found_around_the_code(plugin_with, module):
    plugin = plugin_with(PLUGIN_YAML, module=module)
    assert metadata_of(plugin).version == "1.4.0"
    assert (folder_of(plugin) / "plugin.yaml").is_file()


def test_a_plugin_without_the_file_is_registered_without_metadata(plugin_with):
    plugins = PluginRegistry()
    plugins.register(plugin_with(None))
    assert plugins.metadata("widgets") is None


def test_what_a_registered_plugin_says_is_kept(plugin_with):
    plugins = PluginRegistry()
    plugins.register(plugin_with(PLUGIN_YAML))
    assert plugins.metadata("widgets").owners == (("workshop", "workshop@example.org"),)


def test_discovery_shows_owners_license_version_and_repository(sandbox):
    sandbox.configure("catalogs: {}")
    sandbox.settle(starting=True)
    entries = {entry["name"]: entry for entry in sandbox.get("/api/plugins")["plugins"]}
    assert entries["mcp"]["metadata"] == {
        "displayName": "MCP Servers",
        "version": "0.9.0",
        "owners": [{"team": "catalog-maintainers", "contact": "catalog-maintainers@example.com"}],
        "license": "Apache-2.0",
        "repository": "https://github.com/example/catalog-of-catalogs",
    }


def test_the_admin_shows_what_plugin_yaml_says(sandbox, admin_client):
    sandbox.configure("catalogs: {}")
    sandbox.settle(starting=True)
    page = admin_client.get("/admin/catalog_core/pluginstate/mcp/change/").content.decode()
    for shown in (
        "catalog-maintainers (catalog-maintainers@example.com)",
        "Apache-2.0",
        "https://github.com/example/catalog-of-catalogs",
        "from 0.9.0, up to 1.x, plugin API v1alpha1",
    ):
        assert shown in page
    assert "catalog-maintainers" in admin_client.get("/admin/catalog_core/pluginstate/").content.decode()


@pytest.mark.django_db
def test_the_admin_shows_a_plugin_without_plugin_yaml(admin_client):
    from catalog_core.plugins.models import PluginState

    PluginState.objects.create(name="gone", stage="init", error="it broke")
    assert admin_client.get("/admin/catalog_core/pluginstate/gone/change/").status_code == 200
