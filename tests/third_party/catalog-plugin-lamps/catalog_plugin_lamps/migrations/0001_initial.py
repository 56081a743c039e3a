# Written by catalog-gen; the form is that of Django's migration writer.
# ruff: noqa
# fmt: off
import catalog_core.plugin
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog_core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lamp',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=512)),
                ('external_id', models.TextField(blank=True)),
                ('description', models.TextField(blank=True)),
                ('custom_properties', models.JSONField(blank=True, default=dict)),
                ('document', models.TextField(editable=False)),
                ('native', models.TextField(editable=False)),
                ('digest', models.CharField(editable=False, max_length=32)),
                ('file', models.CharField(blank=True, editable=False, max_length=1000)),
                ('stale', models.BooleanField(default=False, help_text='Its source holds a newer version that is not valid.')),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('colour', models.TextField(blank=True)),
                ('watts', models.BigIntegerField(blank=True, null=True)),
                ('dimmable', models.BooleanField(blank=True, null=True)),
                ('sockets', catalog_core.plugin.TextListField(blank=True, default=list)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog_core.source')),
            ],
            options={
                'ordering': ('name', 'id'),
                'abstract': False,
                'indexes': [models.Index(catalog_core.plugin.AsciiLower('name'), catalog_core.plugin.BinaryText('name'), models.F('id'), name='lamps_lamp_ord'), models.Index(fields=['name'], name='lamps_lamp_nam')],
            },
        ),
    ]
