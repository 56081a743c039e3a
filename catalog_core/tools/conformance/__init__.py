"""The command ``catalog-conformance``: whether a server keeps the contract of this API, asked over HTTP.

The checks stand in ``suite``, each once; ``catalog_core.testing`` carries out the same ones inside pytest. Nothing here
needs a configured Django.
"""

from catalog_core.tools.conformance.command import main

__all__ = ["main"]
