"""Support by other visitors, merged questions, and the digest by which a question sent twice is known."""

import hashlib

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def digest_as_sent(apps, schema_editor):
    Question = apps.get_model("interview", "Question")
    for question in Question.objects.only("nickname", "text").iterator():
        digest = hashlib.sha256(f"{question.nickname}\n{question.text}".encode()).hexdigest()
        Question.objects.filter(pk=question.pk).update(digest=digest)


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0003_question_label'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visitor', models.CharField(max_length=64)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('struck_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': '同问',
            },
        ),
        migrations.AddField(
            model_name='programme',
            name='supports_hidden',
            field=models.BooleanField(default=False, verbose_name='结束前不公开同问数'),
        ),
        migrations.AddField(
            model_name='question',
            name='digest',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='question',
            name='edited_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='interview.question'),
        ),
        migrations.AddField(
            model_name='question',
            name='supports',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='question',
            name='state',
            field=models.CharField(choices=[('received', '已收到'), ('screened', '初审通过'), ('approved', '已通过'), ('declined', '未采用'), ('merged', '已合并'), ('withdrawn', '已撤回'), ('owed', '待书面答复'), ('answered', '已答复')], default='received', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='merged_question_names_its_target'),
        ),
        migrations.AddField(
            model_name='support',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='support_rows', to='interview.question'),
        ),
        migrations.AddField(
            model_name='support',
            name='struck_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='support',
            index=models.Index(fields=['question', 'at'], name='interview_s_questio_c5c06c_idx'),
        ),
        migrations.AddConstraint(
            model_name='support',
            constraint=models.UniqueConstraint(fields=('question', 'visitor'), name='one_support_per_visitor_and_question'),
        ),
        migrations.RunPython(digest_as_sent, migrations.RunPython.noop),
    ]
