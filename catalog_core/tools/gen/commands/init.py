"""``catalog-gen init``: a new plugin."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from catalog_core.tools.gen.report import told_errors
from catalog_core.tools.gen.scaffold.app_files import About
from catalog_core.tools.gen.scaffold.naming import (
    PluginNames,
    check_package,
    check_plugin_name,
    module_of,
    title_of,
    words_of,
)
from catalog_core.tools.gen.scaffold.new_plugin import Example, plugin_files, read_example, wished_specification
from catalog_core.tools.gen.scaffold.package_files import distribution_of
from catalog_core.tools.gen.scaffold.places import dotted_name
from catalog_core.tools.gen.scaffold.writing import write_all

_ALONE = "-"
"""Stands for ``--package`` without a value."""


@click.command(name="init", short_help="Make a new plugin.")
@click.argument("plugin_name", metavar="[NAME]", required=False)
@click.option("--name", help="What the plugin is called in paths and in the configuration, such as build-tools.")
@click.option("--display-name", help="What people read; made from the name if left out.")
@click.option("--entity-kind", "--entity", "kind", help="The kind of its entities, such as BuildTool.")
@click.option("--field", "fields", multiple=True, metavar="NAME:TYPE[:required]", help="A property; may be repeated.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A catalog.yaml, or a YAML or JSON file with sample items whose properties are then taken over.",
)
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@click.option(
    "--package",
    is_flag=False,
    flag_value=_ALONE,
    metavar="[PACKAGE]",
    help="Make a project of its own that pip can install; a value is the package to import, or where its code is kept.",
)
@click.option("--description", help="What the catalog holds, in a sentence.")
@click.option("--team", default=About.team, help="Who maintains the plugin.")
@click.option("--contact", default=About.contact, help="How they can be reached.")
@click.option("--license", "license_", default=About.license, help="An SPDX license expression.")
@click.option("--repository", default="", show_default=False, help="The address of its code.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@told_errors
def command(
    plugin_name: str | None,
    name: str | None,
    display_name: str | None,
    kind: str | None,
    fields: tuple[str, ...],
    source: Path | None,
    output: Path | None,
    package: str | None,
    description: str | None,
    team: str,
    contact: str,
    license_: str,
    repository: str,
    dry_run: bool,
) -> None:
    """Make a new plugin: models, migration, declarations, sample data, tests and documentation, ready to serve.

    Without --package it is an app for a server project: below catalog_plugins, if that folder is here.

    \b
    Examples:
      catalog-gen init --name=widgets --field colour:string:required --field parts:array
      catalog-gen init --name=build-tools --entity-kind BuildTool --from tools.json
      catalog-gen init --name=widgets --package --output ../catalog-plugin-widgets
    """
    example = read_example(source)
    name = check_plugin_name(_one_name(plugin_name, name, example))
    if package and "/" in package:
        repository, package = repository or f"https://{package.removeprefix('https://')}", _ALONE
    spec = wished_specification(name, kind or "", example, fields)
    folder, dotted = _place(name, output, package)
    names = PluginNames(name=name, package=dotted, display_name=_line(display_name) or title_of(name))
    about = About(
        description=_line(description) or f"A catalog of {words_of(names.display_name)}.",
        team=_line(team),
        contact=_line(contact),
        license=_line(license_),
        repository=_line(repository),
    )
    files = plugin_files(names, about, spec, example.items, is_package=package is not None)
    _check_free(folder, files)
    if not dry_run:
        write_all(folder, files)
    _tell(folder, files, example, is_dry=dry_run)
    if not dry_run:
        _tell_next(names, folder, is_package=package is not None)


def _one_name(positional: str | None, option: str | None, example: Example) -> str:
    names = {name for name in (positional, option) if name}
    if len(names) > 1:
        raise click.UsageError(f"the plugin is called {positional!r} and {option!r}; give one name.")
    if not names and not example.name:
        raise click.UsageError("the plugin has no name; give one, such as --name=build-tools.")
    return names.pop() if names else example.name


def _place(name: str, output: Path | None, package: str | None) -> tuple[Path, str]:
    """Return the folder to write to, and the package to import."""
    if package is not None:
        default = f"catalog_plugin_{name.replace('-', '_')}"
        return output or Path(distribution_of(name)), check_package(default if package == _ALONE else package)
    folder = output or _default_folder(name)
    dotted = check_package(dotted_name(folder))
    if dotted.partition(".")[0] in sys.stdlib_module_names:
        raise click.UsageError(
            f"Python has a module {dotted!r} of its own; use --package, or --output with another name."
        )
    return folder, dotted


def _default_folder(name: str) -> Path:
    bundled = Path("catalog_plugins")
    return (bundled if (bundled / "__init__.py").is_file() else Path()) / module_of(name)


def _check_free(folder: Path, files: dict[str, str]) -> None:
    if taken := [path for path in sorted(files) if (folder / path).exists()]:
        some = ", ".join(taken[:3]) + (" and more" if len(taken) > 3 else "")
        raise click.ClickException(
            f"{folder} holds {some} already, and nothing is overwritten. Choose another folder with --output."
        )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _tell(folder: Path, files: Iterable[str], example: Example, *, is_dry: bool) -> None:
    for note in example.notes:
        click.echo(f"Note: {note}", err=True)
    for path in sorted(files):
        click.echo(f"{'would write' if is_dry else 'wrote'} {folder / path}")


def _tell_next(names: PluginNames, folder: Path, *, is_package: bool) -> None:
    app = folder / names.package.replace(".", "/") if is_package else folder
    click.echo(f"\n{names.display_name} is ready. Next:")
    click.echo(f"  - edit {app / 'catalog.yaml'}, then run: catalog-gen generate {app}")
    click.echo(f"  - check it: catalog-gen validate {app}")
    if is_package:
        click.echo(f"  - install it: pip install {folder}")
    click.echo("  - make its tables: python manage.py migrate")
