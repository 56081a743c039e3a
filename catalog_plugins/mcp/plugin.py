"""The mcp catalog: servers of the Model Context Protocol."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalog_core.plugin import (
    CatalogPlugin,
    Column,
    Entity,
    Filter,
    ItemReader,
    ListColumn,
    ListShape,
    Section,
    read_entity,
)
from catalog_plugins.mcp.hints import HINTS
from catalog_plugins.mcp.models import McpServer

DEPLOYMENT_MODES = ("local", "remote", "hybrid")
TRANSPORTS = ("stdio", "sse", "http", "streamable-http")


class McpPlugin(CatalogPlugin):
    """Servers that offer tools, resources and prompts through the Model Context Protocol."""

    name = "mcp"
    display_name = "MCP Servers"
    description = "Servers that offer tools, resources and prompts through the Model Context Protocol."
    icon = "server"
    kind = "McpServer"
    plural = "mcpservers"
    kind_display_name = "MCP Server"
    kind_description = "A server that offers tools, resources and prompts."
    model = McpServer
    feed_keys = ("mcpservers", "mcp_servers", "mcpServers")
    shows_times = True
    list_shape = ListShape(default_page_size=20, size="page")
    hints = HINTS

    columns = (
        Column("name", "Name", "lg"),
        Column("deploymentMode", "Deployment", "md"),
        Column("provider", "Provider", "md"),
        Column("transportType", "Transport", "sm"),
        Column("toolCount", "Tools", "sm"),
        Column("license", "License", "md"),
        Column("category", "Category", "md"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("deploymentMode", "Deployment", "select", DEPLOYMENT_MODES),
        Filter("provider", "Provider"),
        Filter("category", "Category"),
        Filter("license", "License"),
        Filter("transportType", "Transport", "select", TRANSPORTS),
        Filter("toolCount", "Tools", "number"),
    )
    sections = (
        Section("Overview", ("name", "description", "deploymentMode", "provider", "category", "license")),
        Section("Connection", ("serverUrl", "image", "endpoint", "supportedTransports", "transportType")),
        Section("Statistics", ("toolCount", "resourceCount", "promptCount")),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("deploymentMode", "Deployment"),
        ListColumn("provider", "Provider"),
        ListColumn("transportType", "Transport"),
        ListColumn("toolCount", "Tools", filterable=False),
        ListColumn("license", "License"),
        ListColumn("category", "Category"),
    )
    detail_fields = (
        "name",
        "description",
        "deploymentMode",
        "serverUrl",
        "image",
        "endpoint",
        "supportedTransports",
        "license",
        "provider",
        "category",
        "toolCount",
        "resourceCount",
        "promptCount",
    )
    cli_columns = ("name", "deploymentMode", "provider", "toolCount", "category")
    cli_filters = ("name", "deploymentMode", "provider", "category", "license", "transportType")

    def entity(self, item: ItemReader) -> Entity:
        """Return the entity of an item; lists of tools and transports count where their summary is absent."""
        entity = read_entity(item, self.model)
        summaries = _summaries(item, entity.values)
        return replace(entity, values={**entity.values, **summaries}) if summaries else entity


def _summaries(item: ItemReader, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what can be counted or joined from the longer form in which some servers are described."""
    summaries: dict[str, Any] = {}
    tools, transports = item.get("tools"), item.get("transports")
    if values["tool_count"] is None and isinstance(tools, list):
        summaries["tool_count"] = len(tools)
    if not values["supported_transports"] and transports:
        summaries["supported_transports"] = ",".join(item.text_list("transports"))
    return summaries
