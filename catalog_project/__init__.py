"""The Django project: settings, routes, and the entrances for web servers and Celery."""

from catalog_project.celery import app as celery_app

__all__ = ["celery_app"]  # loaded with Django, so that tasks sent by web processes find the broker
