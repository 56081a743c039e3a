"""The entrance for Celery: ``celery -A catalog_project worker`` and ``celery -A catalog_project beat``."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_ready

from catalog_core.log import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog_project.settings")

app = Celery("catalog_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["catalog_core"])  # not those of plugins: one that cannot be imported would end every worker


def keep_logging_of_django(**kwargs: Any) -> None:
    """Leave logging as the settings have it: Celery configures it only where nobody listens to this signal."""


def reconcile_at_start(**kwargs: Any) -> None:
    """Ask for a first reconcile: beat sends one only after its first pause."""
    app.send_task("catalog_core.tasks.reconcile", kwargs={"starting": True})


def enter_task(task_id: str, **kwargs: Any) -> None:
    """Let log records of a task carry its id."""
    request_id.set(task_id)


def leave_task(**kwargs: Any) -> None:
    """Forget the id: the thread goes on to other tasks."""
    request_id.set("-")


setup_logging.connect(keep_logging_of_django)
worker_ready.connect(reconcile_at_start)
task_prerun.connect(enter_task)
task_postrun.connect(leave_task)
