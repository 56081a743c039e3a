"""What a revision has changed is shown without a single secret."""

import pytest

from catalog_core.administration import changes
from catalog_core.administration.differences import difference
from catalog_core.sources.revisions import revision, revisions

SECRET = "s3cr3t-Of-The-Lab"
OTHER = "another-s3cr3t"
CONFIGURATION = f"""\
catalogs:
  mcp:
    sources:
      - id: lab
        name: Lab
        type: http
        enabled: false
        # password: {SECRET}-too
        properties:
          url: "https://ada:{SECRET}@lab.example/servers.json"
          token: &shared {SECRET}
          headers:
            X-Api-Key: |
              {SECRET}
              in two lines
            X-Greeting: hello {SECRET}
      - id: spare
        name: Spare
        type: git
        enabled: false
        properties:
          repoUrl: https://git.example/a.git
          authToken: {{env: SPARE_TOKEN}}
"""


@pytest.fixture
def lab(sandbox):
    sandbox.configure(CONFIGURATION)
    assert not sandbox.reconcile().error
    return sandbox


def test_the_first_revision_shows_everything_but_secrets(lab):
    shown = difference(revisions()[0])
    assert "s3cr3t" not in shown.lower()
    assert "+          token: ***REDACTED***" in shown
    assert "two lines" not in shown
    assert "+          authToken: {env: SPARE_TOKEN}" in shown
    assert "+        # password: ***REDACTED***" in shown
    assert "@lab.example/servers.json" in shown


def test_a_change_is_shown_as_lines_before_and_after(lab):
    changes.patch_source("mcp", "spare", {"name": "Other"}, actor="ada")
    lines = difference(revisions()[0]).splitlines()
    assert lines[:2] == ["--- sources.yaml", "+++ sources.yaml"]
    assert [line for line in lines[2:] if line[0] in "-+"] == ["-        name: Spare", "+        name: Other"]


def test_a_secret_that_changes_is_seen_to_change_and_not_seen(lab):
    lab.configure(CONFIGURATION.replace(f"&shared {SECRET}", OTHER))
    lab.reconcile()
    shown = difference(revisions()[0])
    assert [line.strip("-+ ") for line in shown.splitlines()[3:] if line[0] in "-+"] == [
        "token: ***REDACTED***",
        "token: ***REDACTED*** (other than before)",
    ]
    assert "s3cr3t" not in shown.lower()


def test_two_revisions_that_are_not_neighbours_can_be_compared(lab):
    first = changes.current_version()
    changes.patch_source("mcp", "spare", {"name": "Other"}, actor="ada")
    changes.patch_source("mcp", "spare", {"name": "Third"}, actor="ada")
    shown = difference(revisions()[0], since=revision(first))
    assert "-        name: Spare" in shown
    assert "+        name: Third" in shown


def test_a_rollback_restores_the_secrets_that_are_never_shown(lab):
    first = changes.current_version()
    changes.delete_source("mcp", "lab", actor="ada")
    assert SECRET not in lab.sources_file.read_text()
    changes.rollback(first[:8], actor="ada")
    assert lab.sources_file.read_text() == CONFIGURATION
    assert "s3cr3t" not in difference(revisions()[0]).lower()
