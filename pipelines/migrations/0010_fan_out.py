"""Fan-outs of steps: their items, what is kept of each, and names of chunks among the steps."""

from django.db import migrations, models

from pipelines.migrations._transitions import hold, release

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0009_connections")]
    operations = [
        # With a default of the database: processes of an older version do not set it.
        migrations.AddField("step", "fans", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AlterField("step", "node", models.CharField(max_length=100)),
        migrations.CreateModel(
            "Fan",
            [
                ID,
                ("node", models.CharField(max_length=64)),
                ("index", models.PositiveSmallIntegerField()),
                ("noun", models.CharField(max_length=60)),
                ("may_fail", models.PositiveIntegerField(null=True)),
                ("total", models.PositiveIntegerField()),
                ("ended", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("reused", models.PositiveIntegerField(default=0)),
                ("next", models.PositiveIntegerField(default=0)),
                ("chunks", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveIntegerField(default=0)),
                ("seconds", models.FloatField(default=0.0)),
                ("opened_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("run", models.ForeignKey(on_delete=models.CASCADE, related_name="fans", to="pipelines.run")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("run", "node", "index"), name="one_fan_per_number")]},
        ),
        migrations.CreateModel(
            "Item",
            [
                ID,
                ("node", models.CharField(max_length=64)),
                ("fan", models.PositiveSmallIntegerField()),
                ("ordinal", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("content", models.CharField(max_length=64)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reused", models.BooleanField(default=False)),
                ("seconds", models.FloatField(null=True)),
                ("figures", models.JSONField(null=True)),
                ("blob", models.JSONField(null=True)),
                ("error", models.JSONField(null=True)),
                ("run", models.ForeignKey(on_delete=models.CASCADE, related_name="items", to="pipelines.run")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("run", "node", "fan", "ordinal"), name="one_item_per_place")]},
        ),
        migrations.CreateModel(
            "ItemValue",
            [
                ID,
                ("scope", models.CharField(max_length=32)),
                ("key", models.CharField(max_length=64)),
                ("seconds", models.FloatField()),
                ("figures", models.JSONField(null=True)),
                ("blob", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("scope", "key"), name="one_value_per_item")]},
        ),
        migrations.RunPython(hold, release),
    ]
