"""What checks look at: a server, and each of its catalogs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.wire import Client, Wire, as_object, as_objects

PLUGINS_PATH = "/api/plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Bearer tokens; empty where there is none. None of them ever stands in a report.

    Attributes:
        operator: of a caller who may change the configuration.
        viewer: of a caller who may only read.
    """

    operator: str = ""
    viewer: str = ""


class Server:
    """The server under test.

    Args:
        client: carries the questions.
        credentials: who may be asked as.
        job_wait_seconds: how long a refresh may take.

    Attributes:
        nobody: asks without credentials.
        operator: asks as an operator; ``None`` without a token.
        viewer: asks as a viewer; ``None`` without a token.
    """

    def __init__(
        self, client: Client, credentials: Credentials | None = None, *, job_wait_seconds: float = 60.0
    ) -> None:
        known = credentials or Credentials()
        self.nobody = Wire(client)
        self.operator = Wire(client, known.operator) if known.operator else None
        self.viewer = Wire(client, known.viewer) if known.viewer else None
        self.job_wait_seconds = job_wait_seconds
        self._tokens = tuple(filter(None, (known.operator, known.viewer)))

    def masked(self, text: str) -> str:
        """Return a text of the server without the tokens that we sent it."""
        for token in self._tokens:
            text = text.replace(token, "***")
        return text

    @cached_property
    def reader(self) -> Wire:
        """Asks for what everybody may read: without credentials, unless the server wants some for reading too."""
        refused = self.nobody.get(PLUGINS_PATH).status in (401, 403)
        return (self.viewer or self.operator or self.nobody) if refused else self.nobody

    @cached_property
    def discovery(self) -> dict[str, Any]:
        """The body of ``/api/plugins``."""
        return self.reader.read(PLUGINS_PATH)

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """What ``/api/plugins`` says of each plugin."""
        return as_objects(self.discovery.get("plugins"), f"GET {PLUGINS_PATH}: plugins")

    def catalogs(self) -> list["Catalog"]:
        """Return the catalogs of all plugins, failed ones too, in the order of discovery.

        Raises:
            WireError: the server does not say which there are.
        """
        return self._catalogs

    @cached_property
    def _catalogs(self) -> list["Catalog"]:
        return [Catalog(self, entry) for entry in self.entries]


class Catalog:
    """The catalog of one plugin.

    Args:
        server: where it is.
        entry: what ``/api/plugins`` says of it.
    """

    def __init__(self, server: Server, entry: dict[str, Any]) -> None:
        self.server = server
        self.entry = entry
        self.name = str(entry.get("name"))
        self.base_path = str(entry.get("basePath") or "")

    @property
    def reader(self) -> Wire:
        """Asks for what everybody may read."""
        return self.server.reader

    @property
    def capabilities_path(self) -> str:
        """Where the V2 document is."""
        return f"{PLUGINS_PATH}/{self.name}/capabilities"

    @property
    def management_path(self) -> str:
        """Where sources are managed."""
        return f"{self.base_path}/management"

    @cached_property
    def capabilities(self) -> dict[str, Any]:
        """The V2 document."""
        return self.reader.read(self.capabilities_path)

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kinds of entities that the V2 document announces."""
        entities = as_objects(self.capabilities.get("entities"), "entities")
        return [Kind(self.reader, entity) for entity in entities]

    @property
    def source_capabilities(self) -> dict[str, Any]:
        """What the V2 document says of sources; empty if it says nothing."""
        return as_object(self.capabilities.get("sources", {}), "sources")

    def forget(self) -> None:
        """Forget what was read of the lists, which may have changed since."""
        for kind in self.kinds:
            kind.forget()

    def has_changed(self) -> bool:
        """Say whether a list differs from what was read of it before."""
        return any(kind.has_changed() for kind in self.kinds)
