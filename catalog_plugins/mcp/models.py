"""What the mcp catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel


class McpServer(EntityModel):
    """A server that offers tools, resources and prompts through the Model Context Protocol."""

    server_url = models.TextField(blank=True, help_text="Where the server or its project is found: a URI (RFC 3986).")
    transport_type = models.CharField(
        max_length=100, blank=True, help_text="How clients talk to it: stdio, sse, http or streamable-http."
    )
    tool_count = models.BigIntegerField(null=True, blank=True, help_text="How many tools it offers.")
    resource_count = models.BigIntegerField(null=True, blank=True, help_text="How many resources it offers.")
    prompt_count = models.BigIntegerField(null=True, blank=True, help_text="How many prompts it offers.")
    deployment_mode = models.CharField(
        max_length=100, blank=True, help_text="Where it runs: local (with the client), remote, or hybrid (either)."
    )
    image = models.TextField(blank=True, help_text="The container image of a local server.")
    endpoint = models.TextField(blank=True, help_text="The address of a remote server.")
    supported_transports = models.TextField(blank=True, help_text="All ways to talk to it, with commas between them.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")
    provider = models.CharField(max_length=300, blank=True, help_text="Who offers it.")
    logo = models.TextField(blank=True, help_text="The address of its logo, or the logo itself as a data: URI.")
    category = models.CharField(max_length=200, blank=True, help_text="What it is for.")
    verified = models.BooleanField(null=True, blank=True, help_text="Whether it is known to come from its provider.")
    certified = models.BooleanField(null=True, blank=True, help_text="Whether its provider vouches for it.")

    class Meta(EntityModel.Meta):
        """How the admin calls it, and an index for what many filter by and few entities share."""

        verbose_name = "MCP server"
        indexes = (*EntityModel.Meta.indexes, models.Index(fields=("provider",), name="mcp_server_provider"))
