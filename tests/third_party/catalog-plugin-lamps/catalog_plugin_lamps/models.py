"""What the catalog stores.

Written by catalog-gen from catalog.yaml: change properties there, then run ``catalog-gen generate``.
"""

from django.db import models

from catalog_core.plugin import EntityModel, TextListField


class Lamp(EntityModel):
    """One lamp."""

    colour = models.TextField(blank=True)
    watts = models.BigIntegerField(null=True, blank=True)
    dimmable = models.BooleanField(null=True, blank=True)
    sockets = TextListField()
