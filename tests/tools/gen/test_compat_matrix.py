"""``catalog-gen compat-matrix``: which plugins fit a server."""

import pytest

MANIFEST = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogServerBuild
spec:
  base: {module: acme.server, version: v0.9.0}
  plugins:
    - {name: widgets, module: acme.widgets, version: "1.4.0"}
"""
HEAD = """\
# Compatibility

Server 0.9.0, plugin API v1alpha1.

| Plugin | Module | Version | Min Server | Max Server | Framework API | Compatible |
| --- | --- | --- | --- | --- | --- | --- |
"""


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "server.yaml"
    path.write_text(MANIFEST)
    return path


def test_a_manifest_that_is_not_there_is_a_mistake_of_the_caller(run):
    assert run("compat-matrix", "nowhere.yaml").exit_code == 2


def test_a_manifest_that_is_wrong_is_told_with_its_line(run, manifest, change):
    change(manifest, "version: v0.9.0", "version: newest")
    result = run("compat-matrix", manifest)
    assert result.exit_code == 1
    assert 'server.yaml:4:40: spec.base.version: "version" cannot be "newest"' in result.output


def test_a_plugin_that_fits(run, manifest, widgets):
    result = run("compat-matrix", manifest, "--plugins", ".")
    assert result.exit_code == 0
    assert result.output == f"{HEAD}| widgets | acme.widgets | 1.4.0 | 0.1.0 | 99.x | v1alpha1 | Yes |\n"


def test_a_plugin_is_found_where_the_manifest_says(run, manifest, widgets, change, tmp_path):
    widgets.rename(tmp_path / "elsewhere")
    change(manifest, 'version: "1.4.0"', 'version: "1.4.0", path: elsewhere')
    assert run("compat-matrix", manifest).exit_code == 0


def test_a_plugin_that_nobody_has_is_unknown(run, manifest):
    result = run("compat-matrix", manifest)
    assert result.exit_code == 1
    assert result.output == (
        f"{HEAD}| widgets | acme.widgets | 1.4.0 | - | - | - | Unknown |\n"
        "\n"
        "- `widgets`: its plugin.yaml was not found.\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "answer", "reason"),
    [
        ('minVersion: "0.1.0"', 'minVersion: "1.x"', "No", "it needs a server of at least version 1.x, this is 0.9.0"),
        ('maxVersion: "99.x"', 'maxVersion: "0.8"', "No", "it needs a server of at most version 0.8, this is 0.9.0"),
        ("frameworkApi: v1alpha1", "frameworkApi: v2", "No", "it was written for plugin API v2"),
        ('minVersion: "0.1.0", ', "", "Unknown", "its plugin.yaml says no minVersion"),
        (', maxVersion: "99.x"', "", "Unknown", "its plugin.yaml says no maxVersion"),
        ('"1.4.0"', '"1.5.0"', "Unknown", "version 1.4.0 is wanted, but the plugin.yaml found is of version 1.5.0"),
    ],
)
def test_why_a_plugin_may_not_fit(run, manifest, widgets, change, old, new, answer, reason):
    change(widgets / "plugin.yaml", old, new)
    result = run("compat-matrix", manifest, "--plugins", "widgets")
    assert result.exit_code == 1
    assert f"| {answer} |\n" in result.output
    assert f"- `widgets`: {reason}" in result.output


def test_a_range_with_alternatives_does_not_break_the_table(run, manifest, widgets, change):
    change(widgets / "plugin.yaml", '{minVersion: "0.1.0", maxVersion: "99.x"}', "{versionRange: ^0.9 || 2}")
    result = run("compat-matrix", manifest, "--plugins", ".")
    assert result.exit_code == 0
    assert r"| ^0.9 \|\| 2 | ^0.9 \|\| 2 | v1alpha1 | Yes |" in result.output


def test_bundled_plugins_are_found_without_being_told(run, manifest, change):
    change(manifest, "name: widgets, module: acme.widgets", "name: mcp, module: catalog_plugins.mcp")
    change(manifest, '"1.4.0"', "^0.9")
    result = run("compat-matrix", manifest)
    assert result.exit_code == 0
    assert "| mcp | catalog_plugins.mcp | ^0.9 | 0.9.0 | 1.x | v1alpha1 | Yes |" in result.output


def test_the_table_is_written_where_wanted(run, manifest, widgets, tmp_path):
    shown = run("compat-matrix", manifest, "--plugins", ".", "--output", "COMPATIBILITY.md", "--dry-run").output
    assert not (tmp_path / "COMPATIBILITY.md").exists()
    assert run("compat-matrix", manifest, "--plugins", ".", "--output", "COMPATIBILITY.md").output == ""
    assert (tmp_path / "COMPATIBILITY.md").read_text() == shown


@pytest.mark.real_data
def test_the_manifest_of_the_first_server_of_this_api_is_understood(run, shared_data):
    result = run("compat-matrix", shared_data / "reference-config" / "catalog-server-manifest.yaml")
    assert (result.exit_code, result.output.count("| Yes |")) == (0, 8)
