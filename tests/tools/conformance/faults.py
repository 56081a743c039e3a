"""Ways to break the fake server: what their modules share.

A fault is a function ``fault(server, request, handle) -> Reply`` that stands between the socket and the server.
"""

import json
import re

from tests.tools.conformance import fake_documents as documents

FAULTS = []
"""All faults: name, function, categories to run, and the checks that have to find it."""


def fault(letters, *checks):
    """Register a fault, with the checks that have to find it."""

    def registered(function):
        FAULTS.append((function.__name__, function, letters, checks))
        return function

    return registered


def is_list(request):
    return request.path == documents.LIST and request.method == "GET"


def changed(handle, request, change):
    """Answer as usual, with a change to the document of a 200."""
    reply = handle(request)
    if reply.status == 200 and isinstance(reply.document, dict):
        document = json.loads(json.dumps(reply.document))
        reply.document = change(document) or document
    return reply


def list_change(change):
    return lambda server, request, handle: changed(handle, request, change) if is_list(request) else handle(request)


def without(*names):
    """Answer as if the client had not sent these parameters."""

    def deaf(server, request, handle):
        if is_list(request):
            request.query = {name: value for name, value in request.query.items() if name not in names}
        return handle(request)

    return deaf


def at(path, change):
    def applied(server, request, handle):
        return changed(handle, request, change) if re.fullmatch(path, request.path) else handle(request)

    return applied
