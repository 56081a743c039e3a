"""Who may read catalogs: everybody, unless the operator has closed reading."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from catalog_core.conf import catalog_settings

if TYPE_CHECKING:  # views load their default permissions, so this module cannot load views
    from rest_framework.views import APIView


class MayRead(BasePermission):
    """Lets everybody read, or identified callers only where ``CATALOG_READING_REQUIRES_LOGIN`` is set."""

    message = "This server lets only identified callers read; log in or send credentials."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the caller may read."""
        return not catalog_settings().reading_requires_login or bool(request.user and request.user.is_authenticated)
