"""Decisions become records: of every step, of the whole site too, each bound to the one before. And what else the desk keeps."""

from datetime import UTC

import django.db.models.deletion
import django.utils.timezone
import moderation.models.block
import organisations.identifiers
from django.conf import settings
from django.db import migrations, models

from moderation import chain, triggers

DECISION = "moderation_decision"


def bind(apps, schema_editor):
    Chain, Decision, Record = (apps.get_model("moderation", name) for name in ("Chain", "Decision", "Record"))
    for decision in Decision.objects.order_by("programme", "number").iterator():
        end, _created = Chain.objects.get_or_create(key=str(decision.programme_id))
        row = Record(
            id=decision.pk, chain=end, number=end.number + 1, programme_id=decision.programme_id, question_id=decision.question_id,
            action=decision.action, reason=decision.reason, words=decision.words, by_id=decision.by_id, at=decision.at, previous=end.digest,
        )
        columns = {
            "id": str(row.pk), "chain": end.key, "number": row.number, "programme": str(row.programme_id), "question": str(row.question_id),
            "action": row.action, "reason": row.reason, "words": row.words, "data": {}, "by": str(row.by_id),
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
        row.digest = chain.digest(columns, previous=end.digest)
        row.save(force_insert=True)
        Chain.objects.filter(pk=end.pk).update(number=row.number, digest=row.digest)


def keep_wordings(apps, schema_editor):
    Question, Wording = apps.get_model("interview", "Question"), apps.get_model("moderation", "Wording")
    for question in Question.objects.only("text", "received_at").iterator():
        Wording.objects.create(question=question, number=1, text=question.text, at=question.received_at)


def unguard(apps, schema_editor):
    triggers.remove(schema_editor, table=DECISION)


def guard(apps, schema_editor):
    triggers.install(schema_editor, table=DECISION, unique=[["id"], ["programme_id", "number"]])


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0004_supports_merging_digests'),
        ('moderation', '0002_decisions_are_only_added'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('key', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'verbose_name': '记录链',
            },
        ),
        migrations.CreateModel(
            name='ReasonText',
            fields=[
                ('reason', models.CharField(choices=[('off_topic', '与本期主题无关'), ('personal', '含个人隐私'), ('abusive', '含辱骂攻击'), ('duplicate', '与已有提问重复'), ('advert', '含广告'), ('unclear', '内容不清'), ('legal', '依法不宜公开')], max_length=16, primary_key=True, serialize=False)),
                ('chinese', models.CharField(max_length=300, verbose_name='中文')),
                ('english', models.CharField(max_length=300, verbose_name='英文')),
            ],
            options={
                'verbose_name': '原因文字',
            },
        ),
        migrations.CreateModel(
            name='Rules',
            fields=[
                ('programme', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rules', serialize=False, to='interview.programme')),
                ('two_stage', models.BooleanField(default=False, verbose_name='两人审核：一人初审，另一人放行')),
                ('challenge', models.CharField(choices=[('never', '不需要'), ('pressure', '提问过于集中时'), ('always', '总是')], default='pressure', max_length=16, verbose_name='提问前的验证')),
                ('sign_in_required', models.BooleanField(default=False, verbose_name='登录后才能提问')),
            ],
            options={
                'verbose_name': '审核设置',
            },
        ),
        migrations.CreateModel(
            name='WordList',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('category', models.CharField(max_length=40, verbose_name='类别')),
                ('consequence', models.CharField(choices=[('mark', '标出'), ('hold', '搁置'), ('refuse', '拒收')], default='mark', max_length=16, verbose_name='后果')),
                ('pinyin', models.BooleanField(default=False, verbose_name='拼音也算')),
                ('enabled', models.BooleanField(default=True, verbose_name='启用')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': '词表',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='appeal', serialize=False, to='interview.question')),
                ('kind', models.CharField(choices=[('rewrite', '改写'), ('appeal', '申诉')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(null=True)),
                ('against', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '申诉',
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('visitor', models.CharField(blank=True, max_length=64)),
                ('network', models.CharField(blank=True, max_length=43)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(null=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('appeal_token', models.CharField(default=moderation.models.block.new_appeal_token, max_length=40, unique=True)),
                ('appeal_words', models.CharField(blank=True, max_length=300)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('appeal_settled_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='interview.programme')),
            ],
            options={
                'verbose_name': '限制',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hold', serialize=False, to='interview.question')),
                ('kind', models.CharField(choices=[('held', '搁置'), ('escalated', '上报'), ('asked_back', '待补充')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '搁置',
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='interview.question')),
            ],
            options={
                'verbose_name': '批注',
                'ordering': ['question', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('action', models.CharField(choices=[('approve', '通过'), ('decline', '不采用'), ('take_back', '收回审核'), ('screen', '初审通过'), ('merge', '合并'), ('split', '拆开'), ('edit', '改写'), ('hold', '搁置'), ('escalate', '上报'), ('ask_back', '请提问人补充'), ('resume', '取消搁置'), ('note', '批注'), ('unmask', '查看个人信息'), ('rewrite', '提问人改写'), ('appeal', '提问人申诉'), ('block', '限制提问'), ('unblock', '解除限制'), ('block_appeal', '对限制的申诉'), ('report_settle', '处理举报'), ('support_strike', '剔除同问'), ('list_change', '词表变更'), ('reason_change', '原因文字变更'), ('rules_change', '审核设置变更'), ('export', '导出记录')], max_length=16)),
                ('reason', models.CharField(blank=True, choices=[('off_topic', '与本期主题无关'), ('personal', '含个人隐私'), ('abusive', '含辱骂攻击'), ('duplicate', '与已有提问重复'), ('advert', '含广告'), ('unclear', '内容不清'), ('legal', '依法不宜公开')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chain', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='moderation.chain')),
                ('programme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='interview.programme')),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='interview.question')),
            ],
            options={
                'verbose_name': '审核记录',
                'ordering': ['chain', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('visitor', models.CharField(max_length=64)),
                ('address', models.GenericIPAddressField(null=True)),
                ('reason', models.CharField(choices=[('personal', '泄露个人信息'), ('abusive', '辱骂攻击'), ('advert', '广告'), ('untrue', '不实信息'), ('other', '其他')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(null=True)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='interview.question')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '举报',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=organisations.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('findings', models.JSONField(blank=True, default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='interview.question')),
            ],
            options={
                'verbose_name': '原文',
                'ordering': ['question', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=60)),
                ('innocent', models.BooleanField(default=False)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='moderation.wordlist')),
            ],
            options={
                'verbose_name': '词',
                'ordering': ['list', 'text'],
            },
        ),
        migrations.AddIndex(
            model_name='block',
            index=models.Index(fields=['visitor'], name='moderation__visitor_46d24b_idx'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('visitor', ''), models.Q(('network', ''), _negated=True)), models.Q(models.Q(('visitor', ''), _negated=True), ('network', '')), _connector='OR'), name='block_names_a_visitor_or_a_network'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['question', 'number'], name='moderation__questio_ce9e23_idx'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.UniqueConstraint(fields=('chain', 'number'), name='record_numbers_are_dense'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('question', 'visitor'), name='one_report_per_visitor_and_question'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('question', 'number'), name='wording_numbers_are_dense'),
        ),
        migrations.AddConstraint(
            model_name='word',
            constraint=models.UniqueConstraint(fields=('list', 'text'), name='one_row_per_word_and_list'),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
        migrations.RunPython(keep_wordings, migrations.RunPython.noop),
        migrations.RunPython(unguard, guard),
        migrations.DeleteModel("Decision"),
    ]
