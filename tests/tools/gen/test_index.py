"""``catalog-gen index``: the index of plugins, built and checked."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
BUNDLED = ["agents", "guardrails", "knowledge", "mcp", "model", "policies", "prompts", "skills"]
OTHER = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: PluginIndexEntry
metadata: {name: gadgets}
spec:
  displayName: Gadgets
  tier: community
  module: acme.gadgets
  version: "1.0.0"
  compatibility: {frameworkApi: v1alpha1}
  owners: [{team: workshop}]
"""


@pytest.fixture
def index(run, tmp_path):
    """An index that is up to date."""
    assert run("index", "--output", "index").exit_code == 0
    return tmp_path / "index"


def entry(index, name):
    return yaml.safe_load((index / "plugins" / f"{name}.yaml").read_text())


def test_the_index_that_comes_with_the_server_is_up_to_date(run):
    result = run("index", "--check", "--output", ROOT / "deploy" / "plugin-index")
    assert (result.exit_code, result.output) == (0, "")


def test_every_bundled_plugin_has_an_entry_that_keeps_the_schema(index):
    assert [path.stem for path in sorted((index / "plugins").iterdir())] == BUNDLED
    validator = Draft202012Validator(yaml.safe_load((index / "schema.yaml").read_text()))
    for name in BUNDLED:
        found = entry(index, name)
        validator.validate(found)
        assert (found["metadata"]["name"], found["spec"]["tier"]) == (name, "built-in")
        assert found["spec"]["module"] == f"catalog_plugins.{name}"
        assert found["spec"]["version"] == "0.9.0"


def test_building_again_changes_nothing(run, index):
    result = run("index", "--output", "index")
    assert (result.exit_code, result.output) == (0, "The index is up to date.\n")


def test_an_index_that_is_not_there_is_out_of_date(run, tmp_path):
    result = run("index", "--check", "--output", "index")
    assert result.exit_code == 1
    assert "index/plugins/mcp.yaml: out of date; run catalog-gen index\n" in result.output
    assert not (tmp_path / "index").exists()


def test_an_entry_that_was_edited_is_out_of_date(run, index, change):
    change(index / "plugins" / "mcp.yaml", "displayName: MCP Servers", "displayName: Servers")
    result = run("index", "--check", "--output", "index")
    assert (result.exit_code, result.output) == (1, "index/plugins/mcp.yaml: out of date; run catalog-gen index\n")
    assert run("index", "--output", "index", "--dry-run").output == "would change index/plugins/mcp.yaml\n"
    assert entry(index, "mcp")["spec"]["displayName"] == "Servers"
    assert run("index", "--output", "index").output == "changed index/plugins/mcp.yaml\n"
    assert entry(index, "mcp")["spec"]["displayName"] == "MCP Servers"


def test_an_entry_of_a_bundled_plugin_that_is_gone_goes_too(run, index):
    path = index / "plugins" / "gone.yaml"
    path.write_text((index / "plugins" / "mcp.yaml").read_text().replace("name: mcp", "name: gone"))
    assert run("index", "--check", "--output", "index").exit_code == 1
    assert run("index", "--output", "index").exit_code == 0
    assert not path.exists()


def test_entries_of_others_stay(run, index):
    (index / "plugins" / "gadgets.yaml").write_text(OTHER)
    assert run("index", "--check", "--output", "index").exit_code == 0
    assert run("index", "--output", "index").exit_code == 0
    assert (index / "plugins" / "gadgets.yaml").read_text() == OTHER


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "tier: community",
            "tier: comunity",
            'plugins/gadgets.yaml:6:9: spec.tier: "tier" cannot be "comunity". Did you',
        ),
        ('version: "1.0.0"', "version: v1alpha1", '"version" cannot be "v1alpha1"'),
        ("name: gadgets", "name: gizmos", 'the plugin is called "gizmos"; name the file after it'),
        ("kind:", "kind", "plugins/gadgets.yaml"),
    ],
)
def test_entries_of_others_are_checked(run, index, old, new, expected):
    (index / "plugins" / "gadgets.yaml").write_text(OTHER.replace(old, new))
    for arguments in (("--check",), ()):
        result = run("index", "--output", "index", *arguments)
        assert result.exit_code == 1
        assert expected in result.output


def test_another_plugin_is_of_the_community_until_somebody_says_otherwise(run, index, widgets):
    assert run("index", "widgets", "--output", "index").output == "changed index/plugins/widgets.yaml\n"
    assert entry(index, "widgets")["spec"] == {
        "displayName": "Widgets",
        "description": "Things that turn.",
        "tier": "community",
        "module": "acme.widgets",
        "version": "1.4.0",
        "compatibility": {
            "catalogServer": {"minVersion": "0.1.0", "maxVersion": "99.x"},
            "frameworkApi": "v1alpha1",
        },
        "owners": [{"team": "workshop", "contact": "workshop@example.org"}],
        "security": {"license": "Apache-2.0"},
        "entityKinds": ["Widget"],
        "providers": ["yaml"],
    }
    run("index", "widgets", "--output", "index", "--tier", "supported")
    assert entry(index, "widgets")["spec"]["tier"] == "supported"
    run("index", "widgets", "--output", "index")
    assert entry(index, "widgets")["spec"]["tier"] == "supported"


def test_a_supported_plugin_has_to_pass_governance(run, index, widgets):
    (widgets / "README.md").unlink()
    result = run("index", "widgets", "--output", "index", "--tier", "supported")
    assert result.exit_code == 1
    assert "widgets: documentation present: README.md: There is no README.md" in result.output
    assert not (index / "plugins" / "widgets.yaml").exists()
    assert run("index", "widgets", "--output", "index", "--tier", "community").exit_code == 0


def test_a_plugin_that_cannot_be_understood_is_not_taken(run, index, widgets, change):
    change(widgets / "plugin.yaml", '"1.4.0"', "1.4")
    result = run("index", "widgets", "--output", "index")
    assert result.exit_code == 1
    assert "widgets: plugin.yaml valid: plugin.yaml:9:12: spec.version" in result.output


def test_nobody_takes_the_name_of_a_bundled_plugin(run, index, widgets, change):
    change(widgets / "plugin.yaml", "  name: widgets", "  name: mcp")
    change(widgets / "catalog.yaml", "{name: widgets}", "{name: mcp}")
    result = run("index", "widgets", "--output", "index")
    assert result.exit_code == 1
    assert 'widgets: another plugin is called "mcp" too' in result.output


def test_the_tier_of_bundled_plugins_is_for_bundled_plugins(run, widgets):
    assert run("index", "widgets", "--tier", "built-in").exit_code == 2
