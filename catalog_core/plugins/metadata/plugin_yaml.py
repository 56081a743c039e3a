"""``plugin.yaml``: who answers for a plugin, and which servers it works with."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata.structure import Parsed, api_version_warnings, parse_structure
from catalog_core.plugins.version_ranges import ANY, VersionRange, at_least, at_most, parse_range
from catalog_core.problems import Problem
from catalog_core.sources.formats import Document, Path

PLUGIN_FILE = "plugin.yaml"

_SERVER: Path = ("spec", "compatibility", "catalogServer")
_READERS = {"minVersion": at_least, "maxVersion": at_most, "versionRange": parse_range}


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginMetadata:
    """What ``plugin.yaml`` says. Versions are texts as written.

    Attributes:
        name: the plugin's name.
        display_name: its name for people.
        description: what it is for.
        version: its own version, without a ``v`` before it.
        owners: team and contact of each owner; the contact may be empty.
        min_server: the oldest server it works with; may be empty, or have open numbers as in ``1.x``.
        max_server: the newest one, likewise.
        server_range: the servers it works with as a range, likewise.
        framework_api: the version of the plugin API it was written for.
        providers: the types of source it is meant for.
        license: an SPDX expression; may be empty.
        repository: where its code is; may be empty.
    """

    name: str
    display_name: str = ""
    description: str = ""
    version: str = ""
    owners: tuple[tuple[str, str], ...] = ()
    min_server: str = ""
    max_server: str = ""
    server_range: str = ""
    framework_api: str = ""
    providers: tuple[str, ...] = ()
    license: str = ""
    repository: str = ""

    def servers(self) -> VersionRange:
        """Return the versions of the server that it works with.

        Raises:
            ValueError: a bound cannot be understood; never for what :func:`parse_plugin_yaml` has returned.
        """
        lower = at_least(self.min_server) if self.min_server else ANY
        upper = at_most(self.max_server) if self.max_server else ANY
        return lower & upper & (parse_range(self.server_range) if self.server_range else ANY)


def parse_plugin_yaml(content: bytes, *, file: str = PLUGIN_FILE) -> Parsed[PluginMetadata]:
    """Return what a ``plugin.yaml`` says.

    Args:
        content: the file.
        file: how people know it, for messages.

    Raises:
        InvalidDocument: it breaks the rules of the format; every problem is listed, with line and column.
    """
    document = parse_structure(content, file=file, schema_name="plugin")
    metadata = _metadata(document)
    if problems := list(_version_problems(document, metadata)):
        raise InvalidDocument(problems)
    return Parsed(metadata, tuple(api_version_warnings(document)))


def _metadata(document: Document) -> PluginMetadata:
    spec = document.value["spec"]
    compatibility = spec["compatibility"]
    server = compatibility.get("catalogServer", {})
    return PluginMetadata(
        name=document.value["metadata"]["name"],
        display_name=spec["displayName"],
        description=spec["description"],
        version=spec["version"].removeprefix("v"),
        owners=tuple((owner["team"], owner.get("contact", "")) for owner in spec["owners"]),
        min_server=server.get("minVersion", ""),
        max_server=server.get("maxVersion", ""),
        server_range=server.get("versionRange", ""),
        framework_api=compatibility["frameworkApi"],
        providers=tuple(spec["providers"]),
        license=spec.get("license", ""),
        repository=spec.get("repository", ""),
    )


def _version_problems(document: Document, metadata: PluginMetadata) -> Iterator[Problem]:
    texts = (metadata.min_server, metadata.max_server, metadata.server_range)
    is_readable = True
    for (key, read), text in zip(_READERS.items(), texts, strict=True):
        try:
            read(text or "*")
        except ValueError as error:
            is_readable = False
            yield document.problem((*_SERVER, key), f'"{key}" cannot be understood: {error}.', "wrong-value")
    if is_readable and metadata.servers().is_empty:
        message = "No version of the server fits these bounds."
        yield document.problem(_SERVER, message, "empty-range", "Let minVersion be lower than maxVersion.", at_key=True)
