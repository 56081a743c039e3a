"""The web process: it prepares the database, loads the application, and has granian start processes that answer.

These are forked where the system does so: what was loaded by then is in memory once, however many they are.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
from importlib import import_module
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from catalog_core.tools.server.parent_watch import watch_parent
from catalog_core.tools.server.prepare import prepare_database

THREADS = 4
FAREWELL_SECONDS = 5


@click.command(help="Prepare the database, say so as one line of JSON, and answer requests.")
@click.option("--host", required=True, help="The address to listen on.")
@click.option("--port", type=int, required=True, help="The port to listen on.")
@click.option("--workers", type=int, required=True, help="How many processes answer requests.")
@click.option("--parent", type=int, required=True, help="The process that started this one.")
def main(host: str, port: int, workers: int, parent: int) -> None:
    """Run the process."""
    watch_parent(parent)
    with contextlib.redirect_stdout(sys.stderr):  # whatever plugins print must not get into the result
        import django

        django.setup()
        password = prepare_database()
    click.echo(json.dumps({"password": password}))
    _leave_stdout()
    _load_what_is_shared()
    from django.conf import settings

    Granian(
        "catalog_project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=FAREWELL_SECONDS,
    ).serve(target_loader=load_application, wrap_loader=False)


def load_application() -> Any:
    """Return the WSGI application; called in each process that answers requests, once it has started."""
    signal.signal(
        signal.SIGTERM, signal.SIG_DFL
    )  # until granian listens again, the handler of its main process is here
    if parent := multiprocessing.parent_process():
        watch_parent(parent.pid or 0)
    return import_module("catalog_project.wsgi").application


def _leave_stdout() -> None:
    """Write nothing more to where the result went: nobody reads there any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _load_what_is_shared() -> None:
    """Load the application before processes are forked, and leave no connection for them to share."""
    from django.db import connections

    if multiprocessing.get_start_method() == "fork":
        import_module("catalog_project.wsgi")
    connections.close_all()


if __name__ == "__main__":
    main()
