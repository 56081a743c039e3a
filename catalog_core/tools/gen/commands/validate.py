"""``catalog-gen validate``: is a plugin in order?"""

import dataclasses
from pathlib import Path

import click

from catalog_core.tools.gen.governance import (
    FORMATS,
    GOVERNANCE_CHECKS,
    Check,
    PluginFolder,
    Report,
    folder_checks,
    plugin_folders,
    rendered,
    run_checks,
)
from catalog_core.tools.gen.governance.collection import collection_problems

CONFORMANCE_CHECK = "conformance tests exist"


@click.command(name="validate", short_help="Check plugin.yaml, catalog.yaml, tests and documentation.")
@click.argument(
    "folders",
    metavar="[DIR]...",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--governance", is_flag=True, help="Run the seven checks that a plugin has to pass before others use it.")
@click.option("--collect", is_flag=True, help="Have pytest collect the conformance tests too, which imports them.")
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)), default="text", help="What the report is written in."
)
@click.pass_context
def command(
    context: click.Context, folders: tuple[Path, ...], governance: bool, collect: bool, format_name: str
) -> None:
    """Check the plugins in the folders given, or in the current folder.

    A folder without a plugin.yaml stands for those in it that have one. A plugin without code, of plugin.yaml and
    catalog.yaml alone, needs neither tests nor pages of its own, unless governance asks for them.
    Exit code 1 if a check failed. Remarks marked as warnings do not count.

    \b
    Examples:
      catalog-gen validate
      catalog-gen validate catalog_plugins --governance
      catalog-gen validate widgets --governance --format sarif > widgets.sarif
    """
    named = [PluginFolder.read(path) for folder in folders or (Path(),) for path in plugin_folders(folder)]
    reports: list[Report] = [run_checks(one, _checks(one, governance, collect)) for one in named]
    click.echo(rendered(reports, format_name), nl=False)
    context.exit(0 if all(report.passed for report in reports) else 1)


def _checks(folder: PluginFolder, governance: bool, collect: bool) -> tuple[Check, ...]:
    checks = GOVERNANCE_CHECKS if governance else folder_checks(folder)
    if not collect:
        return checks
    return tuple(_collecting(check) if check.name == CONFORMANCE_CHECK else check for check in checks)


def _collecting(check: Check) -> Check:
    """Return a check that asks pytest where the source code gives no reason to complain."""
    return dataclasses.replace(
        check, find=lambda folder: list(check.find(folder)) or list(collection_problems(folder.path))
    )
