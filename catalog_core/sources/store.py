"""Where the configuration is kept. This store reads files; it is asked by the reconciler, never by a web request."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog_core.exceptions import ConfigurationUnavailable, InvalidDocument
from catalog_core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConfiguration:
    """The bytes of the configuration.

    Attributes:
        documents: for each file its path and its bytes; later ones override earlier ones.
        version: SHA-256 over all of them, in lower-case hexadecimal.
    """

    documents: tuple[tuple[Path, bytes], ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore:
    """A configuration in one or several YAML files.

    Attributes:
        files: their absolute paths.
        max_bytes: largest size of one file, in bytes.
    """

    files: Sequence[Path]
    max_bytes: int

    def load(self) -> StoredConfiguration:
        """Read all files.

        Raises:
            ConfigurationUnavailable: a file cannot be read.
            InvalidDocument: a file is too large.
        """
        documents = tuple((file, self._read(file)) for file in self.files)
        whole = hashlib.sha256()
        for file, content in documents:
            if len(documents) > 1:  # the version of a single file is the digest of its bytes, as clients may compute it
                whole.update(f"{len(content)}\x00{file.name}\x00".encode())
            whole.update(content)
        return StoredConfiguration(documents=documents, version=whole.hexdigest())

    def _read(self, file: Path) -> bytes:
        try:
            with file.open("rb") as stream:
                content = stream.read(self.max_bytes + 1)
        except OSError as error:
            raise ConfigurationUnavailable(f"{file.name} cannot be read: {error.strerror}.") from error
        if len(content) > self.max_bytes:
            problem = Problem(
                message=f"it is larger than {self.max_bytes} bytes",
                rule="too-large",
                hint="Move data into files of its own, or raise CATALOG_CONFIGURATION_MAX_BYTES.",
                file=file.name,
            )
            raise InvalidDocument([problem])
        return content
