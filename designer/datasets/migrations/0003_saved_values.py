"""Datasets of other kinds: values that were saved from a run."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("datasets", "0002_reading")]
    operations: ClassVar = [
        migrations.AddField("dataset", "kind", models.CharField(default="table", max_length=60)),
        migrations.AddField("datasetversion", "record", models.JSONField(null=True)),
    ]
