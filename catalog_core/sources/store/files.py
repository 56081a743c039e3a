"""The configuration in one or several files."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from catalog_core.exceptions import ConfigurationUnavailable
from catalog_core.sources.documents import Documents
from catalog_core.sources.store.base import ConfigurationStore, StoredConfiguration, check_version, too_large
from catalog_core.sources.store.replacing import Replacement, carry_out, locked, obstacle


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore(ConfigurationStore):
    """Files on disk, written by people with an editor as well as by this server.

    Attributes:
        files: their absolute paths.
        max_bytes: largest size of one file, in bytes.
    """

    kind: ClassVar[str] = "file"
    files: Sequence[Path]
    max_bytes: int

    def load(self) -> StoredConfiguration:
        """Read all files."""
        return StoredConfiguration.of((file, self._read(file)) for file in self.files)

    def save(self, documents: Documents, *, expected_version: str) -> StoredConfiguration:
        """Exchange the files that differ.

        New contents are written beside the old ones and flushed to the disk; only then is the version compared, and
        each file renamed. All that happens under a lock on the folders, so of several processes one is first and the
        others see what it has done. An editor takes no lock; between the comparison and the renaming there is no more
        than a system call.
        """
        self._check_size(documents)
        with ExitStack() as stack:
            for folder in sorted({file.resolve().parent for file in self.files}):
                stack.enter_context(locked(folder))
            before = dict(self.load().documents)
            replacements = [
                stack.enter_context(Replacement.prepared(file.resolve(), content))
                for file, content in documents
                if before.get(file) != content
            ]
            check_version(self.load(), expected_version)
            carry_out(replacements)
        return StoredConfiguration.of(documents)

    def read_only_reason(self) -> str:
        """Look at the files and their folders."""
        return next((reason for file in self.files if (reason := obstacle(file.resolve()))), "")

    def _read(self, file: Path) -> bytes:
        try:
            with file.open("rb") as stream:
                content = stream.read(self.max_bytes + 1)
        except OSError as error:
            raise ConfigurationUnavailable(f"{file.name} cannot be read: {error.strerror}.") from error
        if len(content) > self.max_bytes:
            raise too_large(file, self.max_bytes)
        return content
