"""The values of a run's parameters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0011_search")]
    # Nullable, so that SQLite does not make the table anew and lose its triggers.
    operations = [migrations.AddField("Run", "parameters", models.JSONField(null=True))]
