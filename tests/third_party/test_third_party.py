"""A package that somebody else made: installed with pip, served after a restart, broken, and taken out again."""

import json
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.process.servers import RunningServer, StartServer, wait_until
from tests.third_party.environments import PROJECT, Environment

LAMPS = Path(__file__).parent / "catalog-plugin-lamps"
APP = "catalog_plugin_lamps"
LIST = "/api/lamps_catalog/v1alpha1/lamps"
PASSWORD = "third party"

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment with the example package in it."""
    folder = tmp_path_factory.mktemp("third-party")
    project = shutil.copytree(LAMPS, folder / "project")  # building leaves files behind
    made = Environment.make(folder / "venv")
    made.install(project)
    return made


@pytest.fixture
def sources_file(tmp_path):
    """Sources of the example package and of a bundled catalog."""
    shutil.copy(LAMPS / APP / "data" / "lamps.yaml", tmp_path)
    shutil.copy(PROJECT / "catalog_plugins" / "mcp" / "data" / "mcp-servers.yaml", tmp_path)
    keys = {"lamps": "lamps.yaml", "mcp": "mcp-servers.yaml"}
    catalogs = {
        key: {"sources": [{"id": key, "name": key, "type": "yaml", "properties": {"yamlCatalogPath": f"./{file}"}}]}
        for key, file in keys.items()
    }
    path = tmp_path / "sources.yaml"
    path.write_text(json.dumps({"apiVersion": "catalog/v1alpha1", "kind": "CatalogSources", "catalogs": catalogs}))
    return path


def get(running: RunningServer, path: str):
    """Return status and JSON of an answer."""
    try:
        with urllib.request.urlopen(f"{running.base_url}{path}", timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def plugins(running: RunningServer):
    return {entry["name"]: entry for entry in get(running, "/api/plugins")[1]["plugins"]}


def serve(start: StartServer, environment: Environment, data_dir: Path) -> RunningServer:
    command = [str(environment.python), "-m", "catalog_core.tools.server"]
    running = start(data_dir, command=command, CATALOG_ADMIN_PASSWORD=PASSWORD, CATALOG_RECONCILE_SECONDS="1")
    wait_until(
        lambda: get(running, "/api/mcp_catalog/v1alpha1/mcpservers")[1].get("size"), "the bundled catalog serves"
    )
    return running


def admin_page(running: RunningServer, path: str) -> str:
    """Return a page of the admin as the administrator sees it."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    login = f"{running.base_url}/admin/login/"
    form = opener.open(login).read().decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    fields = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token, "next": path}
    request = urllib.request.Request(login, urllib.parse.urlencode(fields).encode(), {"Referer": login})
    return opener.open(request).read().decode()


def test_the_package_passes_its_own_tests_where_it_is_installed(environment, tmp_path):
    project = environment.folder.parent / "project"
    arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", project, "-c", project / "pyproject.toml"]
    done = environment.run(*arguments, project, CATALOG_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout[-5000:]


def test_an_installed_package_is_served_breaks_alone_and_goes_without_a_trace(
    server: StartServer, environment, tmp_path
):
    data_dir = tmp_path / "data"

    running = serve(server, environment, data_dir)
    wait_until(lambda: get(running, LIST)[1].get("size") == 3, "the catalog serves its entries")
    assert plugins(running)["lamps"]["healthy"] is True
    assert get(running, f"{LIST}/desk/anglepoise")[1]["watts"] == 9
    assert [lamp["name"] for lamp in get(running, f"{LIST}?filterQuery=watts%3E30")[1]["items"]] == ["ceiling-panel"]
    assert LIST in get(running, "/api/schema?format=json")[1]["paths"]
    assert "lamps" in admin_page(running, "/admin/catalog_core/pluginstate/")
    assert running.stop() == 0

    code = environment.site_packages / APP / "plugin.py"
    good = code.read_text()
    code.write_text(f"{good}\nraise RuntimeError('the bulb is gone')\n")
    running = serve(server, environment, data_dir)
    (failed,) = [entry for name, entry in plugins(running).items() if "lamps" in name]
    assert failed["healthy"] is False
    assert "the bulb is gone" in failed["status"]["lastError"]
    assert failed["name"] == "lamps"
    assert get(running, LIST)[0] == 503
    assert get(running, "/readyz")[0] == 200
    assert running.stop() == 0
    code.write_text(good)

    environment.pip("uninstall", "--yes", "catalog-plugin-lamps")
    running = serve(server, environment, data_dir)
    assert not [name for name in plugins(running) if "lamps" in name]
    assert get(running, LIST)[0] == 404
    assert get(running, "/api/schema?format=json")[0] == 200
    assert running.stop() == 0
