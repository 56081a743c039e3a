"""The Django admin in a real browser, on a real server: the main paths of an administrator's day."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.core.security.web_server import WebServer, running_web_server
from tests.process.browsers import PASSWORD, Browser, logged_in, needs_chromium
from tests.process.servers import RunningServer, running_servers, wait_until

CONFIGURATION = """\
# The sources of the lab.
catalogs:
  mcp:
    sources:
      - id: lab            # the first one
        name: Lab
        type: yaml
        properties:
          yamlCatalogPath: ./lab.yaml
      - id: other
        name: Other
        type: yaml
        properties:
          yamlCatalogPath: ./other.yaml
"""

pytestmark = needs_chromium


class Lab:
    """The server that all tests of this module share; each has sources of its own."""

    def __init__(self, server: RunningServer, folder: Path, web: WebServer) -> None:
        self.server, self.folder, self.web = server, folder, web

    @property
    def text(self) -> str:
        return (self.folder / "sources.yaml").read_text()

    def write(self, name: str) -> None:
        (self.folder / f"{name}.yaml").write_text(
            f"mcp_servers:\n- {{name: {name}-server}}\n- {{description: nameless}}\n"
        )


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "sources.yaml").write_text(CONFIGURATION)
    with running_web_server() as web, running_servers(folder, folder / "sources.yaml") as start:
        server = start(
            CATALOG_ADMIN_PASSWORD=PASSWORD,
            CATALOG_ALLOWED_HOSTS_OUTGOING="127.0.0.1",
            CATALOG_HTTP_TIMEOUT_SECONDS="60",
        )
        made = Lab(server, folder, web)
        for name in ("lab", "other", "more"):
            made.write(name)
        yield made


@pytest.fixture(scope="module")
def browser(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with logged_in(lab.server, tmp_path_factory.mktemp("browser")) as here:
        yield here


@pytest.fixture
def plain_browser(lab: Lab, tmp_path: Path) -> Iterator[Browser]:
    """A browser that runs no JavaScript."""
    with logged_in(lab.server, tmp_path / "browser", scripts=False) as here:
        yield here


def _reloaded_shows(browser: Browser, text: str) -> bool:
    browser.driver.refresh()
    return browser.shows(text)


def _status(lab: Lab, token: str) -> int:
    url = f"{lab.server.base_url}/api/management/v1alpha1/configuration"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_administrator_adds_changes_deletes_and_restores_a_source(browser, lab):
    browser.open("/admin/")
    browser.wait_for("How the catalogs are")
    browser.open("/admin/catalog_core/source/")
    browser.press("Add source")
    browser.wait_for("For which catalog, and read from where?")
    browser.open("/admin/catalog_core/source/add/?plugin=mcp&type=yaml")
    browser.fill(key="more", name="More", property_yamlCatalogPath="./more.yaml", reason="for the fair")
    browser.press("Save")
    browser.wait_for("Added mcp/more. A refresh was asked for.")
    assert "# the first one" in lab.text
    assert "id: more" in lab.text
    browser.wait_for("No refresh waits or runs.")  # the part that keeps itself fresh, without loading the page again

    browser.press("Disable")
    browser.wait_for("Disabled: 1.")
    assert "enabled: false" in lab.text
    browser.press("Enable")
    browser.wait_for("Enabled: 1.")

    browser.press("Delete")
    browser.press("Delete mcp/more")
    browser.wait_for("Deleted mcp/more.")
    assert "id: more" not in lab.text

    browser.open("/admin/catalog_core/configurationrevision/")
    browser.driver.find_element(By.CSS_SELECTOR, "#result_list tbody th a").click()
    browser.wait_for("Sources that it has changed")
    browser.press("As before it")
    browser.press("Go back")
    browser.wait_for("Restored mcp/more as it was")
    assert "id: more" in lab.text


def test_administrator_checks_and_refreshes_a_source_and_sees_what_was_set_aside(browser, lab):
    browser.open_source("lab")
    browser.press("Validate")
    browser.wait_for("security_warnings")
    assert browser.shows("valid")
    browser.press("mcp/lab")
    (lab.folder / "lab.yaml").write_text(
        "mcp_servers:\n- {name: lab-server}\n- {name: newcomer}\n- {description: nameless}\n"
    )
    browser.press("Plan")
    browser.wait_for("would change")
    assert browser.shows("newcomer")
    assert browser.shows("it has no name")
    browser.press("mcp/lab")
    browser.press("Refresh")
    browser.wait_for("Asked for 1 refresh.")
    browser.open("/admin/catalog_core/setaside/?q=lab")
    browser.wait_for("it has no name")
    browser.open("/admin/mcp/mcpserver/")
    wait_until(lambda: _reloaded_shows(browser, "newcomer"), "the entity that has come")
    browser.press("newcomer")
    browser.wait_for("mcp/lab")
    assert not browser.driver.find_elements(By.NAME, "_save"), "entities are there to look at"


def test_many_sources_are_disabled_at_once_and_the_whole_configuration_goes_back(browser, lab):
    before = lab.text
    browser.open("/admin/catalog_core/source/?plugin=mcp")
    for key in ("lab", "other"):
        browser.driver.find_element(By.XPATH, f"//tr[.//a[.='{key}']]//input[@type='checkbox']").click()
    browser.choose(action="disable")
    browser.press("Go")
    browser.wait_for("Disabled: 2.")
    assert lab.text.count("enabled: false") == before.count("enabled: false") + 2
    browser.open("/admin/catalog_core/configurationrevision/")
    links = browser.driver.find_elements(By.CSS_SELECTOR, "#result_list tbody th a")
    links[2].click()
    browser.press("Go back to this revision")
    browser.wait_for("enabled: false")  # what going back would take away
    browser.press("Go back")
    browser.wait_for("in force")
    assert lab.text == before


def test_type_of_a_source_is_changed_without_javascript(plain_browser, lab):
    browser = plain_browser
    lab.web.serve("/servers.json", body=json.dumps({"mcp_servers": [{"name": "from-the-web"}]}).encode())
    browser.open_source("other")
    browser.fill(name="From the web", reason="they moved")
    browser.choose(type="http")
    browser.press("Show its fields")
    browser.wait_for("Saving reads this source in another way")
    assert browser.value("name") == "From the web"
    browser.fill(property_url=lab.web.url("/servers.json"))
    browser.press("Save")
    browser.wait_for("Changed mcp/other. A refresh was asked for.")
    assert "type: http" in lab.text
    assert "yamlCatalogPath: ./other.yaml" not in lab.text
    browser.open("/admin/mcp/mcpserver/")
    wait_until(lambda: _reloaded_shows(browser, "from-the-web"), "the entity from the other place")


def test_running_job_shows_its_progress_and_is_cancelled(browser, lab):
    release = threading.Event()
    lab.web.route("/slow.json", lambda exchange: (release.wait(60), exchange.answer(200, b"{}")))
    browser.open("/admin/catalog_core/source/add/?plugin=mcp&type=http")
    browser.fill(key="slow", name="Slow", property_url=lab.web.url("/slow.json"))
    browser.press("Save")
    browser.wait_for("reading")  # comes by itself
    browser.press("Cancel")
    browser.wait_for("cancel")
    release.set()
    browser.open("/admin/catalog_core/refreshjob/?q=slow")
    wait_until(lambda: _reloaded_shows(browser, "canceled"), "the job was cancelled")


def test_token_is_shown_once_and_opens_the_api_until_it_is_revoked(browser, lab):
    browser.open("/admin/catalog_core/apitoken/add/")
    browser.fill(name="nightly")
    browser.choose(role="operator")
    browser.press("Issue the token")
    browser.wait_for("It is shown now and never again")
    token = browser.driver.find_element(By.ID, "issued-token").get_attribute("value")
    assert _status(lab, token) == 200
    browser.open("/admin/catalog_core/apitoken/")
    assert not browser.shows(token)
    browser.driver.find_element(By.XPATH, "//tr[.//a[.='nightly']]//input[@type='checkbox']").click()
    browser.choose(action="revoke")
    browser.press("Go")
    browser.wait_for("Revoked")
    assert _status(lab, token) == 401


def test_mistakes_and_conflicts_keep_what_was_written(browser, lab):
    browser.open("/admin/catalog_core/source/add/?plugin=mcp&type=git")
    browser.fill(key="Not Good", name="Remote", property_repoUrl="ftp://example.org")
    browser.choose(property_authToken_kind="env")
    browser.fill(property_authToken_reference="LAB_TOKEN")
    browser.press("Save")
    browser.wait_for("Nothing was saved.")
    assert browser.shows("This has to be an address that begins with https:// or http://")
    assert browser.value("property_authToken_reference") == "LAB_TOKEN"
    form = browser.driver.current_window_handle

    browser.fill(key="remote", property_repoUrl="https://git.example.org/a.git")
    browser.driver.switch_to.new_window("tab")
    browser.open_source("lab")
    browser.press("Disable")
    browser.wait_for("Disabled: 1.")
    browser.driver.close()

    browser.driver.switch_to.window(form)
    browser.press("Save")
    browser.wait_for("was changed while you were writing")
    assert browser.shows("enabled: false")
    browser.press("Save")
    browser.wait_for("Added mcp/remote.")
    assert "authToken" in lab.text
    assert "LAB_TOKEN" in lab.text


@pytest.mark.parametrize("width", [1280, 480])
def test_pages_are_no_wider_than_the_screen(browser, lab, width):
    core = "/admin/catalog_core"
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for path in ("/admin/", f"{core}/source/add/", f"{core}/pluginstate/", f"{core}/configurationstate/"):
            browser.open(path)
            wide = "return [...document.querySelectorAll('#content *')].some(e => e.getBoundingClientRect().right > %d)"
            assert not browser.driver.execute_script(wide % width), path
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
