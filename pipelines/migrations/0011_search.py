"""Searches: fan-outs whose items a strategy asks for one after the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0010_fan_out")]
    operations = [
        # With a default of the database: processes of an older version do not set it.
        migrations.AddField("fan", "search", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("fan", "at_once", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("fan", "budget", models.FloatField(null=True)),
        migrations.AddField("fan", "most", models.PositiveIntegerField(null=True)),
        migrations.AddField("item", "asked", models.JSONField(null=True)),
    ]
