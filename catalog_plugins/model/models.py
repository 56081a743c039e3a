"""What the model catalog stores."""

from django.db import models

from catalog_core.plugin import ChildModel, EntityModel, TextListField


class CatalogModel(EntityModel):
    """A machine learning model."""

    readme = models.TextField(blank=True, help_text="Its model card, in Markdown.")
    maturity = models.CharField(max_length=200, blank=True, help_text="How far its development has come.")
    provider = models.CharField(max_length=300, blank=True, help_text="Who offers it.")
    logo = models.TextField(blank=True, help_text="The address of its logo, or the logo itself as a data: URI.")
    license = models.CharField(
        max_length=200, blank=True, help_text="The name of its license; common license ids are replaced by the name."
    )
    license_link = models.TextField(blank=True, help_text="Where its license can be read.")
    library_name = models.CharField(max_length=200, blank=True, help_text="The library that loads it.")
    language = TextListField(help_text="The languages it was made for, usually as ISO 639 codes.")
    tasks = TextListField(help_text="What it can do, such as text-generation.")

    class Meta(EntityModel.Meta):
        """How the admin calls it."""

        verbose_name = "model"


class ModelArtifact(ChildModel):
    """Something that belongs to a model: its weights at some address, or numbers that were measured."""

    entity = models.ForeignKey(CatalogModel, on_delete=models.CASCADE, related_name="+")
    artifact_type = models.CharField(max_length=100, help_text="model-artifact or metrics-artifact.")
    uri = models.TextField(blank=True, help_text="Where the model can be had: a URI (RFC 3986).")
    metrics_type = models.CharField(
        max_length=100, blank=True, help_text="What was measured: performance-metrics or accuracy-metrics."
    )
    name = models.TextField(blank=True, help_text="Its name.")
    external_id = models.TextField(blank=True, help_text="Its id elsewhere.")
    description = models.TextField(blank=True, help_text="What it is.")
    create_time_since_epoch = models.DateTimeField(null=True, blank=True, help_text="When its source says it was made.")
    last_update_time_since_epoch = models.DateTimeField(
        null=True, blank=True, help_text="When its source says it was last changed."
    )
