"""The capabilities documents of a catalog, drawn from its declarations."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from catalog_core.entities.actions import Action, action_path, actions_of
from catalog_core.entities.fields import FieldKind
from catalog_core.entities.queryable import sortable_names
from catalog_core.plugins.capabilities import plugin_meta
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.declarations import (
    Column,
    Detail,
    Filter,
    Section,
    UIHints,
    ViewField,
    label_of,
    without_empty,
)
from catalog_core.sources.providers import provider_types

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin


def short_capabilities(plugin: "CatalogPlugin") -> dict[str, Any]:
    """Return the V1 capabilities of a catalog."""
    return {
        "entityKinds": [plugin.kind],
        "listEntities": True,
        "getEntity": True,
        "listSources": True,
        "artifacts": bool(plugin.children),
    }


def full_capabilities(plugin: "CatalogPlugin") -> dict[str, Any]:
    """Return the V2 capabilities document of a catalog."""
    return {
        "schemaVersion": "v1",
        "plugin": plugin_meta(plugin, displayName=plugin.display_name, icon=plugin.icon),
        "entities": [_entity(plugin)],
        "sources": {
            "manageable": True,
            "refreshable": True,
            "types": list(plugin.source_types or provider_types()),
        },
        "actions": [one.as_dict() for one in _offered(plugin)],
    }


def short_hints(plugin: "CatalogPlugin") -> dict[str, Any]:
    """Return the V1 hints for simple user interfaces."""
    labels = _labels(plugin)
    sections = _section_of(plugin.sections)
    return {
        "listColumns": [
            {"field": column.field, "label": column.label or labels(column.field)}
            | without_empty(sortable=column.sortable, filterable=column.filterable)
            for column in plugin.list_columns
        ],
        "detailFields": [
            {"field": name, "label": labels(name)} | without_empty(section=sections.get(name))
            for name in plugin.detail_fields
        ],
        "identityField": "name",
        "displayNameField": "name",
        "descriptionField": "description",
    }


def command_line_hints(plugin: "CatalogPlugin") -> dict[str, Any]:
    """Return the hints for command lines."""
    return {
        "defaultColumns": list(plugin.cli_columns),
        "sortField": "name",
        "filterableFields": list(plugin.cli_filters),
    }


def list_path(plugin: "CatalogPlugin") -> str:
    """Return the path of the list of the catalog's kind."""
    return f"{base_path(plugin)}/{plugin.plural}"


def _entity(plugin: "CatalogPlugin") -> dict[str, Any]:
    types = _types(plugin)
    labels = _labels(plugin)
    entity = {
        "kind": plugin.kind,
        "plural": plugin.plural,
        "displayName": plugin.kind_display_name or label_of(plugin.kind),
        **without_empty(description=plugin.kind_description or (plugin.model.__doc__ or "").strip().split("\n")[0]),
        "endpoints": {"list": list_path(plugin), "get": plugin.get_path(), "action": action_path(plugin)},
        "fields": {
            "columns": [_column(column, plugin, types, labels) for column in plugin.columns],
            **without_empty(
                filterFields=[_filter(filter_, labels) for filter_ in plugin.filters],
                detailFields=[
                    _detail(entry, section.title, types, labels)
                    for section in plugin.sections
                    for entry in section.fields
                ],
            ),
        },
    }
    return entity | without_empty(
        uiHints=_hints(plugin, labels), actions=list(actions_of(plugin, "asset")), relations=_relations(plugin)
    )


def _relations(plugin: "CatalogPlugin") -> list[dict[str, str]]:
    return [{"relation": one.relation, "kind": one.kind, "path": one.path} for one in plugin.references]


def _column(column: Column, plugin: "CatalogPlugin", types: Mapping[str, str], labels: "_Labels") -> dict[str, Any]:
    path = column.path or column.name
    sortable = column.sortable and column.name in sortable_names(plugin)
    return {
        "name": column.name,
        "displayName": column.label or labels(column.name),
        "path": path,
        "type": column.type or types.get(path, "string"),
    } | without_empty(sortable=sortable, width=column.width)


def _filter(filter_: Filter, labels: "_Labels") -> dict[str, Any]:
    return {
        "name": filter_.name,
        "displayName": filter_.label or labels(filter_.name),
        "type": filter_.type,
    } | without_empty(options=list(filter_.options), operators=list(filter_.offered_operators()))


def _detail(entry: str | Detail, section: str, types: Mapping[str, str], labels: "_Labels") -> dict[str, Any]:
    detail = Detail(entry) if isinstance(entry, str) else entry
    path = detail.path or detail.name
    return {
        "name": detail.name,
        "displayName": detail.label or labels(detail.name),
        "path": path,
        "type": detail.type or types.get(path, "string"),
        "section": section,
    }


def _hints(plugin: "CatalogPlugin", labels: "_Labels") -> dict[str, Any]:
    hints = plugin.hints or UIHints()
    return without_empty(
        icon=plugin.icon,
        color=hints.color,
        nameField="name",
        detailSections=[section.title for section in plugin.sections],
        listView=_list_view(hints, labels),
        detailView=without_empty(
            sections=[
                {"title": title, "fields": [_view_field(field, labels, required=False) for field in fields]}
                for title, fields in hints.detail_sections
            ],
            panels=list(hints.panels),
        ),
        search=without_empty(
            searchableFields=list(hints.searchable_fields),
            facets=[{"field": facet.field} | without_empty(display=facet.display) for facet in hints.facets],
        ),
        actionHints=_action_hints(hints, {one.id for one in _offered(plugin)}),
    )


def _action_hints(hints: UIHints, offered: set[str]) -> dict[str, Any]:
    """Return where to show actions; one that the catalog does not offer is not spoken of."""
    return without_empty(
        primary=[action for action in hints.primary_actions if action in offered],
        secondary=[action for action in hints.secondary_actions if action in offered],
        confirmations=[
            {"action": action, "prompt": prompt} for action, prompt in hints.confirmations if action in offered
        ],
    )


def _offered(plugin: "CatalogPlugin") -> list[Action]:
    return [*actions_of(plugin, "asset").values(), *actions_of(plugin, "source").values()]


def _list_view(hints: UIHints, labels: "_Labels") -> dict[str, Any]:
    sort = hints.default_sort
    return without_empty(
        titleField=hints.title_field,
        columns=[_view_field(column, labels, required=True) for column in hints.list_columns],
        defaultSort={"field": sort[0], "direction": sort[1]} if sort else None,
        defaultFilters=[{"filterQuery": query} for query in hints.default_filters],
    )


def _view_field(field: ViewField, labels: "_Labels", *, required: bool) -> dict[str, Any]:
    label = field.label or (labels(field.field) if required else "")
    return {"field": field.field} | without_empty(label=label, display=field.display, width=field.width)


class _Labels:
    """Labels of fields: as a column declares them, else made from the name."""

    def __init__(self, plugin: "CatalogPlugin") -> None:
        self._declared = {column.name: column.label for column in plugin.columns if column.label}

    def __call__(self, name: str) -> str:
        return self._declared.get(name) or label_of(name)


def _labels(plugin: "CatalogPlugin") -> _Labels:
    return _Labels(plugin)


def _types(plugin: "CatalogPlugin") -> dict[str, str]:
    declared = {field.name: field.kind.json_type for field in plugin.entity_fields()}
    times = dict.fromkeys(("createTimeSinceEpoch", "lastUpdateTimeSinceEpoch"), FieldKind.TIME.json_type)
    return {"customProperties": FieldKind.OBJECT.json_type, **times, **declared}


def _section_of(sections: tuple[Section, ...]) -> dict[str, str]:
    return {
        (entry if isinstance(entry, str) else entry.name): section.title
        for section in sections
        for entry in section.fields
    }
