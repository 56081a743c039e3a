"""A server that watches a folder for catalogs without code."""

import shutil
from pathlib import Path

import pytest

from catalog_core.plugins.registry import registry

EXAMPLE = Path(__file__).parent / "example"
BASE = "/api/recipes_catalog/v1alpha1"
LIST = f"{BASE}/recipes"


class Kitchen:
    """The sandbox, a folder that it watches, and what lies there."""

    def __init__(self, sandbox, watched: Path) -> None:
        self.sandbox = sandbox
        self.watched = watched
        self.get, self.names = sandbox.get, sandbox.names

    @property
    def folder(self) -> Path:
        return self.watched / "recipes"

    def drop(self, name: str = "recipes") -> Path:
        """Put the example into the watched folder."""
        return Path(shutil.copytree(EXAMPLE / "recipes", self.watched / name))

    def serve(self) -> "Kitchen":
        """Put the example there with its data, and bring everything up to date."""
        self.drop()
        self.sandbox.serve("recipes", {"first": (EXAMPLE / "data" / "recipes.yaml").read_text()})
        return self

    def change(self, file: str, old: str, new: str, folder: str = "recipes") -> None:
        """Replace something that stands once in a file of a folder."""
        path = self.watched / folder / file
        text = path.read_text()
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))

    def settle(self):
        return self.sandbox.settle()

    def entry(self, name: str = "recipes"):
        """Return what discovery says of a plugin; nothing if it does not know it."""
        return next((one for one in self.get("/api/plugins")["plugins"] if one["name"] == name), None)


@pytest.fixture
def kitchen(sandbox, tmp_path, settings):
    """A server that watches an empty folder."""
    watched = tmp_path / "watched"
    watched.mkdir()
    settings.CATALOG = {**settings.CATALOG, "plugin_folders": (watched,)}
    sandbox.configure("catalogs: {}")
    sandbox.settle(starting=True)
    yield Kitchen(sandbox, watched)
    registry.exchange((), ())


@pytest.fixture
def recipes(kitchen):
    """The same with the example in the folder and its data served."""
    return kitchen.serve()
