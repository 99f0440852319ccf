"""Sweeps, and the sweep of a run."""

from django.db import migrations, models

import pipelines.models.runs


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0013_verifies")]
    operations = [
        migrations.CreateModel(
            "Sweep",
            [
                ("id", models.CharField(primary_key=True, max_length=32, default=pipelines.models.runs.new_id, editable=False, serialize=False)),
                ("scope", models.CharField(max_length=32)),
                ("document", models.CharField(max_length=32, null=True, db_index=True)),
                ("by", models.CharField(max_length=200, blank=True)),
                ("parameters", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["scope", "-created_at"], name="sweeps_of_scope")]},
        ),
        # Nullable, so that SQLite does not make the table anew and lose its triggers.
        migrations.AddField("Run", "sweep", models.CharField(max_length=32, null=True)),
        migrations.AddIndex("Run", models.Index(fields=["sweep", "created_at"], condition=models.Q(sweep__isnull=False), name="runs_of_sweep")),
    ]
