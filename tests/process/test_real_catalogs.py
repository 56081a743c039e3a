"""A whole server on catalogs of public projects: everything in the files is served, and edits are followed."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from tests.process.servers import RunningServer, running_servers, wait_until

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PLUGIN_OF = {"models": "model"}
"""Plugins whose key in the configuration is not their name."""
LISTS = {
    "models": "/api/model_catalog/v1alpha1/models",
    "mcp": "/api/mcp_catalog/v1alpha1/mcpservers",
    "agents": "/api/agents_catalog/v1alpha1/agents",
    "skills": "/api/skills_catalog/v1alpha1/skills",
    "prompts": "/api/prompts_catalog/v1alpha1/prompttemplates",
    "policies": "/api/policies_catalog/v1alpha1/policies",
    "guardrails": "/api/guardrails_catalog/v1alpha1/guardrails",
    "knowledge": "/api/knowledge_catalog/v1alpha1/knowledgesources",
}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder with real catalogs is not beside the project"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A copy of the catalogs, to be edited."""
    copy = tmp_path_factory.mktemp("real") / "data"
    shutil.copytree(DATA, copy, copy_function=shutil.copyfile)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


@pytest.fixture(scope="module")
def server(folder) -> Iterator[RunningServer]:
    with running_servers(folder.parent, folder / "sources.yaml") as start:
        running = start()
        wait_until(lambda: running.ask("/readyz")[0] == 200, "everything is loaded", seconds=180)
        yield running


def written(folder: Path, key: str) -> set[tuple[str, str]]:
    """Return source and name of everything that the enabled sources of a catalog hold, read without the server."""
    configuration = yaml.load((folder / "sources.yaml").read_bytes(), yaml.CSafeLoader)
    return {
        (source["id"], name)
        for source in configuration["catalogs"][key]["sources"]
        if source.get("enabled", True)
        for name in names_in(folder / source["properties"]["yamlCatalogPath"])
    }


@cache
def names_in(file: Path) -> frozenset[str]:
    document = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    (items,) = [value for value in document.values() if isinstance(value, list)]
    return frozenset(str(item["name"]) for item in items)


def walked(server: RunningServer, path: str, page_size: int) -> list[tuple[str, str]]:
    """Return source and name of everything on all pages of a list."""
    found, token = [], ""
    while True:
        status, body = server.ask(f"{path}?pageSize={page_size}" + (f"&pageToken={quote(token)}" if token else ""))
        assert status == 200, body
        found += [(item.get("sourceId") or item.get("source_id"), item["name"]) for item in body["items"]]
        if not (token := body.get("nextPageToken", "")):
            assert len(found) == body["totalSize"]
            return found


def stored(server: RunningServer, column: str) -> dict[str, str]:
    """Return a column of every source, by its id."""
    with sqlite3.connect(f"file:{server.data_dir / 'catalog.sqlite3'}?mode=ro", uri=True) as database:
        return dict(database.execute(f"SELECT key, {column} FROM catalog_core_source"))


def is_settled(server: RunningServer) -> bool:
    """Say whether each file was old enough when it was read for its times to be trusted, so that it is left alone."""
    cursors = [json.loads(cursor) for cursor in stored(server, "cursor").values()]
    return all(
        cursor["readNs"] - max(cursor["mtimeNs"], cursor["ctimeNs"]) >= 2_000_000_000 for cursor in cursors if cursor
    )


@pytest.mark.parametrize("page_size", [100, 333, 1000])
@pytest.mark.parametrize("key", LISTS)
def test_every_item_of_every_file_is_on_exactly_one_page(server, folder, key, page_size):
    found = walked(server, LISTS[key], page_size)
    assert len(set(found)) == len(found)
    assert set(found) == written(folder, key)


def test_the_counts_of_discovery_are_those_of_the_files(server, folder):
    counts = {plugin["name"]: plugin["entityCount"] for plugin in server.ask("/api/plugins")[1]["plugins"]}
    assert counts == {PLUGIN_OF.get(key, key): len(written(folder, key)) for key in LISTS}


def test_an_edit_is_followed_and_leaves_everything_else_alone(server, folder):
    sources = folder / "sources.yaml"
    wait_until(lambda: is_settled(server), "all files were read when they were old enough", seconds=120)
    before, first = stored(server, "last_refresh_at"), set(walked(server, LISTS["models"], 1000))
    text = sources.read_text()
    edited = re.sub(r"(id: kubeflow-community.*?enabled: )false", r"\1true", text, count=1, flags=re.DOTALL)
    edited = edited.replace("catalogs:", "# edited by hand\ncatalogs:", 1)
    assert edited != text
    sources.write_text(edited)
    wait_until(lambda: server.ask(LISTS["models"])[1]["totalSize"] > len(first), "the edit was followed", seconds=35)
    second = set(walked(server, LISTS["models"], 1000))
    assert second == written(folder, "models") > first
    assert {source for source, _ in second - first} == {"kubeflow-community"}
    after = stored(server, "last_refresh_at")
    assert {key for key in after if after[key] != before[key]} == {"kubeflow-community"}


def test_no_file_of_the_catalogs_was_touched(server, folder):
    for path in DATA.rglob("*.yaml"):
        if path.name != "sources.yaml" or path.parent != DATA:
            assert (folder / path.relative_to(DATA)).read_bytes() == path.read_bytes()
