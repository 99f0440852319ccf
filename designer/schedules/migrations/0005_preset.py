from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedules', '0004_published_pipelines'),
    ]

    operations = [
        migrations.AddField(
            model_name='schedule',
            name='preset',
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
