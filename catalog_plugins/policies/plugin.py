"""The policies catalog: rules that engines evaluate."""

from catalog_core.plugin import CatalogPlugin, Column, Detail, Filter, ListColumn, Section
from catalog_plugins.policies.models import Policy

POLICY_TYPES = ("access_control", "data_governance", "safety", "tool_allowlist", "model_allowlist", "compliance")


class PoliciesPlugin(CatalogPlugin):
    """Rules that say what is allowed to whom, and where."""

    name = "policies"
    display_name = "Policies"
    description = "Rules that say what is allowed to whom, and where."
    icon = "gavel"
    kind = "Policy"
    plural = "policies"
    kind_display_name = "Policy"
    kind_description = "A rule that is evaluated by an engine before something is allowed."
    model = Policy

    columns = (
        Column("name", "Name", "lg"),
        Column("policyType", "Policy Type", "md"),
        Column("language", "Language", "sm"),
        Column("enforcementScope", "Scope", "md"),
        Column("enforcementMode", "Mode", "sm"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("policyType", "Policy Type", "select", POLICY_TYPES),
        Filter("language", "Language", "select", ("rego", "yaml_rules", "json_rules", "cel")),
        Filter("enforcementScope", "Scope", "select", ("agent", "organization", "namespace", "project")),
    )
    sections = (
        Section(
            "Overview",
            (
                "name",
                "description",
                "policyType",
                "language",
                Detail("enforcementScope", "Scope"),
                Detail("enforcementMode", "Mode"),
                "version",
                "author",
                "license",
            ),
        ),
        Section("Bundle", ("bundleRef", "entrypoint")),
        Section("Input Schema", ("inputSchema",)),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("policyType", "Policy Type"),
        ListColumn("language", "Language"),
        ListColumn("enforcementScope", "Scope"),
        ListColumn("enforcementMode", "Mode"),
        ListColumn("version", "Version", filterable=False),
    )
    detail_fields = (
        "name",
        "description",
        "policyType",
        "language",
        "bundleRef",
        "entrypoint",
        "enforcementScope",
        "enforcementMode",
        "version",
        "author",
        "license",
    )
    cli_columns = ("name", "policyType", "language", "enforcementScope", "enforcementMode")
    cli_filters = cli_columns
