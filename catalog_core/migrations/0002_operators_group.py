"""The group whose members are operators: it is there from the beginning, so that administrators find it."""

from django.db import migrations

OPERATORS_GROUP = "catalog-operators"


def create_group(apps, schema_editor):
    """Create the group, unless somebody did so before."""
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).get_or_create(name=OPERATORS_GROUP)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog_core", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # going back leaves the group, as it may have members by then
        migrations.RunPython(create_group, migrations.RunPython.noop),
    ]
