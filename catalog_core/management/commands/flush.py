"""``manage.py flush`` that empties the index for searches too, which is no table of a model."""

from typing import Any

from django.core.management.commands.flush import Command as FlushCommand
from django.db import DEFAULT_DB_ALIAS

from catalog_core.entities.search_index.store import remove_orphaned_words


class Command(FlushCommand):
    """Removes all data, and then whatever the index still knows of it."""

    def handle(self, **options: Any) -> None:
        """Empty the tables, unless the person does not want that after all; the index follows them either way."""
        super().handle(**options)
        if options["database"] == DEFAULT_DB_ALIAS:
            remove_orphaned_words()
