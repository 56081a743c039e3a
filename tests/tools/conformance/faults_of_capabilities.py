"""Faults of discovery, health and the OpenAPI document."""

import re

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_http import Reply
from tests.tools.conformance.faults import at, changed, fault, list_change

# --- A: capabilities

CAPABILITIES = "/api/plugins/widgets/capabilities"


def in_capabilities(change):
    """Change the document in both places, so that they agree."""

    def applied(server, request, handle):
        if request.path == CAPABILITIES:
            return changed(handle, request, change)
        if request.path == "/api/plugins":
            return changed(handle, request, lambda document: change(document["plugins"][0]["capabilitiesV2"]) and None)
        return handle(request)

    return applied


def entity(document):
    return document["entities"][0]


@fault("A", "schema_version")
def the_version_is_missing(server, request, handle):
    return in_capabilities(lambda document: document.pop("schemaVersion"))(server, request, handle)


@fault("A", "columns")
def a_column_lacks_its_path(server, request, handle):
    return in_capabilities(lambda document: entity(document)["fields"]["columns"][1].pop("path"))(
        server, request, handle
    )


@fault("A", "columns")
def columns_are_null(server, request, handle):
    return in_capabilities(lambda document: entity(document)["fields"].update(columns=None))(server, request, handle)


@fault("A", "kinds_are_named")
def there_are_no_kinds(server, request, handle):
    return in_capabilities(lambda document: document.update(entities=[]))(server, request, handle)


@fault("A", "endpoints")
def the_look_up_has_no_place_for_the_name(server, request, handle):
    return in_capabilities(lambda document: entity(document)["endpoints"].update(get=documents.LIST))(
        server, request, handle
    )


@fault("A", "actions")
def a_kind_names_an_action_that_is_not_defined(server, request, handle):
    return in_capabilities(lambda document: entity(document)["actions"].append("fly"))(server, request, handle)


@fault("A", "filter_fields")
def a_choice_has_no_options(server, request, handle):
    return in_capabilities(lambda document: entity(document)["fields"]["filterFields"][1].pop("options"))(
        server, request, handle
    )


@fault("A", "ui_hints")
def a_hint_names_a_display_that_does_not_exist(server, request, handle):
    return in_capabilities(
        lambda document: entity(document)["uiHints"]["listView"]["columns"][0].update(display="hologram")
    )(server, request, handle)


@fault("A", "plugins_document")
def the_count_of_plugins_is_wrong(server, request, handle):
    return at("/api/plugins", lambda document: document.update(count=7))(server, request, handle)


@fault("A", "documents_agree")
def discovery_shows_another_document(server, request, handle):
    return at(CAPABILITIES, lambda document: document["plugin"].update(icon="star"))(server, request, handle)


@fault("A", "short_capabilities")
def the_short_capabilities_name_other_kinds(server, request, handle):
    return at("/api/plugins", lambda document: document["plugins"][0].update(entityKinds=["Gadget"]))(
        server, request, handle
    )


@fault("A", "management_is_announced")
def management_is_announced_in_one_place_only(server, request, handle):
    return at("/api/plugins", lambda document: document["plugins"][0]["management"].update(refresh=False))(
        server, request, handle
    )


@fault("A", "unknown_plugin")
def any_plugin_has_capabilities(server, request, handle):
    request.path = re.sub("/no-[^/]*/capabilities", "/widgets/capabilities", request.path)
    return handle(request)


@fault("ABF", "plugin_is_healthy")
def the_plugin_has_failed(server, request, handle):
    if request.path == "/api/plugins":
        entry = {"name": "widgets", "version": "v1", "description": "", "basePath": documents.BASE, "healthy": False}
        entry["status"] = {"lastError": "it fell over"}
        return Reply(200, {"plugins": [entry], "count": 1})
    return handle(request)


# --- E: health


@fault("E", "readiness")
def readiness_says_nothing_of_the_database(server, request, handle):
    return at("/readyz", lambda document: document["components"].pop("database"))(server, request, handle)


@fault("E", "readiness")
def the_server_is_not_ready(server, request, handle):
    reply = handle(request)
    return Reply(503, {**reply.document, "status": "not_ready"}) if request.path == "/readyz" else reply


@fault("E", "liveness")
def the_uptime_is_a_number(server, request, handle):
    return at("/livez", lambda document: document.update(uptime=65))(server, request, handle)


@fault("E", "requests_have_ids")
def errors_do_not_name_the_request(server, request, handle):
    request.headers.pop("x-request-id", None)
    return handle(request)


# --- F: the document


@fault("F", "catalog_answers_match")
def an_answer_has_a_key_that_the_document_does_not_know(server, request, handle):
    return at(f"{documents.LIST}/.*", lambda item: item.update(price=3))(server, request, handle)


@fault("F", "catalog_answers_match")
def an_answer_has_a_value_of_another_type(server, request, handle):
    return list_change(lambda page: page["items"][0].update(weight="heavy"))(server, request, handle)


@fault("F", "catalog_answers_match")
def a_status_is_not_described(server, request, handle):
    return at("/api/schema", lambda document: document["paths"][documents.LIST]["get"]["responses"].pop("400"))(
        server, request, handle
    )


@fault("F", "operations_are_described")
def an_operation_is_not_described(server, request, handle):
    return at("/api/schema", lambda document: document["paths"].pop(f"{documents.LIST}/{{name}}"))(
        server, request, handle
    )


@fault("F", "document_is_openapi", "catalog_answers_match")
def a_reference_leads_nowhere(server, request, handle):
    return at("/api/schema", lambda document: document["components"]["schemas"].pop("Widget"))(server, request, handle)


@fault("F", "document_is_openapi")
def operation_ids_occur_twice(server, request, handle):
    return at("/api/schema", lambda document: document["paths"]["/livez"]["get"].update(operationId="getWidget"))(
        server, request, handle
    )


@fault("F", "errors_are_json")
def a_wrong_method_is_taken(server, request, handle):
    if request.path == "/api/plugins":
        request.method = "GET"
    return handle(request)


@fault("F", "base_path")
def the_base_path_is_outside(server, request, handle):
    return at("/api/plugins", lambda document: document["plugins"][0].update(basePath="/widgets"))(
        server, request, handle
    )
