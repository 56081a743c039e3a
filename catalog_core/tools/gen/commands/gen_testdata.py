"""``catalog-gen gen-testdata``: sample items with a value for every property."""

from pathlib import Path

import click

from catalog_core.plugins.metadata import parse_catalog_yaml
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.specification import specification_of
from catalog_core.tools.gen.scaffold.testdata import FOLDER, testdata_files
from catalog_core.tools.gen.scaffold.writing import differing, write_all


@click.command(name="gen-testdata", short_help="Write sample items and the sources files for them.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over files that were edited.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@told_errors
def command(folder: Path, replace: bool, dry_run: bool) -> None:
    """Write to testdata: three items with a value for every property of catalog.yaml, and a sources file for them.

    A second sources file has the older form, in which the sources of one catalog are a list of their own.

    \b
    Examples:
      catalog-gen gen-testdata
      catalog-gen gen-testdata catalog_plugins/widgets --replace
    """
    config = parse_catalog_yaml((folder / CATALOG_FILE).read_bytes()).value
    files = testdata_files(config.name, specification_of(config))
    others, edited = differing(folder, files)
    if edited and not replace:
        raise click.ClickException(f"{', '.join(edited)}: there is something else; --replace writes over it.")
    if not dry_run:
        write_all(folder, others)
    for path in sorted(others):
        click.echo(f"{'would write' if dry_run else 'wrote'} {folder / path}")
    if not others:
        click.echo(f"Nothing to do: {folder / FOLDER} is as catalog.yaml says.")
