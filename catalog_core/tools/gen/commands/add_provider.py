"""``catalog-gen add-provider``: another type of source for a plugin."""

from pathlib import Path

import click

from catalog_core.problems import did_you_mean
from catalog_core.sources.providers import provider_types
from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.catalog_edits import with_provider
from catalog_core.tools.gen.scaffold.writing import write_all


@click.command(name="add-provider", short_help="Note another type of source.")
@click.argument("source_type", metavar="TYPE")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@told_errors
def command(source_type: str, folder: Path, dry_run: bool) -> None:
    """Add TYPE to the types of source in catalog.yaml and plugin.yaml; comments in them stay.

    The providers themselves are part of the server and read every kind, so no code is needed.

    \b
    Examples:
      catalog-gen add-provider http
      catalog-gen add-provider git catalog_plugins/widgets --dry-run
    """
    if source_type not in provider_types():
        hint = did_you_mean(source_type, provider_types())
        raise click.UsageError(f"the server reads no sources of type {source_type!r}. {hint}")
    changed = with_provider(folder, source_type)
    if not dry_run:
        write_all(folder, changed)
    for path in sorted(changed):
        click.echo(f"{'would write' if dry_run else 'wrote'} {folder / path}")
    if not changed:
        click.echo(f"Nothing to do: {source_type} is among the types of source already.")
