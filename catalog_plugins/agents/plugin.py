"""The agents catalog: programs that pursue a goal with a model."""

from catalog_core.plugin import CatalogPlugin, Column, Filter, ListColumn, Reference, Section
from catalog_plugins.agents.models import Agent

AGENT_TYPES = ("conversational", "task_oriented", "router", "planner", "executor", "evaluator")


class AgentsPlugin(CatalogPlugin):
    """Agents, with the tools, knowledge, prompts and rules that they lean on."""

    name = "agents"
    display_name = "Agents"
    description = "Agents, with the tools, knowledge, prompts and rules that they lean on."
    icon = "robot"
    kind = "Agent"
    plural = "agents"
    kind_display_name = "Agent"
    kind_description = "A program that pursues a goal with a model."
    model = Agent

    references = (
        Reference("tools[].skillRef", "Skill", "uses"),
        Reference("tools[].mcpToolRef", "McpServer", "uses tools of"),
        Reference("knowledge[].knowledgeSourceRef", "KnowledgeSource", "looks things up in"),
        Reference("guardrails[].guardrailRef", "Guardrail", "is checked by"),
        Reference("policies[].policyRef", "Policy", "is bound by"),
        Reference("promptRefs[].promptTemplateRef", "PromptTemplate", "is prompted by"),
        Reference("dependencies[].agentRef", "Agent", "calls"),
        Reference("modelConfig.preferredModelRef", "CatalogModel", "runs on"),
        Reference("modelConfig.fallbackModelRefs[]", "CatalogModel", "falls back to"),
    )
    columns = (
        Column("name", "Name", "lg"),
        Column("agentType", "Type", "md"),
        Column("category", "Category", "md"),
        Column("version", "Version", "sm"),
        Column("author", "Author", "md"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("agentType", "Type", "select", AGENT_TYPES),
        Filter("category", "Category"),
    )
    sections = (
        Section("Overview", ("name", "description", "agentType", "category", "version", "author", "license")),
        Section("Instructions", ("instructions",)),
        Section("Model Configuration", ("modelConfig",)),
        Section("Tools & Knowledge", ("tools", "knowledge", "promptRefs")),
        Section("Guardrails & Policies", ("guardrails", "policies")),
        Section("Dependencies", ("dependencies",)),
        Section("Input/Output", ("inputSchema", "outputSchema", "examples")),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("agentType", "Type"),
        ListColumn("category", "Category"),
        ListColumn("version", "Version", filterable=False),
        ListColumn("author", "Author", filterable=False),
    )
    detail_fields = (
        "name",
        "description",
        "agentType",
        "instructions",
        "version",
        "category",
        "author",
        "license",
        "modelConfig",
        "tools",
        "knowledge",
        "guardrails",
        "policies",
        "promptRefs",
        "dependencies",
        "inputSchema",
        "outputSchema",
        "examples",
    )
    cli_columns = ("name", "agentType", "category", "version", "author")
    cli_filters = cli_columns
