"""Plugins as ``init`` leaves them pass their own tests, the conformance suite and mypy, whatever their names."""

import sys
from pathlib import Path

import pytest

from catalog_core.tools.gen.scaffold.naming import module_of
from catalog_core.tools.gen.scaffold.reserved import BUNDLED_NAMES
from tests.tools.gen.scaffolding import ALL_TYPES, PROJECT, python, run, wrote

SOME_NAMES = ["build-tools", "auth"]
MORE_NAMES = ["a", "x-_-y", "import", "class", "none", "entities", "plugins", "errors", "sources", "tests", "catalog"]
AWKWARD_FIELDS = ["--field=l:string:required", "--field=models:array", "--field=type:string", "--field=format:object"]


@pytest.mark.process
@pytest.mark.parametrize("names", [SOME_NAMES, pytest.param(MORE_NAMES, marks=pytest.mark.long)], ids=["some", "more"])
def test_apps_pass_their_own_tests(names, tmp_path):
    for name in names:
        wrote("init", f"--name={name}", *ALL_TYPES, *AWKWARD_FIELDS, "--output", tmp_path / module_of(name))
        wrote(
            "add-artifact", "UserManual", tmp_path / module_of(name), "--field=uri:string:required", "--field=pages:int"
        )
    done = python(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", PROJECT / "pyproject.toml", "--rootdir", tmp_path),
        *sorted(tmp_path.glob("*/tests")),
        cwd=tmp_path,
        PYTHONPATH=str(tmp_path),
        CATALOG_DATA_DIR=str(tmp_path / ".catalog"),
        CATALOG_PLUGIN_APPS=",".join(map(module_of, names)),
        CATALOG_PLUGINS_EXCLUDED=",".join(sorted(BUNDLED_NAMES)),
        DJANGO_SETTINGS_MODULE="catalog_project.settings",
    )
    assert done.returncode == 0, done.stdout[-5000:]


@pytest.mark.process
def test_a_package_passes_its_own_tests_and_mypy(tmp_path):
    wrote("init", "--name=build-tools", "--package", *ALL_TYPES, "--output", tmp_path)
    wrote("add-artifact", "UserManual", tmp_path / "catalog_plugin_build_tools", "--field=uri:string:required")
    tests = python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path, CATALOG_DATA_DIR=str(tmp_path / ".data")
    )
    assert tests.returncode == 0, tests.stdout[-5000:]
    mypy = Path(sys.executable).parent / "mypy"
    types = run(mypy, "--cache-dir", tmp_path / ".mypy_cache", "catalog_plugin_build_tools", cwd=tmp_path)
    assert types.returncode == 0, types.stdout
