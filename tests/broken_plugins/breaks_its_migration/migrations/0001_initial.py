from django.db import migrations


def fail(apps, schema_editor):
    raise RuntimeError("this migration never works")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fail)]
