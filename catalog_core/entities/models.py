"""What every entity is, whatever its kind, and the number that says when a catalog has changed."""

import secrets
import uuid
from typing import ClassVar

from django.db import models

from catalog_core.entities.query import AsciiLower, BinaryText
from catalog_core.sources.models import Source

NAME_MAX_LENGTH = 512
"""Longest name of an entity, in characters."""
NAME_MAX_BYTES = 1300
"""Longest name in bytes of UTF-8: an index holds it twice, and an entry of PostgreSQL's has 2,704 bytes at most."""

_ENTITY_IDS = uuid.UUID("6f8d3f0e-5f0b-5d2c-9a53-1f4b7f5b6f11")


def entity_id(namespace: str, plugin: str, kind: str, source: str, name: str) -> uuid.UUID:
    """Return the id of an entity: a name-based UUID (RFC 9562, version 5) of its identity.

    It is the same on every server and after any number of refreshes, removals and returns.
    """
    return uuid.uuid5(_ENTITY_IDS, "\x1f".join((namespace, plugin, kind, source, name)))


class EntityModel(models.Model):
    """One asset of a catalog. A plugin adds the fields of its kind.

    Text that is absent is stored as an empty string, absent numbers and booleans as NULL, absent lists and objects as
    empty ones.

    ``document`` is the JSON text that the API serves, made when the entity was stored; ``native`` is the item as its
    source wrote it, also as JSON text. ``digest`` covers both the item and the code that translated it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    external_id = models.TextField(blank=True)
    description = models.TextField(blank=True)
    custom_properties = models.JSONField(default=dict, blank=True)
    document = models.TextField(editable=False)
    native = models.TextField(editable=False)
    digest = models.CharField(max_length=32, editable=False)
    file = models.CharField(max_length=1000, blank=True, editable=False)
    stale = models.BooleanField(default=False, help_text="Its source holds a newer version that is not valid.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        """The indexes that lists, look-ups by name and refreshes need."""

        abstract = True
        ordering = ("name", "id")
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(
                AsciiLower("name"), BinaryText("name"), models.F("id"), name="%(app_label).12s_%(class).12s_ord"
            ),
            models.Index(fields=("name",), name="%(app_label).12s_%(class).12s_nam"),
        )

    def __str__(self) -> str:
        return self.name


class ChildModel(models.Model):
    """A part of an entity that can be listed and filtered by itself, such as an artifact of a model.

    A plugin declares ``entity``, a foreign key to its entities with ``related_name="+"``, and the fields of its kind.
    """

    entity: models.ForeignKey
    id = models.UUIDField(primary_key=True, editable=False)
    position = models.PositiveIntegerField()
    custom_properties = models.JSONField(default=dict, blank=True)
    document = models.TextField(editable=False)

    objects: ClassVar[models.Manager["ChildModel"]]

    class Meta:
        """Children are listed as their source lists them."""

        abstract = True
        ordering = ("entity", "position")

    def __str__(self) -> str:
        return str(self.id)


def _new_epoch() -> str:
    return secrets.token_hex(4)


class CatalogGeneration(models.Model):
    """A number that grows with every visible change of one catalog.

    ``epoch`` tells one database from another, so that an entity tag made from the number is never true by accident.
    """

    namespace = models.CharField(max_length=63, default="default")
    plugin = models.CharField(max_length=100)
    number = models.PositiveBigIntegerField(default=0)
    epoch = models.CharField(max_length=8, default=_new_epoch)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One number for each catalog of each namespace."""

        constraints = (models.UniqueConstraint(fields=("namespace", "plugin"), name="generation_unique_in_namespace"),)

    def __str__(self) -> str:
        return f"{self.plugin}: {self.number}"
