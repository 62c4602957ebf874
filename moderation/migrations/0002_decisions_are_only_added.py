from django.db import migrations

from moderation import triggers

TABLE = "moderation_decision"


def install(apps, schema_editor):
    triggers.install(schema_editor, table=TABLE, unique=[["id"], ["programme_id", "number"]])


def remove(apps, schema_editor):
    triggers.remove(schema_editor, table=TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ("moderation", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
