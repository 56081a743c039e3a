"""``python -m catalog_core.tools.gen``: the command where it is not installed."""

from catalog_core.tools.gen.cli import main

main()
