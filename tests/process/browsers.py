"""A real browser in which somebody is logged in to the admin, where Chromium is installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.process.servers import PATIENCE_SECONDS, RunningServer, wait_until

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PASSWORD = "as-long-as-it-is-secret"
_FLAGS = (
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

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed: the admin is not clicked through"
)


class Browser:
    """A browser with the few things that the tests do in it."""

    def __init__(self, driver: webdriver.Chrome, server: RunningServer) -> None:
        self.driver, self.server = driver, server

    def open(self, path: str) -> None:
        self.driver.get(f"{self.server.base_url}{path}")

    def open_source(self, key: str) -> None:
        """Go to the page of a source, by the list."""
        self.open(f"/admin/catalog_core/source/?q={key}")
        self.press(key)

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            box = self.driver.find_element(By.NAME, name)
            box.clear()
            box.send_keys(text)

    def choose(self, **fields: str) -> None:
        for name, value in fields.items():
            Select(self.driver.find_element(By.NAME, name)).select_by_value(value)

    def press(self, label: str) -> None:
        """Press the button or follow the link with this label, and wait for the next page."""
        text, value = f"[normalize-space()='{label}']", f"[@type='submit'][@value='{label}']"
        kinds = (f"button{text}", f"a{text}", f"input{value}")
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_element(By.XPATH, " | ".join(f"//{kind}[not(@aria-hidden)]" for kind in kinds)).click()
        wait_until(lambda: self._is_gone(page), f"the page after {label}")

    def shows(self, text: str) -> bool:
        try:
            return text in self.driver.find_element(By.TAG_NAME, "body").text
        except StaleElementReferenceException:  # the page was just exchanged for another
            return False

    def wait_for(self, text: str) -> None:
        wait_until(lambda: self.shows(text), f"the page shows {text!r}")

    def value(self, name: str) -> str | None:
        return self.driver.find_element(By.NAME, name).get_attribute("value")

    def _is_gone(self, page: object) -> bool:
        is_complete = self.driver.execute_script("return document.readyState") == "complete"
        shown = self.driver.find_elements(By.TAG_NAME, "html")  # none while one page gives way to another
        return is_complete and bool(shown) and shown[0] != page


@contextmanager
def logged_in(server: RunningServer, folder: Path, *, scripts: bool = True) -> Iterator[Browser]:
    """Start a browser and log in as the administrator.

    Args:
        server: the server, started with :data:`PASSWORD`.
        folder: where the browser keeps its files.
        scripts: whether pages may run JavaScript.
    """
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    if not scripts:
        forbidden = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", forbidden)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_page_load_timeout(PATIENCE_SECONDS)
    try:
        here = Browser(driver, server)
        here.open("/admin/")
        here.fill(username="admin", password=PASSWORD)
        here.press("Log in")
        yield here
    finally:
        driver.quit()
