"""Folders of plugins, and the command line in this process."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog_core.tools.gen import main

PLUGIN_YAML = """\
# who answers for the widgets
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogPlugin
metadata:
  name: widgets
spec:
  displayName: Widgets
  description: Things that turn.
  version: "1.4.0"   # raised by catalog-gen
  owners:
    - team: workshop
      contact: workshop@example.org
  compatibility:
    catalogServer: {minVersion: "0.1.0", maxVersion: "99.x"}
    frameworkApi: v1alpha1
  providers: [yaml]
  license: Apache-2.0
"""
CATALOG_YAML = """\
apiVersion: catalog.kubeflow.org/v1alpha1
kind: CatalogConfig
metadata: {name: widgets}
spec:
  package: acme.widgets
  entity:
    name: Widget
    properties:
      - {name: colour, type: string, description: Its colour.}
  providers: [{type: yaml}]
"""
CONFORMANCE = """\
from catalog_core.testing.conformance import PluginConformance


class TestWidgetsConformance(PluginConformance):
    plugin_name = "widgets"
"""
README = "# Widgets\n\nThings that turn. `colour` is their colour.\n"


@pytest.fixture
def widgets(tmp_path):
    """The folder of a plugin with which nothing is wrong; what it holds may be changed with ``change``."""
    folder = tmp_path / "widgets"
    files = {
        "plugin.yaml": PLUGIN_YAML,
        "catalog.yaml": CATALOG_YAML,
        "tests/conformance/test_conformance.py": CONFORMANCE,
        "README.md": README,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def change():
    """Replace something in a file that has it once."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new))

    return replace


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run catalog-gen in the folder of the test."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="catalog-gen")

    return invoke
