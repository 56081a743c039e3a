"""Plugins that keep their assets themselves: they are listed and found with those of all others."""

import sqlite3

import pytest
from django.db import connection

from catalog_core.api import assets as assets_api
from catalog_core.entities.envelope import Overlay
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source


class Robots(Plugin):
    """Lists its robots two to a page."""

    name = "robots"
    description = "Robots."

    def __init__(self):
        self.names = ["arm", "cart", "eye"]
        self.asked = 0
        self.broken = False

    def register_routes(self, router):
        """Serve nothing else."""

    def list_assets(self, options):
        self.asked += 1
        if self.broken:
            raise OSError("the depot does not answer")
        start = int(options["pageToken"] or 0)
        made = [self._robot(name) for name in self.names[start : start + 2]]
        more = {"nextPageToken": str(start + 2)} if start + 2 < len(self.names) else {}
        return {"kind": "AssetList", "items": made, **more}

    def get_asset(self, kind, name):
        return self._robot(name) if (kind, name) == ("Robot", "spare") else None

    @staticmethod
    def _robot(name):
        return {
            "kind": "Robot",
            "metadata": {"name": name},
            "spec": {"license": "MIT"},
            "status": {"health": "healthy"},
        }


@pytest.fixture
def robots(sandbox, monkeypatch):
    plugin = Robots()
    plugins = PluginRegistry()
    plugins.register(plugin)
    sandbox.registry = plugins
    monkeypatch.setattr(assets_api, "registry", plugins)
    sandbox.configure("catalogs: {}")
    sandbox.reconcile(starting=True)
    return plugin


def names(sandbox, **parameters):
    return [item["metadata"]["name"] for item in sandbox.get("/api/assets", **parameters)["items"]]


def test_they_are_listed_filtered_and_found(sandbox, robots):
    assert names(sandbox) == ["arm", "cart", "eye"]
    assert names(sandbox, filterQuery="name = 'eye' AND license = 'MIT'", kind="Robot") == ["eye"]
    asset = sandbox.get("/api/assets/Robot/arm")
    assert asset["status"] == {"health": "healthy", "lifecycle": "active"}
    assert asset == sandbox.get(f"/api/assets/{asset['metadata']['uid']}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone has so low a limit")
def test_they_may_be_more_than_a_statement_takes_parameters(sandbox, robots):
    connection.ensure_connection()
    limit = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    try:
        robots.names = [f"robot {number}" for number in range(2500)]
        sandbox.reconcile()
        assert sandbox.get("/api/assets")["totalSize"] == 2500
        robots.names = ["arm"]
        sandbox.reconcile()
        assert names(sandbox) == ["arm"]
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)


def test_reading_asks_the_plugin_for_nothing_that_is_stored(sandbox, robots):
    asked = robots.asked
    names(sandbox)
    sandbox.get("/api/assets/Robot/arm")
    assert robots.asked == asked


def test_they_follow_the_plugin_at_each_reconcile_and_keep_their_uid(sandbox, robots):
    uid = sandbox.get("/api/assets/Robot/eye")["metadata"]["uid"]
    robots.names = ["eye", "leg"]
    sandbox.reconcile()
    assert names(sandbox) == ["eye", "leg"]
    assert sandbox.get("/api/assets/Robot/eye")["metadata"]["uid"] == uid


def test_a_plugin_that_fails_keeps_what_it_had_and_says_why(sandbox, robots):
    robots.broken = True
    sandbox.reconcile()
    assert names(sandbox) == ["arm", "cart", "eye"]
    assert "depot" in Source.objects.get(plugin="robots").error
    robots.broken = False
    sandbox.reconcile()
    assert Source.objects.get(plugin="robots").state == "available"


def test_overlays_are_laid_over_them(sandbox, robots):
    uid = sandbox.get("/api/assets/Robot/arm")["metadata"]["uid"]
    Overlay.objects.create(
        uid=uid, plugin="robots", kind="Robot", source_key="plugin", name="arm", tags=["old"], changed_by="tests"
    )
    robots.names = ["arm"]
    sandbox.reconcile()
    assert names(sandbox, tag="old") == ["arm"]


def test_one_that_is_not_listed_is_found_by_the_plugin_itself(sandbox, robots):
    assert sandbox.get("/api/assets/Robot/spare")["metadata"]["name"] == "spare"
    sandbox.get("/api/assets/Robot/nosuch", status=404)
