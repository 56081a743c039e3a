"""The tables of all kinds without code: a new kind is rows, so it needs no migration."""

from django.db import models

from catalog_core.entities.fields import ObjectField
from catalog_core.entities.models import ChildModel, EntityModel
from catalog_core.entities.query import AsciiLower, BinaryText


class DeclaredEntity(EntityModel):
    """An entity of a kind without code. ``values`` holds, by name, the properties that it has."""

    values = ObjectField(editable=False)

    class Meta(EntityModel.Meta):
        """Readers always name the sources, so the index for lists begins with the source."""

        verbose_name = "entity of a kind without code"
        verbose_name_plural = "entities of kinds without code"
        indexes = (
            models.Index(
                models.F("source"), AsciiLower("name"), BinaryText("name"), models.F("id"), name="declared_entity_order"
            ),
            models.Index(fields=("name",), name="declared_entity_name"),
        )


class DeclaredPart(ChildModel):
    """A part of such an entity. ``sort`` says of which plugin and which artifact, as ``recipes/steps``."""

    entity = models.ForeignKey(DeclaredEntity, on_delete=models.CASCADE, related_name="+")
    sort = models.CharField(max_length=200, editable=False)
    values = ObjectField(editable=False)
