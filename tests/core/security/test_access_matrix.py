"""Every route of the server, with every kind of caller, against the table in ``docs/access.md``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from catalog_core.plugins.contract import base_path
from catalog_core.plugins.registry import registry
from catalog_core.security.identity.caller import OPERATORS_GROUP, Role
from catalog_core.security.identity.tokens import issue_token, revoke_token
from catalog_core.security.models import ApiToken

PAGE = Path(__file__).parents[3] / "docs" / "access.md"
ROW = re.compile(r"^\| ([A-Z, ]+|any) \| `([^`]+)` \| (everybody|readers|operators|administrators) \|$", re.MULTILINE)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PARAMETER = re.compile(r"<[^>]+>|\{(?!basePath)[^}]+\}")

# kind of caller -> who they are, as far as the server can know
CALLERS = {
    "anonymous": "nobody",
    "header from an untrusted address": "nobody",
    "expired token": "refused",
    "revoked token": "refused",
    "viewer token": "viewer",
    "viewer session": "viewer",
    "operator token": "operator",
    "operator session": "operator",
}


@dataclass(frozen=True)
class Row:
    methods: frozenset[str]
    route: str
    who: str

    @property
    def pattern(self) -> str:
        return PARAMETER.sub("{}", self.route)


@dataclass(frozen=True)
class Route:
    """One method of one route: ``route`` as the table writes it, ``path`` as a client would ask for it."""

    method: str
    route: str
    path: str
    is_offered: bool


def table() -> list[Row]:
    return [Row(_methods(methods), route, who) for methods, route, who in ROW.findall(PAGE.read_text())]


def _methods(text: str) -> frozenset[str]:
    methods = frozenset(METHODS if text == "any" else text.split(", "))
    return methods | {"HEAD"} if "GET" in methods else methods


def routes() -> Iterator[Route]:
    bases = {base_path(plugin): plugin for plugin in registry}
    for written, callback in _walk(get_resolver(), "/"):
        base = next((base for base in bases if written.startswith(f"{base}/")), None)
        route = f"{{basePath}}{written.removeprefix(base)}" if base else written
        path = PARAMETER.sub("nothing", written).rstrip("$")
        for method in METHODS:
            yield Route(method, PARAMETER.sub("{}", route), path, method in _offered(callback))


def _walk(resolver: URLResolver, prefix: str):
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        text = simplify_regex(pattern.regex.pattern)[1:] if isinstance(pattern, RegexPattern) else str(pattern)
        if isinstance(entry, URLPattern):
            yield prefix + text, entry.callback
        else:
            yield from _walk(entry, prefix + text)


def _offered(callback) -> set[str]:
    """Return the methods that a view has a handler for; of a plain function all are taken to be."""
    if actions := getattr(callback, "actions", None):
        found = {method.upper() for method in actions}
    elif view := getattr(callback, "cls", None) or getattr(callback, "view_class", None):
        found = {method for method in METHODS if hasattr(view, method.lower())}
    else:
        return {"GET", "HEAD", "POST"}
    return found | ({"HEAD"} if "GET" in found else set())


def row_of(route: Route, rows: list[Row]) -> Row | None:
    """Return the row that a route is in: the one that names it, else the one with the longest beginning."""
    fitting = [row for row in rows if route.method in row.methods]
    named = [row for row in fitting if row.pattern == route.route]
    wild = [row for row in fitting if row.route.endswith("*") and route.route.startswith(row.route[:-1])]
    # what is below management is about configuration: no catch-all lets anybody in there
    wild = [row for row in wild if not route.route.startswith("{basePath}/management")]
    return max(named or wild, key=lambda row: len(row.route), default=None)


def may(known_as: str, who: str, closed: bool) -> str:
    """Return what becomes of a caller: ``in``, ``401`` or ``403``."""
    if who == "everybody":
        return "in or 401" if known_as == "refused" else "in"
    if known_as == "refused" or (known_as == "nobody" and (closed or who == "operators")):
        return "401"
    return "403" if who == "operators" and known_as != "operator" else "in"


@pytest.fixture
def call(sandbox, settings):
    """Sends a request as one of the kinds of callers."""
    sandbox.configure('{"catalogs": {}}')
    sandbox.settle(starting=True)
    settings.CATALOG = {**settings.CATALOG, "trusted_proxies": (ip_network("10.0.0.0/24"),)}
    group, _ = Group.objects.get_or_create(name=OPERATORS_GROUP)
    operator, viewer = User.objects.create_user("oona"), User.objects.create_user("vera")
    operator.groups.add(group)
    tokens = {
        kind: issue_token(name=kind, role=role, expires_at=None, created_by="root")
        for kind, role in (
            ("viewer token", Role.VIEWER),
            ("operator token", Role.OPERATOR),
            ("expired token", Role.OPERATOR),
            ("revoked token", Role.OPERATOR),
        )
    }
    revoke_token(tokens["revoked token"].row, revoked_by="root")
    ApiToken.objects.filter(name="expired token").update(expires_at=timezone.now() - timedelta(seconds=1))
    clients = {kind: Client(raise_request_exception=False) for kind in CALLERS}
    clients["viewer session"].force_login(viewer)
    clients["operator session"].force_login(operator)

    def send(kind: str, method: str, path: str):
        headers = {"Authorization": f"Bearer {tokens[kind].text}"} if kind in tokens else {}
        if kind == "header from an untrusted address":
            settings.CATALOG = {**settings.CATALOG, "auth_mode": "header"}
            headers = {"X-Remote-User": "mallory", "X-User-Role": "operator", "X-Forwarded-For": "10.0.0.1"}
        return clients[kind].generic(method, path, headers=headers)

    return send


def outcome(response) -> str:
    assert response.status_code != 500, response.content
    return str(response.status_code) if response.status_code in (401, 403) else "in"


def test_every_route_is_in_the_table():
    rows = table()
    missing = {f"{route.method} {route.route}" for route in routes() if route.is_offered and not row_of(route, rows)}
    assert not missing, f"who may do this? Add a row to the table in docs/access.md for: {', '.join(sorted(missing))}"


def test_every_row_is_about_a_route_that_there_is():
    rows = table()
    offered = {(route.method, row.route) for route in routes() if route.is_offered and (row := row_of(route, rows))}
    stale = {f"{method} {row.route}" for row in rows for method in row.methods if row.who != "administrators"} - {
        f"{method} {route}" for method, route in offered
    }
    assert not stale, f"take it out of docs/access.md: {', '.join(sorted(stale))}"


def test_table_has_one_row_for_each_method_of_a_route():
    named = [(method, row.pattern) for row in table() for method in row.methods]
    assert len(named) == len(set(named))
    lines = PAGE.read_text().partition("| Methods |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(table()) == len(lines), "every row has the same form"


@pytest.mark.parametrize("kind", CALLERS)
def test_callers_get_where_the_table_says_and_nowhere_else(call, kind):
    assert not deviations(call, kind, closed=False)


@pytest.mark.parametrize("kind", ["anonymous", "header from an untrusted address", "viewer token"])
def test_closed_reading_is_closed_to_callers_nobody_knows_and_to_nobody_else(call, settings, kind):
    settings.CATALOG = {**settings.CATALOG, "reading_requires_login": True}
    assert not deviations(call, kind, closed=True)


def deviations(call, kind: str, *, closed: bool) -> list[str]:
    """Return in which routes a caller does not fare as the table says."""
    rows = table()
    wrong = []
    for route in routes():
        row = row_of(route, rows)
        # whether HEAD is guarded as GET is, shows with callers nobody knows; for the others it is the same once more
        is_repeated = route.method == "HEAD" and kind != "anonymous"
        if row is None or not route.is_offered or row.who == "administrators" or is_repeated:
            continue
        expected, found = may(CALLERS[kind], row.who, closed), outcome(call(kind, route.method, route.path))
        if found not in expected:
            wrong.append(f"{route.method} {route.path}: {found}, but {row.who} may, so it should be {expected}")
    return wrong


@pytest.mark.parametrize("kind", CALLERS)
def test_nobody_without_the_staff_flag_gets_into_the_admin(call, kind):
    for route in routes():
        if route.route.startswith("/admin/") and route.is_offered and route.route != "/admin/login/":
            response = call(kind, route.method, route.path)
            login = response.status_code in (301, 302) and response["Location"].startswith(("/admin/login/", "/admin/"))
            assert login or response.status_code in (403, 404), f"{route.method} {route.path}: {response.status_code}"


def test_methods_that_a_route_does_not_offer_do_nothing_for_anybody(call):
    for route in routes():
        if not route.is_offered and not route.route.startswith("/admin/"):
            response = call("operator token", route.method, route.path)
            assert response.status_code in (404, 405), f"{route.method} {route.path}: {response.status_code}"
