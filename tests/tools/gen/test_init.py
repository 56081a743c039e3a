"""``catalog-gen init``: what it writes, what it refuses."""

import json
import sys
from pathlib import Path

import pytest
import yaml

from catalog_core.tools.gen.scaffold.app_files import About, app_files, initial_migration
from catalog_core.tools.gen.scaffold.migrations import plan_migration
from catalog_core.tools.gen.scaffold.naming import PluginNames
from catalog_core.tools.gen.scaffold.new_plugin import Example, wished_specification
from tests.tools.gen.scaffolding import ALL_TYPES, PROJECT, files_in, gen, python, run, wrote

GOLDEN = Path(__file__).parent / "golden"
AWKWARD = 'It holds "quotes", back\\slashes, {braces}, a colon: here, and umlauts: äöü — ' + "it is long " * 30


def as_page(files: dict[str, str]) -> str:
    return "".join(f"=== {path}\n{text}" for path, text in files.items())


# --- what is refused


@pytest.mark.parametrize("name", ["", "Widgets", "2d", "-a", "wid gets", "wid.gets", "wid/gets", "ä", "a" * 64, "mcp"])
def test_a_name_that_no_plugin_can_have_is_a_usage_error(name, tmp_path):
    result = gen("init", f"--name={name}", "--output", tmp_path / "app")
    assert result.exit_code == 2
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize(
    "field",
    ["", ":string", "a:text", "a:string:optional", "class:string", "save:string", "file:string", "like:string", "2d"],
)
def test_a_property_that_cannot_be_is_a_usage_error(field, tmp_path):
    result = gen("init", "--name=widgets", f"--field={field}", "--output", tmp_path / "widgets")
    assert result.exit_code == 2
    assert not (tmp_path / "widgets").exists()


def test_an_unknown_type_is_refused_with_the_nearest_one(tmp_path):
    result = gen("init", "--name=widgets", "--field=a:interger", "--output", tmp_path / "widgets")
    assert 'Did you mean "integer"?' in result.output


@pytest.mark.parametrize("kind", ["widget", "Build Tool", "Entity", "CatalogPlugin", "Agent", "None"])
def test_a_kind_that_cannot_be_is_a_usage_error(kind, tmp_path):
    assert gen("init", "--name=widgets", "--entity-kind", kind, "--output", tmp_path / "widgets").exit_code == 2


def test_two_names_are_a_usage_error(tmp_path):
    assert gen("init", "widgets", "--name=gadgets", "--output", tmp_path / "widgets").exit_code == 2


def test_a_folder_that_hides_a_module_of_python_is_refused(tmp_path):
    result = gen("init", "--name=json", "--output", tmp_path / "json")
    assert result.exit_code == 2
    assert "--package" in result.output


def test_a_folder_that_cannot_be_imported_is_refused(tmp_path):
    assert gen("init", "--name=widgets", "--output", tmp_path / "my-widgets").exit_code == 2


def test_nothing_is_overwritten(tmp_path):
    folder = tmp_path / "widgets"
    folder.mkdir()
    (folder / "plugin.py").write_text("mine")
    result = gen("init", "--name=widgets", "--output", folder)
    assert result.exit_code == 1
    assert "plugin.py" in result.output
    assert files_in(folder) == {"plugin.py": "mine"}


def test_a_dry_run_writes_nothing_and_names_every_file(tmp_path):
    told = wrote("init", "--name=widgets", "--output", tmp_path / "widgets", "--dry-run").output
    assert not (tmp_path / "widgets").exists()
    wrote("init", "--name=widgets", "--output", tmp_path / "widgets")
    assert all(f"would write {tmp_path / 'widgets' / path}" in told for path in files_in(tmp_path / "widgets"))


def test_errors_of_the_real_command_have_no_traceback(tmp_path):
    done = python("-m", "catalog_core.tools.gen", "init", "--name=Widgets", cwd=tmp_path)
    assert done.returncode == 2
    assert "build-tools" in done.stderr
    assert "Traceback" not in done.stderr


# --- what is written


@pytest.mark.parametrize("form", ["app", "package"])
def test_init_writes_what_the_golden_files_show(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = ["--package"] if form == "package" else [*ALL_TYPES, "--field=colour:string:required"]
    wrote("init", "--name=build-tools", "--output", "build_tools", *options)
    assert as_page(files_in(tmp_path / "build_tools")) == (GOLDEN / f"init-{form}.txt").read_text()


def test_the_result_is_the_same_everywhere(tmp_path):
    for place in ("one", "two"):
        wrote("init", "--name=widgets", *ALL_TYPES, "--output", tmp_path / place / "widgets")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert str(tmp_path) not in as_page(files_in(tmp_path / "one"))


def test_the_migration_is_what_django_would_write():
    fields = [option.removeprefix("--field=") for option in ALL_TYPES]
    spec = wished_specification("widgets", "", Example(), [*fields, "models:string"])
    names = PluginNames(name="widgets", package="acme.widgets", display_name="Widgets")
    files = app_files(names, spec, About(description="Widgets."))
    planned = plan_migration(None, names.package, {path: text for path, text in files.items() if path.endswith(".py")})
    assert {planned.path: planned.text} == initial_migration(names, spec)


def test_an_app_within_a_package_is_imported_by_its_whole_name(tmp_path, monkeypatch):
    (tmp_path / "catalog_plugins").mkdir()
    (tmp_path / "catalog_plugins" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    wrote("init", "--name=build-tools")
    assert 'name = "catalog_plugins.build_tools"' in (tmp_path / "catalog_plugins/build_tools/apps.py").read_text()


def test_the_options_of_the_reference_are_understood(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrote("init", "widgets", "--entity", "Gizmo", "--package", "github.com/acme/widgets", "--output", "out")
    assert "class Gizmo(EntityModel)" in (tmp_path / "out/catalog_plugin_widgets/models.py").read_text()
    metadata = yaml.safe_load((tmp_path / "out/catalog_plugin_widgets/plugin.yaml").read_text())
    assert metadata["spec"]["repository"] == "https://github.com/acme/widgets"


def test_a_package_can_have_a_dotted_name(tmp_path):
    wrote("init", "--name=widgets", "--package", "acme.widgets", "--output", tmp_path)
    assert '"widgets" = "acme.widgets"' in (tmp_path / "pyproject.toml").read_text()
    assert (tmp_path / "acme" / "widgets" / "plugin.yaml").is_file()


def test_who_answers_for_the_plugin_can_be_said(tmp_path):
    who = ["--team=Tools", "--contact=#tools", "--license=MIT", "--repository=https://example.com/tools"]
    wrote("init", "--name=widgets", "--output", tmp_path / "widgets", "--description=All: widgets.", *who)
    spec = yaml.safe_load((tmp_path / "widgets" / "plugin.yaml").read_text())["spec"]
    assert spec["owners"] == [{"team": "Tools", "contact": "#tools"}]
    told = (spec["license"], spec["repository"], spec["description"])
    assert told == ("MIT", "https://example.com/tools", "All: widgets.")


@pytest.mark.parametrize("package", [(), ("--package",)], ids=["app", "package"])
def test_the_result_passes_validate_governance_and_ruff(package, tmp_path):
    # An app is linted where it belongs, below catalog_plugins of a server project.
    place = tmp_path / "project"
    if package:
        app = place / "catalog_plugin_widgets"
    else:
        app = place / "catalog_plugins" / "widgets"
        app.parent.mkdir(parents=True)
        (app.parent / "__init__.py").touch()
        (place / "catalog_core").symlink_to(PROJECT / "catalog_core")
        (place / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text())
    texts = [f"--description={AWKWARD}", "--display-name", 'Wídgets "and" more']
    fields = [*ALL_TYPES, "--field=l:string", "--field=models:array:required"]
    wrote("init", "--name=widgets", *fields, *texts, *package, "--output", place if package else app)
    wrote("add-artifact", "UserManual", app, "--field=uri:string:required")
    for options in ((), ("--governance",)):
        wrote("validate", app, *options)
    ruff = Path(sys.executable).parent / "ruff"
    target = "." if package else "catalog_plugins"
    for arguments in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        done = run(ruff, *arguments, target, cwd=place)
        assert done.returncode == 0, done.stdout


# --- from a file


def sample(tmp_path: Path, name: str, document: object) -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(document) if name.endswith(".json") else yaml.safe_dump(document, sort_keys=False))
    return path


ITEMS = [
    {"name": "hammer", "weight_kg": 1, "handles": ["ash"], "sharp": False, "made": "2026-01-31", "size": {"cm": 30}},
    {"name": "saw", "weight_kg": 0.5, "sharp": True, "made": "2026-02-01T10:00:00Z", "owners": [{"team": "a"}], "x": 1},
    {"name": "file", "description": "Flat.", "x": "big", "class": "A"},
]


@pytest.mark.parametrize("name", ["sample.json", "sample.yaml"])
def test_properties_follow_from_a_sample(name, tmp_path):
    source = sample(tmp_path, name, {"tools": ITEMS})
    result = wrote("init", "--name=build-tools", "--from", source, "--output", tmp_path / "build_tools")
    entity = yaml.safe_load((tmp_path / "build_tools/catalog.yaml").read_text())["spec"]["entity"]
    types = {prop["name"]: (prop["type"], prop.get("items", {}).get("type")) for prop in entity["properties"]}
    assert types == {
        "weightKg": ("number", None),
        "handles": ("array", "string"),
        "sharp": ("boolean", None),
        "made": ("date", None),
        "size": ("object", None),
        "owners": ("array", "object"),
        "x": ("string", None),
    }
    assert "'weight_kg' is called weightKg" in result.stderr
    assert "'class' is left out" in result.stderr
    data = yaml.safe_load((tmp_path / "build_tools/data/buildtools.yaml").read_text())["buildtools"]
    assert [item["name"] for item in data] == ["hammer", "saw", "file"]
    assert data[1]["x"] == "1"


def test_a_catalog_yaml_is_taken_over(tmp_path):
    wrote("init", "--name=widgets", *ALL_TYPES, "--output", tmp_path / "widgets")
    wrote("add-artifact", "Manual", tmp_path / "widgets")
    source = tmp_path / "widgets" / "catalog.yaml"
    wrote("init", "--from", source, "--output", tmp_path / "copy" / "widgets", "--field=more:int")
    before, after = (
        yaml.safe_load(path.read_text())["spec"] for path in (source, tmp_path / "copy/widgets/catalog.yaml")
    )
    assert after["entity"]["properties"][:-1] == before["entity"]["properties"]
    assert after["artifacts"] == before["artifacts"]
    wrote("generate", tmp_path / "copy" / "widgets")


@pytest.mark.parametrize(
    "document",
    [None, 1, {}, [], [1], {"a": [{"name": "x"}], "b": [{"name": "y"}]}, [{"title": "x"}], [{"name": "x"}] * 2],
)
def test_a_sample_without_named_items_is_a_finding(document, tmp_path):
    result = gen("init", "--name=widgets", "--from", sample(tmp_path, "s.json", document), "--output", tmp_path / "w")
    assert result.exit_code == 1
    assert "s.json" in result.output
    assert str(tmp_path) not in result.output


def test_a_sample_that_cannot_be_read_is_a_finding(tmp_path):
    (tmp_path / "sample.yaml").write_text("a: [")
    result = gen("init", "--name=widgets", "--from", tmp_path / "sample.yaml", "--output", tmp_path / "w")
    assert result.exit_code == 1
