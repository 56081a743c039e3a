"""Every operation that reads is asked on real data, and every answer is held against the OpenAPI document."""

import json
import uuid
from urllib.parse import quote

import pytest

from catalog_core.api.openapi import server_document
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source
from tests.contract.description import Description

PLUGINS = [plugin for plugin in registry if isinstance(plugin, CatalogPlugin)]


@pytest.fixture(scope="module")
def description():
    return Description(server_document())


def path_values(path):
    """Return real values for the parameters of a path."""
    owner = next((plugin for plugin in PLUGINS if path.startswith(f"{base_path(plugin)}/")), PLUGINS[0])
    source = Source.objects.filter(plugin=owner.name).first()
    entity = owner.model._default_manager.filter(source=source).first()
    named = {"plugin_name": owner.name, "source_id": source.key, "name": entity.name, "model_name": entity.name}
    return named | {"kind": owner.kind, "uid": entity.pk}


def filled(path, values):
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path.partition("{")[0] + "nothing" if "{" in path else path


@pytest.mark.parametrize("caller", ["anonymous", "administrator"])
def test_every_operation_answers_as_it_is_described(bundled, description, admin_user, caller):
    if caller == "administrator":
        bundled.client.force_login(admin_user)
    for path, operation in description.operations():
        response = bundled.client.get(filled(path, path_values(path)))
        assert response.status_code < 500 or path == "/readyz", path
        assert str(response.status_code) in operation["responses"], path
        description.check(operation, response)


def test_every_operation_answers_what_is_not_there_as_it_is_described(bundled, description):
    nothing = dict.fromkeys(("plugin_name", "source_id", "name", "model_name", "kind"), "no/such thing")
    nothing["uid"] = uuid.uuid4()
    paths = [(path, operation) for path, operation in description.operations() if "{" in path]
    assert paths
    for path, operation in paths:
        response = bundled.client.get(filled(path, nothing).replace("no%2Fsuch", "no-such"))
        assert response.status_code in (401, 403, 404), path
        description.check(operation, response)


def _is_guarded(path):
    """Say whether callers nobody knows are sent away before anybody looks at the method."""
    return "/management/" in path or "/jobs/" in path or path.endswith(":action")


def test_every_method_that_is_not_described_is_405(bundled, description):
    error = {"$ref": "#/components/schemas/Error"}
    for path, item in description.document["paths"].items():
        for method in {"get", "post", "put", "patch", "delete"} - set(item):
            target = filled(path, path_values(path))
            response = bundled.client.generic(method.upper(), target, "{}", "application/json")
            assert response.status_code in ((401, 405) if _is_guarded(path) else (405,)), path
            description.validate(error, json.loads(response.content))
            if response.status_code == 405:
                assert method.upper() not in response["Allow"]


def test_every_path_answers_head_as_get_without_a_body(bundled, description):
    for path, _ in description.operations():
        target = filled(path, path_values(path))
        response = bundled.client.head(target)
        assert response.status_code == bundled.client.get(target).status_code, path
        assert not response.content


def test_a_field_that_is_not_described_would_be_found(description):
    with pytest.raises(AssertionError, match="nosuch"):
        description.validate(
            {"$ref": "#/components/schemas/Liveness"}, {"status": "alive", "uptime": "1s", "nosuch": 1}
        )
    with pytest.raises(AssertionError, match="uptime"):
        description.validate({"$ref": "#/components/schemas/Liveness"}, {"status": "alive"})


def test_every_conditional_operation_answers_304_without_a_body(bundled, description):
    conditional = [(path, op) for path, op in description.operations() if "304" in op["responses"]]
    assert len(conditional) > 2 * len(PLUGINS)
    for path, operation in conditional:
        path = filled(path, path_values(path))
        first = bundled.client.get(path)
        assert first.status_code == 200, path
        again = bundled.client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304, path
        description.check(operation, again)


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_all_pages_and_all_entities_are_as_described(bundled, description, plugin):
    operations = dict(description.operations())
    entity_path = plugin.get_path()
    list_path = f"{base_path(plugin)}/{plugin.plural}"
    seen, token = 0, ""
    while True:
        page = description.check(
            operations[list_path], bundled.client.get(list_path, {"pageSize": 3, "pageToken": token})
        )
        for item in page["items"]:
            values = {"source_id": item[plugin.source_id_name], "name": item["name"]}
            response = bundled.client.get(filled(entity_path, values), {"source": values["source_id"]})
            assert description.check(operations[entity_path], response) == item
        seen += len(page["items"])
        token = page.get("nextPageToken")
        if not token:
            break
    assert seen == page["totalSize"] > 0


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
@pytest.mark.parametrize(
    "query", [{"filterQuery": "name="}, {"orderBy": "nosuch"}, {"pageSize": "x"}, {"pageToken": "x"}]
)
def test_a_query_that_is_not_understood_answers_as_it_is_described(bundled, description, plugin, query):
    path = f"{base_path(plugin)}/{plugin.plural}"
    response = bundled.client.get(path, query)
    assert response.status_code == 400
    body = description.check(dict(description.operations())[path], response)
    assert body["parameter"] == next(iter(query))


def test_a_bad_query_is_refused_whatever_state_the_client_has(bundled):
    path = "/api/agents_catalog/v1alpha1/agents"
    for tag in ("*", '"x"'):
        assert bundled.client.get(path, {"sortOrder": "up"}, headers={"If-None-Match": tag}).status_code == 400
        assert bundled.client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_closed_server_refuses_as_it_is_described(bundled, description, settings):
    settings.CATALOG = {**settings.CATALOG, "reading_requires_login": True}
    for path, operation in description.operations():
        if not operation.get("security"):
            continue
        response = bundled.client.get(filled(path, path_values(path)))
        assert response.status_code in (401, 403), path
        description.check(operation, response)


def test_a_failed_plugin_answers_503_as_it_is_described(bundled, description):
    from catalog_core.plugins.models import PluginState

    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="out of order")
    prefix = base_path(registry.get("agents"))
    for path, operation in description.operations():
        if path.startswith(f"{prefix}/"):
            response = bundled.client.get(filled(path, path_values(path)))
            assert response.status_code == 503
            description.check(operation, response)
