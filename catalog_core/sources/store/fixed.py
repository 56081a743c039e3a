"""A configuration that only those change who may write its files."""

from dataclasses import dataclass
from typing import ClassVar

from catalog_core.exceptions import ConfigurationReadOnly
from catalog_core.sources.documents import Documents
from catalog_core.sources.store.base import StoredConfiguration
from catalog_core.sources.store.files import FileStore

_REASON = (
    "CATALOG_CONFIG_STORE_MODE is none, so the configuration is read and never written. Change the files themselves, "
    "or choose file, database or k8s."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedStore(FileStore):
    """Files that are read like those of :class:`FileStore`, and never written."""

    kind: ClassVar[str] = "none"

    def save(self, documents: Documents, *, expected_version: str) -> StoredConfiguration:
        """Refuse."""
        raise ConfigurationReadOnly(f"{_REASON} Nothing was changed.")

    def read_only_reason(self) -> str:
        """Name the setting."""
        return _REASON
