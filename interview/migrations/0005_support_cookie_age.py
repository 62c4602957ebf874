"""How soon after the visitor's cookie was made a support came, where it came at once."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0004_supports_merging_digests'),
    ]

    operations = [
        migrations.AddField(
            model_name='support',
            name='cookie_age',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
