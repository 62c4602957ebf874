from django.db import migrations

from moderation import triggers

TABLE = "moderation_record"


def install(apps, schema_editor):
    triggers.install(schema_editor, table=TABLE, unique=[["id"], ["chain_id", "number"]])


def remove(apps, schema_editor):
    triggers.remove(schema_editor, table=TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ("moderation", "0003_records"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
