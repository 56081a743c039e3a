"""The settings of the server for tests and type checks: nothing is guarded, so that an error shows where it happens."""

import os
import tempfile
from pathlib import Path

# Before the settings of the server are imported: they read the environment.
os.environ.setdefault("CATALOG_DATA_DIR", str(Path(tempfile.gettempdir()) / "catalog-plugin-lamps-tests"))
os.environ.setdefault("CATALOG_PLUGIN_APPS", "catalog_plugin_lamps")

from catalog_project import settings
from catalog_project.settings import *  # noqa: F403

INSTALLED_APPS = [getattr(app, "name", app) for app in settings.INSTALLED_APPS]
