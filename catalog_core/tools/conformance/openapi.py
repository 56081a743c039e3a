"""An OpenAPI document as a measure for real answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

from catalog_core.tools.conformance.wire import JSON_TYPE, Answer, as_list, as_object, excerpt, shown

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MOST_DIFFERENCES = 5

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document.

    Attributes:
        method: in lower case.
        path: with placeholders in braces.
        document: what is said of it.
    """

    method: str
    path: str
    document: Json

    def required_query(self) -> list[str]:
        """Return the names of the query parameters that have to be given."""
        parameters = [
            one for one in as_list(self.document.get("parameters", []), "parameters") if isinstance(one, dict)
        ]
        return [str(one.get("name")) for one in parameters if one.get("in") == "query" and one.get("required")]


class OpenApi:
    """An OpenAPI 3 document.

    Args:
        document: the document as JSON.
    """

    def __init__(self, document: Json) -> None:
        self.document = document

    @cached_property
    def operations(self) -> list[Operation]:
        """All operations, in the order of the document."""
        paths = as_object(self.document.get("paths"), "paths of the document")
        return [
            Operation(method, path, as_object(item[method], f"{method} {path}"))
            for path, item in paths.items()
            for method in METHODS
            if isinstance(item, dict) and method in item
        ]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation of a path whose placeholders may have other names."""
        wanted = _unnamed(path)
        return next((one for one in self.operations if one.method == method and _unnamed(one.path) == wanted), None)

    def dangling_references(self) -> list[str]:
        """Return the references that lead nowhere."""
        return sorted({text for text in _references(self.document) if not self._leads_somewhere(text)})

    def problems(self, operation: Operation, answer: Answer) -> Iterator[str]:
        """Yield how an answer differs from what the document says of it."""
        responses = as_object(operation.document.get("responses", {}), f"responses of {operation.path}")
        told = next((responses[key] for key in _keys(answer.status) if key in responses), None)
        if told is None:
            yield f"{answer.question}: the document does not know that it answers {answer.status}"
            return
        content = as_object(self._resolved(told), "response").get("content") or {}
        schema = content.get(JSON_TYPE, {}).get("schema") if isinstance(content, dict) else None
        if schema is None:
            yield f"{answer.question}: the document does not describe the JSON of the {answer.status}"
            return
        yield from self._differences(schema, answer)

    def _differences(self, schema: Json, answer: Answer) -> Iterator[str]:
        whole = {"$defs": self._definitions, "allOf": [_closed(schema)]}
        validator = Draft202012Validator(whole, registry=Registry())  # an empty registry fetches nothing
        try:
            found = list(validator.iter_errors(answer.json()))
        except Unresolvable as error:
            yield f"{answer.question}: a reference in the document leads nowhere: {excerpt(str(error))}"
            return
        for difference in found[:MOST_DIFFERENCES]:
            yield f"{answer.question}: {difference.json_path} {excerpt(difference.message)}"
        if len(found) > MOST_DIFFERENCES:
            yield f"{answer.question}: and {len(found) - MOST_DIFFERENCES} more differences"

    @cached_property
    def _definitions(self) -> Json:
        components = as_object(self.document.get("components", {}), "components")
        schemas = as_object(components.get("schemas", {}), "components.schemas")
        return {name: _closed(schema) for name, schema in schemas.items()}

    def _resolved(self, value: Any) -> Any:
        reference = value.get("$ref") if isinstance(value, dict) else None
        return self._at(reference) if isinstance(reference, str) else value

    def _leads_somewhere(self, reference: str) -> bool:
        return reference.startswith("#/") and self._at(reference) is not None

    def _at(self, reference: str) -> Any:
        value: Any = self.document
        for step in reference.removeprefix("#/").split("/"):
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            value = value.get(key) if isinstance(value, dict) else None
        return value


def _closed(schema: Any) -> Any:
    """Return a schema of OpenAPI as one of JSON Schema 2020-12, in which objects have no keys but those described.

    ``nullable`` of OpenAPI 3.0 becomes a type; references lead to ``$defs``.
    """
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return {"$ref": schema["$ref"].replace("#/components/schemas/", "#/$defs/")}
    made = {
        key: value if key in ("enum", "const", "default", "example") else _inner(key, value)
        for key, value in schema.items()
    }
    if "properties" in made and not {"additionalProperties", "allOf", "oneOf", "anyOf"} & made.keys():
        made["additionalProperties"] = False
    return {"anyOf": [{"type": "null"}, made]} if made.pop("nullable", False) is True else made


def _inner(key: str, value: Any) -> Any:
    if key == "properties" and isinstance(value, dict):
        return {name: _closed(one) for name, one in value.items()}
    return _closed(value)


def _keys(status: int) -> tuple[str, ...]:
    return str(status), f"{status // 100}XX", "default"


def _unnamed(path: str) -> str:
    return "/".join("{}" if step.startswith("{") and step.endswith("}") else step for step in path.split("/"))


def _references(value: Any) -> Iterator[str]:
    """Yield all references of a document, with a list of what is still to be looked at instead of a deep recursion."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str):
                yield one["$ref"]
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def openapi_of(document: Mapping[str, Any]) -> OpenApi:
    """Return a document that is one of OpenAPI 3.

    Raises:
        WireError: a part that has to be there is missing.
    """
    as_object(document.get("info"), "info of the document")
    as_object(document.get("paths"), "paths of the document")
    return OpenApi(dict(document))


def version_problem(document: Mapping[str, Any]) -> str:
    """Return what is wrong with the version that a document says it has; empty if nothing is."""
    version = document.get("openapi")
    return "" if isinstance(version, str) and version.startswith("3.") else f"openapi is {shown(version)}, not 3.x"
