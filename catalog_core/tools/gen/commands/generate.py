"""``catalog-gen generate``: a plugin is brought in line with its ``catalog.yaml``."""

from pathlib import Path

import click

from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.regeneration import Regeneration, plan_regeneration
from catalog_core.tools.gen.scaffold.specification import read_specification
from catalog_core.tools.gen.scaffold.writing import write_all


@click.command(name="generate", short_help="Bring models, declarations and tables in line with catalog.yaml.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--keep", multiple=True, metavar="FILE", help="A conflict that was resolved by hand; may be repeated.")
@click.option("--replace", multiple=True, metavar="FILE", help="Give up the edits of a file; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_context
@told_errors
def command(
    context: click.Context, folder: Path, keep: tuple[str, ...], replace: tuple[str, ...], dry_run: bool
) -> None:
    """Write what follows from catalog.yaml: models, the next migration, declarations, and tables in the documentation.

    A file that its author has edited is left as it is. If catalog.yaml wants it otherwise, the difference is shown and
    the exit code is 1: take it over by hand and say --keep FILE, or say --replace FILE. Everything else is not touched.

    \b
    Examples:
      catalog-gen generate
      catalog-gen generate catalog_plugins/widgets --dry-run
      catalog-gen generate widgets --keep models.py
    """
    planned = plan_regeneration(folder, read_specification(folder), keep=keep, replace=replace)
    if not dry_run:
        write_all(folder, planned.files)
    tell(folder, planned, is_dry=dry_run)
    context.exit(1 if planned.conflicts else 0)


def tell(folder: Path, planned: Regeneration, *, is_dry: bool) -> None:
    """Say what was written, or would be, and show what was not because its author has edited it."""
    verb = "would write" if is_dry else "wrote"
    for path in planned.changed:
        click.echo(f"{verb} {folder / path}")
    if planned.migration:
        click.echo(f"{verb} {folder / planned.migration.path}")
        click.echo("Apply it with: python manage.py migrate")
    if not planned.changed and not planned.migration and not planned.conflicts:
        click.echo("Nothing to do: everything is as catalog.yaml says.")
    if planned.conflicts and not planned.files:
        click.echo("Nothing was written: models, declarations and reading belong together.")
    for conflict in planned.conflicts:
        click.echo(
            f"\n{folder / conflict.path} was edited, and catalog.yaml wants it otherwise. It was left as it is:\n"
        )
        click.echo(conflict.difference, nl=False)
        click.echo(f"\nTake this over by hand, then run: catalog-gen generate {folder} --keep {conflict.path}")
