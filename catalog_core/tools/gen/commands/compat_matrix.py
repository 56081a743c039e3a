"""``catalog-gen compat-matrix``: do the plugins of a manifest fit its server?"""

from pathlib import Path

import click

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata import ServerManifest, parse_server_manifest
from catalog_core.tools.gen.files import write_atomically
from catalog_core.tools.gen.fitting import Verdict, matrix, verdicts
from catalog_core.tools.gen.known_plugins import plugins_by_name


@click.command(name="compat-matrix", short_help="Say which plugins of a manifest fit its server.")
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--plugins",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="A folder of plugins that are not installed; may be given several times.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the table there.")
@click.option("--dry-run", is_flag=True, help="Show the table instead of writing it.")
@click.pass_context
def command(
    context: click.Context, manifest: Path, folders: tuple[Path, ...], output: Path | None, dry_run: bool
) -> None:
    """Compare the servers that each plugin of MANIFEST works with, by its plugin.yaml, with the server of MANIFEST.

    A plugin is looked for in the folders given, in the path that the manifest names, and among those installed.
    The table is Markdown. Exit code 1 if a plugin does not fit, or nobody knows whether it does.

    \b
    Examples:
      catalog-gen compat-matrix server.yaml
      catalog-gen compat-matrix server.yaml --plugins ../our-plugins --output COMPATIBILITY.md
    """
    try:
        parsed = parse_server_manifest(manifest.read_bytes(), file=manifest.name).value
        found = _verdicts(parsed, [*folders, *_named(parsed, manifest.parent)])
        text = matrix(parsed, found)
        if output and not dry_run:
            write_atomically(output, text.encode())
        else:
            click.echo(text, nl=False)
    except InvalidDocument as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{output or manifest}: {error.strerror}.") from error
    context.exit(0 if all(verdict.answer == "Yes" for verdict in found) else 1)


def _verdicts(manifest: ServerManifest, folders: list[Path]) -> list[Verdict]:
    known = {name: folder.plugin.value for name, folder in plugins_by_name(folders).items() if folder.plugin.value}
    return verdicts(manifest, known)


def _named(manifest: ServerManifest, base: Path) -> list[Path]:
    """Return the folders that the manifest itself names, as far as they are there."""
    return [base / wanted.path for wanted in manifest.plugins if wanted.path and (base / wanted.path).is_dir()]
