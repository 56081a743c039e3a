"""The seven checks of governance."""

import shutil
from pathlib import Path

import pytest

from catalog_core.tools.gen.governance import GOVERNANCE_CHECKS, PluginFolder, run_checks

ROOT = Path(__file__).parents[3]
NAMES = [
    "plugin.yaml valid",
    "catalog.yaml exists",
    "compatibility fields present",
    "ownership declared",
    "license present",
    "conformance tests exist",
    "documentation present",
]
TEST_FILE = "tests/conformance/test_conformance.py"


def failed(folder):
    """Return what failed, by the names of the checks."""
    report = run_checks(PluginFolder.read(folder), GOVERNANCE_CHECKS)
    assert [result.check.name for result in report.results] == NAMES
    return {result.check.name: result.message for result in report.results if not result.passed}


def remarks(folder):
    report = run_checks(PluginFolder.read(folder), GOVERNANCE_CHECKS)
    assert report.passed
    return [str(problem) for result in report.results for problem in result.problems]


@pytest.mark.parametrize(
    "folder", sorted(ROOT.glob("catalog_plugins/*/plugin.yaml")), ids=lambda path: path.parent.name
)
def test_every_bundled_plugin_passes_without_a_remark(folder):
    assert remarks(folder.parent) == []


def test_a_complete_plugin_passes_without_a_remark(widgets):
    assert remarks(widgets) == []


def test_an_empty_folder_fails_every_check(tmp_path):
    assert list(failed(tmp_path)) == NAMES


def test_every_check_says_why_it_is_there_and_how_to_pass_it():
    assert [check.name for check in GOVERNANCE_CHECKS if not (check.reason and check.fix and check.severity)] == []


# --- plugin.yaml


def test_one_mistake_in_plugin_yaml_fails_one_check(widgets, change):
    change(widgets / "plugin.yaml", "displayName", "displayname")
    assert list(failed(widgets)) == ["plugin.yaml valid"]


def test_a_plugin_yaml_that_is_no_yaml_fails_what_depends_on_it(widgets):
    (widgets / "plugin.yaml").write_text("spec: {")
    assert list(failed(widgets)) == [NAMES[0], *NAMES[2:5]]


def test_an_unknown_provider_is_worth_a_remark(widgets, change):
    change(widgets / "plugin.yaml", "[yaml]", "[yaml, gti]")
    change(widgets / "catalog.yaml", "[{type: yaml}]", "[{type: yaml}, {type: gti}]")
    assert remarks(widgets) == [
        'plugin.yaml:16:21: spec.providers[1]: This server has no provider for sources of type "gti". '
        'Did you mean "git"?'
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('minVersion: "0.1.0", ', "", 'plugin.yaml:14:5: spec.compatibility.catalogServer: "minVersion" is missing'),
        (', maxVersion: "99.x"', "", '"maxVersion" is missing'),
        ("    frameworkApi: v1alpha1\n", "", 'plugin.yaml:13:3: spec.compatibility: "frameworkApi" is missing'),
        ('{minVersion: "0.1.0", maxVersion: "99.x"}', '{versionRange: ">=0.1"}', '"maxVersion" is missing'),
    ],
)
def test_both_bounds_and_the_plugin_api_have_to_be_named(widgets, change, old, new, expected):
    change(widgets / "plugin.yaml", old, new)
    assert expected in failed(widgets)["compatibility fields present"]


def test_a_range_with_two_ends_stands_for_both_bounds(widgets, change):
    change(widgets / "plugin.yaml", '{minVersion: "0.1.0", maxVersion: "99.x"}', '{versionRange: ">=0.1,<99"}')
    assert failed(widgets) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("      contact: workshop@example.org\n", "", 'plugin.yaml:11:7: spec.owners[0]: "contact" is missing'),
        ("contact: workshop@example.org", 'contact: " "', '"contact" is missing'),
        ("- team: workshop\n      contact", "- contact", '"team" is missing'),
        ("\n    - team: workshop\n      contact: workshop@example.org", " []", '"owners" is missing'),
        ("\n    - team: workshop\n      contact: workshop@example.org", " [workshop]", '"contact" is missing'),
    ],
)
def test_every_owner_needs_a_team_and_a_contact(widgets, change, old, new, expected):
    change(widgets / "plugin.yaml", old, new)
    assert expected in failed(widgets)["ownership declared"]


@pytest.mark.parametrize(
    ("license_line", "expected"),
    [
        ("", '"license" is missing'),
        ("  license: Our own\n", 'plugin.yaml:17:12: spec.license: "Our own" is no SPDX license expression'),
        ("  license: Apache-2.0 AND\n", "is no SPDX license expression"),
        ("  license: 7\n", '"license" is missing'),
    ],
)
def test_a_license_has_to_be_an_spdx_expression(widgets, change, license_line, expected):
    change(widgets / "plugin.yaml", "  license: Apache-2.0\n", license_line)
    (widgets / "LICENSE").write_text("Take it.")
    assert expected in failed(widgets)["license present"]


@pytest.mark.parametrize(
    "expression", ["MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Ours"]
)
def test_every_spdx_expression_is_a_license(widgets, change, expression):
    change(widgets / "plugin.yaml", "Apache-2.0", expression)
    assert remarks(widgets) == []


def test_a_license_in_other_letters_is_worth_a_remark(widgets, change):
    change(widgets / "plugin.yaml", "Apache-2.0", "apache-2.0 or mit")
    assert remarks(widgets) == ["plugin.yaml:17:12: spec.license: SPDX writes it otherwise. Write Apache-2.0 OR MIT."]


# --- catalog.yaml


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("type: string", "type: text", 'catalog.yaml:9:30: spec.entity.properties[0].type: "type" cannot be "text"'),
        ("name: widgets", "name: gadgets", 'The plugin is called "gadgets" here and "widgets" in plugin.yaml'),
    ],
)
def test_catalog_yaml_has_to_be_valid_and_of_the_same_plugin(widgets, change, old, new, expected):
    change(widgets / "catalog.yaml", old, new)
    assert expected in failed(widgets)["catalog.yaml exists"]


def test_code_has_to_say_which_package_it_is(widgets, change):
    change(widgets / "catalog.yaml", "  package: acme.widgets\n", "")
    assert failed(widgets) == {}
    (widgets / "apps.py").touch()
    assert '"package" is missing' in failed(widgets)["catalog.yaml exists"]


def test_other_providers_than_in_plugin_yaml_are_worth_a_remark(widgets, change):
    change(widgets / "catalog.yaml", "[{type: yaml}]", "[{type: git}]")
    assert remarks(widgets) == [
        "catalog.yaml:10:3: spec.providers: plugin.yaml names other types of source. Let both files name the same."
    ]


# --- conformance tests


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def helper():\n    pass\n",
        "class Widgets:\n    def test_one(self):\n        pass\n",
        "class TestWidgets:\n    def __init__(self):\n        pass\n    def test_one(self):\n        pass\n",
        "class TestWidgets:\n    __test__ = False\n    def test_one(self):\n        pass\n",
        "import pytest\n\n\n@pytest.mark.skip\ndef test_one():\n    pass\n",
        "import pytest\n\n\n@pytest.mark.skip(reason='later')\nclass TestIt:\n    def test_one(self):\n        pass\n",
        "import pytest\n\npytestmark = [pytest.mark.skip]\n\n\ndef test_one():\n    pass\n",
        "import pytest\n\npytest.skip('later', allow_module_level=True)\n\n\ndef test_one():\n    pass\n",
    ],
)
def test_a_file_without_a_test_that_runs_does_not_count(widgets, source):
    (widgets / TEST_FILE).write_text(source)
    assert "There is no test in it that would run" in failed(widgets)["conformance tests exist"]


@pytest.mark.parametrize(
    "source",
    [
        "def test_one():\n    pass\n",
        "async def test_one():\n    pass\n",
        "class TestWidgets:\n    def test_one(self):\n        pass\n",
        "import unittest\n\n\nclass Widgets(unittest.TestCase):\n    def test_one(self):\n        pass\n",
        "from catalog_core.testing import conformance\n\n\nclass TestIt(conformance.PluginConformance):\n"
        "    plugin_name: str = 'widgets'\n",
    ],
)
def test_a_file_with_a_test_counts(widgets, source):
    (widgets / TEST_FILE).write_text(source)
    assert failed(widgets) == {}


def test_the_tests_of_another_plugin_do_not_count(widgets, change):
    change(widgets / TEST_FILE, '"widgets"', '"gadgets"')
    assert failed(widgets)["conformance tests exist"] == (
        f'{TEST_FILE}:4:1: TestWidgetsConformance has to say plugin_name = "widgets", as plugin.yaml does.'
    )


def test_a_test_that_is_no_python_is_told_with_its_line(widgets):
    (widgets / TEST_FILE).write_text("def test_one():\n    return (\n")
    assert f"{TEST_FILE}:2: The file cannot be read as Python" in failed(widgets)["conformance tests exist"]


def test_tests_of_another_name_are_not_found(widgets):
    (widgets / TEST_FILE).rename(widgets / "tests/conformance/conformance.py")
    assert "There are no conformance tests" in failed(widgets)["conformance tests exist"]


# --- documentation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "README.md: There is no README.md."),
        (b"\xff\xfe", "README.md: There is no README.md."),
        (b"", "The page has no heading"),
        (b"Widgets turn.\n", "The page has no heading"),
        (b"# Widgets\n\n## Fields\n", "The page has no text"),
    ],
)
def test_the_readme_has_to_have_a_heading_and_text(widgets, text, expected):
    (widgets / "README.md").unlink()
    if text is not None:
        (widgets / "README.md").write_bytes(text)
    assert expected in failed(widgets)["documentation present"]


def test_a_docs_folder_has_to_be_complete(widgets):
    docs = widgets / "docs"
    docs.mkdir()
    for name in ("README", "provider-guide", "schema-guide", "testing", "publishing"):
        assert f"docs/{name}.md: There is no docs/{name}.md" in failed(widgets)["documentation present"]
        shutil.copy(widgets / "README.md", docs / f"{name}.md")
    assert remarks(widgets) == []


def test_a_property_that_is_told_nowhere_is_worth_a_remark(widgets):
    (widgets / "README.md").write_text("# Widgets\n\nThings that turn.\n")
    assert remarks(widgets) == ["README.md: Nothing is said about colour. Write what each property means."]
    (widgets / "docs").mkdir()
    for name in ("README", "provider-guide", "schema-guide", "testing", "publishing"):
        (widgets / "docs" / f"{name}.md").write_text("# Page\n\n`colour` is said.\n")
    assert remarks(widgets) == []
