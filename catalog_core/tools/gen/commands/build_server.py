"""``catalog-gen build-server``: a server with exactly the plugins of a manifest."""

from pathlib import Path

import click

from catalog_core.plugins.metadata import parse_server_manifest
from catalog_core.tools.gen.compose.building import Build
from catalog_core.tools.gen.compose.resolution import Resolution, resolve
from catalog_core.tools.gen.compose.server_files import server_files, server_module
from catalog_core.tools.gen.fitting import matrix
from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.writing import differing, write_all

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="build-server", short_help="Make a server of the plugins that a manifest names.")
@click.argument("positional", metavar="[MANIFEST]", required=False, type=_FILE)
@click.option("--manifest", type=_FILE, help="The manifest, of kind CatalogServerBuild.")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), default="build", help="The folder to write to."
)
@click.option("--validate-only", is_flag=True, help="Only say whether the plugins fit, and write nothing.")
@click.option("--compile", "compiles", is_flag=True, help="Install, check, pack, and start the server once.")
@click.option(
    "--offline", is_flag=True, help="With --compile: download nothing; take the packages of this environment."
)
@click.option("--replace", is_flag=True, help="Write over files that are other than they would be made.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@told_errors
def command(
    positional: Path | None,
    manifest: Path | None,
    output: Path,
    validate_only: bool,
    compiles: bool,
    offline: bool,
    replace: bool,
    dry_run: bool,
) -> None:
    """Make a server project: pinned requirements, settings, sources, container image and compose file.

    Before anything is written, the version of each plugin is compared with the one wanted, and the servers that its
    plugin.yaml names with the server of the manifest. A plugin that is no part of the server is installed, or has the
    folder of its project as path in the manifest.

    \b
    Examples:
      catalog-gen build-server --manifest server.yaml --validate-only
      catalog-gen build-server --manifest server.yaml --output ../our-server --compile
    """
    chosen = manifest or positional
    if chosen is None or (manifest and positional and manifest != positional):
        raise click.UsageError("name one manifest, such as --manifest server.yaml.")
    parsed = parse_server_manifest(chosen.read_bytes(), file=chosen.name)
    for warning in parsed.warnings:
        click.echo(f"Note: {warning}", err=True)
    resolution = resolve(parsed.value, chosen.parent)
    if resolution.problems:
        raise click.ClickException("no server can be made of this manifest:\n" + "\n".join(resolution.problems))
    if validate_only:
        click.echo(matrix(resolution.manifest, resolution.verdicts), nl=False)
        return
    files = server_files(resolution, output)
    _write(output, files, replaces=replace, is_dry=dry_run)
    if compiles and not dry_run:
        _compile(resolution, output, is_offline=offline)


def _write(output: Path, files: dict[str, str], *, replaces: bool, is_dry: bool) -> None:
    others, edited = differing(output, files)
    if edited and not replaces:
        raise click.ClickException(f"{', '.join(edited)}: there is something else; --replace writes over it.")
    if not is_dry:
        write_all(output, others)
    for path in sorted(others):
        click.echo(f"{'would write' if is_dry else 'wrote'} {output / path}")
    if not others:
        click.echo(f"Nothing to write: {output} is as the manifest says.")


def _compile(resolution: Resolution, output: Path, *, is_offline: bool) -> None:
    plugins = resolution.plugins
    Build(
        project=output.resolve(),
        module=server_module(resolution),
        plugins=tuple(plugin.name for plugin in plugins),
        local_projects=tuple(plugin.project for plugin in plugins if plugin.project),
        is_offline=is_offline,
        tell=click.echo,
    ).run()
    click.echo(f"The server works: it serves {', '.join(plugin.name for plugin in plugins)}.")
