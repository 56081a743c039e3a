"""``python -m catalog_core.tools.server``: the command where it is not installed."""

from catalog_core.tools.server.command import main

main()
