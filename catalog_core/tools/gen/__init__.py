"""The command ``catalog-gen``: scaffold, check, version and compose plugins. Needs no configured Django."""

from catalog_core.tools.gen.cli import main

__all__ = ["main"]
