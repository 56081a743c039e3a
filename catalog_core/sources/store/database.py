"""The configuration in the database, for replicas that share no file."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from catalog_core.sources.documents import Documents, read_configuration
from catalog_core.sources.models import StoredDocument
from catalog_core.sources.store.base import ConfigurationStore, StoredConfiguration, check_version
from catalog_core.sources.store.files import FileStore

_NOTHING = b"apiVersion: catalog/v1alpha1\nkind: CatalogSources\ncatalogs: {}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStore(ConfigurationStore):
    """One document in one row. The first look fills it from the file, if there is one; from then on the row counts.

    Attributes:
        file: where the first content is taken from, and in whose folder relative paths start.
        max_bytes: largest size of the document, in bytes.
    """

    kind: ClassVar[str] = "database"
    file: Path
    max_bytes: int

    def load(self) -> StoredConfiguration:
        """Read the row."""
        return self._stored(self._row())

    def save(self, documents: Documents, *, expected_version: str) -> StoredConfiguration:
        """Write the row, held from the comparison of the versions to the end of the transaction."""
        self._check_size(documents)
        ((_, content),) = documents
        self._row()
        with transaction.atomic():
            row = StoredDocument.objects.select_for_update().get(pk=1)
            check_version(self._stored(row), expected_version)
            row.content, row.changed_at = content, timezone.now()
            row.save()
        return StoredConfiguration.of(documents)

    def read_only_reason(self) -> str:
        """Say nothing: the server could not work if it were not allowed to write into its database."""
        return ""

    def _row(self) -> StoredDocument:
        row = StoredDocument.objects.filter(pk=1).first()
        if row is None:
            first = {"content": self._first_content(), "changed_at": timezone.now()}
            row, _ = StoredDocument.objects.get_or_create(pk=1, defaults=first)
        return row

    def _first_content(self) -> bytes:
        if not self.file.exists():
            return _NOTHING
        documents = FileStore(files=[self.file], max_bytes=self.max_bytes).load().documents
        read_configuration(documents, max_bytes=self.max_bytes)  # what cannot be read now could not be mended later
        return documents[0][1]

    def _stored(self, row: StoredDocument) -> StoredConfiguration:
        return StoredConfiguration.of([(self.file, bytes(row.content))])
