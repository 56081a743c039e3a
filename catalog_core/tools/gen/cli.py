"""The group of commands. Each is loaded when it is asked for, so that one does not wait for what another needs."""

from importlib import import_module

import click

from catalog_core import server_version

COMMANDS = (
    "init",
    "generate",
    "add-provider",
    "add-artifact",
    "gen-testdata",
    "validate",
    "bump-version",
    "index",
    "compat-matrix",
    "build-server",
)
"""The commands in the order of the help text; each is ``command`` in the module of its name under ``commands``."""


class CommandGroup(click.Group):
    """Loads a command from its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or nothing."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"catalog_core.tools.gen.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=CommandGroup, context_settings={"max_content_width": 120, "show_default": True})
@click.version_option(server_version(), prog_name="catalog-gen")
def main() -> None:
    """Make plugins, check them, and compose servers from them.

    Exit codes: 0 all is well, 1 something was found, 2 the command was not understood.
    """
