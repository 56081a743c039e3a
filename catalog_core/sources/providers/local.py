"""The provider ``yaml``: one file on the server's own disk."""

import errno
import os
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, ClassVar

from catalog_core.exceptions import RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.sources.providers.base import Property, Provider, ReadRequest, Snapshot, SourceFile, Unchanged
from catalog_core.sources.providers.confinement import resolve_below
from catalog_core.sources.providers.cursors import belongs, content_revision, fingerprint
from catalog_core.sources.providers.file_formats import format_of_name
from catalog_core.sources.spool import Spool

_CHUNK = 1024 * 1024
_TRIES = 3
_PAUSE_SECONDS = 0.05
_TRUSTED_AGE_NS = 2_000_000_000
_STAMP_KEYS = ("mtimeNs", "ctimeNs", "size", "inode")


class FileProvider(Provider):
    """Reads one YAML, JSON or JSON Lines file below an allowed folder."""

    type: ClassVar[str] = "yaml"
    display_name: ClassVar[str] = "File"
    properties: ClassVar[tuple[Property, ...]] = (
        Property(
            name="yamlCatalogPath",
            type="path",
            description=(
                "The file, absolute or relative to the sources file that names it. It is read as JSON if its name ends "
                "in .json, as JSON Lines if it ends in .jsonl or .ndjson, else as YAML."
            ),
            required=True,
            aliases=("path",),
        ),
        Property(
            name="excludedModels",
            type="string-list",
            description="Old form of excludedItems, for the model catalog: name patterns of entities to leave out.",
            default=(),
        ),
        Property(
            name="syncInterval",
            type="duration",
            description="Pause between two looks at the file. Without it the file is looked at on every reconcile.",
        ),
    )

    def read(self, request: ReadRequest) -> Snapshot | Unchanged:
        """Read the file, unless its size, times and content are those of the cursor."""
        path = _Path.of(request)
        mark = _mark(request)
        known = request.cursor if belongs(request.cursor, mark) else {}
        if known and _untouched(known, path.status()):
            return Unchanged(cursor=request.cursor)
        spool, status, read_ns = _read_quietly(path, request)
        digest = spool.sha256
        cursor = {"fingerprint": mark, **_stamp(status), "readNs": read_ns, "sha256": digest}
        if known.get("sha256") == digest:
            return Unchanged(cursor=cursor)
        file = SourceFile(name=path.shown, format=format_of_name(path.shown) or "yaml", content=spool.content())
        return Snapshot(revision=content_revision(digest), cursor=cursor, files=(file,))

    def checks(self, request: ReadRequest) -> Mapping[str, Callable[[], object]]:
        """Return the check that the file lies below an allowed folder."""
        return {"yamlCatalogPath": lambda: _Path.of(request)}

    def moved(self, request: ReadRequest) -> bool:
        """Say whether the file looks other than at the last reading; nothing is opened.

        Where the path leads need not be found out for that: a file that is not the one that was read looks different.
        """
        return self.watch(request)()

    def watch(self, request: ReadRequest) -> Callable[[], bool]:
        """Return a look at the file that costs one call of the system."""
        cursor = request.cursor
        if not belongs(cursor, _mark(request)) or not _is_trusted(cursor):
            return lambda: True
        path = os.path.join(request.base_dir, str(request.properties["yamlCatalogPath"]))
        known = tuple(cursor.get(key) for key in _STAMP_KEYS)

        def moved() -> bool:
            try:
                status = os.stat(path)
            except (OSError, ValueError):  # the latter: a NUL character, which no path can have
                return True
            return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino) != known

        return moved


@dataclass(frozen=True, slots=True)
class _Path:
    """The file, with the name that messages give it: as its owner wrote it, but never an absolute path."""

    real: Path
    shown: str

    @classmethod
    def of(cls, request: ReadRequest) -> "_Path":
        """Return the path that the properties name, all symbolic links resolved.

        Raises:
            SourceInvalid: it leads out of the allowed folders, whether anything is there or not.
        """
        written = str(request.properties["yamlCatalogPath"])
        shown = PurePath(written).name if PurePath(written).is_absolute() else written
        real = resolve_below(request.base_dir / written, request.allowed_dirs)
        if real is None:
            raise SourceInvalid(
                f'The file "{shown}" is outside the folders that sources may read, symbolic links resolved. '
                "Move it below the folder of the sources file, or add its folder to CATALOG_ALLOWED_DIRS."
            )
        return cls(real, shown)

    def status(self) -> os.stat_result:
        """Return what the file system says about it.

        Raises:
            SourceUnavailable: it is missing or may not be looked at.
            SourceInvalid: it is not an ordinary file.
        """
        try:
            status = os.stat(self.real)
        except OSError as error:
            raise self.failure(error) from error
        self.check(status)
        return status

    def open(self) -> int:
        """Return a descriptor of the file; a pipe or device put in its place does not keep the server waiting."""
        return os.open(self.real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY)

    def check(self, status: os.stat_result) -> None:
        """Raise SourceInvalid unless ``status`` is that of an ordinary file."""
        if stat.S_ISDIR(status.st_mode):
            raise SourceInvalid(f'"{self.shown}" is a folder; name a file in it.')
        if not stat.S_ISREG(status.st_mode):
            raise SourceInvalid(f'"{self.shown}" is not an ordinary file; pipes and devices are not read.')

    def failure(self, error: OSError) -> SourceInvalid | SourceUnavailable:
        """Return what an error of the file system means for the source."""
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return SourceUnavailable(f'The file "{self.shown}" does not exist; create it or correct yamlCatalogPath.')
        if error.errno in (errno.EACCES, errno.EPERM):
            return SourceUnavailable(f'The file "{self.shown}" may not be read by the server; change its permissions.')
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            return SourceInvalid(f'The path "{self.shown}" cannot be followed: {os.strerror(error.errno)}.')
        return SourceUnavailable(f'The file "{self.shown}" cannot be read: {os.strerror(error.errno or errno.EIO)}.')


def _mark(request: ReadRequest) -> str:
    return fingerprint("yaml", str(request.base_dir), str(request.properties["yamlCatalogPath"]))


def _stamp(status: os.stat_result) -> dict[str, int]:
    """Return what of a file changes when it is written, replaced, or put back under an old date."""
    return {
        "mtimeNs": status.st_mtime_ns,
        "ctimeNs": status.st_ctime_ns,
        "size": status.st_size,
        "inode": status.st_ino,
    }


def _untouched(cursor: Mapping[str, Any], status: os.stat_result) -> bool:
    """Say whether the file is surely the one that was read."""
    return all(cursor.get(key) == value for key, value in _stamp(status).items()) and _is_trusted(cursor)


def _is_trusted(cursor: Mapping[str, Any]) -> bool:
    """Say whether the times in a cursor prove that a file which still has them is the one that was read.

    Times of files advance in steps (of some milliseconds on ordinary disks, of two seconds at worst), so a file written
    twice within one step looks the same after both. Times from shortly before the reading therefore prove nothing, and
    the content is compared once more; after that the reading is old enough for its times to be trusted.
    """
    newest = max(int(cursor.get("mtimeNs", 0)), int(cursor.get("ctimeNs", 0)))
    return int(cursor.get("readNs", 0)) - newest >= _TRUSTED_AGE_NS


def _read_quietly(path: _Path, request: ReadRequest) -> tuple[Spool, os.stat_result, int]:
    """Return content, status and time of a reading during which the file stood still.

    A large file is copied: whoever parses it takes a while, in which it may be written.

    Raises:
        SourceUnavailable: it was being written at each of several tries.
    """
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        path.status()
        read_ns = time.time_ns()
        try:
            descriptor = path.open()
            try:
                path.check(before := os.fstat(descriptor))
                content = _content(descriptor, before.st_size, path, request)
                after = os.fstat(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise path.failure(error) from error
        if _stamp(before) == _stamp(after) and content.size == after.st_size:
            return content, after, read_ns
    raise SourceUnavailable(f'The file "{path.shown}" kept changing while it was read; it is read again later.')


def _content(descriptor: int, size: int, path: _Path, request: ReadRequest) -> Spool:
    """Return at most one byte more than ``size``, which is enough to see that the file is growing."""
    limit = request.limits.max_bytes
    if size > limit:
        raise SourceInvalid(f'The file "{path.shown}" is larger than the {limit} bytes that a source may have.')
    content = request.spool()
    while content.size <= size:
        if request.cancelled():
            raise RefreshSuperseded("The reading was cancelled.")
        if not (chunk := os.read(descriptor, min(_CHUNK, size + 1 - content.size))):
            break
        content.write(chunk)
    return content
