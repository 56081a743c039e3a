"""Identity by headers that a proxy sets, for servers behind one that knows the callers already."""

from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from catalog_core.security.forwarded import from_trusted_proxy
from catalog_core.security.identity.caller import Caller, Role
from catalog_core.security.identity.cross_site import refuse_cross_site

_MAX_NAME_CHARACTERS = 150


def caller_from_headers(request: HttpRequest) -> Caller | None:
    """Return whom a trusted proxy says that the request comes from.

    ``X-Remote-User``, or ``X-User-Principal`` in its place, names the caller, ``X-Remote-Group`` their groups, and
    ``X-User-Role: operator`` makes them an operator. A role without a name counts for nothing, and so does every one
    of these headers on any other connection.

    Raises:
        AuthenticationFailed: the headers contradict each other, so one of them is not the proxy's.
        PermissionDenied: a browser sends the request for a page of another site.
    """
    if not from_trusted_proxy(request):
        return None
    names = {_header(request, "X-Remote-User"), _header(request, "X-User-Principal")} - {""}
    if not names:
        return None
    if len(names) > 1:
        raise AuthenticationFailed(
            "X-Remote-User and X-User-Principal name different callers; "
            "let the proxy remove the one that it does not set."
        )
    name = names.pop()
    if len(name) > _MAX_NAME_CHARACTERS:
        raise AuthenticationFailed(f"The name of the caller is longer than {_MAX_NAME_CHARACTERS} characters.")
    refuse_cross_site(request)
    role = Role.OPERATOR if _header(request, "X-User-Role").lower() == Role.OPERATOR else Role.VIEWER
    groups = tuple(group.strip() for group in _header(request, "X-Remote-Group").split(",") if group.strip())
    return Caller(name=name, role=role, identified_by="header", groups=groups)


def _header(request: HttpRequest, name: str) -> str:
    return request.headers.get(name, "").strip()
