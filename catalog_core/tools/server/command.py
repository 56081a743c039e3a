"""The command line of ``catalog-server``."""

import json
import os
from functools import partial
from pathlib import Path

import click

from catalog_core import server_version
from catalog_core.tools.server.banner import banner, password_note
from catalog_core.tools.server.child import Child
from catalog_core.tools.server.data_folder import FolderLock
from catalog_core.tools.server.options import Address, AddressParameter, ServerOptions
from catalog_core.tools.server.supervisor import Supervisor, check_free, say

PACKAGE = "catalog_core.tools.server"
MOST_WORKERS_BY_DEFAULT = 4


def _default_workers() -> int:
    return min(os.cpu_count() or 1, MOST_WORKERS_BY_DEFAULT)


@click.command(context_settings={"auto_envvar_prefix": "CATALOG", "show_default": True, "max_content_width": 120})
@click.option(
    "--listen",
    type=AddressParameter(),
    default="127.0.0.1:8080",
    show_envvar=True,
    help="Where to listen; :8080 means every address of the machine.",
)
@click.option(
    "--sources",
    type=click.Path(exists=True, dir_okay=False, readable=True, resolve_path=True, path_type=Path),
    multiple=True,
    default=("sources.yaml",),
    show_envvar=True,
    help="A sources file; may be given several times, and later ones override earlier ones.",
)
@click.option(
    "--plugin-folders",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    multiple=True,
    show_envvar=True,
    help="A folder with plugin.yaml and catalog.yaml, or a folder of such, to be watched; may be given several times.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=".catalog",
    show_envvar=True,
    help="The folder of the database, the broker's files and the logs.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=_default_workers,
    show_default=f"one for each core, at most {MOST_WORKERS_BY_DEFAULT}",
    show_envvar=True,
    help="How many processes answer requests.",
)
@click.option(
    "--end-with-parent",
    is_flag=True,
    show_envvar=True,
    help="End when the process that started the server ends, for instance make.",
)
@click.version_option(server_version(), prog_name="catalog-server")
def main(
    listen: Address,
    sources: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
    data_dir: Path,
    workers: int,
    end_with_parent: bool,
) -> None:
    """Serve catalogs of AI assets: web server, worker and beat in one command, with no other service.

    Everything else is set by the environment, see docs/configuration.md.
    """
    serve(
        ServerOptions(
            address=listen,
            sources=sources,
            plugin_folders=plugin_folders,
            data_dir=data_dir,
            workers=workers,
            end_with_parent=end_with_parent,
        )
    )


def serve(options: ServerOptions) -> None:
    """Prepare the data folder and the database, then run web server, worker and beat until told to stop.

    Raises:
        ClickException: the server cannot be started, with the reason.
    """
    supervisor = Supervisor(end_with_parent=options.end_with_parent)
    lock = FolderLock(options.data_dir)
    check_free(options.address)
    child = partial(Child, environment=options.environment(), inherited=[lock.descriptor])

    say("preparing the database")
    address = options.address
    listen = ["--host", address.host, "--port", str(address.port), "--workers", str(options.workers)]
    web, worker = child("web", f"{PACKAGE}.web", listen), child("worker", f"{PACKAGE}.worker")
    prepared = supervisor.start_and_listen(web)
    if password := json.loads(prepared)["password"]:
        click.echo(password_note("admin", password))
    supervisor.run([web, worker], address, lambda: click.echo(banner(options)))
