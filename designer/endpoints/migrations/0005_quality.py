from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('endpoints', '0004_keeping'),
    ]

    operations = [
        migrations.AddField(
            model_name='endpointversion',
            name='quality',
            field=models.JSONField(null=True),
        ),
    ]
