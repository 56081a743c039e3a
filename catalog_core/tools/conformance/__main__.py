"""``python -m catalog_core.tools.conformance``: the command where it is not installed."""

from catalog_core.tools.conformance.command import main

main()
