"""An OpenAPI document as a judge of answers: finds the operation of a path and validates what was answered."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = "urn:openapi"


class Description:
    """A document (OpenAPI 3.0), read strictly: an object has no fields but those that are described."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        strict = Resource.from_contents(_strict(document), default_specification=DRAFT202012)
        self._registry = Registry().with_resource(DOCUMENT, strict)

    def operations(self, method: str = "get") -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield path and description of all operations of a method."""
        for path, item in self.document["paths"].items():
            if method in item:
                yield path, item[method]

    def check(self, operation: dict[str, Any], response: Any) -> Any:
        """Assert that an answer is as described, and return its body."""
        described = self.resolve(operation["responses"][str(response.status_code)])
        for name, header in described.get("headers", {}).items():
            assert not self.resolve(header).get("required") or response.headers.get(name), name
        if "content" not in described:
            assert not response.content
            return None
        media_type = response.headers["Content-Type"].partition(";")[0]
        assert media_type in described["content"]
        if media_type != "application/json":
            return response.content.decode()
        body = json.loads(response.content)
        self.validate(described["content"][media_type]["schema"], body)
        return body

    def validate(self, schema: dict[str, Any], value: Any) -> None:
        """Assert that a value fits a schema of the document."""
        absolute = _strict(schema)
        validator = Draft202012Validator(absolute, registry=self._registry, format_checker=FormatChecker())
        errors = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
        assert not errors, "\n".join(errors)

    def resolve(self, value: dict[str, Any]) -> Any:
        """Follow a reference, if it is one."""
        while "$ref" in value:
            found: Any = self.document
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            value = found
        return value


def _strict(value: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as one of JSON Schema 2020-12 that allows no further fields."""
    if isinstance(value, list):
        return [_strict(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": DOCUMENT + value["$ref"].removeprefix(DOCUMENT)}
    schema = {key: _strict(inner) for key, inner in value.items()}
    if value.get("type") == "object" and isinstance(value.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
    return {"anyOf": [schema, {"type": "null"}]} if value.get("nullable") is True else schema
