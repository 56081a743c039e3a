"""What the guardrails catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel, ObjectField, TextListField


class Guardrail(EntityModel):
    """A check on what goes into a model, comes out of it, or is done on its behalf."""

    guardrail_type = models.CharField(
        max_length=100,
        blank=True,
        help_text="What carries it out: "
        "nemo_guardrails, guardrails_ai, regex_rules, content_filter or moderation_profile.",
    )
    enforcement_stage = models.CharField(
        max_length=100,
        blank=True,
        help_text="Where it acts: pre_prompt, post_generation, tool_use, retrieval or output_format.",
    )
    enforcement_mode = models.CharField(
        max_length=100, blank=True, help_text="Whether it only tells (advisory) or stops (required)."
    )
    risk_categories = TextListField(help_text="The risks it is about, such as pii, hate or secrets.")
    modalities = TextListField(help_text="What it can look at, such as text or image.")
    config_ref = ObjectField(help_text="Where its rules are.")
    version = models.CharField(max_length=100, blank=True, help_text="Its version, as its author counts.")
    author = models.CharField(max_length=300, blank=True, help_text="Who made it.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")
