"""The first metric of a run's last report, for lists of runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0007_turns")]
    # Nullable, so that SQLite does not make the table anew and lose its triggers.
    operations = [migrations.AddField("Run", "headline", models.JSONField(null=True))]
