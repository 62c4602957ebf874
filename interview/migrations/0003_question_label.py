"""The number an asker quotes is kept as it was told, instead of following the planned start."""

from django.db import migrations, models
from django.utils import timezone


def label_as_told(apps, schema_editor):
    Question = apps.get_model("interview", "Question")
    for question in Question.objects.select_related("programme").iterator():
        day = timezone.localtime(question.programme.planned_start)
        Question.objects.filter(pk=question.pk).update(label=f"{day:%m%d}-{question.number:03d}")


class Migration(migrations.Migration):
    dependencies = [("interview", "0002_imported_from")]

    operations = [
        migrations.AddField("question", "label", models.CharField(max_length=24, default=""), preserve_default=False),
        migrations.RunPython(label_as_told, migrations.RunPython.noop),
    ]
