"""What callers may do, as permission classes of Django REST framework.

A caller nobody knows gets 401 and a challenge; one who is known and lacks the role gets 403.
"""

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from catalog_core.conf import catalog_settings
from catalog_core.security.identity.caller import Caller, caller_of

if TYPE_CHECKING:  # views load their default permissions, so this module cannot load views
    from rest_framework.views import APIView

__all__ = ["Caller", "IsOperator", "MayRead", "caller_of"]


class MayRead(BasePermission):
    """Lets everybody read, or identified callers only where ``CATALOG_READING_REQUIRES_LOGIN`` is set."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the caller may read.

        Raises:
            NotAuthenticated: reading is closed and nobody knows the caller.
        """
        if catalog_settings().reading_requires_login and not caller_of(request).is_authenticated:
            raise NotAuthenticated("This server lets only identified callers read; log in or send credentials.")
        return True


class IsOperator(BasePermission):
    """Lets operators only."""

    message = "Only operators may do this, and you are none; docs/access.md says who is one."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the caller is an operator.

        Raises:
            NotAuthenticated: nobody knows the caller.
        """
        caller = caller_of(request)
        if not caller.is_authenticated:
            raise NotAuthenticated("Only operators may do this; log in or send credentials.")
        return caller.is_operator
