"""The snapshot shows what a change does to clients. ``make openapi-snapshot`` writes it anew."""

from pathlib import Path

import yaml

from catalog_core.api.openapi import server_document

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "openapi.yaml"


def test_the_snapshot_is_the_document():
    assert yaml.safe_load(SNAPSHOT.read_text()) == server_document(), "make openapi-snapshot writes it anew"


def test_the_snapshot_tells_nothing_about_the_machine_that_wrote_it():
    text = SNAPSHOT.read_text()
    assert str(Path.home()) not in text
    assert str(SNAPSHOT.parents[2]) not in text
    assert "localhost" not in text
