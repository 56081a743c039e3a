"""How the OpenAPI document says who may call."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class CatalogAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the ways of being identified that a client can use: a bearer token, or a session.

    Headers of a trusted proxy are not among them: clients do not send those.
    """

    target_class = "catalog_core.security.identity.authentication.CatalogAuthentication"
    name = ["bearer", "session"]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        """Return the two schemes (OpenAPI 3.0, section 4.7.27)."""
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "A token that an administrator of this server issued, or a signed one (JWT).",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The session of somebody who logged in; what changes something needs `X-CSRFToken` too.",
            },
        ]
