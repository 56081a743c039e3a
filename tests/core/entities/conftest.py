from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tests.core.entities.query.shelf import MODELS


@pytest.fixture(scope="session")
def shelf_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(MODELS):
                editor.delete_model(model)


@pytest.fixture
def shelf(shelf_tables, db):
    """Give a context manager in which rows may be made; they are gone after it, as examples of one test need."""

    @contextmanager
    def fresh():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return fresh
