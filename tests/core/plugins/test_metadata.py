"""What is written about plugins: read strictly, every problem with its place."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata import (
    PluginMetadata,
    compatibility_problems,
    parse_catalog_yaml,
    parse_plugin_yaml,
    parse_server_manifest,
)
from catalog_core.schemas import SCHEMAS, schema, schema_text

ROOT = Path(__file__).parents[3]
PLUGIN = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogPlugin
metadata: {name: widgets}
spec:
  displayName: Widgets
  description: Things that turn.
  version: "1.4.0-rc.1"
  owners:
    - {team: workshop, contact: workshop@example.org}
    - {team: office}
  compatibility:
    catalogServer: {minVersion: "0.9.0", maxVersion: 1.x}
    frameworkApi: v1alpha1
  providers: [yaml, git]
  license: Apache-2.0
  repository: https://code.example/widgets
"""
CATALOG = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogConfig
metadata: {name: widgets}
spec:
  package: acme.widgets
  entity:
    name: Widget
    properties:
      - {name: colour, type: string, required: true, description: Its colour., options: [red, blue]}
      - {name: parts, type: array, items: {type: string}}
  artifacts:
    - name: Manual
      properties: [{name: uri, type: string}]
  providers: [{type: yaml}]
"""
MANIFEST = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogServerBuild
spec:
  base: {image: base:1, frameworkVersion: v1alpha1, module: acme.server, version: v0.9.0}
  plugins:
    - {name: mcp, module: catalog_plugins.mcp, version: v0.9.0}
    - {name: widgets, module: acme.widgets, version: ^1.2, requirement: acme-widgets, path: ../widgets}
"""


def problems(parse, text, **arguments):
    with pytest.raises(InvalidDocument) as caught:
        parse(text.encode(), **arguments)
    return [str(problem) for problem in caught.value.problems]


# --- plugin.yaml


def test_every_problem_of_a_plugin_yaml_is_told_at_once_with_line_and_column():
    text = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogPlugins
metadata: {name: Wid gets, lables: 1}
spec:
  displayname: Widgets
  version: 1.0
  description:
  owners: []
  compatibility:
    catalogServer: {minVersion: ""}
  providers: yaml
  license: [a]
  repository: nowhere
"""
    assert problems(parse_plugin_yaml, text) == [
        'plugin.yaml:2:7: kind: "kind" cannot be "CatalogPlugins". Did you mean "CatalogPlugin"?',
        'plugin.yaml:3:18: metadata.name: "name" cannot be "Wid gets": it begins with a lower-case letter and '
        "holds only those, digits, - and _, 63 at most.",
        'plugin.yaml:3:28: metadata.lables: The key "lables" is not known here. Known are: name.',
        'plugin.yaml:4:1: spec: "displayName" is missing. Expected: its name for people.',
        'plugin.yaml:5:3: spec.displayname: The key "displayname" is not known here. Did you mean "displayName"?',
        'plugin.yaml:6:12: spec.version: "version" has to be text. Put it in quotes.',
        'plugin.yaml:7:15: spec.description: "description" has no value. Write one, or remove the key.',
        'plugin.yaml:8:11: spec.owners: "owners" is empty. Expected: who answers for it.',
        'plugin.yaml:9:3: spec.compatibility: "frameworkApi" is missing. Expected: the version of the plugin API '
        "that it was written for.",
        'plugin.yaml:10:33: spec.compatibility.catalogServer.minVersion: "minVersion" is empty. Expected: the oldest '
        "version, such as 0.9.0, or 1.x for any that begins with 1.",
        'plugin.yaml:11:14: spec.providers: "providers" has to be a list. Begin each element with "- ".',
        'plugin.yaml:12:12: spec.license: "license" has to be text. Write it in one line.',
        'plugin.yaml:13:15: spec.repository: "repository" cannot be "nowhere": write an address such as '
        "https://github.com/acme/widgets.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"1.4.0-rc.1"', '"1.4"', '7:12: spec.version: "version" cannot be "1.4": write three numbers'),
        ('"1.4.0-rc.1"', '"1.04.0"', '"version" cannot be "1.04.0"'),
        (
            '"0.9.0"',
            '"0.9.0.1"',
            '12:33: spec.compatibility.catalogServer.minVersion: "minVersion" cannot be understood',
        ),
        ("maxVersion: 1.x", 'versionRange: ">>1"', '"versionRange" cannot be understood: ">>1" cannot be understood'),
        (
            "maxVersion: 1.x",
            'maxVersion: "0.8"',
            "12:5: spec.compatibility.catalogServer: No version of the server fits",
        ),
        ("maxVersion: 1.x", 'versionRange: "<0.9"', "No version of the server fits these bounds"),
        ("[yaml, git]", "[yaml, yaml]", '"providers" names something twice'),
        ("[yaml, git]", "[]", '"providers" is empty'),
        ("{team: office}", "{contact: a@example.org}", 'spec.owners[1]: "team" is missing'),
        ("{team: office}", "office", 'An element of "owners" has to be a mapping'),
        ("kind:", "Kind:", 'The key "Kind" is not known here. Did you mean "kind"?'),
        ("displayName: Widgets", "displayName: 7", '"displayName" has to be text. Put it in quotes.'),
        ("  license:", "  license: MIT\n  license:", 'The key "license" stands twice'),
        ("metadata: {name: widgets}", "metadata: {name: widgets", "plugin.yaml:4"),
    ],
)
def test_what_is_wrong_in_a_plugin_yaml_is_told(old, new, expected):
    assert old in PLUGIN
    assert expected in "\n".join(problems(parse_plugin_yaml, PLUGIN.replace(old, new, 1)))


@pytest.mark.parametrize("text", ["", "[]", "plugin", "3", "- a"])
def test_what_is_no_mapping_is_no_plugin_yaml(text):
    assert len(problems(parse_plugin_yaml, text)) == 1


def test_a_plugin_yaml_is_read():
    parsed = parse_plugin_yaml(PLUGIN.replace('"1.4.0-rc.1"', "v1.4.0-rc.1+b.1").encode())
    assert parsed.warnings == ()
    assert parsed.value == PluginMetadata(
        name="widgets",
        display_name="Widgets",
        description="Things that turn.",
        version="1.4.0-rc.1+b.1",
        owners=(("workshop", "workshop@example.org"), ("office", "")),
        min_server="0.9.0",
        max_server="1.x",
        framework_api="v1alpha1",
        providers=("yaml", "git"),
        license="Apache-2.0",
        repository="https://code.example/widgets",
    )


def test_keys_that_begin_with_x_are_for_everybody():
    assert parse_plugin_yaml(f"{PLUGIN}  x-colour: blue\nx-more: [1]\n".encode()).value.name == "widgets"


def test_another_api_version_is_read_with_a_remark():
    parsed = parse_plugin_yaml(PLUGIN.replace("catalog.kubeflow.org/v1alpha1", "catalog/v2", 1).encode())
    assert [(problem.line, problem.severity) for problem in parsed.warnings] == [(1, "warning")]


# --- compatibility


@pytest.mark.parametrize(
    ("bounds", "server", "expected"),
    [
        ({"min_server": "99.0.0"}, "0.9.0", "it needs a server of at least version 99.0.0, this is 0.9.0"),
        ({"min_server": "1.0.0"}, "1.0.0rc1", "it needs a server of at least version 1.0.0, this is 1.0.0rc1"),
        ({"max_server": "1.x"}, "2.0.0", "it needs a server of at most version 1.x, this is 2.0.0"),
        ({"max_server": "1.x"}, "2.0.0rc1", "it needs a server of at most version 1.x, this is 2.0.0rc1"),
        ({"max_server": "1.2.3"}, "1.2.1000", "it needs a server of at most version 1.2.3, this is 1.2.1000"),
        ({"server_range": "^1.2 || 3"}, "2.0.0", "it needs a server with a version in ^1.2 || 3, this is 2.0.0"),
    ],
)
def test_a_plugin_that_does_not_fit_says_both_versions(bounds, server, expected):
    assert compatibility_problems(PluginMetadata(name="widgets", **bounds), server) == [expected]


def test_another_plugin_api_does_not_fit():
    found = compatibility_problems(PluginMetadata(name="widgets", framework_api="v2"))
    assert found == [
        "it was written for plugin API v2, this server offers v1alpha1; "
        "install a release of the plugin made for this API"
    ]


@pytest.mark.parametrize("server", ["0.9.0", "v0.9.0", "1.99.1000", "1.0.0rc1", "1.0.post1"])
def test_a_server_within_the_bounds_fits(server):
    metadata = PluginMetadata(name="widgets", min_server="0.9.0", max_server="1.x", server_range="<2")
    assert compatibility_problems(metadata, server) == []


# --- catalog.yaml


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "type: string, required",
            "type: text, required",
            '9:30: spec.entity.properties[0].type: "type" cannot be "text"',
        ),
        ("type: string, required", "type: text, required", "Known are: string, integer, int, int64,"),
        ("type: string, required", "type: strin, required", 'Did you mean "string"?'),
        ("required: true", 'required: "yes"', '"required" has to be true or false'),
        (
            "name: parts",
            "name: colour",
            '10:16: spec.entity.properties[1].name: "colour" stands twice here, first in line 9',
        ),
        ("name: parts", "name: my-parts", '"name" cannot be "my-parts"'),
        ("name: Widget", "name: widget", '"name" cannot be "widget": it begins with a capital letter'),
        ("options: [red, blue]", "optoins: [red]", 'Did you mean "options"?'),
        ("[{type: yaml}]", "[{type: yaml}, {type: yaml}]", '"yaml" stands twice here'),
        ("- {name: parts, type: array, items: {type: string}}", "- {name: parts}", '"type" is missing'),
        ("  artifacts:", "  api: {port: 99999}\n  artifacts:", '"port" cannot be 99999'),
        ("  artifacts:", "  api: {basePath: widgets/}\n  artifacts:", "it begins with a slash"),
        (
            "[{name: uri, type: string}]",
            "[{name: a, type: int}, {name: a, type: int}]",
            "spec.artifacts[0].properties[1]",
        ),
    ],
)
def test_what_is_wrong_in_a_catalog_yaml_is_told(old, new, expected):
    assert old in CATALOG
    assert expected in "\n".join(problems(parse_catalog_yaml, CATALOG.replace(old, new, 1)))


def test_a_catalog_yaml_is_read():
    parsed = parse_catalog_yaml(CATALOG.encode())
    assert parsed.warnings == ()
    config = parsed.value
    assert (config.name, config.package, config.kind, config.plural) == ("widgets", "acme.widgets", "Widget", "widgets")
    assert (config.base_path, config.providers) == ("/api/widgets_catalog/v1alpha1", ("yaml",))
    colour, parts = config.properties
    assert (colour.name, colour.type, colour.required, colour.options) == ("colour", "string", True, ("red", "blue"))
    assert (parts.name, parts.type, parts.item_type) == ("parts", "array", "string")
    assert [(part.name, [entry.name for entry in part.properties]) for part in config.artifacts] == [
        ("Manual", ["uri"])
    ]


def test_a_property_that_every_entity_has_is_left_out_with_a_remark():
    parsed = parse_catalog_yaml(CATALOG.replace("name: parts", "name: externalId").encode())
    assert [entry.name for entry in parsed.value.properties] == ["colour"]
    assert [str(problem) for problem in parsed.warnings] == [
        'catalog.yaml:10:16: spec.entity.properties[1].name: "externalId" is left out, as every entity has it. '
        "Remove it from the list."
    ]


# --- the manifest of a server


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "name: widgets",
            "name: mcp",
            'm.yaml:7:14: spec.plugins[1].name: The plugin "mcp" stands twice here, first in line 6',
        ),
        ("^1.2", "newest", '"version" cannot be understood'),
        ("version: v0.9.0}\n  plugins", "version: 0.9}\n  plugins", '"version" has to be text'),
        ("module: acme.server, ", "", '4:3: spec.base: "module" is missing'),
    ],
)
def test_what_is_wrong_in_a_manifest_is_told(old, new, expected):
    assert old in MANIFEST
    assert expected in "\n".join(problems(parse_server_manifest, MANIFEST.replace(old, new, 1), file="m.yaml"))


def test_a_manifest_is_read():
    manifest = parse_server_manifest(MANIFEST.encode(), file="m.yaml").value
    assert (manifest.module, manifest.version, manifest.framework_api) == ("acme.server", "0.9.0", "v1alpha1")
    assert [(wanted.name, wanted.version, wanted.path) for wanted in manifest.plugins] == [
        ("mcp", "v0.9.0", ""),
        ("widgets", "^1.2", "../widgets"),
    ]


# --- files that are there


@pytest.mark.real_data
def test_files_of_the_first_server_of_this_api_are_valid(shared_data):
    read = {"plugin.yaml": parse_plugin_yaml, "catalog.yaml": parse_catalog_yaml}
    files = sorted(path for name in read for path in (shared_data / "reference-samples").glob(f"*/{name}"))
    assert len(files) == 10
    assert [read[path.name](path.read_bytes()).warnings for path in files] == [()] * 10
    manifest = shared_data / "reference-config" / "catalog-server-manifest.yaml"
    assert len(parse_server_manifest(manifest.read_bytes(), file=manifest.name).value.plugins) == 8


@pytest.mark.parametrize("path", sorted(ROOT.glob("catalog_plugins/*/plugin.yaml")), ids=lambda path: path.parent.name)
def test_files_of_bundled_plugins_are_valid(path):
    metadata = parse_plugin_yaml(path.read_bytes())
    config = parse_catalog_yaml((path.parent / "catalog.yaml").read_bytes())
    assert (metadata.warnings, config.warnings) == ((), ())
    assert metadata.value.name == config.value.name


# --- schemas


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_published_and_explain_everything(name):
    Draft202012Validator.check_schema(schema(name))
    assert json.loads(schema_text(name)) == schema(name)
    unexplained = []

    def look(rules, path):
        if "properties" in rules and rules.get("additionalProperties") is not False:
            unexplained.append(f"{path} is open")
        if "pattern" in rules and "patternErrorMessage" not in rules:
            unexplained.append(f"{path} has a pattern without a message")
        for key, inner in rules.get("properties", {}).items():
            if "description" not in inner:
                unexplained.append(f"{path}.{key}")
            look(inner, f"{path}.{key}")
        if "items" in rules:
            look(rules["items"], f"{path}[]")

    look(schema(name), name)
    assert unexplained == []


@pytest.mark.parametrize(
    ("name", "text"), [("plugin", PLUGIN), ("catalog", CATALOG), ("server-manifest", MANIFEST)], ids=SCHEMAS[:3]
)
def test_schemas_accept_what_the_server_accepts(name, text):
    Draft202012Validator(schema(name)).validate(yaml.safe_load(text))


def test_an_unknown_schema_is_not_looked_for_on_disk():
    with pytest.raises(KeyError):
        schema("../plugin")
