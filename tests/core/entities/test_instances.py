"""Instances made from a template are those that Django's constructor makes."""

import uuid
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models

from catalog_core.entities.envelope import Asset
from catalog_core.entities.instances import new_instance
from catalog_core.entities.models import EntityModel
from catalog_core.sources.models import Source

ENTITY_MODELS = [model for model in apps.get_models() if issubclass(model, EntityModel)]


def attributes(row):
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


@pytest.mark.parametrize("model", [Asset, *ENTITY_MODELS], ids=lambda model: model.__name__)
def test_every_model_of_entities_has_the_same_attributes(model):
    source = Source(pk=7, key="one")
    values = {"source_id": 7, "name": "a", "description": "b", "created_at": datetime(2026, 1, 31, tzinfo=UTC)}
    values |= {model._meta.pk.attname: uuid.UUID(int=1)} if model is not Asset else {}
    row = new_instance(model, values, {"source": source})
    assert attributes(row) == attributes(model(**values))
    assert row.source is source
    assert (row._state.adding, row._state.db) == (True, None)


def test_instances_share_no_default():
    one, other = (new_instance(Asset, {"name": name}) for name in "ab")
    one.tags.append("x")
    assert other.tags == []


def test_what_is_no_field_is_refused_as_django_refuses_it():
    with pytest.raises(TypeError, match="unexpected keyword"):
        new_instance(Asset, {"name": "a", "colour": "red"})


def test_a_model_with_a_constructor_of_its_own_is_made_by_it():
    class Greeting(models.Model):
        text = models.TextField()

        class Meta:
            app_label = "greetings"
            managed = False

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.shouted = self.text.upper()

    try:
        assert new_instance(Greeting, {"text": "hello"}).shouted == "HELLO"
    finally:
        del apps.all_models["greetings"]
