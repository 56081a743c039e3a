"""The same table behind a plain ModelViewSet, as the tutorial of Django REST framework would write it.

Settings, routes and views in one module: what is measured is what somebody writes who does not think about speed.
"""

import sys
from typing import Any

from catalog_project import settings as _server

SECRET_KEY = _server.SECRET_KEY
DATABASES = _server.DATABASES
INSTALLED_APPS = _server.INSTALLED_APPS
TEMPLATES = _server.TEMPLATES
CATALOG = _server.CATALOG
CATALOG_PLUGIN_APPS = _server.CATALOG_PLUGIN_APPS
CATALOG_PLUGINS_EXCLUDED = _server.CATALOG_PLUGINS_EXCLUDED
DEFAULT_AUTO_FIELD = _server.DEFAULT_AUTO_FIELD
ALLOWED_HOSTS = ["*"]
USE_TZ = True
STATIC_URL = "static/"
ROOT_URLCONF = "benchmarks.contenders.model_viewset_urls"
MIDDLEWARE = [  # those of a new project
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}


def load_application() -> Any:
    """Return the WSGI application."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "model_viewset",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve(target_loader=load_application, wrap_loader=False)
