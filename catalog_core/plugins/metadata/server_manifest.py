"""The manifest of a server: which plugins it is to be made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata.structure import Parsed, api_version_warnings, parse_structure
from catalog_core.plugins.version_ranges import parse_range
from catalog_core.problems import Problem
from catalog_core.sources.formats import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPlugin:
    """A plugin that the server is to have.

    Attributes:
        name: its name.
        module: where its code is.
        version: the version wanted, or a range of versions, as written.
        requirement: what pip has to be told to install it; empty where it is part of the server.
        path: the folder of its project, relative to the manifest; empty where it is not on this machine.
    """

    name: str
    module: str
    version: str
    requirement: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerManifest:
    """What a manifest says.

    Attributes:
        name: what the server is called; may be empty.
        image: the container image to build upon; may be empty.
        framework_api: the version of the plugin API that the server offers; may be empty.
        module: what the code of the server is called.
        version: the version of the server, without a ``v`` before it.
        plugins: the plugins wanted.
    """

    name: str = ""
    image: str = ""
    framework_api: str = ""
    module: str
    version: str
    plugins: tuple[WantedPlugin, ...]


def parse_server_manifest(content: bytes, *, file: str) -> Parsed[ServerManifest]:
    """Return what the manifest of a server says.

    Args:
        content: the file.
        file: how people know it, for messages.

    Raises:
        InvalidDocument: it breaks the rules of the format; every problem is listed, with line and column.
    """
    document = parse_structure(content, file=file, schema_name="server-manifest")
    if problems := list(_plugin_problems(document)):
        raise InvalidDocument(problems)
    return Parsed(_manifest(document), tuple(api_version_warnings(document)))


def _manifest(document: Document) -> ServerManifest:
    spec = document.value["spec"]
    base = spec["base"]
    return ServerManifest(
        name=document.value.get("metadata", {}).get("name", ""),
        image=base.get("image", ""),
        framework_api=base.get("frameworkVersion", ""),
        module=base["module"],
        version=base["version"].removeprefix("v"),
        plugins=tuple(
            WantedPlugin(
                name=entry["name"],
                module=entry["module"],
                version=entry["version"],
                requirement=entry.get("requirement", ""),
                path=entry.get("path", ""),
            )
            for entry in spec["plugins"]
        ),
    )


def _plugin_problems(document: Document) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for place, entry in enumerate(document.value["spec"]["plugins"]):
        path = ("spec", "plugins", place)
        if line := first.get(entry["name"]):
            message = f'The plugin "{entry["name"]}" stands twice here, first in line {line}.'
            yield document.problem((*path, "name"), message, "duplicate-name", "Remove one of the two.")
        first.setdefault(entry["name"], document.position(path)[0])
        try:
            parse_range(entry["version"])
        except ValueError as error:
            yield document.problem((*path, "version"), f'"version" cannot be understood: {error}.', "wrong-value")
