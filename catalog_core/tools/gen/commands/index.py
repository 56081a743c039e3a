"""``catalog-gen index``: build the index of plugins, or check it."""

from pathlib import Path
from typing import cast

import click

from catalog_core.tools.gen.governance import PluginFolder, shown_path
from catalog_core.tools.gen.known_plugins import bundled_plugins
from catalog_core.tools.gen.plugin_index import TIERS, Tier, plan_index


@click.command(name="index", short_help="Build the index of plugins, or check it.")
@click.argument("folders", metavar="[DIR]...", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="deploy/plugin-index",
    help="The folder of the index.",
)
@click.option("--tier", type=click.Choice(TIERS[1:]), help="Who stands behind the plugins in the folders given.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the index is out of date.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written.")
@click.pass_context
def command(
    context: click.Context, folders: tuple[Path, ...], output: Path, tier: str | None, check: bool, dry_run: bool
) -> None:
    """Write an entry for each plugin that comes with the server, and for those in the folders given.

    Entries of other plugins stay, and are checked. Plugins that come with the server, and those of tier supported,
    have to pass the seven checks of catalog-gen validate --governance. New plugins are of tier community unless --tier
    says otherwise. Exit code 1 if something is wrong; nothing is written then.

    \b
    Examples:
      catalog-gen index
      catalog-gen index --check
      catalog-gen index ../widgets --tier supported
    """
    others = [PluginFolder.read(folder) for folder in folders]
    try:
        plan = plan_index(output, bundled_plugins(), others, cast("Tier | None", tier))
        for problem in plan.problems:
            click.echo(problem, err=True)
        outdated = [shown_path(output / name) for name in plan.outdated(output)]
        if check:
            for name in outdated:
                click.echo(f"{name}: out of date; run catalog-gen index")
            context.exit(1 if plan.problems or outdated else 0)
        if plan.problems:
            context.exit(1)
        if not dry_run:
            plan.carry_out(output)
    except OSError as error:
        raise click.ClickException(f"{shown_path(output)}: {error.strerror}.") from error
    for name in outdated:
        click.echo(f"{'would change' if dry_run else 'changed'} {name}")
    if not outdated:
        click.echo("The index is up to date.")
