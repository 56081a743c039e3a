"""Celery as the settings have it."""

import subprocess
import sys

import pytest
from django.conf import settings

from catalog_core.log import request_id
from catalog_project.celery import app
from tests.process.servers import clean_environment

PROGRAM = """
from catalog_project.celery import app
with app.connection_for_write() as connection:
    print(connection.transport_cls)
"""


@pytest.fixture
def noted():
    seen = []

    @app.task(name="tests.note", shared=False)
    def note():
        seen.append(request_id.get())

    yield note, seen
    app.tasks.unregister("tests.note")


def test_log_records_of_a_task_carry_its_id_and_later_ones_do_not(noted):
    note, seen = noted
    result = note.apply()
    assert seen == [result.id]
    assert request_id.get() == "-"


def test_tick_that_waited_for_a_whole_pause_is_void():
    entry = app.conf.beat_schedule["reconcile"]
    assert entry["schedule"] == entry["options"]["expires"] == settings.CATALOG["reconcile_seconds"]


def test_beat_keeps_no_file():
    assert app.conf.beat_scheduler == "celery.beat:Scheduler"


@pytest.mark.parametrize(
    ("broker", "transport"), [("", "catalog_project.broker:Transport"), ("redis://127.0.0.1:1/0", "redis")]
)
def test_broker_is_a_folder_unless_the_environment_names_another(broker, transport, tmp_path):
    environment = clean_environment(
        CATALOG_BROKER_URL=broker, CATALOG_DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="catalog_project.settings"
    )
    shown = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == transport
