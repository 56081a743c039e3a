"""What the skills catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel, ObjectField


class Skill(EntityModel):
    """One thing that an agent can do, with what it takes and how dangerous it is."""

    skill_type = models.CharField(
        max_length=100,
        blank=True,
        help_text="How it is carried out: mcp_tool, openapi_operation, k8s_action or shell_command.",
    )
    input_schema = ObjectField(help_text="What it accepts, as a JSON Schema.")
    output_schema = ObjectField(help_text="What it returns, as a JSON Schema.")
    execution = ObjectField(help_text="What carries it out, such as executorType, mcpServerRef and toolName.")
    safety = ObjectField(
        help_text="What it may do: requiresApproval, riskLevel (low, medium or high), networkAccessRequired, "
        "allowedNamespaces and secretRefs."
    )
    rate_limit = ObjectField(help_text="How often it may be called: maxCallsPerMinute and maxConcurrent.")
    timeout_seconds = models.BigIntegerField(null=True, blank=True, help_text="How long one call may take, in seconds.")
    retry_policy = ObjectField(help_text="What happens after a call that failed.")
    compatibility = ObjectField(help_text="What it works with.")
    version = models.CharField(max_length=100, blank=True, help_text="Its version, as its author counts.")
    author = models.CharField(max_length=300, blank=True, help_text="Who made it.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")
