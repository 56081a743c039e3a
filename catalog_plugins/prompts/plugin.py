"""The prompts catalog: texts for models, with places to fill in."""

from catalog_core.plugin import CatalogPlugin, Column, Filter, ListColumn, Section
from catalog_plugins.prompts.models import PromptTemplate


class PromptsPlugin(CatalogPlugin):
    """Prompt templates, with what goes into them and what is to come out."""

    name = "prompts"
    display_name = "Prompt Templates"
    description = "Prompt templates, with what goes into them and what is to come out."
    icon = "file-code"
    kind = "PromptTemplate"
    plural = "prompttemplates"
    kind_display_name = "Prompt Template"
    kind_description = "A text for a model, usually with places to fill in."
    model = PromptTemplate

    columns = (
        Column("name", "Name", "lg"),
        Column("format", "Format", "md"),
        Column("taskTags", "Task Tags", "md", sortable=False),
        Column("version", "Version", "sm"),
        Column("author", "Author", "md"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("format", "Format", "select", ("chat_messages", "completion", "jinja2", "handlebars", "raw")),
        Filter("taskTags", "Task Tags"),
        Filter("author", "Author"),
    )
    sections = (
        Section("Overview", ("name", "description", "format", "version", "author", "license")),
        Section("Template", ("template",)),
        Section("Parameters", ("parametersSchema", "outputSchema")),
        Section("Model Constraints", ("modelConstraints",)),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("format", "Format"),
        ListColumn("taskTags", "Task Tags", sortable=False),
        ListColumn("version", "Version", filterable=False),
        ListColumn("author", "Author"),
    )
    detail_fields = (
        "name",
        "description",
        "format",
        "template",
        "taskTags",
        "version",
        "author",
        "license",
        "parametersSchema",
        "outputSchema",
        "modelConstraints",
    )
    cli_columns = ("name", "format", "taskTags", "version", "author")
    cli_filters = ("name", "format", "taskTags", "author", "license")
