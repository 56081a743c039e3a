import pytest

from tests.core.security.web_server import running_web_server


@pytest.fixture
def web():
    with running_web_server() as server:
        yield server


@pytest.fixture
def identity(settings):
    """Sets settings of identity."""

    def change(**values):
        settings.CATALOG = {**settings.CATALOG, **values}

    return change


@pytest.fixture
def probe(settings, client, db):
    """Asks the probe who calls: by GET for readers, by POST for operators."""
    settings.ROOT_URLCONF = "tests.core.security.identity_probe"

    def ask(method="GET", token="", status=200, client=client, **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        environ = {name: headers.pop(name) for name in list(headers) if name.isupper() and name != "AUTHORIZATION"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = client.generic(method, "/probe", headers=named, **environ)
        assert response.status_code == status, response.content
        assert response["Content-Type"].startswith("application/json")
        return response

    return ask
