"""What the plugin makes of single items, and whether its tables are those that its models want."""

import pytest
from django.core.management import call_command

from catalog_core.plugin import InvalidItem
from catalog_core.testing.sample import catalog_plugin
from catalog_core.testing.translation import translate


def test_an_item_without_a_name_is_set_aside() -> None:
    """The item is refused with a reason; the other items of its file are not affected."""
    with pytest.raises(InvalidItem, match="name"):
        translate(catalog_plugin("lamps"), {"description": "no name"})


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """The migrations lead to the models; where they do not, ``catalog-gen generate`` writes the next one."""
    call_command("makemigrations", "lamps", "--check", "--dry-run")
