"""The command line of ``catalog-conformance``."""

import signal
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from catalog_core import server_version
from catalog_core.tools.conformance.checks import Category
from catalog_core.tools.conformance.http import HttpClient, UsageError, checked_address
from catalog_core.tools.conformance.report import Report
from catalog_core.tools.conformance.reports import FORMATS
from catalog_core.tools.conformance.runner import Wanted, run
from catalog_core.tools.conformance.subjects import PLUGINS_PATH, Credentials, Server
from catalog_core.tools.conformance.suite.discovery import CAPABILITIES
from catalog_core.tools.conformance.wire import Wire, WireError

FAILED, UNUSABLE = 1, 2
POLL_SECONDS = 0.5

EXAMPLES = """\b
Examples:
  catalog-conformance --server http://127.0.0.1:8080
  catalog-conformance --server https://catalogs.example.org --plugin mcp --expect-kind McpServer
  CATALOG_TOKEN=... catalog-conformance --server http://127.0.0.1:8080 --format junit --output report.xml
"""


class AddressParameter(click.ParamType):
    """The address of a server."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address without a slash at its end."""
        try:
            return checked_address(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)


@click.command(epilog=EXAMPLES, context_settings={"show_default": True, "max_content_width": 120})
@click.option("--server", "server_url", type=AddressParameter(), required=True, help="Where the server is.")
@click.option("--plugin", metavar="NAME", default="", show_default=False, help="Look at this catalog only.")
@click.option(
    "--category",
    "letters",
    type=click.Choice([category.value for category in Category], case_sensitive=False),
    multiple=True,
    help="Look at this category only; may be given several times.",
)
@click.option(
    "--token",
    envvar="CATALOG_TOKEN",
    show_envvar=True,
    default="",
    show_default=False,
    help="Bearer token of an operator; without it nothing is changed, and checks that need it are skipped.",
)
@click.option(
    "--viewer-token",
    envvar="CATALOG_VIEWER_TOKEN",
    show_envvar=True,
    default="",
    show_default=False,
    help="Bearer token of a viewer, to see that viewers are refused.",
)
@click.option("--expect-kind", "kinds", metavar="KIND", multiple=True, help="A kind that has to be there.")
@click.option(
    "--expect-capability",
    "capabilities",
    type=click.Choice(CAPABILITIES),
    multiple=True,
    help="A capability that every catalog has to announce.",
)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", help="The form of the report.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the report into a file instead of showing it.",
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(min=0.1, max=600),
    default=10.0,
    help="How long one answer may take, in seconds.",
)
@click.option(
    "--wait",
    "wait_seconds",
    type=click.FloatRange(min=0, max=3600),
    default=0.0,
    help="How long to wait for the server to become ready, in seconds.",
)
@click.option(
    "--job-timeout",
    "job_seconds",
    type=click.FloatRange(min=1, max=3600),
    default=60.0,
    help="How long a refresh may take, in seconds.",
)
@click.version_option(server_version(), prog_name="catalog-conformance")
def main(
    server_url: str,
    plugin: str,
    letters: tuple[str, ...],
    token: str,
    viewer_token: str,
    kinds: tuple[str, ...],
    capabilities: tuple[str, ...],
    format_: str,
    output: Path | None,
    timeout_seconds: float,
    wait_seconds: float,
    job_seconds: float,
) -> None:
    """Check that a server keeps the contract of this API.

    The server may be any: nothing is asked of it but what the API promises. With an operator's token the suite also
    makes sources of its own, and removes them again. Exit status: 0 if every check passed, 1 if one failed, 2 if the
    server cannot be reached or the command is wrong.
    """
    chosen = tuple(Category(letter.upper()) for letter in letters) or tuple(Category)
    wanted = Wanted(plugin=plugin, categories=chosen, kinds=kinds, capabilities=capabilities)
    credentials = Credentials(operator=_token(token), viewer=_token(viewer_token))
    with closing(HttpClient(server_url, timeout_seconds=timeout_seconds)) as client:
        _reach(Wire(client), server_url, wait_seconds)
        server = Server(client, credentials, job_wait_seconds=job_seconds)
        report = _carry_out(server, server_url, wanted)
    _deliver(report, format_, output)
    raise SystemExit(FAILED if report.count("failed") else 0)


def _token(text: str) -> str:
    token = text.strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise click.UsageError("a token holds neither spaces nor other characters than printable ASCII.")
    return token


def _reach(wire: Wire, server_url: str, wait_seconds: float) -> None:
    """Return once the server is ready, or answers at all where no waiting is wanted.

    Raises:
        SystemExit: it does not answer.
    """
    give_up = time.monotonic() + wait_seconds
    while True:
        try:
            status = wire.get("/readyz" if wait_seconds else PLUGINS_PATH).status
            if not wait_seconds or status == 200 or time.monotonic() > give_up:
                return
        except WireError as error:
            if time.monotonic() >= give_up:
                click.echo(f"Error: {server_url} cannot be reached. {error}", err=True)
                raise SystemExit(UNUSABLE) from None
        time.sleep(POLL_SECONDS)


def _carry_out(server: Server, server_url: str, wanted: Wanted) -> Report:
    def progress(name: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"checking {name} ...", err=True)

    before = signal.signal(signal.SIGTERM, _interrupt)  # so that trial sources are removed then too
    try:
        return run(server, server_url, wanted, progress=progress)
    except KeyboardInterrupt as interruption:
        for note in getattr(interruption, "__notes__", ()):
            click.echo(note, err=True)
        raise click.Abort from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _deliver(report: Report, format_: str, output: Path | None) -> None:
    """Show a report, or write it into a file as a whole."""
    text = FORMATS[format_](report)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        _write(output, text)
    except OSError as error:
        click.echo(f"Error: {output} cannot be written: {error.strerror}.", err=True)
        raise SystemExit(UNUSABLE) from None
    click.echo(f"{report.summary}; see {output}", err=True)


def _write(output: Path, text: str) -> None:
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:  # on the same file system, so it can be moved
        made = Path(folder, output.name)
        made.write_text(text, encoding="utf-8")
        made.replace(output)


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
