"""The files of a server project."""

import os
import re
from pathlib import Path
from typing import Any

from catalog_core.tools.gen.compose.located import LocatedPlugin
from catalog_core.tools.gen.compose.resolution import Resolution
from catalog_core.tools.gen.fitting import matrix
from catalog_core.tools.gen.scaffold.templates import render
from catalog_core.tools.gen.scaffold.yamltext import yaml_text

DISTRIBUTION = "catalog-of-catalogs"
DEFAULT_NAME = "catalog-server-build"
_PAGES = ("Dockerfile", "Makefile", "README.md", "compose.yaml", "manage.py", "pyproject.toml")


def server_name(resolution: Resolution) -> str:
    """Return what the project of the server is called."""
    return resolution.manifest.name or DEFAULT_NAME


def server_module(resolution: Resolution) -> str:
    """Return the package of the server's settings."""
    return re.sub(r"[^a-z0-9_]", "_", server_name(resolution))


def server_files(resolution: Resolution, output: Path) -> dict[str, str]:
    """Return the files of the project, by path.

    Args:
        resolution: what the manifest comes to, without problems.
        output: where the project is to be, for the way from there to the projects of its plugins.
    """
    module = server_module(resolution)
    values: dict[str, Any] = {
        "name": server_name(resolution),
        "module": module,
        "manifest": resolution.manifest,
        "plugins": resolution.plugins,
        "requirements": _requirements(resolution),
        "projects": [_way(output, plugin.project) for plugin in resolution.plugins if plugin.project],
    }
    files = {path: render(f"server/{path}", **values) for path in _PAGES}
    files |= {f"{module}/__init__.py": "", f"{module}/settings.py": render("server/settings.py", **values)}
    files |= {
        ".dockerignore": render("server/dockerignore", **values),
        ".gitignore": render("server/gitignore", **values),
    }
    files |= {"COMPATIBILITY.md": matrix(resolution.manifest, resolution.verdicts)}
    samples = {path: text for plugin in resolution.plugins for path, text in _sample_data(plugin).items()}
    return files | samples | {"sources.yaml": _sources(resolution, samples)}


def _requirements(resolution: Resolution) -> list[str]:
    others = {plugin.requirement for plugin in resolution.plugins if plugin.requirement}
    return [f"{DISTRIBUTION}=={resolution.manifest.version}", *sorted(others)]


def _sample_data(plugin: LocatedPlugin) -> dict[str, str]:
    """Return the sample data that a plugin brings along, by path in the project."""
    found = sorted((plugin.folder / "data").glob("*.yaml"))
    return {f"data/{plugin.name}/{path.name}": path.read_text(encoding="utf-8") for path in found}


def _sources(resolution: Resolution, samples: dict[str, str]) -> str:
    sections = {plugin.source_key: {"sources": _entries(plugin, samples)} for plugin in resolution.plugins}
    head = "# Where the catalogs get their entries from: sample data to begin with. Changes apply within 30 seconds.\n"
    return head + yaml_text({"apiVersion": "catalog/v1alpha1", "kind": "CatalogSources", "catalogs": sections})


def _entries(plugin: LocatedPlugin, samples: dict[str, str]) -> list[dict[str, Any]]:
    paths = [path for path in samples if path.startswith(f"data/{plugin.name}/")]
    return [
        {
            "id": f"{plugin.name}-{Path(path).stem}",
            "name": f"{plugin.metadata.display_name}: sample data",
            "type": "yaml",
            "enabled": True,
            "labels": ["Sample"],
            "properties": {"yamlCatalogPath": f"./{path}"},
        }
        for path in paths
    ]


def _way(output: Path, project: Path) -> str:
    return Path(os.path.relpath(project.resolve(), output.resolve())).as_posix()
