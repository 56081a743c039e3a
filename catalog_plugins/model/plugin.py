"""The model catalog: machine learning models and their artifacts."""

from dataclasses import replace
from typing import Any

from catalog_core.plugin import (
    CatalogPlugin,
    ChildModel,
    Column,
    Detail,
    Entity,
    Filter,
    ItemReader,
    ListColumn,
    ListShape,
    Reference,
    Section,
    read_entity,
)
from catalog_plugins.model.artifacts import artifact_document, read_artifacts
from catalog_plugins.model.licenses import license_name
from catalog_plugins.model.metadata import typed_properties
from catalog_plugins.model.models import CatalogModel, ModelArtifact


class ModelPlugin(CatalogPlugin):
    """Machine learning models, with where they can be had and how they perform."""

    name = "model"
    display_name = "Models"
    description = "Machine learning models, with where they can be had and how they perform."
    icon = "model"
    kind = "CatalogModel"
    plural = "models"
    kind_display_name = "Model"
    kind_description = "A machine learning model."
    model = CatalogModel
    children = {"artifacts": ModelArtifact}
    key_in_sources = "models"
    source_id_name = "source_id"
    addressed_by_source = True
    shows_times = True
    typed_custom_properties = True
    order_names = {"ACCURACY": "artifacts.overall_average.double_value"}
    list_shape = ListShape(default_page_size=10, size="page", always_next_page_token=True)

    references = (Reference("customProperties.base_model", "CatalogModel", "is based on"),)
    columns = (
        Column("name", "Name", "lg"),
        Column("provider", "Provider", "md"),
        Column("task", "Task", "md", path="tasks", type="string"),
        Column("license", "License", "md"),
        Column("source_id", "Source", "md"),
    )
    filters = (
        Filter("name", "Name"),
        Filter("provider", "Provider"),
        Filter("task", "Task", path="tasks"),
        Filter("license", "License"),
        Filter("source_id", "Source", operators=("=", "!=")),
    )
    sections = (
        Section("Overview", ("name", "description", "provider", "tasks", "license", "licenseLink")),
        Section("Details", ("maturity", "language", Detail("libraryName", "Library"))),
        Section("Documentation", ("readme",)),
    )
    list_columns = (
        ListColumn("name", "Name"),
        ListColumn("provider", "Provider"),
        ListColumn("task", "Task"),
        ListColumn("source_id", "Source"),
    )
    detail_fields = ("name", "description", "provider", "task", "license", "source_id")
    cli_columns = ("name", "provider", "task", "source_id")
    cli_filters = ("name", "provider", "task", "license", "source_id")

    def entity(self, item: ItemReader) -> Entity:
        """Return the entity of an item, its properties typed and its license called by name."""
        entity = read_entity(item, self.model, children={"artifacts": read_artifacts(item)})
        return replace(
            entity,
            custom_properties=typed_properties(item),
            values={**entity.values, "license": license_name(entity.values["license"])},
        )

    def child_document(self, child: ChildModel) -> dict[str, Any]:
        """Return the JSON object of an artifact."""
        if not isinstance(child, ModelArtifact):
            raise TypeError(f"models have artifacts, not {type(child).__name__}")
        return artifact_document(child)
