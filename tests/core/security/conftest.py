import pytest

from tests.core.security.web_server import running_web_server


@pytest.fixture
def web():
    with running_web_server() as server:
        yield server
