"""Writing the file of a source, for clients that edit its content together with its entry.

The new content is written beside the file first. Only when the entry was applied does it take the place of the old one,
in one step; whoever reads meanwhile sees the old content or the new.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from catalog_core.administration.contents import CONTENT_PROPERTY, content_path, source_content
from catalog_core.administration.trial import default_origin
from catalog_core.administration.wish import Wish
from catalog_core.exceptions import ConfigurationReadOnly, InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.configuration import check_properties
from catalog_core.sources.providers.local import FileProvider

_MODE = 0o644
"""The mode of a file that was not there before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedContent:
    """New content that waits beside the file whose place it is to take."""

    waiting: Path
    target: Path

    def put_in_place(self) -> None:
        """Make it the content of the file, for good."""
        os.replace(self.waiting, self.target)
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Throw it away."""
        self.waiting.unlink(missing_ok=True)


def stage_content(wish: Wish) -> StagedContent | None:
    """Write the content that a wish brings beside the file of its source; nothing if the file has it already.

    Raises:
        InvalidDocument: the file may not be written: it lies outside the allowed folders, is not named like data, or
            belongs to something else.
        ConfigurationReadOnly: the folder cannot be written.
    """
    if wish.content is None:
        return None
    target = _target(wish)
    is_own = target == _own_path(wish)
    if is_own and wish.stored and source_content(wish.stored) == wish.content:
        return None
    if target.exists() and not is_own:
        raise _refused("This file exists already and is not that of this source.", "Name another file.")
    return _staged(target, wish.content)


def _target(wish: Wish) -> Path:
    origin = wish.stored.origin if wish.stored else default_origin()
    path = content_path(origin, _written_path(wish.properties))
    if path is None or not path.parent.is_dir():
        raise _refused(
            "The content cannot be written to this file.",
            "Its folder has to exist and be one that sources may read, and its name has to end in .yaml or .json.",
        )
    return path


def _own_path(wish: Wish) -> Path | None:
    stored = wish.stored
    return content_path(stored.origin, _written_path(stored.properties)) if stored else None


def _written_path(properties: dict[str, object]) -> object:
    """Return the path of the file under its declared name, whatever name it goes by."""
    return check_properties(properties, FileProvider.properties)[0].get("yamlCatalogPath")


def _staged(target: Path, content: str) -> StagedContent:
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else _MODE
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content.encode())
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
    except OSError as error:
        raise ConfigurationReadOnly(f"The file of the source cannot be written: {error.strerror}.") from error
    return StagedContent(waiting=Path(name), target=target)


def _refused(message: str, hint: str) -> InvalidDocument:
    path = f"properties.{CONTENT_PROPERTY}"
    return InvalidDocument([Problem(message=message, rule="content-not-written", hint=hint, path=path)])
