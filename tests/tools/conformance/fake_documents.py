"""What the fake server says of itself: a catalog of widgets."""

BASE = "/api/widgets_catalog/v1alpha1"
MANAGEMENT = f"{BASE}/management"
LIST = f"{BASE}/widgets"
ACTION = f"{MANAGEMENT}/entities/{{name}}:action"

ITEMS = [
    {"id": "1", "name": "anchor", "colour": "red", "weight": 12, "tags": ["sea"], "sourceId": "main"},
    {"id": "2", "name": "Bolt", "colour": "blue", "weight": 2, "tags": ["metal", "small"], "sourceId": "main"},
    {"id": "3", "name": "acme/cog", "colour": "red", "weight": 7, "sourceId": "main"},
    {"id": "4", "name": "dial & 'knob'", "weight": 7, "tags": ["small"], "sourceId": "side"},
    {"id": "5", "name": "größer", "colour": "green", "sourceId": "side"},
]
FIELDS = ("name", "colour", "weight", "tags", "sourceId")

ACTIONS = [
    {
        "id": "tag",
        "displayName": "Tag",
        "description": "Sets the tags.",
        "scope": "asset",
        "supportsDryRun": True,
        "idempotent": True,
        "parameters": {
            "type": "object",
            "properties": {"tags": {"type": "array"}, "mode": {"type": "string"}},
            "required": ["tags"],
            "examples": [{"tags": ["x"]}],
        },
    },
    {
        "id": "refresh",
        "displayName": "Refresh",
        "description": "Reads the source again.",
        "scope": "source",
        "supportsDryRun": False,
        "idempotent": True,
    },
]


def capabilities():
    return {
        "schemaVersion": "v1",
        "plugin": {"name": "widgets", "version": "v1alpha1", "description": "Things."},
        "entities": [
            {
                "kind": "Widget",
                "plural": "widgets",
                "displayName": "Widget",
                "endpoints": {"list": LIST, "get": f"{LIST}/{{name}}", "action": ACTION},
                "fields": {
                    "columns": [
                        column("name", "string"),
                        column("colour", "string"),
                        column("weight", "integer"),
                        {"name": "tags", "displayName": "Tags", "path": "tags", "type": "array"},
                    ],
                    "filterFields": [
                        {"name": "name", "displayName": "Name", "type": "text"},
                        {
                            "name": "colour",
                            "displayName": "Colour",
                            "type": "select",
                            "options": ["red", "blue", "green", "black"],
                        },
                        {"name": "weight", "displayName": "Weight", "type": "number"},
                        {"name": "tags", "displayName": "Tags", "type": "text", "operators": ["=", "!="]},
                    ],
                    "detailFields": [
                        {"name": "name", "displayName": "Name", "path": "name", "type": "string", "section": "Main"}
                    ],
                },
                "uiHints": {
                    "listView": {
                        "columns": [{"field": "name", "label": "Name", "display": "text"}],
                        "defaultSort": {"field": "name", "direction": "asc"},
                    }
                },
                "actions": ["tag"],
            }
        ],
        "sources": {"manageable": True, "refreshable": True, "types": ["yaml", "git", "http"]},
        "actions": ACTIONS,
    }


def column(name, type_):
    return {"name": name, "displayName": name.title(), "path": name, "type": type_, "sortable": True, "width": "md"}


def discovery():
    return {
        "plugins": [
            {
                "name": "widgets",
                "version": "v1alpha1",
                "description": "Things.",
                "basePath": BASE,
                "healthy": True,
                "entityKinds": ["Widget"],
                "capabilities": {
                    "entityKinds": ["Widget"],
                    "listEntities": True,
                    "getEntity": True,
                    "listSources": True,
                    "artifacts": False,
                },
                "capabilitiesV2": capabilities(),
                "management": {"sourceManager": True, "refresh": True, "diagnostics": True, "actions": True},
            }
        ],
        "count": 1,
    }


def ready():
    return {
        "status": "ready",
        "components": {
            "database": {"status": "up"},
            "initial_load": {"status": "complete"},
            "plugins": {"status": "healthy", "details": "all 1 plugins healthy"},
        },
    }


WIDGET = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "colour": {"type": "string", "nullable": True},
        "weight": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "sourceId": {"type": "string"},
    },
    "required": ["id", "name", "sourceId"],
}
PAGE = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Widget"}},
        "size": {"type": "integer"},
        "totalSize": {"type": "integer"},
        "pageSize": {"type": "integer"},
        "nextPageToken": {"type": "string"},
    },
    "required": ["items", "size", "totalSize"],
}
ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}, "requestId": {"type": "string"}},
    "required": ["error", "message"],
}


def openapi():
    return {
        "openapi": "3.0.3",
        "info": {"title": "Fake", "version": "1"},
        "paths": {
            "/livez": {"get": {"operationId": "live", "responses": {"200": answer({"type": "object"})}}},
            LIST: {"get": operation("listWidgets", "Page", "400")},
            f"{LIST}/{{name}}": {"get": operation("getWidget", "Widget", "404")},
            f"{MANAGEMENT}/sources": {
                "get": {"operationId": "listSources", "responses": {"200": answer({"type": "object"})}}
            },
        },
        "components": {"schemas": {"Widget": WIDGET, "Page": PAGE, "Error": ERROR}},
    }


def operation(operation_id, schema, error):
    return {
        "operationId": operation_id,
        "responses": {
            "200": answer({"$ref": f"#/components/schemas/{schema}"}),
            error: answer({"$ref": "#/components/schemas/Error"}),
        },
    }


def answer(schema):
    return {"description": "", "content": {"application/json": {"schema": schema}}}
