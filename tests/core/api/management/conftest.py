"""A server with one source, and an operator who calls it."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

BASE = "/api/agents_catalog/v1alpha1/management"
AGENTS = [
    {"name": "planner", "agentType": "planner", "category": "ops"},
    {"name": "router", "agentType": "router", "category": "ops"},
    {"name": "group/judge", "agentType": "evaluator"},
]


class Caller:
    """Somebody who sends requests to the management API of one catalog and reads JSON."""

    def __init__(self, client: Client, base: str = BASE) -> None:
        self.client = client
        self.base = base

    def call(self, method: str, path: str, body=None, *, status: int = 200, **headers: str):
        """Return the JSON answer to a request; ``path`` is below the base unless it begins with a slash."""
        url = path if path.startswith("/") else f"{self.base}/{path}"
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.generic(method, url, **content, headers=headers)
        assert response.status_code == status, response.content.decode()[:3000]
        self.response = response
        return json.loads(response.content)

    def get(self, path: str, **options):
        """GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, body=None, **options):
        """POST."""
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body, **options):
        """PATCH."""
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options):
        """DELETE."""
        return self.call("DELETE", path, **options)


@pytest.fixture
def agents(sandbox):
    """A server whose agents catalog has the source ``main``."""
    sandbox.serve("agents", {"main": json.dumps({"agents": AGENTS})}, labels=["Main"])
    return sandbox


@pytest.fixture
def operator(db) -> Caller:
    """An operator."""
    user = get_user_model().objects.create_superuser("olga")
    client = Client()
    client.force_login(user)
    return Caller(client)


@pytest.fixture
def reader(db) -> Caller:
    """A caller whom nobody knows."""
    return Caller(Client())
