"""Folders come, change and go while the server runs, and whatever is wrong with one hurts that one only."""

import os
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.api.front import CatalogPaths
from catalog_core.entities.declared.in_force import synchronize
from catalog_core.entities.declared.models import DeclaredEntity, DeclaredPart
from catalog_core.plugin import Plugin
from catalog_core.plugins.models import PluginFolder
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_core.reconcile.run import reconcile
from tests.core.plugins.declared.conftest import BASE, EXAMPLE, LIST


def ids(kitchen) -> dict[str, str]:
    return {item["name"]: item["id"] for item in kitchen.get(LIST)["items"]}


def test_a_new_property_is_taken_over_and_what_is_stored_gets_it(recipes):
    before = ids(recipes)
    first = recipes.sandbox.folder / "first.yaml"
    first.write_text(first.read_text().replace("  - name: Steak\n", "  - name: Steak\n    cut: rump\n"))
    recipes.settle()
    assert "cut" not in recipes.get(f"{LIST}/Steak")
    recipes.change("catalog.yaml", "      - {name: rating", "      - {name: cut, type: string}\n      - {name: rating")
    recipes.settle()
    assert recipes.get(f"{LIST}/Steak")["cut"] == "rump"
    assert recipes.names(LIST, filterQuery="cut = 'rump'") == ["Steak"]
    assert "cut" in recipes.get(f"{BASE}/openapi")["components"]["schemas"]["Recipe"]["properties"]
    assert ids(recipes) == before


def test_a_version_that_is_not_valid_is_told_and_the_one_before_stays_in_force(recipes):
    recipes.change("catalog.yaml", "type: integer, description", "type: intiger, description")
    recipes.settle()
    assert len(recipes.names(LIST)) == 4
    status = recipes.entry()["status"]
    assert status["serving"] is True
    assert status["lastError"].startswith(
        'recipes/catalog.yaml:13:31: spec.entity.properties[2].type: "type" cannot be'
    )
    recipes.change("catalog.yaml", "type: intiger, description", "type: integer, description")
    recipes.settle()
    assert "lastError" not in recipes.entry()["status"]


def test_a_folder_that_goes_takes_its_catalog_along_and_its_return_brings_all_back(recipes):
    before = ids(recipes)
    recipes.folder.rename(recipes.sandbox.folder / "elsewhere")
    recipes.settle()
    assert recipes.entry() is None
    recipes.get(LIST, status=404)
    assert DeclaredEntity.objects.count() == DeclaredPart.objects.count() == 0
    assert recipes.sandbox.source("first").removed_at
    assert "recipes_catalog" not in str(recipes.get("/api/schema")["paths"].keys())
    (recipes.sandbox.folder / "elsewhere").rename(recipes.folder)
    recipes.settle()
    assert ids(recipes) == before
    assert PluginFolder.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("plugin.yaml", None, "recipes/plugin.yaml: No such file or directory"),
        ("catalog.yaml", b"\xff\xfe", "recipes/catalog.yaml: it is not in UTF-8"),
        ("catalog.yaml", b" " * 1_100_000, "recipes/catalog.yaml: it has 1100000 bytes, 1048576 are allowed"),
        ("catalog.yaml", b"a: &a [1]\nb: [*a, *a]\n", "recipes/catalog.yaml"),
        ("catalog.yaml", b"spec: {entity: {name: 'A", "recipes/catalog.yaml:1:"),
        ("plugin.yaml", b"[]", "recipes/plugin.yaml:1:1: "),
    ],
)
def test_what_cannot_be_read_is_listed_as_failed_with_the_reason(kitchen, file, content, told):
    path = kitchen.drop() / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    kitchen.settle()
    entry = kitchen.entry()
    assert entry["healthy"] is False
    assert entry["status"]["lastError"].startswith(told)
    assert kitchen.get(LIST, status=503)["code"] == "plugin_unavailable"
    assert kitchen.get("/readyz")["components"]["plugins"]["status"] == "degraded"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{name: recipes}", "{name: dishes}", "recipes: plugin.yaml calls it 'recipes', catalog.yaml 'dishes'"),
        ("name: minutes", "name: sourceId", "query field sourceId is declared twice; rename the property"),
        ("name: minutes", "name: photos", "query field photos is declared twice; rename the property"),
        ("  providers:", "  api: {basePath: /api/plugins}\n  providers:", "api.basePath '/api/plugins' is not of the"),
        ("How one dish is made.", r'"\uD800"', "recipes/catalog.yaml"),
    ],
)
def test_what_fits_the_schema_but_cannot_work_is_told(kitchen, old, new, told):
    kitchen.drop()
    kitchen.change("catalog.yaml", old, new)
    kitchen.settle()
    assert told in kitchen.entry()["status"]["lastError"]


def test_a_file_that_would_never_end_is_not_opened(kitchen):
    folder = kitchen.drop()
    (folder / "plugin.yaml").unlink()
    os.mkfifo(folder / "plugin.yaml")
    kitchen.settle()
    assert kitchen.entry()["status"]["lastError"] == "recipes/plugin.yaml: this is no ordinary file"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("plugin.yaml", '{minVersion: "0.9.0", maxVersion: 1.x}', '{minVersion: "98.0.0"}', "at least version 98.0.0"),
        ("catalog.yaml", "  providers:", "  api: {basePath: /api/mcp_catalog/v1alpha1}\n  providers:", "is taken by"),
    ],
)
def test_a_version_that_does_not_fit_in_here_leaves_the_one_before_in_force(recipes, file, old, new, told):
    before = ids(recipes)
    recipes.change(file, old, new)
    recipes.settle()
    assert told in recipes.entry()["status"]["lastError"]
    assert ids(recipes) == before


def test_a_folder_whose_name_no_database_holds_is_left_out(kitchen):
    os.mkdir(os.fsencode(kitchen.watched) + b"/\xff")
    for file in (EXAMPLE / "recipes").iterdir():
        with open(os.fsencode(kitchen.watched) + b"/\xff/" + file.name.encode(), "wb") as copy:
            copy.write(file.read_bytes())
    kitchen.drop()
    kitchen.settle()
    assert [row.label for row in PluginFolder.objects.all()] == ["recipes"]


def test_a_server_outside_the_range_is_told_with_both_versions(kitchen):
    kitchen.drop()
    kitchen.change("plugin.yaml", '"0.9.0"', '"98.0.0"')
    kitchen.change("plugin.yaml", "maxVersion: 1.x", "maxVersion: 99.x")
    kitchen.settle()
    assert "it needs a server of at least version 98.0.0, this is " in kitchen.entry()["status"]["lastError"]


def test_code_wins_over_a_folder_and_both_are_named(kitchen):
    kitchen.drop("mine")
    for file in ("plugin.yaml", "catalog.yaml"):
        kitchen.change(file, "name: recipes", "name: mcp", folder="mine")
    kitchen.settle()
    assert kitchen.entry("mcp")["healthy"] is True
    error = kitchen.entry("mcp@mine")["status"]["lastError"]
    assert "name 'mcp' is taken by catalog_plugins.mcp.plugin.McpPlugin" in error


def test_of_two_folders_with_one_name_the_first_stays_and_the_second_follows_it(recipes):
    recipes.drop("again")
    recipes.settle()
    assert "is taken by the folder recipes" in recipes.entry("recipes@again")["status"]["lastError"]
    before = ids(recipes)
    shutil.rmtree(recipes.folder)
    recipes.settle()
    recipes.settle()
    assert recipes.entry("recipes@again") is None
    assert ids(recipes) == before


def test_a_folder_that_goes_leaves_alone_what_an_app_serves_under_its_name(kitchen):
    kitchen.drop("mine")
    for file in ("plugin.yaml", "catalog.yaml"):
        kitchen.change(file, "name: recipes", "name: agents", folder="mine")
    kitchen.sandbox.serve("agents", {"first": "agents: [{name: one}]"})
    shutil.rmtree(kitchen.watched / "mine")
    kitchen.settle()
    assert kitchen.names("/api/agents_catalog/v1alpha1/agents") == ["one"]
    assert kitchen.sandbox.source("first").removed_at is None


def test_another_kind_in_the_same_folder_replaces_the_one_before(recipes):
    before = ids(recipes)
    recipes.change("catalog.yaml", "    name: Recipe\n", "    name: Dish\n")
    recipes.settle()
    after = ids(recipes)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())
    assert DeclaredEntity.objects.count() == len(after)


def test_another_name_in_the_same_folder_is_another_catalog(recipes):
    for file in ("plugin.yaml", "catalog.yaml"):
        recipes.change(file, "name: recipes", "name: dishes")
    recipes.settle()
    assert recipes.entry("recipes") is None
    assert recipes.entry("dishes")["healthy"] is True
    assert DeclaredEntity.objects.count() == 0


def test_a_folder_of_the_setting_may_be_a_plugin_itself(kitchen, settings):
    settings.CATALOG = {**settings.CATALOG, "plugin_folders": (kitchen.folder,)}
    kitchen.settle()
    assert kitchen.entry() is None
    kitchen.drop()
    kitchen.settle()
    assert kitchen.entry()["healthy"] is True
    shutil.rmtree(kitchen.folder)
    kitchen.settle()
    assert kitchen.entry() is None


def test_a_watched_folder_that_cannot_be_looked_into_changes_nothing(recipes):
    recipes.watched.rename(recipes.sandbox.folder / "unmounted")
    recipes.settle()
    assert len(recipes.names(LIST)) == 4
    (recipes.sandbox.folder / "unmounted").rename(recipes.watched)
    recipes.settle()
    assert len(recipes.names(LIST)) == 4


def test_hidden_folders_and_files_are_nothing(kitchen):
    kitchen.drop(".git")
    (kitchen.watched / "notes.txt").write_text("x")
    (kitchen.watched / "empty").mkdir()
    kitchen.settle()
    assert not PluginFolder.objects.exists()


def test_a_look_at_folders_without_changes_writes_nothing(recipes):
    source = recipes.sandbox.source("first")
    source.cursor["readNs"] += 10_000_000_000  # long after: a glance at the file is enough
    source.save()
    with CaptureQueriesContext(connection) as captured:
        assert reconcile(registry).jobs == ()
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_every_process_has_the_same_after_one_query(recipes):
    other = PluginRegistry()
    synchronize(other)
    assert other.get("recipes").translation_version == registry.get("recipes").translation_version
    assert other.metadata("recipes") == registry.metadata("recipes")
    with CaptureQueriesContext(connection) as captured:
        assert not synchronize(other)
    assert len(captured) == 1


def test_a_change_leaves_the_plugins_of_other_folders_as_they_are(recipes):
    kept = registry.get("recipes")
    recipes.drop("broken").joinpath("plugin.yaml").unlink()
    recipes.settle()
    recipes.get(LIST)
    assert registry.get("recipes") is kept


def test_kept_answers_follow_the_folders(recipes):
    paths = CatalogPaths(registry)
    assert (BASE, "recipes") in list(paths)
    shutil.rmtree(recipes.folder)
    recipes.settle()
    assert (BASE, "recipes") not in list(paths)


def test_an_app_that_takes_the_name_over_gets_rid_of_the_old_rows(recipes):
    class Recipes(Plugin):
        name = "recipes"

        def register_routes(self, router):
            pass

    plugins = PluginRegistry()
    plugins.register(Recipes())
    reconcile(plugins, starting=True)
    assert DeclaredEntity.objects.count() == 0
    assert recipes.sandbox.source("first").removed_at is None


def test_an_app_made_from_the_folder_has_the_same_name_kind_and_paths(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from catalog_core.plugins.metadata import parse_catalog_yaml
    from catalog_core.tools.gen import main

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        main, ["init", "--from", str(EXAMPLE / "recipes" / "catalog.yaml"), "--output", "recipes"]
    )
    assert done.exit_code == 0, done.output
    old = parse_catalog_yaml((EXAMPLE / "recipes" / "catalog.yaml").read_bytes()).value
    new = parse_catalog_yaml((tmp_path / "recipes" / "catalog.yaml").read_bytes()).value
    assert (new.name, new.kind, new.plural, new.base_path) == (old.name, old.kind, old.plural, old.base_path)
    assert [(prop.name, prop.kind) for prop in new.properties] == [(prop.name, prop.kind) for prop in old.properties]
    assert 'name = "recipes"' in (tmp_path / "recipes" / "plugin.py").read_text()
