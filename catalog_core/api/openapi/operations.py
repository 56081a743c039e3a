"""How one operation is described: what drf-spectacular finds, and what is true of every operation of this server."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from rest_framework.settings import api_settings

from catalog_core.api.openapi.shared import (
    ERROR_SCHEMA,
    JSON,
    NOT_MODIFIED,
    error_name,
    header_references,
    reference,
)
from catalog_core.api.serializers import ErrorSerializer


class PartComponents(ComponentRegistry):
    """The components of one part of the document, and whose part it is: a plugin's, or (empty) that of the server."""

    def __init__(self, owner: str) -> None:
        super().__init__()
        self.owner = owner


class CatalogSchema(AutoSchema):
    """Describes one operation.

    A view with a true ``answers_conditionally`` sends entity tags and knows ``If-None-Match``.
    """

    registry: PartComponents

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the description of an operation, or nothing if it is excluded."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        responses = operation["responses"]
        for status in map(str, self._common_errors()):
            described = self._get_response_for_code(ErrorSerializer, status)  # type: ignore[no-untyped-call]
            responses.setdefault(status, described)
        operation["responses"] = {
            status: self._response(int(status), responses[status]) for status in sorted(responses)
        }
        if self._is_conditional():
            self._add_condition(operation)
        return operation

    def get_tags(self) -> list[str]:
        """Return the tag of an operation that names none: the plugin that it belongs to."""
        return [self.registry.owner] if self.registry.owner else list(super().get_tags())

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the ways to identify; reading works without one, unless the server is closed."""
        ways: list[dict[str, Any]] = super().get_auth()
        return [{}, *ways] if ways and self._is_open() and {} not in ways else ways

    def _is_open(self) -> bool:
        defaults: Any = tuple(api_settings.DEFAULT_PERMISSION_CLASSES)
        return any(isinstance(permission, defaults) for permission in self.view.get_permissions())

    def _is_conditional(self) -> bool:
        return self.method == "GET" and getattr(self.view, "answers_conditionally", False)

    def _common_errors(self) -> set[int]:
        """Return the errors that operations have whatever they do; an address may hold what nothing has."""
        errors = {400, 500, 503} if self.registry.owner else {400, 500}
        if not self.view.get_permissions():
            return errors
        asks = bool(self.view.get_authenticate_header(self.view.request))
        refusals = {401 if asks else 403} if self._is_open() else {401, 403} if asks else {403}
        return errors | refusals

    def _response(self, status: int, response: dict[str, Any]) -> dict[str, Any]:
        """Return a reference to the shared response if this one says no more than that, else its full description."""
        schema = response.get("content", {}).get(JSON, {}).get("schema", {})
        is_plain_error = schema == reference("schemas", ERROR_SCHEMA) and not response["description"]
        if status >= 400 and is_plain_error and (name := error_name(status)):
            return reference("responses", name)
        headers = {**response.get("headers", {}), **header_references("X-Request-ID")}
        return {**response, "description": response["description"] or self._description_of(schema), "headers": headers}

    def _description_of(self, schema: dict[str, Any]) -> str:
        name = schema.get("$ref", "").rpartition("/")[2]
        component = self.registry[name, ResolvedComponent.SCHEMA].schema if name else {}
        return str(component.get("description") or "The answer.")

    def _add_condition(self, operation: dict[str, Any]) -> None:
        responses = operation["responses"]
        responses["200"]["headers"] |= header_references("ETag")
        responses["304"] = reference("responses", NOT_MODIFIED)
        operation["responses"] = dict(sorted(responses.items()))
        operation["parameters"] = [*operation.get("parameters", ()), reference("parameters", "IfNoneMatch")]
