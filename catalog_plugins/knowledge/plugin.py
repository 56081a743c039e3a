"""The knowledge catalog: what answers can be grounded in."""

from catalog_core.plugin import CatalogPlugin, Column, Detail, Filter, ListColumn, Section
from catalog_plugins.knowledge.models import KnowledgeSource


class KnowledgePlugin(CatalogPlugin):
    """Documents, web pages, vector stores and graphs."""

    name = "knowledge"
    display_name = "Knowledge Sources"
    description = "Documents, web pages, vector stores and graphs that answers can be grounded in."
    icon = "database"
    kind = "KnowledgeSource"
    plural = "knowledgesources"
    kind_display_name = "Knowledge Source"
    kind_description = "A body of documents or facts that answers can be grounded in."
    model = KnowledgeSource

    columns = (
        Column("name", "Name", "lg"),
        Column("sourceType", "Type", "md"),
        Column("provider", "Provider", "md"),
        Column("status", "Status", "sm"),
        Column("documentCount", "Documents", "sm"),
        Column("contentType", "Content Type", "md", sortable=False),
    )
    filters = (
        Filter("name", "Name"),
        Filter("sourceType", "Type", "select", ("document", "url", "vector_store", "graph_store")),
        Filter("provider", "Provider"),
        Filter("status", "Status", "select", ("active", "indexing", "error", "archived")),
    )
    sections = (
        Section("Overview", ("name", "description", Detail("sourceType", "Type"), "provider", "status")),
        Section("Connection", ("location", "contentType", "indexType")),
        Section("Statistics", (Detail("documentCount", "Documents"), "vectorDimensions")),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("sourceType", "Type"),
        ListColumn("provider", "Provider"),
        ListColumn("status", "Status"),
        ListColumn("documentCount", "Documents", filterable=False),
        ListColumn("contentType", "Content Type", filterable=False),
    )
    detail_fields = (
        "name",
        "description",
        "sourceType",
        "location",
        "contentType",
        "provider",
        "status",
        "documentCount",
        "vectorDimensions",
        "indexType",
    )
    cli_columns = ("name", "sourceType", "provider", "status", "documentCount")
    cli_filters = ("name", "sourceType", "provider", "status", "contentType")
