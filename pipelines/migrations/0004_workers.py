

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipelines', '0003_carrying_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('processes', models.PositiveIntegerField()),
                ('seen_at', models.DateTimeField(db_index=True)),
                ('counts', models.JSONField(default=dict)),
            ],
        ),
    ]
