"""The web process: granian, and the processes that it starts to answer requests."""

import multiprocessing
import signal
from importlib import import_module
from typing import Any

import click
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from catalog_core.tools.server.parent_watch import watch_parent

THREADS = 4
FAREWELL_SECONDS = 5


@click.command(help="Answer requests.")
@click.option("--host", required=True, help="The address to listen on.")
@click.option("--port", type=int, required=True, help="The port to listen on.")
@click.option("--workers", type=int, required=True, help="How many processes answer requests.")
@click.option("--parent", type=int, required=True, help="The process that started this one.")
def main(host: str, port: int, workers: int, parent: int) -> None:
    """Run the process."""
    watch_parent(parent)
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


if __name__ == "__main__":
    main()
