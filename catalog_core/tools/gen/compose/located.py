"""Where the plugins of a manifest are: part of the server, projects on this machine, or installed packages."""

import ast
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from catalog_core.plugins.discovery import BUNDLED_PACKAGE, ENTRY_POINT_GROUP
from catalog_core.plugins.metadata import PluginMetadata, WantedPlugin
from catalog_core.tools.gen.governance import PluginFolder

_PROJECT_FILE = "pyproject.toml"


class NotLocated(ValueError):
    """It is not known how a plugin is installed; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedPlugin:
    """A plugin of a manifest, and what is known of it.

    Attributes:
        name: its name.
        package: the package that Python imports.
        folder: the folder of its ``plugin.yaml``.
        metadata: what that says.
        requirement: what pip installs, pinned; empty for a part of the server.
        project: the folder of its project, if it is installed from there.
    """

    name: str
    package: str
    folder: Path
    metadata: PluginMetadata
    requirement: str = ""
    project: Path | None = None

    @property
    def source_key(self) -> str:
        """Its key in the configuration: as its code declares it, else its name."""
        return _declared_text(self.folder / "plugin.py", "key_in_sources") or self.name


def locate(wanted: WantedPlugin, folder: PluginFolder, base: Path) -> LocatedPlugin:
    """Return what is known of a plugin.

    Args:
        wanted: the plugin as the manifest names it.
        folder: the folder of its ``plugin.yaml``, which is in order.
        base: the folder that paths in the manifest start from.

    Raises:
        NotLocated: it is neither bundled nor a project nor installed.
    """
    metadata = folder.plugin.value
    if metadata is None:
        raise NotLocated(f"{wanted.name}: its plugin.yaml cannot be used; see catalog-gen validate.")
    package, requirement, project = _installation(wanted, folder.path, base)
    return LocatedPlugin(
        name=wanted.name,
        package=package,
        folder=folder.path,
        metadata=metadata,
        requirement=wanted.requirement or requirement,
        project=project,
    )


def _installation(wanted: WantedPlugin, folder: Path, base: Path) -> tuple[str, str, Path | None]:
    if wanted.path:
        project = base / wanted.path
        return *_of_project(wanted.name, project), project
    if folder.parent.name == BUNDLED_PACKAGE:
        return f"{BUNDLED_PACKAGE}.{folder.name}", "", None
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.dist and _is_in(point, folder):
            return point.value, f"{point.dist.name}=={point.dist.version}", None
    raise NotLocated(f"{wanted.name}: it is not known which package brings it; name the folder of its project as path.")


def _is_in(point: EntryPoint, folder: Path) -> bool:
    return folder.as_posix().endswith(point.value.partition(".apps.")[0].replace(".", "/"))


def _of_project(name: str, project: Path) -> tuple[str, str]:
    """Return package and requirement of a plugin whose project is on this machine."""
    try:
        document = tomllib.loads((project / _PROJECT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotLocated(f"{name}: there is no {_PROJECT_FILE} in its folder that can be read.") from None
    about: Mapping[str, Any] = document.get("project", {})
    points = about.get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    package = points.get(name) or next(iter(points.values()), "")
    if not package or not about.get("name") or not about.get("version"):
        raise NotLocated(
            f"{name}: {_PROJECT_FILE} of its project has to say name, version, and an entry point {ENTRY_POINT_GROUP}."
        )
    return str(package), f"{about['name']}=={about['version']}"


def _declared_text(path: Path, attribute: str) -> str:
    """Return a text that a class in a module is declared with, without running the module."""
    try:
        module = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ""
    assigned = [node for node in ast.walk(module) if isinstance(node, ast.Assign)]
    texts = (node.value for node in assigned if ast.unparse(node.targets[0]) == attribute)
    return next((text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)), "")
