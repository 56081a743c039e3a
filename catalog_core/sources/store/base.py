"""What a configuration store is."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from catalog_core.exceptions import ConfigurationConflict, InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.documents import Documents


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConfiguration:
    """The bytes of the configuration.

    Attributes:
        documents: for each file its path and its bytes; later ones override earlier ones. Relative paths in a file
            start in its folder, also where the bytes are kept somewhere else.
        version: SHA-256 of the bytes, in lower-case hexadecimal; of several files, over all of them.
    """

    documents: Documents
    version: str

    @classmethod
    def of(cls, documents: Iterable[tuple[Path, bytes]]) -> "StoredConfiguration":
        """Return these documents with their version."""
        documents = tuple(documents)
        whole = hashlib.sha256()
        for file, content in documents:
            if len(documents) > 1:  # the version of a single file is the digest of its bytes, as clients may compute it
                whole.update(f"{len(content)}\x00{file.name}\x00".encode())
            whole.update(content)
        return cls(documents=documents, version=whole.hexdigest())


class ConfigurationStore(ABC):
    """Keeps the configuration. A store has no state of its own; two of them on one place see the same.

    Args:
        max_bytes: largest size of one file, in bytes.
    """

    kind: ClassVar[str]
    """The word for it in ``CATALOG_CONFIG_STORE_MODE``."""
    max_bytes: int

    @abstractmethod
    def load(self) -> StoredConfiguration:
        """Return what is kept.

        Raises:
            ConfigurationUnavailable: it cannot be read.
            InvalidDocument: a file is too large.
        """

    @abstractmethod
    def save(self, documents: Documents, *, expected_version: str) -> StoredConfiguration:
        """Keep ``documents`` from now on, and return them with their version.

        Nothing is changed unless the call returns; whoever reads meanwhile sees the old or the new, never a mixture.

        Args:
            documents: the same files as were loaded, with the contents that they are to have.
            expected_version: the version that was loaded. If something else is kept by now, that stays.

        Raises:
            ConfigurationConflict: something else is kept by now.
            ConfigurationReadOnly: it cannot be written here; the text says why.
            ConfigurationUnavailable: it cannot be read, so nobody knows what would be overwritten.
            InvalidDocument: a file would be too large.
        """

    @abstractmethod
    def read_only_reason(self) -> str:
        """Return why it cannot be written, as far as that shows without trying; an empty text if it can."""

    def _check_size(self, documents: Documents) -> None:
        for file, content in documents:
            if len(content) > self.max_bytes:
                raise too_large(file, self.max_bytes)


def check_version(found: StoredConfiguration, expected_version: str) -> None:
    """Raise unless the version is the expected one.

    Raises:
        ConfigurationConflict: it is another one.
    """
    if found.version != expected_version:
        raise ConfigurationConflict(
            f"The configuration was changed meanwhile: it is {found.version[:8]} now, and not {expected_version[:8]}. "
            "Nothing was changed; look at it again, then repeat the change."
        )


def too_large(file: Path, max_bytes: int) -> InvalidDocument:
    """Return the error for a file that is larger than allowed."""
    problem = Problem(
        message=f"it is larger than {max_bytes} bytes",
        rule="too-large",
        hint="Move data into files of its own, or raise CATALOG_CONFIGURATION_MAX_BYTES.",
        file=file.name,
    )
    return InvalidDocument([problem])
