"""The run that a run verifies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0012_parameters")]
    # Nullable, so that SQLite does not make the table anew and lose its triggers.
    operations = [migrations.AddField("Run", "verifies", models.CharField(max_length=32, null=True))]
