"""``catalog-gen add-artifact``: parts of an entity that are stored as rows of their own."""

from pathlib import Path

import click

from catalog_core.plugins.metadata import parse_catalog_yaml
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.tools.gen.commands.generate import tell
from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.catalog_edits import with_artifact
from catalog_core.tools.gen.scaffold.naming import check_kind
from catalog_core.tools.gen.scaffold.places import holds_code
from catalog_core.tools.gen.scaffold.properties import Property, parse_property
from catalog_core.tools.gen.scaffold.regeneration import Regeneration, plan_regeneration
from catalog_core.tools.gen.scaffold.specification import specification_of
from catalog_core.tools.gen.scaffold.writing import write_all


@click.command(name="add-artifact", short_help="Add parts that are stored as rows of their own.")
@click.argument("name")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--field", "fields", multiple=True, metavar="NAME:TYPE[:required]", help="A property; uri:string if left out."
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_context
@told_errors
def command(context: click.Context, name: str, folder: Path, fields: tuple[str, ...], dry_run: bool) -> None:
    """Add the artifact NAME to catalog.yaml, whose comments stay, and bring the code in line as `generate` does.

    Data files then may list such parts within each item, under the plural of NAME, and filters may ask for them:
    userManuals.uri LIKE 'https%'.

    \b
    Examples:
      catalog-gen add-artifact UserManual
      catalog-gen add-artifact Release widgets --field version:string:required --field date:date
    """
    properties = tuple(prop for prop in map(parse_property, fields) if prop) or (Property(name="uri"),)
    text = with_artifact(folder, check_kind(name), properties)
    spec = specification_of(parse_catalog_yaml(text.encode()).value)
    planned = plan_regeneration(folder, spec) if holds_code(folder) else Regeneration()
    if not dry_run:
        write_all(folder, {CATALOG_FILE: text, **planned.files})
    click.echo(f"{'would write' if dry_run else 'wrote'} {folder / CATALOG_FILE}")
    if holds_code(folder):
        tell(folder, planned, is_dry=dry_run)
    context.exit(1 if planned.conflicts else 0)
