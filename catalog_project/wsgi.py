"""The entrance for web servers: ``catalog_project.wsgi:application``."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog_project.settings")

application = get_wsgi_application()

# Django reads the routes at the first request; read them now, so that nobody has to wait for that.
import_module(settings.ROOT_URLCONF)

# What is loaded by now stays for good; the collector need not look at it again.
gc.collect()
gc.freeze()
