"""The index is made anew, with the programme of each question: nothing is lost, for all of it follows from the questions.

Afterwards `manage.py index_questions` fills it.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0005_support_cookie_age'),
        ('moderation', '0005_fingerprints'),
    ]

    operations = [
        migrations.DeleteModel(name='Fingerprint'),
        migrations.DeleteModel(name='Indexed'),
        migrations.CreateModel(
            name='Indexed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told', models.TextField()),
                ('shelved', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grouped', to='interview.question')),
                ('programme', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='interview.programme')),
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='indexed', to='interview.question')),
            ],
            options={
                'verbose_name': '相似提问索引',
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('pk', models.CompositePrimaryKey('number', 'indexed_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('indexed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fingerprints', to='moderation.indexed')),
            ],
            options={
                'verbose_name': '指纹',
            },
        ),
        migrations.AddIndex(
            model_name='indexed',
            index=models.Index(condition=models.Q(('shelved', False)), fields=['id'], name='not_shelved'),
        ),
        migrations.AddIndex(
            model_name='indexed',
            index=models.Index(fields=['programme', 'id'], name='indexed_of_programme'),
        ),
    ]
