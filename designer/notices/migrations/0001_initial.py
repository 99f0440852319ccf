"""The tables of notices come from the application of schedules, which renames them (schedules 0002)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schedules', '0002_notices'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=20)),
                    ('words', models.CharField(max_length=500)),
                    ('run', models.CharField(max_length=32, null=True)),
                    ('at', models.DateTimeField()),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                    ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='schedules.schedule')),
                ],
                options={'indexes': [models.Index(fields=['workspace', '-id'], name='notices_of_workspace')]},
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(max_length=10)),
                    ('target', models.CharField(max_length=1000)),
                    ('tries', models.PositiveIntegerField(default=0)),
                    ('next_at', models.DateTimeField(db_index=True, null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('error', models.CharField(blank=True, max_length=500)),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
                ],
            ),
        ]),
    ]
