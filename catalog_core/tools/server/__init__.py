"""The command ``catalog-server``: web server, worker and beat of one machine, started and watched as one."""

from catalog_core.tools.server.command import main

__all__ = ["main"]
