"""``catalog-gen validate``: what it says, in every format, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[3]


def test_a_folder_that_is_not_there_is_a_mistake_of_the_caller(run):
    result = run("validate", "nowhere")
    assert result.exit_code == 2
    assert "Directory 'nowhere' does not exist" in result.output


def test_a_format_that_is_not_known_is_a_mistake_of_the_caller(run, widgets):
    assert run("validate", widgets, "--format", "yaml").exit_code == 2


def test_the_failed_checks_are_shown_with_place_reason_and_remedy(run, widgets, change):
    change(widgets / "plugin.yaml", "displayName", "displayname")
    result = run("validate", "widgets")
    assert result.exit_code == 1
    assert result.output == (
        "widgets\n"
        "  PASS  plugin.yaml exists\n"
        "  FAIL  plugin.yaml valid\n"
        '        plugin.yaml:6:1: spec: "displayName" is missing. Expected: its name for people.\n'
        '        plugin.yaml:7:3: spec.displayname: The key "displayname" is not known here. '
        'Did you mean "displayName"?\n'
        "        Why: The server reads plugin.yaml when it loads a plugin, and refuses one that it cannot understand.\n"
        "        Fix: Mend the lines named; catalog_core/schemas/plugin.schema.json lists what may be written.\n"
        "  PASS  catalog.yaml valid\n"
        "  PASS  conformance tests exist\n"
        "  PASS  documentation complete\n"
        "\n"
        "1 plugin: 4 checks passed, 1 failed\n"
    )


def test_an_empty_folder_fails_without_a_traceback(run):
    result = run("validate")
    assert result.exit_code == 1
    assert result.output.startswith(".\n  FAIL  plugin.yaml exists\n        plugin.yaml: There is no plugin.yaml.\n")
    assert "5 failed" in result.output


def test_warnings_are_shown_and_do_not_count(run, widgets, change):
    change(widgets / "plugin.yaml", "Apache-2.0", "apache-2.0")
    result = run("validate", widgets, "--governance")
    assert result.exit_code == 0
    assert "warning: plugin.yaml:17:12: spec.license: SPDX writes it otherwise" in result.output


def test_several_folders_are_checked_and_one_that_fails_counts(run, widgets, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("validate", "widgets", "empty", "--governance")
    assert result.exit_code == 1
    assert result.output.endswith("2 plugins: 7 checks passed, 7 failed\n")


def test_a_folder_of_plugins_stands_for_the_plugins_in_it(run):
    result = run("validate", ROOT / "catalog_plugins", "--governance")
    assert result.exit_code == 0
    assert result.output.endswith("8 plugins: 56 checks passed, 0 failed\n")


def test_the_report_of_one_plugin_has_the_fields_that_clients_know(run, widgets):
    (widgets / "README.md").unlink()
    result = run("validate", "widgets", "--governance", "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.output)
    assert (report["pluginDir"], report["passed"], len(report["checks"])) == ("widgets", False, 7)
    assert report["checks"][0] == {
        "name": "plugin.yaml valid",
        "passed": True,
        "severity": "error",
        "reason": "The server reads plugin.yaml when it loads a plugin, and refuses one that it cannot understand.",
        "fix": "Mend the lines named; catalog_core/schemas/plugin.schema.json lists what may be written.",
        "problems": [],
    }
    last = report["checks"][-1]
    assert (last["name"], last["passed"]) == ("documentation present", False)
    assert last["message"].startswith("README.md: There is no README.md.")
    assert last["problems"][0]["rule"] == "missing-file"


def test_the_reports_of_several_plugins_are_a_list(run, widgets, tmp_path):
    (tmp_path / "empty").mkdir()
    reports = json.loads(run("validate", "widgets", "empty", "--governance", "--format", "json").output)
    assert [(report["pluginDir"], report["passed"]) for report in reports] == [("widgets", True), ("empty", False)]


def test_sarif_leads_to_the_line(run, widgets, change):
    change(widgets / "plugin.yaml", "Apache-2.0", "Our own")
    document = json.loads(run("validate", "widgets", "--governance", "--format", "sarif").output)
    assert document["version"] == "2.1.0"
    (sarif_run,) = document["runs"]
    rules = {rule["id"]: rule for rule in sarif_run["tool"]["driver"]["rules"]}
    (found,) = sarif_run["results"]
    assert (found["ruleId"], found["level"]) == ("license-present", "error")
    assert found["ruleId"] in rules
    assert found["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "widgets/plugin.yaml"},
                "region": {"startLine": 17, "startColumn": 12},
            }
        }
    ]


def test_sarif_of_the_current_folder_names_files_below_it(run, widgets, monkeypatch):
    (widgets / "README.md").unlink()
    monkeypatch.chdir(widgets)
    document = json.loads(run("validate", "--governance", "--format", "sarif").output)
    (found,) = document["runs"][0]["results"]
    assert found["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "README.md"}}}]


def test_junit_has_a_suite_for_each_plugin(run, widgets, change):
    change(widgets / "plugin.yaml", "Apache-2.0", "Our <own>")
    (suite,) = ElementTree.fromstring(run("validate", "widgets", "--governance", "--format", "junit").output)
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("widgets", "7", "1")
    cases = {case.get("name"): case.find("failure") for case in suite}
    assert '"Our <own>" is no SPDX license expression' in cases.pop("license present").get("message")
    assert set(cases.values()) == {None}


@pytest.mark.parametrize("format_name", ["text", "json", "sarif", "junit"])
def test_a_report_is_the_same_wherever_the_folder_is(run, widgets, tmp_path, monkeypatch, format_name):
    first = run("validate", "widgets", "--governance", "--format", format_name).output
    (tmp_path / "elsewhere").mkdir()
    widgets.rename(tmp_path / "elsewhere" / "widgets")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("validate", "widgets", "--governance", "--format", format_name).output == first
    assert str(tmp_path) not in first


@pytest.mark.process
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_one():\n    pass\n", ""),
        ("import no_such_module\n\n\ndef test_one():\n    pass\n", "No module named 'no_such_module'"),
        (
            "import pytest\n\n\nclass TestIt:\n    test_one = 1\n    def test(self):\n        pass\n\ndel TestIt\n",
            "finds no test",
        ),
    ],
)
def test_pytest_is_asked_where_wanted(run, widgets, source, expected):
    (widgets / "tests/conformance/test_conformance.py").write_text(source)
    assert run("validate", "widgets").exit_code == 0
    result = run("validate", "widgets", "--collect")
    assert (result.exit_code, expected in result.output) == (1 if expected else 0, True)


def test_the_help_shows_examples(run):
    result = run("validate", "--help")
    assert result.exit_code == 0
    assert "catalog-gen validate widgets --governance --format sarif > widgets.sarif" in result.output


def test_the_command_needs_no_configured_django(widgets):
    code = f"""
import sys
from catalog_core.tools.gen import main
try:
    main(["validate", {str(widgets)!r}, "--governance"])
finally:
    assert "catalog_project.settings" not in sys.modules
    assert "django.apps.registry" not in sys.modules or not sys.modules["django.apps.registry"].apps.ready
"""
    environment = {"PATH": "", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (ended.returncode, ended.stderr) == (0, "")
