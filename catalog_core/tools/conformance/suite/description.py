"""Category F: the OpenAPI document is one, describes what is there, and real answers keep to it."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Note, Skipped, check
from catalog_core.tools.conformance.openapi import OpenApi, Operation, openapi_of, version_problem
from catalog_core.tools.conformance.subjects import Catalog, Server
from catalog_core.tools.conformance.values import source_id
from catalog_core.tools.conformance.wire import Query, Wire, WireError, listed, shown

DOCUMENT_PATH = "/api/schema"

_check = check(Category.OPENAPI)


@_check
def document_is_openapi(server: Server) -> Findings:
    """There is a document of OpenAPI 3 whose references lead somewhere and whose operation ids are unique."""
    api = _openapi(server)
    if problem := version_problem(api.document):
        yield problem
    info = api.document["info"]
    if not info.get("title") or not info.get("version"):
        yield f"info lacks title or version: {shown(info)}"
    if dangling := api.dangling_references():
        yield f"references lead nowhere: {listed(dangling)}"
    ids = Counter(operation.document.get("operationId") for operation in api.operations)
    if twice := sorted(str(name) for name, count in ids.items() if count > 1):
        yield f"operation ids are missing or occur more than once: {listed(twice)}"


@_check
def server_answers_match(server: Server) -> Findings:
    """What the server answers outside of its catalogs is as the document says."""
    api = _openapi(server)
    bases = tuple(f"{catalog.base_path}/" for catalog in server.catalogs())
    own = [one for one in api.operations if one.method == "get" and not one.path.startswith(bases)]
    yield from _answer_problems(api, server, own, {})


@_check
def base_path(catalog: Catalog) -> Findings:
    """The base path of the catalog begins with /api/ and has no slash at its end."""
    if not catalog.base_path.startswith("/api/") or catalog.base_path.endswith("/"):
        yield f"basePath is {shown(catalog.base_path)}"


@_check
def operations_are_described(catalog: Catalog) -> Findings:
    """The document knows the list and the look-up of every kind."""
    api = _openapi(catalog.server)
    for kind in catalog.kinds:
        for path in (kind.list_path, kind.get_path):
            if api.find("get", path) is None:
                yield f"the document does not know GET {path}"


@_check
def catalog_answers_match(catalog: Catalog) -> Findings:
    """Every GET of the catalog answers what the document says, found or not, well asked or badly."""
    api = _openapi(catalog.server)
    own = [one for one in api.operations if one.method == "get" and one.path.startswith(f"{catalog.base_path}/")]
    yield from _answer_problems(api, catalog.server, own, _known_values(catalog))
    yield from _refusals_problems(api, catalog)


@_check
def own_document(catalog: Catalog) -> Findings:
    """The document of the catalog alone holds its paths, complete with what they refer to."""
    answer = catalog.reader.get(f"{catalog.base_path}/openapi")
    if answer.status == 404:
        raise Skipped("the catalog has no document of its own")
    api = openapi_of(answer.expect(200).object())
    foreign = [one.path for one in api.operations if not one.path.startswith(f"{catalog.base_path}/")]
    if foreign:
        yield f"it describes paths of others: {listed(foreign)}"
    if dangling := api.dangling_references():
        yield f"references lead nowhere: {listed(dangling)}"
    for kind in catalog.kinds:
        if api.find("get", kind.list_path) is None:
            yield f"it does not know GET {kind.list_path}"


def _openapi(server: Server) -> OpenApi:
    return openapi_of(server.reader.read(DOCUMENT_PATH, {"format": "json"}))


def _known_values(catalog: Catalog) -> dict[str, str]:
    """Return what placeholders of paths may be filled with, from the first entry of the catalog."""
    item = next((kind.items[0] for kind in catalog.kinds if kind.items), None)
    if item is None:
        return {}
    source = source_id(item)
    return {"name": str(item.get("name")), "source_id": source, "sourceId": source}


def _answer_problems(api: OpenApi, server: Server, operations: list[Operation], known: dict[str, str]) -> Iterator[str]:
    left_out = []
    first = next((catalog.name for catalog in server.catalogs() if catalog.entry.get("healthy")), "")
    values = {**known, **({"plugin_name": first, "pluginName": first} if first else {})}
    for operation in operations:
        path = _filled(operation.path, values)
        if path is None or operation.required_query():
            left_out.append(operation.path)
            continue
        yield from _one_problem(api, _caller(server, operation), operation, path)
    if left_out:
        yield Note(f"not asked, as there is nothing to ask for: {listed(left_out)}")


def _one_problem(
    api: OpenApi, wire: Wire, operation: Operation, path: str, query: Query | None = None
) -> Iterator[str]:
    query = {"format": "json", **(query or {})} if path.endswith(("/schema", "/openapi")) else query
    try:
        yield from api.problems(operation, wire.get(path, query))
    except WireError as error:
        yield str(error)


def _refusals_problems(api: OpenApi, catalog: Catalog) -> Iterator[str]:
    for kind in catalog.kinds:
        listing, look_up = api.find("get", kind.list_path), api.find("get", kind.get_path)
        if listing:
            yield from _one_problem(api, catalog.reader, listing, kind.list_path, {"orderBy": "no_such_field"})
        if look_up:
            path = kind.address({"name": "no entry is called so", "sourceId": "no-source"})
            yield from _one_problem(api, catalog.reader, look_up, path)


def _caller(server: Server, operation: Operation) -> Wire:
    """Return whom to ask as: readers, or the operator where there is one and the document says that it is needed."""
    guarded = {"401", "403"} & set(operation.document.get("responses", {}))
    return server.operator if guarded and server.operator else server.reader


def _filled(path: str, values: dict[str, str]) -> str | None:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return None if "{" in path else path


SERVER_CHECKS = (document_is_openapi, server_answers_match)
CHECKS = (base_path, operations_are_described, catalog_answers_match, own_document)
