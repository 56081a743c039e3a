"""The settings for mypy, whose Django plugin wants the names of apps where the server has guarded configurations."""

from catalog_project import settings
from catalog_project.settings import *  # noqa: F403

INSTALLED_APPS = [getattr(app, "name", app) for app in settings.INSTALLED_APPS]
