"""The first page, for people and for programs."""

import json
import re
from html.parser import HTMLParser

import pytest

from catalog_core.plugins.models import PluginState

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def server(sandbox):
    sandbox.serve("agents", {"first": json.dumps({"agents": [{"name": "a"}, {"name": "b"}]})})
    return sandbox


class Page(HTMLParser):
    """What a page holds: its links, its headings and its text."""

    def __init__(self, text):
        super().__init__()
        self.links, self.headings, self.images, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data):
        self.text += f" {data}"


def page(client, path="/"):
    response = client.get(path, headers=HTML)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    return Page(response.content.decode())


def test_a_failed_plugin_is_shown_with_stage_and_reason_after_the_others(server):
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="the moon is in the way")
    text = " ".join(page(server.client).text.split())
    assert "not serving" in text
    assert "Failed at init. the moon is in the way" in text
    assert "ready, 1 not well" in text
    catalogs = server.get("/")["catalogs"]
    assert catalogs[-1]["name"] == "agents"
    assert not catalogs[-1]["healthy"]
    assert "list" not in catalogs[-1]


def test_what_plugins_say_is_escaped(server):
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="<script>alert(1)</script>")
    assert b"<script>" not in server.client.get("/", headers=HTML).content


def test_a_source_in_trouble_is_counted(server):
    server.write("first.yaml", "agents: [")
    server.settle()
    assert "1 with trouble" in page(server.client).text


def test_a_bad_configuration_is_told(server):
    server.configure("catalogs: [")
    server.reconcile()
    assert "configuration could not be taken over" in page(server.client).text


def test_before_the_first_load_the_page_says_so(sandbox):
    text = page(sandbox.client).text
    assert "not ready" in text
    assert "first load" in text


def test_a_closed_server_shows_nothing_to_unknown_callers(server, settings):
    settings.CATALOG = {**settings.CATALOG, "reading_requires_login": True}
    response = server.client.get("/", headers=HTML)
    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=%2F"
    assert server.client.get("/").status_code in (401, 403)
    assert "agents" not in server.client.get("/").content.decode()


def test_programs_get_json_with_counts_and_links(server):
    body = server.get("/")
    agents = next(catalog for catalog in body["catalogs"] if catalog["name"] == "agents")
    assert agents["entityCount"] == 2
    assert agents["sources"] == 1
    assert agents["healthy"]
    for path in (agents["list"], *body["links"].values()):
        assert server.client.get(path).status_code in (200, 302), path


def test_an_unchanged_document_is_not_sent_again(server):
    first = server.client.get("/")
    assert "Accept" in first["Vary"]
    assert server.client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert server.client.get("/", headers={**HTML, "If-None-Match": first["ETag"]}).status_code == 200


def test_people_get_counts_and_links_that_lead_somewhere(server):
    found = page(server.client)
    assert "2 entries in" in " ".join(found.text.split())
    for link in {*found.links}:
        assert server.client.get(link).status_code in (200, 302), link


def test_the_page_can_be_read_aloud(server):
    found = page(server.client)
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    steps = zip(found.headings, found.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert all("alt" in image for image in found.images)
    assert b'<html lang="en">' in server.client.get("/", headers=HTML).content


def test_the_page_costs_the_same_number_of_queries_for_few_and_many_sources(server, django_assert_num_queries):
    with django_assert_num_queries(10, exact=False) as few:
        page(server.client)
    server.serve("agents", {name: json.dumps({"agents": [{"name": name}]}) for name in "abcdef"})
    with django_assert_num_queries(len(few)):
        page(server.client)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_to_it(server, method):
    response = getattr(server.client, method)("/", {}, content_type="application/json")
    assert response.status_code == 405
    assert response.json()["error"] == "Method Not Allowed"
