"""How many assets of each source have which values, kept so that nobody has to count them."""

from django.db import models

from catalog_core.sources.models import Source

MAX_FACET_CHARACTERS = 200
"""Longer values are not counted: they are texts."""


class FacetCount(models.Model):
    """How many assets of a source have a value. Changed in the transaction that changes the assets."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=100, help_text="The name of the facet.")
    value = models.CharField(max_length=MAX_FACET_CHARACTERS)
    count = models.IntegerField()

    class Meta:
        """One row for each value within a source; an index for totals over sources."""

        ordering = ("source", "field", "value")
        constraints = (models.UniqueConstraint(fields=("source", "field", "value"), name="facet_value_unique"),)
        indexes = (models.Index(fields=("field", "value"), name="facet_value"),)

    def __str__(self) -> str:
        return f"{self.field} {self.value}: {self.count}"
