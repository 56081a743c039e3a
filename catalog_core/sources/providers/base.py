"""What a provider is: the code that reads one type of source.

Providers are the only modules that do input and output for a source. They know nothing of plugins, entities or the
database: they are given a :class:`ReadRequest` and give back files, or say that nothing has moved.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal

from catalog_core.problems import Problem
from catalog_core.sources.spool import HELD_BYTES, Spool

Format = Literal["yaml", "json", "jsonl"]
PropertyType = Literal["string", "integer", "boolean", "duration", "path", "url", "glob", "string-list", "string-map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One entry that a source may have under ``properties``.

    Attributes:
        name: the key, in camel case.
        type: what the value is; ``duration`` is a Go duration such as ``1h30m``, and longer than zero.
        description: one sentence for the documentation and for forms.
        required: whether a source of this type needs it.
        secret: whether the value is a credential: never shown, and better given as a reference.
        default: what holds where it is absent.
        aliases: other keys that mean the same, kept for files written for other servers.
        schemes: what an address may begin with, in the order in which people are told; for the type ``url`` alone.
    """

    name: str
    type: PropertyType
    description: str
    required: bool = False
    secret: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ("https", "http")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """Bounds of one reading of one source.

    Attributes:
        max_bytes: bytes over all files of the source.
        total_seconds: seconds for the whole reading.
        request_seconds: seconds for connecting and for each read of a request.
        max_redirects: redirects followed for one request.
        max_files: files in one source.
    """

    max_bytes: int = 256 * 1024 * 1024
    total_seconds: float = 300.0
    request_seconds: float = 20.0
    max_redirects: int = 5
    max_files: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """All that a provider is told about the source it has to read.

    Attributes:
        source_id: for messages.
        properties: checked against :attr:`Provider.properties`, defaults filled in, aliases renamed, secrets resolved.
        base_dir: the folder of the sources file that names this source; relative paths start here.
        allowed_dirs: folders below which local files may be read, symbolic links resolved; holds ``base_dir``.
        allowed_hosts: hosts that may be called although their addresses are not public.
        work_dir: a folder of this source's own that lives between readings, for instance for a clone.
        limits: bounds of this reading.
        cursor: what the last successful reading gave as its cursor; empty if there was none, or if reading is forced.
        cancelled: returns true once the reading should stop; asked between chunks.
        on_bytes: told the size of each piece that has come in, in bytes; :meth:`spool` does so.
    """

    source_id: str
    properties: Mapping[str, Any]
    base_dir: Path
    allowed_dirs: tuple[Path, ...]
    work_dir: Path
    allowed_hosts: frozenset[str] = frozenset()
    limits: ReadLimits = field(default_factory=ReadLimits)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    cancelled: Callable[[], bool] = lambda: False
    on_bytes: Callable[[int], None] = lambda size: None

    def spool(self, *, held_bytes: int = HELD_BYTES) -> Spool:
        """Return what takes the bytes of one file as they come in, so that people see how far the reading is.

        Args:
            held_bytes: how many bytes stay in memory.
        """
        return Spool(self.work_dir, held_bytes=held_bytes, on_write=self.on_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source, as read.

    Attributes:
        name: how people know it: relative to the source, or the last part of an address. Never an absolute path.
        format: how ``content`` is to be parsed.
        content: the bytes; or, where they are many, the spool that holds them outside of memory.
    """

    name: str
    format: Format
    content: bytes | Spool

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    def opened(self) -> bytes | BinaryIO:
        """Return the content to be parsed, from its start."""
        return self.content if isinstance(self.content, bytes) else self.content.open()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a source holds now.

    Attributes:
        revision: what people call this state: a commit id, an entity tag, a digest. At most 200 characters.
        cursor: JSON value handed back at the next reading, to find out cheaply whether anything moved.
        files: the files in a stable order.
        problems: files that could not be read while the rest could; with ``file`` set where it is one.
    """

    revision: str
    cursor: Mapping[str, Any]
    files: Sequence[SourceFile]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The source has not moved since the reading that gave the request's cursor.

    Attributes:
        cursor: the cursor to keep; equal to the request's unless validators were renewed.
    """

    cursor: Mapping[str, Any]


class Provider(ABC):
    """Reads one type of source.

    A provider has no state: everything it remembers between readings is the cursor and the work folder.
    """

    type: ClassVar[str]
    """The word that stands under ``type`` in ``sources.yaml``."""
    display_name: ClassVar[str]
    properties: ClassVar[tuple[Property, ...]]
    default_interval_seconds: ClassVar[float | None] = None
    """Seconds between two readings where ``syncInterval`` is absent; ``None``: every reconcile asks ``moved``."""

    @abstractmethod
    def read(self, request: ReadRequest) -> Snapshot | Unchanged:
        """Read the source, bounded by the request's limits.

        Raises:
            SourceUnavailable: it cannot be read now.
            SourceInvalid: it cannot be read as it is configured, or what it holds is not readable.
            RefreshSuperseded: ``request.cancelled`` returned true.
        """

    def checks(self, request: ReadRequest) -> Mapping[str, Callable[[], object]]:
        """Return checks of single properties, by name, that go beyond their declared types and call nobody.

        They are made before a source is applied; :meth:`read` makes them again. Secrets are not resolved in
        ``request.properties`` then, and the check of a property that is a reference to one is left out. Each raises
        :class:`SourceInvalid` if the value can never be read from.
        """
        return {}

    def moved(self, request: ReadRequest) -> bool:
        """Say whether the source may have moved since the request's cursor was made, in well under a millisecond.

        Only providers that can tell without a network override this; the reconciler asks it at every tick for sources
        that have no interval. It must not raise for a missing source: that is a move.
        """
        return True

    def watch(self, request: ReadRequest) -> Callable[[], bool]:
        """Return what says the same as :meth:`moved` each time that it is called, at a fraction of the cost.

        For providers that can prepare the look: it is kept, and asked at every tick, for as long as neither the source
        nor its cursor changes.
        """
        return partial(self.moved, request)
