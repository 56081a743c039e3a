"""A server with two sources of agents, and an operator who acts upon them."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

BASE = "/api/agents_catalog/v1alpha1"
AGENTS = [
    {"name": "planner", "agentType": "planner"},
    {"name": "group/judge", "agentType": "evaluator"},
    {"name": "odd:action", "agentType": "router"},
]
OTHERS = [{"name": "planner", "agentType": "router"}]


class Operator:
    """Somebody who acts upon entities, sources and assets, and reads what comes of it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def send(self, method: str, path: str, body=None, *, status: int = 200):
        """Return the JSON answer; ``path`` is below the agents catalog unless it begins with a slash."""
        url = path if path.startswith("/") else f"{BASE}/{path}"
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.generic(method, url, **content)
        assert response.status_code == status, response.content.decode()[:3000]
        return json.loads(response.content)

    def act(
        self, name: str, action: str, *, status: int = 200, dry_run: bool | None = None, source: str = "", **params
    ):
        """Ask for an action on an agent."""
        body = {"action": action, "params": params} | ({} if dry_run is None else {"dryRun": dry_run})
        query = f"?source={source}" if source else ""
        return self.send("POST", f"management/entities/{name}:action{query}", body, status=status)

    def agent(self, name: str, source: str = ""):
        """Return an agent as readers see it."""
        return self.send("GET", f"agents/{name}" + (f"?source={source}" if source else ""))

    def found(self, filter_query: str) -> list[tuple[str, str]]:
        """Return name and source of the agents that a filter finds."""
        answer = self.client.get(f"{BASE}/agents", {"filterQuery": filter_query})
        assert answer.status_code == 200, answer.content
        return [(item["name"], item["sourceId"]) for item in answer.json()["items"]]


def feed(items) -> str:
    return json.dumps({"agents": items})


@pytest.fixture
def agents(sandbox):
    """A server whose agents catalog has the sources ``first`` and ``second``, both with a ``planner``."""
    sandbox.serve("agents", {"first": feed(AGENTS), "second": feed(OTHERS)})
    return sandbox


@pytest.fixture
def operator(db) -> Operator:
    """An operator."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("olga"))
    return Operator(client)
