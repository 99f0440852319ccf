"""What stores hold, and which of their files nothing needs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0004_workers")]
    operations = [
        migrations.CreateModel(
            "Holding",
            [
                ("scope", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("of_runs", models.BigIntegerField(default=0)),
                ("of_datasets", models.BigIntegerField(default=0)),
                ("unreferenced", models.BigIntegerField(default=0)),
                ("files", models.BigIntegerField(default=0)),
                ("counted", models.BigIntegerField(default=0)),
                ("measured_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Unreferenced",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["scope", "digest"], name="one_note_per_file")]},
        ),
    ]
