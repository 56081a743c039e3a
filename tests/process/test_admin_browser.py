"""The Django admin in a real browser, on a real server: the main paths of an administrator's day."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.process.servers import PATIENCE_SECONDS, RunningServer, StartServer, wait_until

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PASSWORD = "as-long-as-it-is-secret"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
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
"""

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed")


class Browser:
    """A browser in which somebody is logged in, with the few things that the tests do in it."""

    def __init__(self, driver: webdriver.Chrome, server: RunningServer) -> None:
        self.driver, self.server = driver, server

    def open(self, path: str) -> None:
        self.driver.get(f"{self.server.base_url}{path}")

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            box = self.driver.find_element(By.NAME, name)
            box.clear()
            box.send_keys(text)

    def press(self, label: str) -> None:
        """Press the button or follow the link with this label, and wait for the next page."""
        path = f"//button[normalize-space()='{label}'] | //a[normalize-space()='{label}'] | //input[@value='{label}']"
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_element(By.XPATH, path).click()
        wait_until(lambda: self._is_gone(page), f"the page after {label}")

    def shows(self, text: str) -> bool:
        return text in self.driver.find_element(By.TAG_NAME, "body").text

    def wait_for(self, text: str) -> None:
        wait_until(lambda: self.shows(text), f"the page shows {text!r}")

    def _is_gone(self, page: object) -> bool:
        ready = self.driver.execute_script("return document.readyState") == "complete"
        return ready and self.driver.find_element(By.TAG_NAME, "html") != page


@pytest.fixture
def browser(tmp_path: Path, server: StartServer) -> Iterator[Browser]:
    for name in ("lab", "more"):
        (tmp_path / f"{name}.yaml").write_text(
            f"mcp_servers:\n- {{name: {name}-server}}\n- {{description: nameless}}\n"
        )
    (tmp_path / "sources.yaml").write_text(CONFIGURATION)
    running = server(CATALOG_ADMIN_PASSWORD=PASSWORD)
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'browser'}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_page_load_timeout(PATIENCE_SECONDS)
    try:
        here = Browser(driver, running)
        here.open("/admin/")
        here.fill(username="admin", password=PASSWORD)
        here.press("Log in")
        yield here
    finally:
        driver.quit()


@pytest.fixture
def text(tmp_path: Path) -> Callable[[], str]:
    return (tmp_path / "sources.yaml").read_text


def test_administrator_adds_changes_deletes_and_restores_a_source(browser, text):
    browser.wait_for("How the catalogs are")
    browser.open("/admin/catalog_core/source/add/?plugin=mcp&type=yaml")
    browser.fill(key="more", name="More", property_yamlCatalogPath="./more.yaml", reason="for the fair")
    browser.press("Save")
    browser.wait_for("Added mcp/more. A refresh was asked for.")
    assert "# the first one" in text()
    assert "id: more" in text()
    browser.wait_for("No refresh waits or runs.")  # the part that keeps itself fresh, without loading the page again

    browser.press("Disable")
    browser.wait_for("Disabled: 1.")
    assert "enabled: false" in text()

    browser.press("Delete")
    browser.press("Delete mcp/more")
    browser.wait_for("Deleted mcp/more.")
    assert "id: more" not in text()

    browser.open("/admin/catalog_core/configurationrevision/")
    browser.driver.find_element(By.CSS_SELECTOR, "#result_list tbody th a").click()
    browser.wait_for("Sources that it has changed")
    browser.press("As before it")
    browser.press("Go back")
    browser.wait_for("Restored mcp/more as it was")
    assert "id: more" in text()


def test_mistakes_and_conflicts_keep_what_was_written(browser, text):
    browser.open("/admin/catalog_core/source/add/?plugin=mcp&type=git")
    browser.fill(key="Not Good", name="Remote", property_repoUrl="ftp://example.org")
    Select(browser.driver.find_element(By.NAME, "property_authToken_kind")).select_by_value("env")
    browser.fill(property_authToken_reference="LAB_TOKEN")
    browser.press("Save")
    browser.wait_for("Nothing was saved.")
    assert browser.shows("This has to be an address that begins with one of")
    assert browser.driver.find_element(By.NAME, "property_authToken_reference").get_attribute("value") == "LAB_TOKEN"
    form = browser.driver.current_window_handle

    browser.fill(key="remote", property_repoUrl="https://git.example.org/a.git")
    browser.driver.switch_to.new_window("tab")
    browser.open("/admin/catalog_core/source/")
    browser.driver.find_element(By.CSS_SELECTOR, "#result_list tbody th a").click()
    browser.wait_for("Lab")
    browser.press("Disable")
    browser.wait_for("Disabled: 1.")

    browser.driver.switch_to.window(form)
    browser.press("Save")
    browser.wait_for("was changed while you were writing")
    assert browser.shows("enabled: false")
    browser.press("Save")
    browser.wait_for("Added mcp/remote.")
    assert "authToken" in text()
    assert "LAB_TOKEN" in text()
