"""The package and the plugin in it are released as one."""

import tomllib
from pathlib import Path

from catalog_core.testing.sample import catalog_plugin, plugin_folder

PROJECT = Path(__file__).parents[1]


def test_the_package_has_the_version_of_the_plugin() -> None:
    """After ``catalog-gen bump-version`` the version in pyproject.toml is raised as well."""
    package = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    assert f'version: "{package}"' in (plugin_folder(catalog_plugin("lamps")) / "plugin.yaml").read_text()
