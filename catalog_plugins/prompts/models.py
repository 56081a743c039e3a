"""What the prompts catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel, ObjectField, ObjectListField, TextListField


class PromptTemplate(EntityModel):
    """A text for a model, usually with places to fill in."""

    format = models.CharField(
        max_length=100,
        blank=True,
        help_text="How the template is written: chat_messages, completion, jinja2, handlebars or raw.",
    )
    template = models.TextField(blank=True, help_text="The text itself.")
    parameters_schema = ObjectField(help_text="What has to be filled in, as a JSON Schema.")
    output_schema = ObjectField(help_text="What the model is to answer, as a JSON Schema.")
    model_constraints = ObjectField(
        help_text="The models that it suits, usually compatibleModelFamilies and minContextTokens."
    )
    examples = ObjectListField(help_text="Examples of parameters and answers.")
    task_tags = TextListField(help_text="What it is good for.")
    version = models.CharField(max_length=100, blank=True, help_text="Its version, as its author counts.")
    author = models.CharField(max_length=300, blank=True, help_text="Who wrote it.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")
