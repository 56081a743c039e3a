"""The examples of ``docs/management-api.md`` work as they stand there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from catalog_core.api.management.urls import management_routes
from catalog_core.security.identity.caller import Role
from catalog_core.security.identity.tokens import issue_token
from catalog_core.testing.sample import catalog_plugin

PAGE = (Path(__file__).parents[4] / "docs" / "management-api.md").read_text()
EXAMPLES = [block for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL) if not block.startswith("export")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples use curl")
def test_the_examples_work_one_after_the_other(live_server, sandbox, settings, tmp_path_factory):
    settings.CATALOG = {**settings.CATALOG, "refresh_wait_seconds": 1, "refresh_limit_seconds": 0}
    sandbox.write("team-agents.yaml", "agents: [{name: helper}]")
    sandbox.configure("catalogs: {}")
    sandbox.settle()
    token = issue_token(name="examples", role=Role.OPERATOR, expires_at=None, created_by="tests").text
    subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", "\n".join(EXAMPLES)],
        cwd=tmp_path_factory.mktemp("examples"),
        env={**os.environ, "CATALOG_SERVER_URL": live_server.url, "CATALOG_TOKEN": token, "no_proxy": "*"},
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_every_route_of_a_catalog_is_in_the_table():
    documented = {
        path.replace("{id}", "X").replace("{name}", "X")
        for path in re.findall(r"`(?:GET|POST|PATCH|DELETE) (/[^`]*)`", PAGE)
    }
    routes = {
        "/" + re.sub(r"<[^>]*>", "X", str(route.pattern)).removeprefix("management/")
        for route in management_routes(catalog_plugin("agents"))
    }
    assert routes <= documented
