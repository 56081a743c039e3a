"""``catalog-gen build-server``: a server of exactly the plugins that a manifest names."""

import tomllib

import pytest
import yaml

from tests.tools.gen.scaffolding import PROJECT, files_in, gen, python, wrote

REFERENCE = PROJECT.parent / "shared" / "data" / "reference-config" / "catalog-server-manifest.yaml"
HEAD = "apiVersion: catalog.kubeflow.org/v1alpha1\nkind: CatalogServerBuild\nmetadata: {name: our-server}\n"
BASE = "spec:\n  base: {module: catalog_core, version: v0.9.0}\n  plugins:\n"
MCP = "    - {name: mcp, module: catalog_plugins.mcp, version: 0.9.0}\n"
MODEL = "    - {name: model, module: catalog_plugins.model, version: ^0.9}\n"
WIDGETS = "    - {name: widgets, module: catalog_plugin_widgets, version: 0.1.0, path: catalog-plugin-widgets}\n"


@pytest.fixture
def manifest(tmp_path):
    """Write a manifest with some lines of plugins; a project of a plugin called widgets lies beside it."""
    wrote(
        "init", "--name=widgets", "--package", "--field=colour:string", "--output", tmp_path / "catalog-plugin-widgets"
    )

    def write(*plugins, base=BASE):
        path = tmp_path / "server.yaml"
        path.write_text(HEAD + base + "".join(plugins))
        return path

    return write


# --- what is refused, before anything is written


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        ("{name: mcp, module: m, version: 7.0.0}", "version 7.0.0 is wanted"),
        ("{name: widgets, module: m, version: ^2, path: catalog-plugin-widgets}", "version ^2 is wanted"),
        ("{name: absent, module: m, version: 1.0.0}", "absent: its plugin.yaml was not found"),
        ("{name: absent, module: m, version: 1.0.0, path: nowhere}", "absent: its plugin.yaml was not found"),
    ],
)
def test_a_plugin_that_does_not_fit_or_is_not_there_is_told(manifest, tmp_path, plugin, reason):
    result = gen(
        "build-server",
        "--manifest",
        manifest(MCP.replace("mcp", "model"), f"    - {plugin}\n"),
        "--output",
        tmp_path / "out",
    )
    assert result.exit_code == 1
    assert reason in result.output
    assert not (tmp_path / "out").exists()


def test_a_server_that_is_too_old_is_told_with_both_versions(manifest, tmp_path):
    path = manifest(WIDGETS, base=BASE.replace("v0.9.0", "v0.1.0"))
    result = gen("build-server", "--manifest", path, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "0.9.0" in result.output
    assert "0.1.0" in result.output


def test_a_project_without_an_entry_point_is_told(manifest, tmp_path):
    project = tmp_path / "catalog-plugin-widgets" / "pyproject.toml"
    project.write_text(project.read_text().replace("catalog.plugins", "other.plugins"))
    result = gen("build-server", "--manifest", manifest(WIDGETS), "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "entry point" in result.output


@pytest.mark.parametrize("text", ["", "kind: [", "kind: CatalogServerBuild", HEAD + BASE + "    - {name: mcp}\n"])
def test_a_manifest_that_breaks_its_rules_is_a_finding(text, tmp_path):
    (tmp_path / "server.yaml").write_text(text)
    result = gen("build-server", tmp_path / "server.yaml", "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "server.yaml" in result.output


@pytest.mark.parametrize("arguments", [[], ["--manifest", "absent.yaml"]])
def test_without_a_manifest_it_is_a_usage_error(arguments):
    assert gen("build-server", *arguments).exit_code == 2


def test_edited_files_are_replaced_on_demand_only(manifest, tmp_path):
    path, output = manifest(MCP), tmp_path / "out"
    wrote("build-server", "--manifest", path, "--output", output)
    before = files_in(output)
    assert "Nothing to write" in wrote("build-server", "--manifest", path, "--output", output).output
    (output / "sources.yaml").write_text("mine")
    result = gen("build-server", "--manifest", path, "--output", output)
    assert result.exit_code == 1
    assert "sources.yaml" in result.output
    wrote("build-server", "--manifest", path, "--output", output, "--replace")
    assert files_in(output) == before


# --- what is written


@pytest.mark.parametrize("option", ["--validate-only", "--dry-run"])
def test_nothing_is_written_where_only_an_answer_is_wanted(manifest, tmp_path, option):
    result = wrote("build-server", "--manifest", manifest(MCP, WIDGETS), "--output", tmp_path / "out", option)
    assert not (tmp_path / "out").exists()
    assert ("| widgets |" in result.output) is (option == "--validate-only")


def test_the_manifest_of_the_reference_is_understood(tmp_path):
    if not REFERENCE.is_file():
        pytest.skip("the reference configuration is not on this machine")
    result = wrote("build-server", REFERENCE, "--output", tmp_path / "out", "--validate-only")
    assert result.output.count("| Yes |") == 8


def test_the_project_pins_what_it_is_made_of(manifest, tmp_path):
    wrote("build-server", "--manifest", manifest(MCP, MODEL, WIDGETS), "--output", tmp_path / "out")
    project = tomllib.loads((tmp_path / "out" / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["catalog-of-catalogs==0.9.0", "catalog-plugin-widgets==0.1.0"]
    assert "../catalog-plugin-widgets" in (tmp_path / "out" / "Makefile").read_text()
    catalogs = yaml.safe_load((tmp_path / "out" / "sources.yaml").read_text())["catalogs"]
    assert set(catalogs) == {"mcp", "models", "widgets"}
    named = [source["properties"]["yamlCatalogPath"] for section in catalogs.values() for source in section["sources"]]
    assert all((tmp_path / "out" / path).is_file() for path in named)


def test_a_requirement_of_the_manifest_is_taken_as_it_is(manifest, tmp_path):
    line = WIDGETS.replace("path:", "requirement: 'catalog-plugin-widgets==0.1.0.post1', path:")
    wrote("build-server", "--manifest", manifest(line), "--output", tmp_path / "out")
    assert '"catalog-plugin-widgets==0.1.0.post1"' in (tmp_path / "out" / "pyproject.toml").read_text()


def test_the_project_is_the_same_everywhere(manifest, tmp_path):
    path = manifest(MCP, WIDGETS)
    for place in ("one", "two"):
        wrote("build-server", "--manifest", path, "--output", tmp_path / place)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert str(tmp_path) not in "".join(files_in(tmp_path / "one").values())


@pytest.mark.parametrize("page", ["compose.yaml", "sources.yaml"])
def test_pages_for_other_programs_can_be_read(manifest, tmp_path, page):
    wrote("build-server", "--manifest", manifest(MCP, WIDGETS), "--output", tmp_path / "out")
    assert isinstance(yaml.safe_load((tmp_path / "out" / page).read_text()), dict)


# --- the server works


@pytest.mark.process
def test_the_settings_load_exactly_the_plugins_of_the_manifest(manifest, tmp_path):
    wrote("build-server", "--manifest", manifest(MCP, MODEL), "--output", tmp_path / "out")
    names = "[plugin.name for plugin in registry]"
    code = f"import django; django.setup(); from catalog_core.plugins.registry import registry; print({names})"
    done = python("-c", code, cwd=tmp_path / "out", DJANGO_SETTINGS_MODULE="our_server.settings", PYTHONPATH=".")
    assert done.stdout.strip() == "['mcp', 'model']", done.stderr
    assert python("manage.py", "check", cwd=tmp_path / "out", CATALOG_STRICT_PLUGINS="1").returncode == 0


@pytest.mark.process
def test_the_server_is_installed_checked_packed_and_started(manifest, tmp_path):
    output = tmp_path / "out"
    done = python(
        *("-m", "catalog_core.tools.gen", "build-server", "--manifest", manifest(MCP, MODEL, WIDGETS)),
        *("--output", output, "--compile", "--offline"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The server works: it serves mcp, model, widgets.\n")
    assert [path.name for path in (output / "dist").iterdir()] == ["our_server-0.9.0-py3-none-any.whl"]


@pytest.mark.process
def test_a_server_that_does_not_work_is_told_with_the_reason(manifest, tmp_path):
    code = tmp_path / "catalog-plugin-widgets" / "catalog_plugin_widgets" / "plugin.py"
    code.write_text(code.read_text() + "\nraise RuntimeError('out of widgets')\n")
    arguments = ["--manifest", manifest(WIDGETS), "--output", tmp_path / "out", "--compile", "--offline"]
    done = python("-m", "catalog_core.tools.gen", "build-server", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert "manage.py check failed" in done.stderr
    assert "out of widgets" in done.stderr
    assert "Traceback (most recent call last):\n  File" not in done.stdout
