"""Project environments, and the building of their images."""

from django.db import migrations, models

import pipelines.models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0005_keeping")]
    operations = [
        migrations.CreateModel(
            "Environment",
            [
                ("id", models.CharField(default=pipelines.models.new_id, editable=False, max_length=32, primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=60)),
                ("requirements", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["scope", "name"], name="one_environment_per_name")]},
        ),
        migrations.CreateModel(
            "Build",
            [
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("requirements", models.JSONField()),
                ("state", models.CharField(max_length=10)),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True)),
                ("log", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
