"""``catalog-gen bump-version``: the next version of a plugin."""

from pathlib import Path
from typing import cast

import click

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE
from catalog_core.plugins.versions import Part, next_version, parse_version
from catalog_core.tools.gen.files import write_atomically
from catalog_core.tools.gen.project_version import project_with_version
from catalog_core.tools.gen.version_edit import name_in, version_in, with_version


@click.command(name="bump-version", short_help="Raise the version in plugin.yaml.")
@click.argument("part", type=click.Choice(["major", "minor", "patch"]))
@click.option(
    "--pre", "label", metavar="LABEL", default="", show_default=False, help="Make a pre-release of it, such as rc."
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder of the plugin.",
)
@click.option("--dry-run", is_flag=True, help="Only say what the version would be.")
def command(part: str, label: str, folder: Path, dry_run: bool) -> None:
    """Raise a part of the version in plugin.yaml, and in pyproject.toml where the plugin is a package of its own.

    Comments, quotes and everything else in the files stay.

    A pre-release is followed by its release: 2.0.0-rc.1, raised by major, becomes 2.0.0.

    \b
    Examples:
      catalog-gen bump-version patch                      1.4.0 -> 1.4.1
      catalog-gen bump-version minor --dir widgets        1.4.1 -> 1.5.0
      catalog-gen bump-version major --pre rc             1.5.0 -> 2.0.0-rc.1
      catalog-gen bump-version major --pre rc --dry-run   2.0.0-rc.1 -> 2.0.0-rc.2
    """
    path = folder / PLUGIN_FILE
    try:
        content = path.read_bytes()
        old = version_in(content, file=PLUGIN_FILE)
        new = str(next_version(parse_version(old), cast(Part, part), label))
        changed = {path: with_version(content, new, file=PLUGIN_FILE)}
        if project := project_with_version(folder, name_in(content, file=PLUGIN_FILE), new):
            changed |= dict([project])
        for file, text in changed.items() if not dry_run else ():
            write_atomically(file, text)
    except InvalidDocument as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise click.ClickException(f"{error}.") from error
    except OSError as error:
        raise click.ClickException(f"{Path(error.filename or path).name}: {error.strerror}.") from error
    click.echo(f"{old} -> {new}")
