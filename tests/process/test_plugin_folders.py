"""A folder dropped in while a server runs is a catalog in every process of it; taken away, it is one in none."""

import json
import shutil
import urllib.request

from tests.process.servers import PROJECT, wait_until

EXAMPLE = PROJECT / "tests" / "core" / "plugins" / "declared" / "example"
LIST = "/api/recipes_catalog/v1alpha1/recipes"
ASKED = 12
"""Requests, each with a connection of its own, so that every web process gets some."""


def test_a_folder_dropped_into_a_running_server_is_a_catalog_in_every_process(server, tmp_path):
    watched = tmp_path / "watched"
    watched.mkdir()
    shutil.copy(EXAMPLE / "data" / "recipes.yaml", tmp_path)
    source = {"id": "book", "name": "Book", "type": "yaml", "properties": {"yamlCatalogPath": "recipes.yaml"}}
    sources = tmp_path / "recipes-sources.yaml"
    sources.write_text(json.dumps({"catalogs": {"recipes": {"sources": [source]}}}))
    running = server(sources=[sources], options=["--plugin-folders", str(watched)], CATALOG_RECONCILE_SECONDS="1")

    def answers(path):
        return [running.ask(path) for _ in range(ASKED)]

    def serves(count):
        return all(status == 200 and body["totalSize"] == count for status, body in answers(LIST))

    assert {status for status, _ in answers(LIST)} == {404}
    shutil.copytree(EXAMPLE / "recipes", watched / "recipes")
    wait_until(lambda: serves(4), "all processes serve the catalog")
    assert {status for status, _ in answers(f"{LIST}/Soup")} == {200}
    assert all("recipes" in {one["name"] for one in body["plugins"]} for _, body in answers("/api/plugins"))

    catalog = watched / "recipes" / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace("name: rating", "name: stars"))
    wait_until(
        lambda: all("rating" not in body for _, body in answers(f"{LIST}/Soup")), "all processes serve the new version"
    )
    with urllib.request.urlopen(f"{running.base_url}/api/schema") as schema:
        assert "stars" in json.load(schema)["components"]["schemas"]["Recipe"]["properties"]

    shutil.rmtree(watched / "recipes")
    wait_until(lambda: {status for status, _ in answers(LIST)} == {404}, "no process serves it any more")
