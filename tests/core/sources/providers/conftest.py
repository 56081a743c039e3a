import pytest

from catalog_core.sources.providers.base import ReadLimits, ReadRequest
from tests.core.security.web_server import running_web_server


@pytest.fixture
def web():
    with running_web_server() as server:
        yield server


@pytest.fixture
def request_for(tmp_path):
    """Make requests as the core makes them: properties checked, folders of this test's own."""
    base_dir = tmp_path / "config"
    base_dir.mkdir()

    def make(properties, *, cursor=None, allowed_dirs=(), allowed_hosts=("127.0.0.1",), cancelled=None, **limits):
        bounds = {"max_bytes": 1_000_000, "total_seconds": 30.0, "request_seconds": 5.0, **limits}
        return ReadRequest(
            source_id="test",
            properties=properties,
            base_dir=base_dir,
            allowed_dirs=(base_dir, *allowed_dirs),
            work_dir=tmp_path / "work",
            allowed_hosts=frozenset(allowed_hosts),
            limits=ReadLimits(**bounds),
            cursor=cursor or {},
            cancelled=cancelled or (lambda: False),
        )

    return make
