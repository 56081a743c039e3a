"""Exchanging a file so that everybody, at every moment and after any accident, finds the old one or the new one."""

import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from time import monotonic, sleep

from catalog_core.exceptions import ConfigurationReadOnly

_SUFFIX = ".catalog-new"
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.01


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other process that asks for the same out of ``folder``.

    The lock is on the folder itself: it is there already, nobody has to be allowed to create it, nothing is left
    behind, and a process that dies gives it back.

    Raises:
        ConfigurationReadOnly: the folder cannot be locked, or another process has held it for too long.
    """
    with ExitStack() as stack:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, descriptor)
            _lock(descriptor)
        except OSError as error:
            raise _refused(folder, error) from error
        yield


def _lock(descriptor: int) -> None:
    give_up_at = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > give_up_at:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return


@dataclass(frozen=True, slots=True)
class Replacement:
    """New content for a file, complete on the disk beside it.

    Attributes:
        file: the file, symbolic links resolved.
        fresh: the file that is to take its place.
    """

    file: Path
    fresh: Path

    @classmethod
    @contextmanager
    def prepared(cls, file: Path, content: bytes) -> Iterator["Replacement"]:
        """Write ``content`` beside ``file``, with its mode and owner; what is not used in the end is removed.

        To be called under :func:`locked`: what an accident has left behind is removed as well.

        Raises:
            ConfigurationReadOnly: nothing can be written there, or the owner of the file cannot be kept.
        """
        if reason := obstacle(file):
            raise ConfigurationReadOnly(f"{reason} Nothing was changed.")
        for leftover in file.parent.glob(f".{escape(file.name)}.*{_SUFFIX}"):
            with suppress(OSError):
                leftover.unlink()
        fresh: Path | None = None
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=_SUFFIX, dir=file.parent)
            fresh = Path(name)
            with os.fdopen(descriptor, "wb") as stream:
                _keep_owner_and_mode(stream.fileno(), file)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except ConfigurationReadOnly:
            _discard(fresh)
            raise
        except OSError as error:
            _discard(fresh)
            raise _refused(file, error) from error
        try:
            yield cls(file, fresh)
        finally:
            _discard(fresh)

    def carry_out(self) -> None:
        """Put the new content into the place of the file, and the renaming itself on the disk.

        Raises:
            ConfigurationReadOnly: the file cannot be exchanged; it is as it was.
        """
        try:
            self.fresh.rename(self.file)
        except OSError as error:
            raise _refused(self.file, error) from error
        with suppress(OSError):  # it is in its place; not every file system lets a folder be flushed
            _flush_folder(self.file.parent)


def carry_out(replacements: Sequence[Replacement]) -> None:
    """Carry out several replacements, or none: what was exchanged before one that fails gets its content back.

    Raises:
        ConfigurationReadOnly: one of the files cannot be exchanged.
    """
    done: list[tuple[Path, bytes]] = []
    try:
        for replacement in replacements:
            before = replacement.file.read_bytes()
            replacement.carry_out()
            done.append((replacement.file, before))
    except ConfigurationReadOnly:
        for file, content in done:
            with Replacement.prepared(file, content) as back:
                back.carry_out()
        raise


def obstacle(file: Path) -> str:
    """Return why ``file`` cannot be exchanged, as far as that shows without trying; an empty text if it can."""
    if not os.access(file.parent, os.W_OK | os.X_OK):
        is_mounted = os.statvfs(file.parent).f_flag & os.ST_RDONLY if file.parent.is_dir() else False
        return _reason(file, OSError(errno.EROFS if is_mounted else errno.EACCES, ""))
    if os.path.ismount(file):
        return _reason(file, OSError(errno.EBUSY, ""))
    return _reason(file, OSError(errno.EPERM, "")) if _is_protected(file) else ""


def _is_protected(file: Path) -> bool:
    """Say whether an attribute keeps even those who may write a file from changing it; mode bits do not count."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))  # a pipe would keep us waiting
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def _keep_owner_and_mode(descriptor: int, file: Path) -> None:
    before, fresh = file.stat(), os.fstat(descriptor)
    try:
        if (before.st_uid, before.st_gid) != (fresh.st_uid, fresh.st_gid):
            os.fchown(descriptor, before.st_uid, before.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    except PermissionError as error:
        raise ConfigurationReadOnly(
            f"{file.name} cannot be written: its owner and mode could not be kept. Let it belong to the user that this "
            "server runs as. Nothing was changed."
        ) from error


def _discard(fresh: Path | None) -> None:
    if fresh is not None:
        with suppress(OSError):
            fresh.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(path: Path, error: OSError) -> ConfigurationReadOnly:
    return ConfigurationReadOnly(f"{_reason(path, error)} Nothing was changed.")


def _reason(path: Path, error: OSError) -> str:
    causes = {
        errno.EROFS: "it lies on a file system that is mounted read-only. Mount it writable, or keep the configuration "
        "elsewhere (CATALOG_CONFIG_STORE_MODE).",
        errno.EACCES: "this server may not write in its folder. Give it the right to, or keep the configuration "
        "elsewhere (CATALOG_CONFIG_STORE_MODE).",
        errno.EPERM: "it or its folder is protected against changes, by an attribute (chattr) or a sticky bit. Take "
        "that away, or keep the configuration elsewhere (CATALOG_CONFIG_STORE_MODE).",
        errno.EBUSY: "it is mounted by itself, so it cannot be exchanged. Mount its folder instead.",
        errno.ENOSPC: "the disk is full.",
        errno.EDQUOT: "the disk quota is used up.",
        errno.ENOENT: "it is not there.",
        errno.EAGAIN: "another process has been writing for too long. Try again.",
        errno.EBADF: "its file system knows no locks on folders. Keep the configuration elsewhere "
        "(CATALOG_CONFIG_STORE_MODE).",
    }
    cause = causes.get(error.errno or 0) or f"{os.strerror(error.errno or 0).lower()}."
    return f"{path.name} cannot be written: {cause}"
