"""Many rows are stored as Django would store them, whatever their fields are."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction

from catalog_core.entities.bulk import COPIED_FROM, existing, insert, upsert
from catalog_core.entities.envelope import Asset, Overlay
from catalog_core.sources.models import Source

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 31, 12, 30, 15, 123456, tzinfo=UTC)
TEXTS = ("plain", "tab\tand\nline", "\\N", "größer 数 \U0001f600", "", "quote \" and ' here", "{}")


def assets(source, count, name="asset"):
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        yield Asset(
            uid=uuid.UUID(int=number + 1),
            plugin="agents",
            kind="Agent",
            source=source,
            name=f"{name} {number}",
            display_name=text,
            description=text * 3,
            tags=[text] if text else [],
            labels={text: "x"} if text else {},
            created_at=NOW,
            updated_at=NOW,
            document=text,
        )


def stored():
    names = [field.attname for field in Asset._meta.concrete_fields if field.name != "id"]
    return list(Asset.objects.order_by("uid").values_list(*names))


@pytest.mark.parametrize("count", [3, COPIED_FROM + 5])
def test_what_is_stored_is_what_django_stores(count):
    source = Source.objects.create(plugin="agents", key="one", name="One", type="yaml")
    Asset.objects.bulk_create(assets(source, count))
    expected = stored()
    Asset.objects.all().delete()
    for name in ("other", "asset"):  # new ones, then the same again under other names
        with transaction.atomic():
            upsert(assets(source, count, name), key="uid")
    assert stored() == expected


@pytest.mark.parametrize("count", [3, COPIED_FROM + 5])
def test_new_rows_are_stored_as_django_stores_them_and_told_their_numbers(count):
    source = Source.objects.create(plugin="agents", key="one", name="One", type="yaml")
    Asset.objects.bulk_create(assets(source, count))
    expected = stored()
    Asset.objects.all().delete()
    made = list(assets(source, count))
    with transaction.atomic():
        insert(made)
    assert stored() == expected
    assert {asset.pk: asset.uid for asset in made} == dict(Asset.objects.values_list("pk", "uid"))
    (later,) = assets(source, 1)
    later.uid = uuid.UUID(int=10**6)
    later.save()
    assert later.pk > max(asset.pk for asset in made)


def test_existing_rows_are_told_from_new_ones():
    source = Source.objects.create(plugin="agents", key="one", name="One", type="yaml")
    Asset.objects.bulk_create(assets(source, 3))
    asked = [uuid.UUID(int=number) for number in (3, 4, 1)]
    assert existing(Asset, "uid", asked) == {asked[0], asked[2]}
    assert existing(Asset, "uid", []) == set()


def test_times_that_django_fills_in_are_filled_in():
    overlay = Overlay(uid=uuid.UUID(int=1), plugin="agents", kind="Agent", source_key="one", name="x", changed_by="kim")
    with transaction.atomic():
        upsert([overlay], key="uid")
    assert Overlay.objects.get().changed_at is not None
