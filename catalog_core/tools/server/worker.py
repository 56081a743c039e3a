"""The worker process: a Celery worker with threads, and beat as one thread more.

Celery's own way of embedding beat is a child process, which goes on sending tasks when the worker is killed.
"""

import os
import signal
import sys
import warnings
from importlib import import_module
from threading import Thread

import click
from celery import Celery
from celery.beat import Service
from celery.exceptions import SecurityWarning

from catalog_core.tools.server.parent_watch import watch_parent

THREADS = 8


@click.command(help="Do what beat and people ask for in the background.")
@click.option("--parent", type=int, required=True, help="The process that started this one.")
def main(parent: int) -> None:
    """Run the process."""
    watch_parent(parent)
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # Celery drops what they find, and they load the views
    warnings.simplefilter("ignore", SecurityWarning)  # it warns of pickled messages from strangers; ours are JSON
    app: Celery = import_module("catalog_project.celery").app
    worker = app.Worker(
        pool="threads",
        concurrency=THREADS,
        hostname=f"worker@{os.uname().nodename}",
        without_gossip=True,
        without_heartbeat=True,
        without_mingle=True,
        quiet=True,
    )
    Thread(target=run_beat, args=(app,), name="beat", daemon=True).start()
    worker.start()
    sys.exit(worker.exitcode)


def run_beat(app: Celery) -> None:
    """Send what the schedule asks for, for as long as the process lives."""
    try:
        Service(app, scheduler_cls=app.conf.beat_scheduler).start()
    finally:  # a worker without beat would look alive and never reconcile: end it, to be started again
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
