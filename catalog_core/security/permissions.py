"""What callers may do, as permission classes of Django REST framework.

Both leave it to the framework to tell a caller nobody knows (401) from one that lacks the role (403).
"""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from catalog_core.conf import catalog_settings
from catalog_core.security.identity.caller import Caller, caller_of

if TYPE_CHECKING:  # views load their default permissions, so this module cannot load views
    from rest_framework.views import APIView

__all__ = ["Caller", "IsOperator", "MayRead", "caller_of"]


class MayRead(BasePermission):
    """Lets everybody read, or identified callers only where ``CATALOG_READING_REQUIRES_LOGIN`` is set."""

    message = "This server lets only identified callers read; log in or send credentials."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the caller may read."""
        return not catalog_settings().reading_requires_login or caller_of(request).is_authenticated


class IsOperator(BasePermission):
    """Lets operators only."""

    message = "Only operators may do this, and you are not one; docs/access.md says who becomes one, and how."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the caller is an operator."""
        return caller_of(request).is_operator
