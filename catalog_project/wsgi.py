"""The entrance for web servers: ``catalog_project.wsgi:application``."""

import gc
import os
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog_project.settings")

django_application = get_wsgi_application()

from catalog_core.api.front import front_cache  # noqa: E402 - its models can be loaded once Django is set up

# Django reads the routes at the first request; read them now, so that nobody has to wait for that.
import_module(settings.ROOT_URLCONF)

application: Any = front_cache(django_application) or django_application

# What is loaded by now stays for good; the collector need not look at it again.
gc.collect()
gc.freeze()
