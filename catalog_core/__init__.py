"""The core of the catalog server: it keeps catalogs and knows none of them by name."""

from importlib.metadata import PackageNotFoundError, version

FRAMEWORK_API = "v1alpha1"
"""The version of the plugin contract; ``plugin.yaml`` names the one that a plugin was written for."""


def server_version() -> str:
    """Return the version of the installed server, as in ``pyproject.toml``."""
    try:
        return version("catalog-of-catalogs")
    except PackageNotFoundError:  # a bare checkout, run without `make setup`
        return "0.0.0"
