"""The skills catalog: things that agents can do."""

from catalog_core.plugin import CatalogPlugin, Column, Filter, ListColumn, Reference, Section
from catalog_plugins.skills.models import Skill

SKILL_TYPES = ("mcp_tool", "openapi_operation", "k8s_action", "shell_command")
_RISK_LEVEL = "safety.riskLevel"


class SkillsPlugin(CatalogPlugin):
    """Things that agents can do, with what they take and how dangerous they are."""

    name = "skills"
    display_name = "Skills"
    description = "Things that agents can do, with what they take and how dangerous they are."
    icon = "wrench"
    kind = "Skill"
    plural = "skills"
    kind_display_name = "Skill"
    kind_description = "One thing that an agent can do."
    model = Skill

    references = (Reference("execution.mcpServerRef", "McpServer", "is carried out by"),)
    columns = (
        Column("name", "Name", "lg"),
        Column("skillType", "Type", "md"),
        Column("riskLevel", "Risk Level", "sm", path=_RISK_LEVEL, type="string"),
        Column("version", "Version", "sm"),
        Column("author", "Author", "md"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("skillType", "Type", "select", SKILL_TYPES),
        Filter("riskLevel", "Risk Level", "select", ("low", "medium", "high"), path=_RISK_LEVEL),
    )
    sections = (
        Section("Overview", ("name", "description", "skillType", "version", "author", "license")),
        Section("Input/Output Schema", ("inputSchema", "outputSchema")),
        Section("Execution", ("execution",)),
        Section("Safety & Constraints", ("safety", "rateLimit", "timeoutSeconds", "retryPolicy", "compatibility")),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("skillType", "Type"),
        ListColumn("version", "Version", filterable=False),
        ListColumn("author", "Author"),
        ListColumn("license", "License", filterable=False),
    )
    detail_fields = (
        "name",
        "description",
        "skillType",
        "version",
        "author",
        "license",
        "inputSchema",
        "outputSchema",
        "execution",
        "safety",
        "rateLimit",
        "timeoutSeconds",
        "retryPolicy",
        "compatibility",
    )
    cli_columns = ("name", "skillType", "version", "author", "license")
    cli_filters = cli_columns
