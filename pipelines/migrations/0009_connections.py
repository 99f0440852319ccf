"""Named places outside Easel, with encrypted secrets."""

from django.db import migrations, models

import pipelines.models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0008_headline")]
    operations = [
        migrations.CreateModel(
            "Connection",
            fields=[
                ("id", models.CharField(default=pipelines.models.new_id, editable=False, max_length=32, primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("address", models.CharField(max_length=1000)),
                ("user", models.CharField(blank=True, max_length=200)),
                ("endpoint", models.CharField(blank=True, max_length=1000)),
                ("secret", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("scope", "name"), name="one_connection_per_name")]},
        )
    ]
