"""One row for each asset that another names."""

from django.db import models

from catalog_core.entities.envelope.models import NAME_MAX_LENGTH, Asset
from catalog_core.sources.models import Source


class AssetReference(models.Model):
    """That an asset names another one, of some kind and name.

    It says what is named, never what that leads to: which asset has that name, and whether any has, is found out when
    somebody asks (``catalog_core.assets.resolution``). So it is as current as both sides are.

    Rows are written and removed in the transactions that write and remove the asset they belong to.
    """

    asset = models.ForeignKey(
        Asset,
        to_field="uid",
        db_column="asset_uid",
        db_index=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
        help_text="What names the other. Its references are removed before it is.",
    )
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", help_text="The source of the asset.")
    position = models.PositiveIntegerField(help_text="Its place among the references of the asset.")
    relation = models.CharField(max_length=100)
    kind = models.CharField(max_length=100, help_text="The kind of what is named.")
    name = models.CharField(max_length=NAME_MAX_LENGTH, help_text="What is named, as the entity writes it.")
    named_source = models.CharField(max_length=200, blank=True, help_text="The source of it, where the entity says.")

    class Meta:
        """References are found by what names and by what is named."""

        ordering = ("asset", "position")
        constraints = (models.UniqueConstraint(fields=("asset", "position"), name="reference_position_unique"),)
        indexes = (models.Index(fields=("kind", "name"), name="reference_kind_name"),)

    def __str__(self) -> str:
        return f"{self.relation} {self.kind} {self.name}"
