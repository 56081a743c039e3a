"""Every entity once more in the form that all kinds have in common, and what people have added to it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import models

from catalog_core.entities.query import AsciiLower, BinaryText
from catalog_core.sources.models import Source

if TYPE_CHECKING:
    from catalog_core.entities.references import Target

NAME_MAX_LENGTH = 512


class Lifecycle(models.TextChoices):
    """Where an asset stands between its first draft and its end."""

    DRAFT = "draft"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


class Health(models.TextChoices):
    """How an asset is, as far as its catalog can tell."""

    UNKNOWN = "unknown"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class Asset(models.Model):
    """An entity in the envelope common to all kinds, with the overlay of people laid over it.

    It is written in the transaction that writes the entity, by the same code. ``document`` is the JSON text that the
    API serves; the columns beside it are for filters, orders, facets and search, and hold what the document says.
    """

    uid = models.UUIDField(unique=True, help_text="The id of the entity.")
    plugin = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    display_name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices, default=Lifecycle.ACTIVE)
    health = models.CharField(max_length=20, choices=Health.choices, default=Health.UNKNOWN)
    tags = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    annotations = models.JSONField(default=dict, blank=True)
    license = models.TextField(blank=True)
    provider = models.TextField(blank=True)
    facets = models.JSONField(default=dict, blank=True, help_text="Values by which its plugin wants it counted.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    document = models.TextField(editable=False)

    refers_to: Sequence[tuple[str, "Target"]] = ()
    """What it names, each with the relation to it. Only of an asset that was just made; of stored ones see
    ``AssetReference``."""
    texts: Sequence[str] = ()
    """What else a search looks into, while the asset is being written; kept in the index of words only."""

    class Meta:
        """The indexes that lists over all kinds, look-ups by name and counts need."""

        ordering = ("name", "uid")
        indexes = (
            models.Index(AsciiLower("name"), BinaryText("name"), models.F("uid"), name="asset_order"),
            models.Index(fields=("kind", "name"), name="asset_kind_name"),
            models.Index(fields=("source", "lifecycle"), name="asset_source_lifecycle"),
            # kind and source tell of most rows that a list passes by that they are not meant, before they are read
            models.Index(fields=("created_at", "uid", "kind", "source"), name="asset_created"),
            models.Index(fields=("updated_at", "uid", "kind", "source"), name="asset_updated"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Overlay(models.Model):
    """What people have added to one entity of one source.

    It is found by the id of the entity, which follows from namespace, plugin, kind, source and name. It therefore stays
    when the entity is refreshed, hidden or gone, and counts again when the entity comes back.
    """

    uid = models.UUIDField(primary_key=True, editable=False, help_text="The id of the entity.")
    namespace = models.CharField(max_length=63, default="default")
    plugin = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    source_key = models.CharField(max_length=200)
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    tags = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    annotations = models.JSONField(default=dict, blank=True)
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices, blank=True)
    changed_by = models.CharField(max_length=200, help_text="Who changed it last.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Overlays are listed by what they belong to."""

        ordering = ("plugin", "source_key", "name")
        indexes = (models.Index(fields=("namespace", "plugin", "source_key"), name="overlay_source"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name} of {self.plugin}/{self.source_key}"

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing any more."""
        return not (self.tags or self.labels or self.annotations or self.lifecycle)
