"""How rich clients may show MCP servers."""

from catalog_core.plugin import UIHints, ViewField

HINTS = UIHints(
    color="#0066CC",
    title_field="name",
    list_columns=(
        ViewField("name", "Name", "link"),
        ViewField("deploymentMode", "Deployment", "badge"),
        ViewField("provider", "Provider", "text"),
        ViewField("transportType", "Transport", "badge", "sm"),
        ViewField("toolCount", "Tools", "text", "sm"),
    ),
    default_sort=("name", "asc"),
    detail_sections=(
        (
            "Overview",
            (
                ViewField("name", display="text"),
                ViewField("description", display="markdown"),
                ViewField("deploymentMode", display="badge"),
                ViewField("provider", display="text"),
                ViewField("category", display="badge"),
            ),
        ),
        (
            "Connection",
            (
                ViewField("serverUrl", display="link"),
                ViewField("endpoint", "Endpoint", "link"),
                ViewField("image", display="code"),
                ViewField("transportType", "Transport", "badge"),
            ),
        ),
        (
            "Statistics",
            (
                ViewField("toolCount", "Tools", "text"),
                ViewField("resourceCount", "Resources", "text"),
                ViewField("promptCount", "Prompts", "text"),
            ),
        ),
    ),
    searchable_fields=("name", "description", "provider", "category"),
    facets=(
        ViewField("deploymentMode", display="badge"),
        ViewField("transportType", display="badge"),
        ViewField("category", display="badge"),
    ),
    primary_actions=("refresh",),
    secondary_actions=("tag", "annotate", "deprecate"),
)
