"""What the policies catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel, ObjectField


class Policy(EntityModel):
    """A rule that is evaluated by an engine before something is allowed."""

    policy_type = models.CharField(
        max_length=100,
        blank=True,
        help_text="What it is about: "
        "access_control, data_governance, safety, tool_allowlist, model_allowlist or compliance.",
    )
    language = models.CharField(
        max_length=100, blank=True, help_text="What it is written in: rego, yaml_rules, json_rules or cel."
    )
    bundle_ref = models.TextField(blank=True, help_text="Where its bundle is, such as an oci:// address.")
    entrypoint = models.TextField(blank=True, help_text="The rule or expression to evaluate.")
    enforcement_scope = models.CharField(
        max_length=100, blank=True, help_text="Where it holds: agent, organization, namespace or project."
    )
    enforcement_mode = models.CharField(
        max_length=100, blank=True, help_text="What a violation leads to, such as enforce, audit or dry-run."
    )
    input_schema = ObjectField(help_text="What it is evaluated on, as a JSON Schema.")
    version = models.CharField(max_length=100, blank=True, help_text="Its version, as its author counts.")
    author = models.CharField(max_length=300, blank=True, help_text="Who wrote it.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")

    class Meta(EntityModel.Meta):
        """The plural is no matter of adding an s."""

        verbose_name_plural = "policies"
