"""The guardrails catalog: checks around models."""

from catalog_core.plugin import CatalogPlugin, Column, Filter, ListColumn, Section
from catalog_plugins.guardrails.models import Guardrail

GUARDRAIL_TYPES = ("nemo_guardrails", "guardrails_ai", "regex_rules", "content_filter", "moderation_profile")
STAGES = ("pre_prompt", "post_generation", "tool_use", "retrieval", "output_format")


class GuardrailsPlugin(CatalogPlugin):
    """Checks on what goes into models, comes out of them, or is done on their behalf."""

    name = "guardrails"
    display_name = "Guardrails"
    description = "Checks on what goes into models, comes out of them, or is done on their behalf."
    icon = "shield"
    kind = "Guardrail"
    plural = "guardrails"
    kind_display_name = "Guardrail"
    kind_description = "A check on what goes into a model, comes out of it, or is done on its behalf."
    model = Guardrail

    columns = (
        Column("name", "Name", "lg"),
        Column("guardrailType", "Type", "md"),
        Column("enforcementStage", "Stage", "md"),
        Column("enforcementMode", "Mode", "sm"),
        Column("riskCategories", "Risk Categories", "md", sortable=False),
    )
    filters = (
        Filter("name", "Name"),
        Filter("guardrailType", "Type", "select", GUARDRAIL_TYPES),
        Filter("enforcementStage", "Stage", "select", STAGES),
        Filter("enforcementMode", "Mode", "select", ("advisory", "required")),
    )
    sections = (
        Section(
            "Overview",
            (
                "name",
                "description",
                "guardrailType",
                "enforcementStage",
                "enforcementMode",
                "version",
                "author",
                "license",
            ),
        ),
        Section("Risk Categories", ("riskCategories", "modalities")),
        Section("Configuration", ("configRef",)),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("guardrailType", "Type"),
        ListColumn("enforcementStage", "Stage"),
        ListColumn("enforcementMode", "Mode"),
        ListColumn("riskCategories", "Risk Categories", sortable=False, filterable=False),
        ListColumn("version", "Version", filterable=False),
    )
    detail_fields = (
        "name",
        "description",
        "guardrailType",
        "enforcementStage",
        "enforcementMode",
        "riskCategories",
        "modalities",
        "version",
        "author",
        "license",
        "configRef",
    )
    cli_columns = ("name", "guardrailType", "enforcementStage", "enforcementMode", "riskCategories")
    cli_filters = ("name", "guardrailType", "enforcementStage", "enforcementMode")
