"""A server with a few sources, and people who look at its admin."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, User

from catalog_core.security.identity.caller import OPERATORS_GROUP
from catalog_core.sources.models import Source

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
      - id: remote
        name: Remote
        type: git
        enabled: false
        properties:
          repoUrl: https://git.example.org/catalog.git
          authToken: s3cr3t-of-the-remote
"""
SERVERS = "mcp_servers:\n- {name: alpha, license: MIT}\n- {name: beta}\n- {description: nameless}\n"
SECRET = "s3cr3t-of-the-remote"


@pytest.fixture
def lab(sandbox):
    """Two sources: a file with an item that is set aside, and a disabled repository with a secret."""
    sandbox.write("lab.yaml", SERVERS)
    sandbox.configure(CONFIGURATION)
    sandbox.settle(starting=True)
    return sandbox


class Person:
    """Somebody with a browser."""

    def __init__(self, client, user):
        client.force_login(user)
        self.client = client

    def page(self, path, status=200, **parameters):
        """Return what a page shows, as text."""
        answer = self.client.get(path, parameters)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return unescape(answer.content.decode())

    def send(self, path, form, status=200):
        """Send a form; return the page that follows."""
        answer = self.client.post(path, form, follow=True)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return unescape(answer.content.decode())


def fields_of(page):
    """Return what a browser would send of the form on the page of a source, if nobody touched it."""
    form = page[page.index('class="catalog-form"') :]
    form = form[: form.index("</form>")]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)[1]
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and kind not in ("submit", "checkbox"):
            sent[name[1]] = value[1] if value else ""
        if name and kind == "checkbox" and " checked" in tag:
            sent[name[1]] = "on"
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        sent[name] = text
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]
    return sent


@pytest.fixture
def operator(client, lab):
    user = User.objects.create_user("olga", is_staff=True)
    group, _ = Group.objects.get_or_create(name=OPERATORS_GROUP)  # tests that clear the database may have removed it
    user.groups.add(group)
    return Person(client, user)


@pytest.fixture
def clerk(lab):
    from django.test import Client

    return Person(Client(), User.objects.create_user("carl", is_staff=True))


def address(key, page="change"):
    return f"/admin/catalog_core/source/{Source.objects.get(key=key).pk}/{page}/"
