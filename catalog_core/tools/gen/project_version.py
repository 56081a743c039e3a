"""The version in the ``pyproject.toml`` of a plugin that is a Python package of its own."""

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from catalog_core.plugins.discovery import ENTRY_POINT_GROUP

_PROJECT_FILE = "pyproject.toml"
_LEVELS = 4
"""A project's file stands beside the plugin, or above its package, its namespace and ``src``."""

_PROJECT_TABLE = re.compile(r"^\[project\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)
_VERSION_LINE = re.compile(r"""^(version\s*=\s*(["']))[^"'\n]+(\2)""", re.MULTILINE)


def project_with_version(folder: Path, name: str, version: str) -> tuple[Path, bytes] | None:
    """Return the ``pyproject.toml`` of a plugin with another version; nothing if it has no project of its own.

    A project is the plugin's own if it offers the plugin as an entry point and states its version.

    Args:
        folder: the folder of the plugin.
        name: what the plugin is called.
        version: what the file is to say.

    Raises:
        ValueError: the version is none that Python packages may have, or cannot be changed in its place.
        OSError: the file cannot be read.
    """
    place = folder.resolve()
    for candidate in (place, *place.parents[: _LEVELS - 1]):
        path = candidate / _PROJECT_FILE
        if path.is_file():
            text = path.read_text("utf-8")
            return (path, _changed(text, version).encode()) if _offers(_project(text), name) else None
    return None


def _project(text: str) -> dict[str, Any]:
    try:
        project = tomllib.loads(text).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{_PROJECT_FILE} is not valid TOML: {error}") from error
    return project if isinstance(project, dict) else {}


def _offers(project: dict[str, Any], name: str) -> bool:
    return "version" in project and name in project.get("entry-points", {}).get(ENTRY_POINT_GROUP, {})


def _changed(text: str, version: str) -> str:
    try:
        Version(version)
    except InvalidVersion as error:
        message = f'Python packages cannot have the version "{version}"; use alpha, beta or rc as the label'
        raise ValueError(message) from error
    changed = _PROJECT_TABLE.sub(
        lambda table: _VERSION_LINE.sub(rf"\g<1>{version}\g<3>", table[0], count=1), text, count=1
    )
    if _project(changed) != {**_project(text), "version": version}:
        raise ValueError(f'the version in {_PROJECT_FILE} cannot be changed in its place; write version = "1.2.3"')
    return changed
